"""From a request to what is to be started: the code is fetched, the entry point found, all values are checked."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.captured import BRANCH, COMMIT, DIRTY, REMOTE
from runfolio.core.environment import value_of
from runfolio.core.projects.command import argument_list, shell_command
from runfolio.core.projects.parameters import check, path_resolver
from runfolio.core.projects.records import EntryPoint, EnvironmentKind, Project
from runfolio.core.projects.request import RunRequest
from runfolio.core.projects.tags import ENTRY_POINT, VERSION
from runfolio.journal import locks
from runfolio.projects.reading import entry_point_in, project_in
from runfolio.projects.running.launch import Launch
from runfolio.projects.running.observer import Observer
from runfolio.projects.sources import Source, fetch

#: Whether commands are run by a shell; Windows has none that reads them.
HAS_SHELL = os.name == "posix"


@dataclass(frozen=True, slots=True)
class Code:
    """A project that is there, and what of it is to be run."""

    source: Source
    project: Project
    entry: EntryPoint


@contextmanager
def code_of(request: RunRequest, observer: Observer) -> Iterator[Code]:
    """The code that a request asks for; what was made for it is removed at the end.

    Raises:
        UserError: something is wrong with the address, the code or its MLproject file; all of a kind at once.
        Stopped: the observer said so.
    """
    with own_folder() as work:
        source = fetch(request.uri, request.version, work=work, tell=observer.tell, stopped=observer.stopped)
        yield code_in(source, request, observer)


def code_in(source: Source, request: RunRequest, observer: Observer) -> Code:
    """The project in what was fetched. Raises UserError."""
    project = project_in(source.folder)
    entry = entry_point_in(source.folder, project, request.entry_point)
    if not request.entry_point:
        others = [one.name for one in project.entry_points if one.name != entry.name]
        more = f"; -e chooses another one: {', '.join(others)}" if others else ""
        observer.tell(f"Entry point: {entry.name}{more}.")
    return Code(source, project, entry)


def launch_of(code: Code, request: RunRequest) -> Launch:
    """What is to be started with the values of a request.

    Raises:
        WrongParameters: some are missing or do not fit; tells all of them.
        InvalidValue: the command needs a POSIX shell, and there is none.
    """
    folder = code.source.folder
    resolver = path_resolver(Path(request.caller or Path.cwd()), folder)
    values = check(code.entry, request.parameters, resolve_path=resolver)
    command = shell_command(code.entry, values)
    tags, patch, environment = _tags(request, code), code.source.patch, code.project.environment
    needs_words = not HAS_SHELL and environment.kind is not EnvironmentKind.DOCKER
    words = argument_list(code.entry, values) if needs_words else ()
    return Launch(request, folder, command, environment, values.logged, tags, patch, words=words)


def work_folder() -> Path:
    """Where code is put that is not run in place: `RUNFOLIO_WORK`, else a folder in the user's cache."""
    if given := value_of("WORK"):
        return Path(given).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("runfolio", appauthor=False) / "work"


@contextmanager
def own_folder() -> Iterator[Path]:
    """A place for one run's code, made when it is needed; removed at the end, or by the next one after a crash."""
    folder = work_folder() / uuid.uuid4().hex[:12]
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(folder.parent)
    lock = locks.acquire(folder.with_suffix(".lock"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)
        if lock is not None:
            os.close(lock)


def _remove_left(work: Path) -> None:
    """Remove what runs have left whose processes are gone."""
    for mark in work.glob("*.lock"):
        lock = locks.acquire(mark, create=False) if mark.exists() else None
        if lock is not None:
            shutil.rmtree(mark.with_suffix(""), ignore_errors=True)
            mark.unlink(missing_ok=True)
            os.close(lock)


def _tags(request: RunRequest, code: Code) -> Mapping[str, str]:
    source = code.source
    found = {
        ENTRY_POINT: code.entry.name,
        VERSION: request.version,
        COMMIT: source.commit,
        BRANCH: source.branch,
        REMOTE: source.remote,
        DIRTY: "True" if source.dirty else "",
    }
    return {name: value for name, value in found.items() if value}
