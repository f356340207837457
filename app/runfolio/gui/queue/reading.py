"""What the page reads at one time, on a worker: all jobs by their numbers, and those rows that are looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from runfolio.core.queue.records import AT_WORK, OVER, JobState, QueueState
from runfolio.gui.aliases import Ids
from runfolio.gui.queue.rows import JobRow, read_row
from runfolio.store import Store
from runfolio.store.queue.reading import job_ids, jobs_of, queue_state


@dataclass(frozen=True, slots=True)
class Part:
    """Which jobs are listed: a tab of the page."""

    title: str
    states: frozenset[JobState]

    def count(self, state: QueueState) -> int:
        """How many there are."""
        return sum(state.counts.get(one, 0) for one in self.states)


PARTS = (
    Part("All", frozenset(JobState)),
    Part("At work", AT_WORK),
    Part("Waiting", frozenset([JobState.WAITING])),
    Part("Failed", frozenset([JobState.FAILED])),
    Part("Over", OVER),
)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """All jobs of a part.

    Attributes:
        part: which.
        ids: in their order: those at work, those that wait, those that are over.
        at_work, waiting: so many of the first are at work, and so many behind them wait.
        state: the queue as a whole.
    """

    part: Part
    ids: Ids
    at_work: int
    waiting: int
    state: QueueState


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was read.

    Attributes:
        listed: None where the list was not asked for.
        asked: the jobs that were asked for. rows: those of them that there are.
        turn: of the model, when they were.
    """

    listed: Listed | None
    asked: Collection[int]
    rows: Mapping[int, JobRow]
    turn: int


def read_queue(store: Store, part: Part | None, wanted: Sequence[int], turn: int) -> Answer:
    """The jobs of a part, if one is given, and the rows of some."""
    listed = _listed(store, part) if part is not None else None
    found = jobs_of(store, wanted) if wanted else {}
    return Answer(listed, wanted, {number: read_row(store, job) for number, job in found.items()}, turn)


def _listed(store: Store, part: Part) -> Listed:
    state, ids = queue_state(store), job_ids(store, part.states)
    at_work, waiting = (
        sum(state.counts.get(one, 0) for one in part.states & which) for which in (AT_WORK, {JobState.WAITING})
    )
    return Listed(part, ids, at_work, waiting, state)
