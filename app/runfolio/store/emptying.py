"""Emptying the trash of single files: for good, with the bytes that this gives back."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import delete, select

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.folder import TRASH
from runfolio.core.freed import Freed
from runfolio.store.connection import Store, note_removal
from runfolio.store.file_trash import FileOf, in_trash, move_file, place_of, prune_above
from runfolio.store.schema import trashed_files

log = logging.getLogger("runfolio")
#: So many files go in one transaction, and others write between.
TOGETHER = 200


class Removable(NamedTuple):
    """Single files in the trash: how many would go, and the bytes that this gives back."""

    files: int
    bytes: int


def removable(store: Store, before: int, freed: Freed, stop: Callable[[], bool]) -> Removable:
    """What `remove_for_good` would remove, of as much as `stop` leaves time for; it goes with what `freed` has."""
    with store.reading() as connection:
        waiting = connection.execute(select(trashed_files).where(trashed_files.c.deleted_time <= before)).all()
    count = size = 0
    for row in waiting:
        if stop():
            break
        count, size = count + 1, size + _given_back(in_trash(store, row._asdict()), freed)
    return Removable(count, size)


def remove_for_good(store: Store, before: int, removed: Callable[[int], None], stop: Callable[[], bool]) -> None:
    """Remove the files that went into the trash until then; of each, the bytes are told that this gives back.

    Raises EnvironmentProblem.
    """
    put_back_unrecorded(store)
    while not stop():
        with store.writing() as transaction:
            query = select(trashed_files).where(trashed_files.c.deleted_time <= before)
            waiting = list(transaction.connection.execute(query.order_by(trashed_files.c.id).limit(TOGETHER)))
            if not waiting:
                break
            found = [row._asdict() for row in waiting]
            sizes = [_unlinked(in_trash(store, row)) for row in found]
            ids = [row["id"] for row in found]
            transaction.connection.execute(delete(trashed_files).where(trashed_files.c.id.in_(ids)))
            note_removal(transaction)
        for row, size_of_row in zip(found, sizes, strict=True):
            prune_above(store.path / TRASH, in_trash(store, row))
            removed(size_of_row)


def put_back_unrecorded(store: Store) -> None:
    """Undo what a process that was killed had begun: a file whose transaction came to nothing goes back to its run."""
    if not (store.path / TRASH).is_dir():
        return
    with store.writing() as transaction:
        columns = trashed_files.c.run_uuid, trashed_files.c.place, trashed_files.c.path
        known = {(run, str(place), path) for run, place, path in transaction.connection.execute(select(*columns))}
        for file, key in _in_trash_folder(store):
            if key not in known:
                _put_back(store, file, FileOf(key[0], key[2]))


def _put_back(store: Store, file: Path, one: FileOf) -> None:
    home = place_of(store, one)
    try:
        if home is not None and not os.path.lexists(home):
            move_file(file, home)
        else:
            file.unlink()
    except OSError as error:
        log.warning("%s cannot go back to its run now; it is tried again the next time: %s.", file, error.strerror)
    prune_above(store.path / TRASH, file)


def _given_back(file: Path, freed: Freed) -> int:
    """The bytes that a file gives back together with others; of one that was lost before, none."""
    try:
        return freed.add(file.lstat())
    except OSError:
        return 0


def _unlinked(file: Path) -> int:
    """Remove a file; returns the bytes that this gives back. Raises EnvironmentProblem."""
    given_back = _given_back(file, Freed())
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentProblem(f"The file {file} cannot be removed: {error.strerror}.") from error
    return given_back


def _in_trash_folder(store: Store) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    root = store.path / TRASH
    for folder, _, names in os.walk(root):
        for name in names:
            file = Path(folder, name)
            parts = file.relative_to(root).parts
            if len(parts) > 2:
                yield file, (parts[0], parts[1], "/".join(parts[2:]))
