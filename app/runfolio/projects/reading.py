"""What can be run in a folder, by its MLproject file or by what lies there."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.projects.declared import environment_of
from runfolio.core.projects.records import EntryPoint, Project
from runfolio.core.projects.spec import LONGEST, entry_point, find_file, read_project

#: As many names of files are looked through for one that was meant.
FILES = 10_000


def project_in(folder: Path) -> Project:
    """What can be run in a folder; one without an MLproject file is a project too.

    Raises:
        ProjectError: the file is wrong; tells all of that at once, each with its line.
        NotFound, InvalidValue: it cannot be read.
    """
    name = find_file(one.name for one in folder.iterdir())
    project = _read(folder / name) if name else Project()
    return replace(project, environment=environment_of(project, lambda path: (folder / path).is_file()))


def entry_point_in(folder: Path, project: Project, name: str) -> EntryPoint:
    """What is to be run of a project in a folder. Raises NoEntryPoint, NotFound."""
    return entry_point(project, name, lambda path: (folder / path).is_file(), files_in(folder))


def files_in(folder: Path) -> list[str]:
    """Names of files in a project, with `/`; hidden folders are passed over, and what comes after a great many."""
    found: list[str] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in sorted(names)]
        if len(found) > FILES:
            break
    return found


def _read(file: Path) -> Project:
    try:
        with file.open("rb") as stream:
            content = stream.read(4 * LONGEST + 1)
        return read_project(content.decode("utf-8"), file.name)
    except OSError as problem:
        raise NotFound(f"{file} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError:
        raise InvalidValue(f"{file} is not text in UTF-8.") from None
