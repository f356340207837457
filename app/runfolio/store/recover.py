"""Bringing in the journals of writers that are gone, and giving their runs a true end."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from sqlalchemy import delete, select, update

from runfolio.core.errors import RunfolioError
from runfolio.core.folder import JOURNAL
from runfolio.core.parts import put_back
from runfolio.core.states import RunStatus
from runfolio.journal.layout import DAMAGED, EVENTS
from runfolio.journal.read import abandoned, journals
from runfolio.store import schema, writers
from runfolio.store.batches import in_batches
from runfolio.store.chunks import merge_series_of
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf, place_of
from runfolio.store.ingest import Ingest, open_ingest

log = logging.getLogger("runfolio")


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
                _recover_or_set_aside(store, path)
            finally:
                os.close(lock)
            taken += 1
    if taken or _without_events(store):
        _forget_finished(store)
    return taken


def _recover_or_set_aside(store: Store, path: Path) -> None:
    try:
        recover_journal(store, path)
    except RunfolioError:
        raise
    except (OSError, MemoryError) as error:
        # The journal may well be whole: it waits where it is, and keeps no other one from its turn.
        log.warning("The journal %s cannot be brought in now; it is tried again later: %r", path, error)
    except Exception:
        # A bug of ours must not keep every other journal, and every later opening, from its work.
        log.exception("The journal %s cannot be brought in. It is kept aside; please report this.", path)
        _kill_open_runs(store, path.name)
        _set_aside(path)


def release(ingest: Ingest) -> None:
    """Remove a journal that its writer has brought in and let go of, unless another process is doing so.

    A run that is open in it after all could not be ended, and has nobody any more who would.
    """
    lock = abandoned(ingest.path)
    if lock is not None:
        try:
            _kill_open_runs(ingest.store, ingest.path.name)
            dispose(ingest)
        finally:
            os.close(lock)


def recover_journal(store: Store, path: Path) -> None:
    """Take in one journal, of which the caller holds the lock, end its runs and remove it."""
    ingest = open_ingest(store, path)
    ingest.finish()
    _kill_open_runs(store, path.name)
    dispose(ingest)


def dispose(ingest: Ingest) -> None:
    """Remove the files of a journal that is in the tables, holding its lock; keep a damaged one aside."""
    if ingest.damaged:
        aside = _set_aside(ingest.path)
        log.warning(
            "%d records of a journal are damaged. All others were brought in; it is kept as %s.", ingest.damaged, aside
        )
    else:
        # Without events it is nobody's journal any more, however far the removal gets.
        (ingest.path / EVENTS).unlink()
        shutil.rmtree(ingest.path, ignore_errors=True)


def _set_aside(path: Path) -> Path:
    return path.rename(path.with_name(path.name + DAMAGED))


def _kill_open_runs(store: Store, journal: str) -> None:
    """End what a dead writer left open, unless others go on with it: then it waits for them.

    What it had set aside of a run's files, to replace it, is put back.
    """
    runs = schema.runs
    with store.reading() as connection:
        left = writers.open_in(connection, journal)
    if not left:
        return
    with store.writing() as transaction:
        over = writers.left(transaction, journal, dict.fromkeys(left, RunStatus.KILLED))
        for number, status in over.items():
            ended = {"status": status, "end_time": runs.c.last_seen, "revision": transaction.revision}
            transaction.connection.execute(update(runs).where(runs.c.id == number).values(ended))
        merge_series_of(transaction, over)
        uuids = transaction.connection.execute(select(runs.c.run_uuid).where(runs.c.id.in_(left))).scalars().all()
    for run in uuids:
        if (inside := place_of(store, FileOf(run, "inside"))) is not None:
            put_back(inside.parent)


def _without_events(store: Store) -> set[str]:
    """Folders of journals that were just begun, or whose removal was interrupted."""
    folder = store.path / JOURNAL
    return {path.name for path in folder.iterdir() if not (path / EVENTS).exists()} if folder.is_dir() else set()


def _forget_finished(store: Store) -> None:
    """Drop the positions of journals whose files are gone: they can never be read twice."""
    table = schema.journals
    with store.reading() as connection:
        finished = connection.execute(select(table.c.id).where(table.c.finished)).scalars().all()
    for name in _without_events(store).intersection(finished):
        shutil.rmtree(store.path / JOURNAL / name, ignore_errors=True)
    gone = [name for name in finished if not (store.path / JOURNAL / name).exists()]
    with store.writing() as transaction:
        for part in in_batches(gone):
            transaction.connection.execute(delete(table).where(table.c.id.in_(part)))
