"""A job as a row of the table shows it; no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from runfolio.core import numbers
from runfolio.core.projects.request import RunRequest
from runfolio.core.queue.records import AT_WORK, Job
from runfolio.gui.queue.progress import Progress, read_progress
from runfolio.gui.queue.words import experiment_of, needs_text, request_of, state_text
from runfolio.gui.runs.cells import one_line
from runfolio.store import Store


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job, with what is known of it beside what the queue keeps."""

    job: Job
    request: RunRequest
    progress: Progress


class JobColumn(IntEnum):
    """The columns, from the left."""

    STATE, TITLE, KIND, EXPERIMENT, PROGRESS, DURATION, STARTED, NEEDS, REASON = range(9)


TITLES = ("State", "Title", "Kind", "Experiment", "Progress", "How long", "Started", "Needs", "Reason")
RIGHT = frozenset([JobColumn.DURATION])


def read_row(store: Store, job: Job) -> JobRow:
    """On a worker."""
    return JobRow(job, request_of(job), read_progress(store, job))


def duration(job: Job, now: int) -> str:
    """How long a job has taken, or takes already; empty of one that has not begun."""
    if job.started is None:
        return ""
    end = now if job.state in AT_WORK else job.ended
    return numbers.duration(max((job.started if end is None else end) - job.started, 0))


#: What stands in a cell, given the time now.
TEXTS: dict[JobColumn, Callable[[JobRow, int], str]] = {
    JobColumn.STATE: lambda row, now: state_text(row.job),
    JobColumn.TITLE: lambda row, now: one_line(row.job.title),
    JobColumn.KIND: lambda row, now: str(row.job.kind),
    JobColumn.EXPERIMENT: lambda row, now: one_line(experiment_of(row.request)),
    JobColumn.PROGRESS: lambda row, now: row.progress.text,
    JobColumn.DURATION: lambda row, now: duration(row.job, now),
    JobColumn.STARTED: lambda row, now: numbers.age(row.job.started, now) if row.job.started is not None else "",
    JobColumn.NEEDS: lambda row, now: needs_text(row.request.needs),
    JobColumn.REASON: lambda row, now: one_line(row.job.reason),
}


def full_text(row: JobRow, column: JobColumn, now: int) -> str:
    """All of what a cell says, for tool tips and the clipboard."""
    if column is JobColumn.STARTED and row.job.started is not None:
        return numbers.full_time(row.job.started)
    return {JobColumn.TITLE: row.job.title, JobColumn.REASON: row.job.reason}.get(column) or TEXTS[column](row, now)
