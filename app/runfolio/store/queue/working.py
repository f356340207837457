"""What who works at the queue notes: which job it has begun, how far it is, how it has ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select, update

from runfolio.core.clock import now_ms
from runfolio.core.folder import JOURNAL
from runfolio.core.queue.records import AT_WORK, Job, JobKind, JobState
from runfolio.journal.locks import acquire, locked
from runfolio.store.connection import Store, note_queue
from runfolio.store.queue.own import is_own
from runfolio.store.queue.reading import COLUMNS, read_job
from runfolio.store.queue.tables import jobs

#: What is locked as long as a process works at the queue.
LOCK = ".queue.lock"
#: Who asks whether somebody works (a window, now and then) holds the lock for a moment, and must not be taken for a
#: worker: so long it is waited for; seconds.
PROBE = 0.1


@dataclass(frozen=True, slots=True)
class LeftJob:
    """A job that somebody was at work at who is gone, and the process that it had started, with its time of start."""

    job: Job
    process: int | None
    process_started: float | None


@contextmanager
def alone_working(store: Store) -> Iterator[bool]:
    """Whether no other process works at the queue; none does until the end."""
    folder = store.path / JOURNAL
    folder.mkdir(exist_ok=True)
    with locked(folder / LOCK, PROBE) as alone:
        yield alone


def begin_job(store: Store, number: int) -> bool:
    """Take a job that waits; False if it waits no more."""
    with store.writing() as transaction:
        values = {"state": JobState.PREPARING, "started": now_ms(), "ended": None, "reason": "", "exit_code": None}
        # A sweep goes on in its run.
        run_uuid = case((jobs.c.kind == JobKind.SWEEP, jobs.c.run_uuid), else_="")
        values |= {"attempts": jobs.c.attempts + 1, "cancelling": False, "process": None, "run_uuid": run_uuid}
        change = update(jobs).where(jobs.c.id == number, jobs.c.state == JobState.WAITING)
        taken = transaction.connection.execute(change.values(revision=transaction.revision, **values)).rowcount
        note_queue(transaction)
        return bool(taken)


def note_job(store: Store, number: int, **values: Any) -> None:
    """Note what has become of a job at work: `reason`, `run_uuid`, `state`, `process` and `process_started`."""
    with store.writing() as transaction:
        change = update(jobs).where(jobs.c.id == number, jobs.c.state.in_(sorted(AT_WORK)))
        transaction.connection.execute(change.values(revision=transaction.revision, **values))
        note_queue(transaction)


def end_job(store: Store, number: int, state: JobState, reason: str = "", exit_code: int | None = None) -> None:
    """Note how a job has ended; one that is WAITING again has its place still, unless somebody has cancelled it."""
    with store.writing() as transaction:
        values: dict[str, Any] = {"state": state, "reason": reason, "exit_code": exit_code, "process": None}
        values |= {"ended": None if state == JobState.WAITING else now_ms(), "cancelling": False}
        change = update(jobs).where(jobs.c.id == number, jobs.c.state.in_(sorted(AT_WORK)))
        if state == JobState.WAITING:
            cancelled = {"state": JobState.CANCELLED, "reason": "It was cancelled.", "ended": now_ms()}
            gone = change.where(jobs.c.cancelling).values(revision=transaction.revision, **{**values, **cancelled})
            transaction.connection.execute(gone)
        transaction.connection.execute(change.values(revision=transaction.revision, **values))
        note_queue(transaction)


def told_to_end(store: Store) -> Sequence[int]:
    """The jobs at work that somebody has cancelled."""
    query = select(jobs.c.id).where(jobs.c.state.in_(sorted(AT_WORK)), jobs.c.cancelling)
    with store.reading() as connection:
        return connection.execute(query).scalars().all()


def left_jobs(store: Store) -> list[LeftJob]:
    """The jobs of this person at work; while nobody works at the queue, those that were left."""
    columns = (*COLUMNS, jobs.c.process, jobs.c.process_started)
    with store.reading() as connection:
        rows = connection.execute(select(*columns).where(jobs.c.state.in_(sorted(AT_WORK)))).all()
    left = [LeftJob(read_job(row), row.process, row.process_started) for row in rows]
    return [one for one in left if is_own(one.job)]


def somebody_works(store: Store) -> bool | None:
    """Whether a process works at the queue; None where that cannot be told, as in a folder that cannot be written."""
    try:
        lock = acquire(store.path / JOURNAL / LOCK, create=False)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    if lock is not None:
        os.close(lock)
    return lock is None
