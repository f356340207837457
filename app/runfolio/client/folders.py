"""Putting a whole folder into a run: it is made under a temporary name and moved into place, so none is half there."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runfolio.client.active_run import ActiveRun
from runfolio.core.errors import InvalidValue
from runfolio.core.paths import artifact_path

log = logging.getLogger("runfolio")


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
        folder = run.folder / part
        folder.mkdir(parents=True)
        fill(folder)
        files = _files(folder, place)
        _move(run.folder, part, place)
    except OSError as error:
        log.warning("%s could not be stored: %s", name, error)
        return False
    finally:
        with suppress(OSError):  # it may never have been there, or nobody knows where the store is
            shutil.rmtree(run.folder / part, ignore_errors=True)
    for path, size in files:
        run.note_artifact(path, size)
    return True


def _files(folder: Path, place: str) -> list[tuple[str, int]]:
    """The names and sizes of what is in a folder. Raises InvalidValue for a name that no run may have."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [(artifact_path(f"{place}/{file.relative_to(folder).as_posix()}"), file.stat().st_size) for file in files]


def _move(root: Path, part: str, place: str) -> None:
    """Move a folder to its place. What is there goes aside first, and away when the new one is in place."""
    target, aside = root / place, root / part.replace(".part", ".old.part")
    if any(
        parent.is_symlink() for parent in (target, *target.parents) if parent.is_relative_to(root / place.split("/")[0])
    ):
        raise InvalidValue(f"{place} leads through a link.")
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
