"""Whether a store is in order: its database, its journals, its files. Reads only."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from runfolio.core.folder import ARTIFACTS, JOURNAL
from runfolio.journal.layout import DAMAGED
from runfolio.journal.read import JournalReader, abandoned, journals, read_events
from runfolio.store import dialect, schema
from runfolio.store.connection import Store
from runfolio.store.schema import artifacts, runs, writers


@dataclass(frozen=True, slots=True)
class Journals:
    """How many journals there are.

    Attributes:
        writing: of processes that live.
        waiting: of processes that are gone; the next opening takes them in, and ends their runs.
        damaged: of those, how many are not as they were written.
        aside: kept because they were damaged; what was whole in them is in the tables.
    """

    writing: int
    waiting: int
    damaged: int
    aside: int


def engine() -> str:
    """The name and the version of the library that reads the database."""
    return dialect.VERSION


def integrity(store: Store) -> list[str]:
    """What the database itself finds wrong; nothing if it is whole."""
    with store.reading() as connection:
        return dialect.integrity(connection)


def state_of_journals(store: Store) -> Journals:
    """What there is beside the tables."""
    folder = store.path / JOURNAL
    aside = set(folder.glob(f"*{DAMAGED}"))
    writing = waiting = damaged = 0
    for path in set(journals(folder)) - aside:
        lock = abandoned(path)
        if lock is None:
            writing += 1
            continue
        try:
            waiting += 1
            damaged += _is_damaged(store, path)
        finally:
            os.close(lock)
    return Journals(writing, waiting, damaged, len(aside))


def _is_damaged(store: Store, path: Path) -> bool:
    """Whether what the tables have not taken yet of a dead writer's journal is not as it was written."""
    table = schema.journals
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == path.name)).first()
    reader = JournalReader(path) if row is None else JournalReader(path, row.points_done, row.events_done)
    damaged = 0 if row is None else row.damaged
    while not damaged:
        batch = reader.read(dead=True)
        damaged = batch.damaged
        if (batch.points_end, batch.events_end) == (reader.points_end, reader.events_end):
            break
        reader.advance(batch)
    return bool(damaged)


def without_writer(store: Store) -> list[str]:
    """The runs that count as open in journals that are not there any more: nothing will ever end them."""
    found = _in_gone_journals(store)
    # Twice: a journal may have been taken in between the look at the tables and the one at its folder.
    return sorted(found & _in_gone_journals(store)) if found else []


def _in_gone_journals(store: Store) -> set[str]:
    query = select(runs.c.run_uuid, writers.c.journal).join(runs, runs.c.id == writers.c.run_id)
    with store.reading() as connection:
        rows = connection.execute(query.where(writers.c.status.is_(None))).all()
    return {run for run, journal in rows if not (store.path / JOURNAL / journal).is_dir()}


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
    there = sorted(root.iterdir())
    # In this order: a run is in a journal before it is in the tables, and has a folder after that.
    known = runs_in_journals(store)
    with store.reading() as connection:
        known.update(connection.execute(select(runs.c.run_uuid)).scalars())
    return [path for path in there if path.name not in known]


def runs_in_journals(store: Store) -> set[str]:
    """The public ids of the runs that processes log to, or have logged to and not told the tables of yet."""
    found: set[str] = set()
    for path in journals(store.path / JOURNAL):
        with suppress(FileNotFoundError):  # it was just taken in
            found.update(str(event.get("run")) for event in read_events(path)[0])
    return found
