"""Whether a store is in order: its database, its journals, its files. Reads only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from runfolio.core.folder import ARTIFACTS, JOURNAL
from runfolio.journal.read import abandoned, journals
from runfolio.store import dialect
from runfolio.store.connection import Store
from runfolio.store.schema import artifacts, runs


@dataclass(frozen=True, slots=True)
class Journals:
    """How many journals are being written, wait to be taken in, or were damaged and are kept aside."""

    writing: int
    waiting: int
    aside: int


def integrity(store: Store) -> list[str]:
    """What the database itself finds wrong; nothing if it is whole."""
    with store.reading() as connection:
        return dialect.integrity(connection)


def state_of_journals(store: Store) -> Journals:
    """What there is beside the tables."""
    folder = store.path / JOURNAL
    there = list(journals(folder))
    waiting = 0
    for path in there:
        lock = abandoned(path)
        if lock is not None:
            os.close(lock)
            waiting += 1
    return Journals(len(there) - waiting, waiting, sum(1 for _ in folder.glob("*.damaged")))


def missing_files(store: Store) -> list[Path]:
    """The files that runs should have and have not."""
    query = select(runs.c.run_uuid, artifacts.c.path).join(runs, runs.c.id == artifacts.c.run_id)
    root = store.path / ARTIFACTS
    with store.reading() as connection:
        listed = [root / run / path for run, path in connection.execute(query)]
    return [path for path in listed if not path.exists()]


def orphans(store: Store) -> list[Path]:
    """The folders of files that belong to no run."""
    root = store.path / ARTIFACTS
    if not root.is_dir():
        return []
    with store.reading() as connection:
        known = set(connection.execute(select(runs.c.run_uuid)).scalars())
    return sorted(path for path in root.iterdir() if path.name not in known)
