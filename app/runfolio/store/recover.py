"""Bringing in the journals of writers that are gone, and giving their runs a true end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import delete, select, update

from runfolio.core.entities import RunStatus
from runfolio.journal.layout import EVENTS
from runfolio.journal.read import abandoned, journals
from runfolio.store import schema
from runfolio.store.connection import JOURNAL, Store
from runfolio.store.ingest import Ingest, merge_series_of, open_ingest

DAMAGED = ".damaged"


def recover(store: Store) -> int:
    """Take in every journal whose writer is dead; returns how many. Cheap when there are none.

    A run that such a writer left open is KILLED, and ended when it was last seen. A journal with damaged records is
    kept aside beside the others, under a name ending in `.damaged`, after everything whole in it was taken in.

    Raises:
        StoreError: the tables cannot be written now; what is left is taken next time.
    """
    if store.read_only:
        return 0
    taken = 0
    for path in journals(store.path / JOURNAL):
        if path.name.endswith(DAMAGED):
            continue
        lock = abandoned(path)
        if lock is not None:
            try:
                recover_journal(store, path)
            finally:
                os.close(lock)
            taken += 1
    if taken:
        _forget_finished(store)
    return taken


def recover_journal(store: Store, path: Path) -> None:
    """Take in one journal, of which the caller holds the lock, end its runs and remove it."""
    ingest = open_ingest(store, path)
    ingest.finish()
    _kill_open_runs(store, path.name)
    dispose(ingest)


def dispose(ingest: Ingest) -> None:
    """Remove the files of a journal that is in the tables; keep a damaged one aside."""
    try:
        if ingest.damaged:
            ingest.path.rename(ingest.path.with_name(ingest.path.name + DAMAGED))
        else:
            # Without events it is nobody's journal any more, however far the removal gets.
            (ingest.path / EVENTS).unlink()
            shutil.rmtree(ingest.path)
    except FileNotFoundError:
        # Between its owner's letting go and this call another process has disposed of it.
        return


def _kill_open_runs(store: Store, journal: str) -> None:
    runs = schema.runs
    with store.writing() as transaction:
        left = runs.c.journal == journal, runs.c.status == RunStatus.RUNNING
        numbers = transaction.connection.execute(select(runs.c.id).where(*left)).scalars().all()
        ended = {"status": RunStatus.KILLED, "end_time": runs.c.last_seen, "revision": transaction.revision}
        transaction.connection.execute(update(runs).where(*left).values(ended))
        for number in numbers:
            merge_series_of(transaction, number)


def _forget_finished(store: Store) -> None:
    """Drop the positions of journals whose files are gone: they can never be read twice."""
    table = schema.journals
    with store.reading() as connection:
        finished = connection.execute(select(table.c.id).where(table.c.finished)).scalars().all()
    gone = [name for name in finished if not (store.path / JOURNAL / name).exists()]
    with store.writing() as transaction:
        transaction.connection.execute(delete(table).where(table.c.id.in_(gone)))
