"""What is asked of the queue."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, case, func, select

from runfolio.core.errors import NotFound
from runfolio.core.outline import Ints
from runfolio.core.queue.records import AT_WORK, Job, JobKind, JobState, QueueState, Slots
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, last_queue
from runfolio.store.queue.own import FOREIGN, is_own
from runfolio.store.queue.tables import jobs, queue_settings

#: Jobs at work come first, then those that wait in the order of their places, then those that are over, newest first.
_RANK = case((jobs.c.state.in_(sorted(AT_WORK)), 0), (jobs.c.state == JobState.WAITING, 1), else_=2)
_ORDER = (_RANK, case((_RANK == 2, -jobs.c.ended), else_=jobs.c.place), jobs.c.id)
COLUMNS = tuple(jobs.c[name] for name in Job.__dataclass_fields__)


def job_ids(store: Store, states: Collection[JobState] = tuple(JobState)) -> Ints:
    """The ids of all jobs in these states, as they are shown."""
    with store.reading() as connection:
        found = connection.execute(select(jobs.c.id).where(jobs.c.state.in_(sorted(states))).order_by(*_ORDER))
        return np.fromiter(found.scalars(), np.int64)


def jobs_of(store: Store, ids: Sequence[int]) -> dict[int, Job]:
    """Jobs by their ids; those that are gone are left out."""
    with store.reading() as connection:
        found = [
            row
            for part in in_batches(list(ids))
            for row in connection.execute(select(*COLUMNS).where(jobs.c.id.in_(part)))
        ]
    return {row.id: read_job(row) for row in found}


def changed_jobs(store: Store, revision: int) -> dict[int, Job]:
    """The jobs that changed after a revision."""
    with store.reading() as connection:
        return {row.id: read_job(row) for row in connection.execute(select(*COLUMNS).where(jobs.c.revision > revision))}


def get_job(store: Store, number: int) -> Job:
    """A job. Raises NotFound."""
    found = jobs_of(store, [number]).get(number)
    if found is None:
        raise NotFound(f"There is no job {number}.", "`runfolio queue list` shows those that there are.")
    return found


def job_of_run(store: Store, run_uuid: str) -> Job | None:
    """The job that has made a run."""
    query = select(*COLUMNS).where(jobs.c.run_uuid == run_uuid).order_by(jobs.c.id.desc()).limit(1)
    with store.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else read_job(row)


def waiting_jobs(store: Store, limit: int) -> list[Job]:
    """The first ones that wait and that this person has put there, in their order."""
    query = select(*COLUMNS).where(jobs.c.state == JobState.WAITING).order_by(jobs.c.place, jobs.c.id)
    with store.reading() as connection:
        return list(islice(filter(is_own, map(read_job, connection.execute(query))), limit))


def queue_state(store: Store) -> QueueState:
    """The queue as a whole."""
    with store.reading() as connection:
        row = settings_row(connection)
        counted = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state)).all()
    counts = {JobState(state): number for state, number in counted}
    if row is None:
        return QueueState(counts=counts)
    return QueueState(row.paused, Slots(row.jobs, row.cpu, row.memory_gb, row.gpu), counts)


def queue_revision(store: Store) -> int:
    """The revision at which the queue was last changed."""
    with store.reading() as connection:
        return last_queue(connection)


def settings_row(connection: Connection) -> Row[Any] | None:
    """What was chosen of the queue, if anything was."""
    return connection.execute(select(queue_settings)).one_or_none()


def read_job(row: Row[Any]) -> Job:
    """A job by its columns; others that the row has are passed over."""
    values = {column.name: row._mapping[column] for column in COLUMNS}
    read = {"kind": JobKind(row.kind), "state": JobState(row.state), "request": json.loads(row.request)}
    job = Job(**{**values, **read})
    return replace(job, reason=FOREIGN) if job.state is JobState.WAITING and not is_own(job) else job
