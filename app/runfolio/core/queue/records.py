"""Jobs as the queue keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class JobKind(StrEnum):
    """What a job does: one run of a project, many of them, or a run once more as it was."""

    RUN = "run"
    SWEEP = "sweep"
    REPRODUCE = "reproduce"


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: Of jobs that somebody works at; of those that are over.
AT_WORK = frozenset((JobState.PREPARING, JobState.RUNNING))
OVER = frozenset((JobState.FINISHED, JobState.FAILED, JobState.CANCELLED))


@dataclass(frozen=True, slots=True)
class Job:
    """A job.

    Attributes:
        title: what people call it.
        request: what is to be done, as JSON has it: of a run, `RunRequest.written()`; of a sweep, `{"sweep": its
            specification, "run": the request}`; of a run once more, `{"run_id", "parameters", "env_manager"}`.
        run_uuid: the run that it has made, or "".
        reason: why it failed, or what it is doing; one sentence.
        exit_code: of its process, if it has ended.
        created, started, ended: epoch milliseconds; None before.
        attempts: how often it was started.
        cancelling: whether it was told to end, and has not ended yet.
        mark: of who has put it into the queue; None of those from before there were such marks.
    """

    id: int
    kind: JobKind
    title: str
    state: JobState
    request: Mapping[str, Any]
    place: float
    created: int
    started: int | None = None
    ended: int | None = None
    run_uuid: str = ""
    reason: str = ""
    exit_code: int | None = None
    attempts: int = 0
    cancelling: bool = False
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """What jobs may hold at one time: so many of them, processors, gigabytes of memory, graphics cards.

    0 is no limit; of graphics cards, all that there are.
    """

    jobs: int = 2
    cpu: float = 0.0
    memory_gb: float = 0.0
    gpu: int = 0


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue as a whole.

    Attributes:
        paused: whether no job is started; those that run go on.
        counts: how many jobs there are in each state.
    """

    paused: bool = False
    slots: Slots = field(default_factory=Slots)
    counts: Mapping[JobState, int] = field(default_factory=dict)
