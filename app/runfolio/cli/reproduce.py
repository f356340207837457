"""`runfolio reproduce`: a run is run again, and it is told what of it cannot be brought back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import shapes
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import opened, runs_named
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import say, warn
from runfolio.cli.run import parameters_of, watched
from runfolio.cli.runs import JsonOption, OneRun
from runfolio.core.projects.request import EnvManager
from runfolio.core.states import ViewType

if TYPE_CHECKING:
    from pathlib import Path

    from runfolio.projects.reproducing import Plan

COMMIT_LETTERS = 10


def reproduce(
    context: typer.Context,
    run: OneRun,
    param: Annotated[
        list[str] | None, typer.Option("--param-list", "-P", metavar="NAME=VALUE", help="Another value of a param.")
    ] = None,
    env_manager: Annotated[
        EnvManager | None, typer.Option("--env-manager", help="What makes the environment. [default: what did then]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a run again: its code, packages and command as they were. Tells first what cannot be brought back."""
    from runfolio.projects.reproducing import plan

    values = parameters_of(param or ())
    with opened(context, store) as found:
        (one,) = runs_named(found, [run], ViewType.ALL)
        made = plan(found, one, values, env_manager=env_manager, tell=warn)
        folder = found.path
    if dry_run and as_json:
        shapes.print_json(_shape(made))
    else:
        for line in _lines(made):
            (say if dry_run else warn)(line)
    if not made.is_possible:
        raise typer.Exit(ExitCode.TROUBLE)
    if not dry_run:
        raise typer.Exit(_run(folder, made, as_json))


def _run(folder: Path, made: Plan, as_json: bool) -> int:
    from runfolio.client.tracker import tracker
    from runfolio.projects.running.again import run_plan

    return watched(lambda watcher: run_plan(tracker(folder), made, watcher), as_json)


def _lines(made: Plan) -> Iterator[str]:
    for name, value in _rows(made):
        yield f"{name:<14} {value}"
    for problem in made.problems:
        yield f"{'cannot be run' if problem.fatal else 'differs'}: {problem.text}"


def _rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """What would be done, for people."""
    from runfolio.core.numbers import counted
    from runfolio.core.packages import read_lock
    from runfolio.core.patches import read_patch

    code = plan.code
    yield "run", plan.run_id
    if code.origin is not None:
        yield "code", f"{code.commit[:COMMIT_LETTERS]} of {code.origin.shown}"
    yield "folder", code.folder or "."
    for file in read_patch(code.patch.decode("utf-8", "replace")).files:
        yield "not committed", f"{file.path} ({file.summary})"
    for data in plan.data:
        yield "data", data.inside
    lock = read_lock(plan.lock)
    if lock.packages:
        yield "packages", f"{counted(len(lock.packages), 'package')}{f', Python {lock.python}' if lock.python else ''}"
    yield "command", shlex.join(plan.words or _words_of_project(plan))
    yield "environment", str(plan.request.env_manager)


def _words_of_project(plan: Plan) -> list[str]:
    entry = ["-e", plan.request.entry_point] if plan.request.entry_point else []
    values = [word for name, value in plan.request.parameters.items() for word in ("-P", f"{name}={value}")]
    return ["runfolio", "run", plan.request.uri, *entry, *values]


def _shape(plan: Plan) -> dict[str, Any]:
    """The plan for programs."""
    return {
        "run_id": plan.run_id,
        "possible": plan.is_possible,
        "repository": plan.code.origin.shown if plan.code.origin else None,
        "commit": plan.code.commit or None,
        "folder": plan.code.folder,
        "patch": bool(plan.code.patch),
        "data": [data.inside for data in plan.data],
        "packages": bool(plan.lock),
        "words": list(plan.words or _words_of_project(plan)),
        "env_manager": str(plan.request.env_manager),
        "changed": dict(plan.changed),
        "problems": [{"text": problem.text, "fatal": problem.fatal} for problem in plan.problems],
    }
