"""Putting a whole folder into a run: it is made under a temporary name and moved into place, so none is half there."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runfolio.client.active_run import ActiveRun
from runfolio.core.copying import digest_of, open_regular
from runfolio.core.paths import artifact_path

log = logging.getLogger("runfolio")


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    size: int
    sha256: str


def store_folder(run: ActiveRun, name: str, fill: Callable[[Path], object]) -> bool:
    """Have a folder filled and tell the store of its files; one of that name that the run has already is replaced.

    Returns:
        False for trouble with the disk, which is a warning: training goes on.

    Raises:
        InvalidValue: the name, or that of a file in it, is not allowed.
    """
    place = artifact_path(name)
    part = f".{os.urandom(16).hex()}.part"
    try:
        _check_links(run.folder, place)
        (run.folder / part).mkdir(parents=True)
        fill(run.folder / part)
        files = _files(run, part, place)
        before = _names(run.folder / place, place)
        _move(run.folder, part, place)
    except OSError as error:
        log.warning("%s could not be stored: %s", name, error)
        return False
    finally:
        with suppress(OSError):  # it may never have been there, or nobody knows where the store is
            shutil.rmtree(run.folder / part, ignore_errors=True)
    for file in files:
        run.note_artifact(file.name, file.size, file.sha256)
    for gone in before - {file.name for file in files}:
        run.note_gone(gone)
    return True


def _files(run: ActiveRun, part: str, place: str) -> list[_File]:
    """What is in a folder that is to come to its place. Raises InvalidValue for a name that no run may have."""
    found = []
    for name in sorted(_names(run.folder / part, place)):
        run.names.take(run.folder, artifact_path(name))
        with open_regular(run.folder / part / name.removeprefix(f"{place}/")) as file:
            found.append(_File(name, os.fstat(file.fileno()).st_size, digest_of(file)))
    return found


def _names(folder: Path, place: str) -> set[str]:
    """The names that files of a folder have, or will have, in the run."""
    return {f"{place}/{file.relative_to(folder).as_posix()}" for file in folder.rglob("*") if file.is_file()}


def _check_links(root: Path, place: str) -> None:
    """A link that somebody put into the run's folder must not lead a folder out of it. Raises OSError."""
    parts = place.split("/")
    for count in range(len(parts)):
        if (root / "/".join(parts[: count + 1])).is_symlink():
            raise OSError(f"{parts[count]} is a link")


def _move(root: Path, part: str, place: str) -> None:
    """Move a folder to its place. What is there goes aside first, and away when the new one is in place."""
    target, aside = root / place, root / f"{part.removesuffix('.part')}.old.part"
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
