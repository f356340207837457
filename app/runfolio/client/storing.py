"""Putting a file into a run: hashed as it is written under a temporary name, and moved into place when it is whole.

Nothing is forced out to the disk, as `cp` does not: a process that is killed leaves no half file under its own name.
After a power failure a file may be shorter than what was logged; its size and hash, which the store knows, tell of it.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

from runfolio.client.active_run import ActiveRun
from runfolio.client.names_on_disk import check_kind
from runfolio.core.copying import digest_of
from runfolio.core.parts import part_name

T = TypeVar("T")
log = logging.getLogger("runfolio")


def store_file(run: ActiveRun, name: str, write: Callable[[BinaryIO], object]) -> bool:
    """Have a file written, in whatever order, and tell the store.

    Returns False for trouble with the disk, which is a warning: training goes on.

    Raises:
        InvalidValue: the run has a file whose name differs only by case, or a folder of this name, or a file that has
            the name of a folder of it.
    """

    def fill(file: BinaryIO) -> str:
        write(file)
        file.seek(0)
        return digest_of(file)

    return store_hashed(run, name, fill)


def store_hashed(run: ActiveRun, name: str, fill: Callable[[BinaryIO], str]) -> bool:
    """As `store_file`, where `fill` returns the SHA-256 of what it has written."""
    part = str(PurePosixPath(name).with_name(part_name()))
    try:
        with where_it_is(run, lambda folder: _begun(run, folder, name, part)) as file:
            digest = fill(file)
            size = file.seek(0, os.SEEK_END)  # some formats are not written from the front to the end
        where_it_is(run, lambda folder: _put(run, folder, name, part))
    except (OSError, UnicodeEncodeError) as error:  # the latter where the locale is no UTF-8
        log.warning("The artifact %s could not be stored: %s", name, error)
        _remove(run, part)
        return False
    except BaseException:
        _remove(run, part)
        raise
    run.note_artifact(name, size, digest)
    return True


def store_bytes(run: ActiveRun, name: str, data: bytes) -> bool:
    """Store bytes as a file. Returns and raises as `store_file` does."""

    def fill(file: BinaryIO) -> str:
        file.write(data)
        return hashlib.sha256(data).hexdigest()

    return store_hashed(run, name, fill)


def link_file(run: ActiveRun, source: Path | None, name: str, data: bytes) -> bool:
    """Have a file of another run, with this content, be one of this run too; False where that cannot be.

    Both names are of one file on disk from then on: only for files that nobody ever changes.
    """
    if source is None:
        return False
    try:
        folder = run.folder
        target = folder / name
        _check_inside(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:  # a file system without links, or the other run's file is gone
        return False
    run.note_artifact(name, len(data), hashlib.sha256(data).hexdigest())
    return True


def where_it_is(run: ActiveRun, do: Callable[[Path], T]) -> T:
    """Do something in the run's folder, and again if its store is moved in that moment. Raises OSError."""
    while True:
        folder = run.folder
        try:
            return do(folder)
        except OSError:
            if run.folder == folder:
                raise


def _begun(run: ActiveRun, folder: Path, name: str, part: str) -> BinaryIO:
    """A new file, and the folders that it is in."""
    _check_inside(folder, name)
    check_kind(folder, name)
    run.names.take(folder, name)
    (folder / part).parent.mkdir(parents=True, exist_ok=True)
    return (folder / part).open("x+b")


def _put(run: ActiveRun, folder: Path, name: str, part: str) -> None:
    """Move a file that is whole to its place, whatever is there."""
    (folder / part).replace(folder / name)


def _check_inside(folder: Path, name: str) -> None:
    """A link that somebody put into the run's folder must not lead a file out of it. Raises OSError."""
    for part in PurePosixPath(name).parents if "/" in name else ():
        if part.name and (folder / part).is_symlink():
            raise OSError(f"{part} is a link")


def _remove(run: ActiveRun, name: str) -> None:
    with suppress(OSError):  # its folder may never have been there
        (run.folder / name).unlink()
