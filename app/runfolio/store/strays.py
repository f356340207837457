"""What is on the disk and in no table, or in the tables and not on the disk: left by crashes, or by other programs."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from runfolio.core.captured import is_printed
from runfolio.core.folder import ARTIFACTS
from runfolio.core.parts import is_part, put_back
from runfolio.core.states import RunStatus
from runfolio.core.walking import walk_files
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf
from runfolio.store.health import runs_in_journals
from runfolio.store.schema import artifacts, runs

log = logging.getLogger("runfolio")
#: What was written within so many seconds may be about to be told of.
YOUNG = 600


class Kind(StrEnum):
    """What is wrong with a file."""

    PART = "left of a copy that was broken off"
    NO_ROW = "not in the tables"
    NO_RUN = "of a run that there is not"
    NO_FILE = "not on the disk"


@dataclass(frozen=True, slots=True)
class Stray:
    """A file that is only in one of both.

    Attributes:
        name: that of its run, "" if there is no such run.
        run, experiment: the store's numbers of its run and experiment; 0 if there is no such run.
    """

    kind: Kind
    file: FileOf
    size: int
    name: str = ""
    run: int = 0
    experiment: int = 0


def find_strays(
    store: Store,
    progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Stray]:
    """All of them, the largest first; of as many runs as `stop` leaves time for.

    Runs that are under way are left out, and so is what has just been written. A folder that was set aside by a process
    that was killed is nobody's only until it is back in its place, where it is put first.
    """
    root = store.path / ARTIFACTS
    there = sorted(path for path in root.iterdir() if _is_folder(path)) if root.is_dir() else []
    # In this order: a run is in a journal before it is in the tables, and has a folder after that.
    busy = runs_in_journals(store)
    with store.reading() as connection:
        columns = runs.c.run_uuid, runs.c.id, runs.c.name, runs.c.status, runs.c.experiment_id
        known = {row.run_uuid: row for row in connection.execute(select(*columns))}
    found: list[Stray] = []
    folders = {path.name for path in there}
    names = [*(path.name for path in there), *(uuid for uuid in _with_files(store) if uuid not in folders)]
    for done, run in enumerate(names, start=1):
        if stop():
            break
        row = known.get(run)
        if (row is None and run not in busy) or (row is not None and row.status != RunStatus.RUNNING):
            about = (row.name, row.id, row.experiment_id) if row is not None else ("", 0, 0)
            if run in folders and not store.read_only:
                put_back(root / run)
            found += _of_run(store, root / run, run, *about)
        progress(done, len(names))
    return sorted(found, key=lambda one: (-one.size, one.file))


def _with_files(store: Store) -> list[str]:
    query = select(runs.c.run_uuid).join(artifacts, artifacts.c.run_id == runs.c.id).distinct()
    with store.reading() as connection:
        return list(connection.execute(query).scalars())


def _of_run(store: Store, folder: Path, run: str, name: str, number: int, place: int) -> Iterator[Stray]:
    unreadable: list[OSError] = []
    on_disk = dict(_below(folder, unreadable.append))
    with store.reading() as connection:
        query = select(artifacts.c.path, artifacts.c.size).where(artifacts.c.run_id == number)
        rows = {path: size for path, size in connection.execute(query)} if number else {}
    for path, size in on_disk.items():
        if path not in rows and not (number and is_printed(path)):
            kind = Kind.PART if is_part(path) else Kind.NO_ROW if number else Kind.NO_RUN
            yield Stray(kind, FileOf(run, path), size, name, number, place)
    if unreadable:  # what is not seen there may well be there
        log.warning("%s cannot be looked into: %s", unreadable[0].filename, unreadable[0].strerror)
        return
    for path, size in rows.items():
        if path not in on_disk and not os.path.lexists(folder / path):
            yield Stray(Kind.NO_FILE, FileOf(run, path), size, name, number, place)


def _is_folder(path: Path) -> bool:
    """Whether it is a folder of its own; what a link leads to is none of the store's."""
    return path.is_dir() and not path.is_symlink()


def _below(folder: Path, unreadable: Callable[[OSError], None]) -> Iterator[tuple[str, int]]:
    """What is in the folder of a run, links themselves included, but what has just been written."""
    if _is_folder(folder):
        for path, about in walk_files(folder, unreadable):
            if time.time() - about.st_mtime > YOUNG:
                yield path.relative_to(folder).as_posix(), about.st_size
