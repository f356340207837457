"""Reads a project for its page: fetches it, reads its MLproject file, and looks at its environments.

What is fetched to be read is thrown away again: a run fetches the version that it is of by itself.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from runfolio.core.errors import UserError
from runfolio.core.projects.declared import environment_of
from runfolio.core.projects.reading import Fault
from runfolio.core.projects.records import EntryPoint, Project
from runfolio.core.projects.request import EnvManager
from runfolio.core.projects.spec import RUNNERS, ProjectError, entry_point, find_file, read_project
from runfolio.gui.jobs import Job
from runfolio.gui.projects.environments import Told, told_of
from runfolio.projects.sources import Source, fetch

#: Of a folder without an MLproject file, so many scripts are offered.
MOST_SCRIPTS = 40
#: More than an MLproject file has, in bytes.
LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known of a project.

    Attributes:
        uri, version: what was asked for.
        source: where it was fetched to; its folder may be gone by now.
        project: what its file says; None if that cannot be used.
        entries: what can be run: the entry points of the file, or, where there is none, scripts.
        faults: what is wrong with the file.
        environments: how the environment is, made by each manager.
        lines: the lines that faults are in, by number.
    """

    uri: str
    version: str
    source: Source
    project: Project | None = None
    entries: tuple[EntryPoint, ...] = ()
    faults: tuple[Fault, ...] = ()
    environments: Mapping[EnvManager, Told] = field(default_factory=dict)
    lines: Mapping[int, str] = field(default_factory=dict)


class Progress:
    """What the fetching has said last, which the page shows while it waits; written by another thread."""

    def __init__(self) -> None:
        self.line = ""

    def tell(self, line: str) -> None:
        """Take a line."""
        self.line = line.strip()


def load(uri: str, version: str, progress: Progress, job: Job) -> Loaded:
    """Fetch and read a project; the job may be cancelled meanwhile. Raises what `fetch` raises."""
    work = Path(tempfile.mkdtemp(prefix="runfolio-look-"))
    try:
        source = fetch(uri, version, work=work, tell=progress.tell, stopped=lambda: job.cancelled)
        return read(uri, version, source)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read(uri: str, version: str, source: Source) -> Loaded:
    """Read a project that was fetched."""
    names = sorted(one.name for one in source.folder.iterdir())
    name = find_file(names)
    text = ""
    try:
        text = _text(source.folder / name) if name else ""
        project = read_project(text, name) if name else Project()
    except ProjectError as error:
        written = text.splitlines()
        lines = {one.line: written[one.line - 1] for one in error.faults if 0 < one.line <= len(written)}
        return Loaded(uri, version, source, faults=error.faults, lines=lines)
    entries = project.entry_points or _scripts(project, source.folder, names)
    declared = environment_of(project, lambda path: (source.folder / path).is_file())
    return Loaded(uri, version, source, project, entries, environments=told_of(source.folder, declared))


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(LONGEST + 1).decode()
    except UnicodeDecodeError as error:
        raise ProjectError(file.name, [Fault(0, f"it is not written in UTF-8: {error.reason}.")]) from error
    except OSError as error:
        raise ProjectError(file.name, [Fault(0, f"it cannot be read: {error.strerror}.")]) from error


def _scripts(project: Project, folder: Path, names: list[str]) -> tuple[EntryPoint, ...]:
    """The files of a folder that can be run."""

    def exists(path: str) -> bool:
        return (folder / path).is_file()

    found = [one for one in names if PurePosixPath(one).suffix in RUNNERS and exists(one)]
    return tuple(entry_point(project, one, exists) for one in found[:MOST_SCRIPTS])


def reason_of(error: Exception) -> tuple[str, str]:
    """Why a project cannot be read, and what to do."""
    return (error.message, error.hint) if isinstance(error, UserError) else (str(error), "")
