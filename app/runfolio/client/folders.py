"""Putting a whole folder into a run: it is made under a temporary name and moved into place, so none is half there."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from runfolio.client.active_run import ActiveRun
from runfolio.client.names_on_disk import check_kind
from runfolio.client.storing import where_it_is
from runfolio.core.copying import digest_of, kind_of, open_regular
from runfolio.core.errors import InvalidValue
from runfolio.core.parts import aside_name, part_name
from runfolio.core.paths import artifact_path
from runfolio.core.walking import walk_files

log = logging.getLogger("runfolio")
#: What fills a folder that is there and empty.
Fill: TypeAlias = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    size: int
    sha256: str


def store_folder(run: ActiveRun, name: str, fill: Fill) -> bool:
    """Have a folder filled and tell the store of its files; one of that name that the run has already is replaced.

    Returns:
        False for trouble with the disk, which is a warning: training goes on.

    Raises:
        InvalidValue: the name, or that of a file in it, is not allowed; it has a link; the run has a file of that name.
    """
    place = artifact_path(name)
    try:
        files, gone = where_it_is(run, lambda root: _made(run, root, place, fill))
    except OSError as error:
        log.warning("%s could not be stored: %s", name, error)
        return False
    for file in files:
        run.note_artifact(file.name, file.size, file.sha256)
    for one in gone:
        run.note_gone(one)
    return True


def _made(run: ActiveRun, root: Path, place: str, fill: Fill) -> tuple[list[_File], set[str]]:
    """Fill a folder and move it to its place; what is in it, and the names that are there no more."""
    part = part_name()
    try:
        _check_links(root, place)
        check_kind(root, place, folder=True)
        (root / part).mkdir(parents=True)
        fill(root / part)
        files = _files(run, root, part, place)
        before = _names(root / place, place)
        check_kind(root, place, folder=True)  # filling it takes its time, and other threads log
        _move(root, part, place)
    finally:
        with suppress(OSError):  # it may never have been there, or nobody knows where the store is
            shutil.rmtree(run.folder / part, ignore_errors=True)
    return files, before - {file.name for file in files}


def _files(run: ActiveRun, root: Path, part: str, place: str) -> list[_File]:
    """What is in a folder that is to come to its place.

    Raises:
        InvalidValue: a file has a name that no run may have, or is a link, a pipe or the like.
    """
    found = []
    for path, about in walk_files(root / part):
        name = f"{place}/{path.relative_to(root / part).as_posix()}"
        if what := kind_of(about.st_mode):
            raise InvalidValue(f"{name!r} is {what}, and an artifact is a regular file.", "Put the file itself there.")
        if artifact_path(name) != name:  # it would be looked for by the other name, as what refers to it may not
            raise InvalidValue(f"The letters of {name!r} are not in Unicode's composed form.", "Rename the file.")
        run.names.take(root, name)
        with open_regular(path) as file:
            found.append(_File(name, os.fstat(file.fileno()).st_size, digest_of(file)))
    return found


def _names(folder: Path, place: str) -> set[str]:
    """The names that files of a folder have, or will have, in the run. Raises OSError."""
    inside = (file for file, _ in walk_files(folder)) if folder.is_dir() else ()
    return {f"{place}/{file.relative_to(folder).as_posix()}" for file in inside if file.is_file()}


def _check_links(root: Path, place: str) -> None:
    """A link that somebody put into the run's folder must not lead a folder out of it. Raises OSError."""
    parts = place.split("/")
    for count in range(len(parts)):
        if (root / "/".join(parts[: count + 1])).is_symlink():
            raise OSError(f"{parts[count]} is a link")


def _move(root: Path, part: str, place: str) -> None:
    """Move a folder to its place. What is there goes aside first, and away when the new one is in place.

    Of a process that is killed in between, whoever opens the store next puts it back (`core/parts.py`).
    """
    target = root / place
    aside = target.with_name(aside_name(target.name))
    target.parent.mkdir(parents=True, exist_ok=True)
    there = target.exists()
    if there:
        target.rename(aside)
    try:
        (root / part).rename(target)
    except OSError:
        if there:
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
