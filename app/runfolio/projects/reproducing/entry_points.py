"""Plans how to do again what an entry point of a project did: the same request, at its commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from runfolio.core import captured as names
from runfolio.core.errors import UserError
from runfolio.core.projects.records import FILE_NAME, MAIN
from runfolio.core.projects.request import RunRequest, read_request
from runfolio.core.projects.spec import find_file, read_project
from runfolio.core.projects.tags import ENTRY_POINT, REQUEST
from runfolio.core.secrets import MASK
from runfolio.projects.reproducing.code import code_of
from runfolio.projects.reproducing.data import data_of
from runfolio.projects.reproducing.finding import Found, folder_with
from runfolio.projects.reproducing.given import Given
from runfolio.projects.reproducing.plan import Code, Plan, Problem
from runfolio.projects.sources.address import Address, Place, read_address
from runfolio.projects.sources.git import ask


def plan_of_project(given: Given) -> Plan:
    """The plan for a run that a project's entry point has made, here or with MLflow."""
    request = _request(given)
    try:
        address = read_address(request.uri)
    except UserError as error:
        return Plan(given.run.run_id, request, problems=(Problem(error.message, fatal=True),))
    folder = _folder(address)
    places = [folder, address.location] if folder else []
    remote = given.tag(names.REMOTE) or (address.location if address.place == Place.GIT else "")
    code, found, problems = code_of(given, places, remote, folder)
    if found is not None and found.prefix is None:
        inside = address.subfolder if not folder else _found_again(found, code.commit, folder, request)
        code = replace(code, folder=inside)
    if found is not None and not given.tag(REQUEST):
        declared, told = _declared_at(found, code, request.entry_point, request.parameters)
        request, problems = replace(request, parameters=declared), [*problems, *told]
    request = replace(
        request,
        version=code.commit,
        run_name=f"{given.run.name} again",
        experiment=given.run.experiment_name,
        parameters={**request.parameters, **given.values},
        retries=0,
        parent="",
    )
    secret = ", ".join(name for name, value in request.parameters.items() if MASK in value)
    if secret:
        problems = [*problems, Problem(f"Secrets that were not kept have to be given: {secret}", fatal=True)]
    data, about_data = data_of(given, code, found, folder)
    return Plan(given.run.run_id, request, code, tuple(data), problems=(*problems, *about_data))


def _request(given: Given) -> RunRequest:
    """What was asked for, by what Runfolio has written down, or by the tags that MLflow sets."""
    try:
        return read_request(json.loads(given.tag(REQUEST)))
    except (ValueError, TypeError, KeyError, AttributeError):  # there is none, or somebody has changed it
        uri = given.tag(names.SOURCE) or given.run.source
        return RunRequest(uri=uri, entry_point=given.tag(ENTRY_POINT), parameters=dict(given.run.params))


def _folder(address: Address) -> str:
    """The folder or file that a project is in on this machine; "" for one of a server."""
    if address.place != Place.PATH:
        return ""
    path = Path(address.location)
    return str(path if path.is_file() else path / address.subfolder)


def _found_again(found: Found, commit: str, folder: str, request: RunRequest) -> str:
    """The folder of a project in a repository, where the one that it ran in is gone."""
    return folder_with(found, commit, folder, [FILE_NAME, request.entry_point or FILE_NAME]) or ""


def _declared_at(
    found: Found, code: Code, entry_point: str, params: Mapping[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """Those of a run's params that the entry point declares: the others may have been logged by the script itself."""
    place = f"{code.commit}:{code.folder}"
    file = find_file((ask(found.origin.objects, "ls-tree", "--name-only", "-z", place) or "").split("\0"))
    path = f"{place}/{file}" if code.folder else f"{place}{file}"
    text = ask(found.origin.objects, "cat-file", "blob", path) if file else None
    try:
        project = read_project(text or "", file or FILE_NAME)
    except UserError as error:
        return dict(params), [Problem(error.message, fatal=True)]
    named = next((one for one in project.entry_points if one.name == (entry_point or MAIN)), None)
    if named is None:
        told = "Which of its params were asked for is not known: all of them will be."
        return dict(params), [Problem(told)] if params else []
    declared = {one.name for one in named.parameters}
    others = ", ".join(sorted(params.keys() - declared))
    told = f"Params that the entry point does not declare are left to the script: {others}"
    return {name: params[name] for name in params if name in declared}, [Problem(told)] if others else []
