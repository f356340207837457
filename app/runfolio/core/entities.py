"""What the store holds, as plain immutable records. Names and values follow MLflow's entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from runfolio.core.states import LifecycleStage, RunStatus


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is known of data that a run used. `schema` and `profile` are JSON texts or None, as in MLflow."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A dataset as one run used it; the tag `mlflow.data.context` says what for."""

    dataset: Dataset
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment; `/` in its name makes folders. Times are epoch milliseconds."""

    id: int
    name: str
    lifecycle_stage: LifecycleStage = LifecycleStage.ACTIVE
    creation_time: int = 0
    last_update_time: int = 0
    runs: int = 0
    running: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    deleted_time: int | None = None

    @property
    def experiment_id(self) -> str:
        """The id as MLflow spells it: a string."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """What is known of one series without reading its points.

    Each extreme comes with its step; `minimum`, `maximum` and `mean` are over the finite values and None if there
    are none. `last` is the value with the greatest (step, time), which need not be the last one logged.
    """

    key: str
    count: int
    first: float
    first_step: int
    last: float
    last_step: int
    last_time: int
    minimum: float | None
    minimum_step: int | None
    maximum: float | None
    maximum_step: int | None
    mean: float | None
    non_finite: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run with everything small about it. `id` is the store's own number, `run_id` the public one.

    Times are epoch milliseconds; `end_time` is None while the run is open. `last_seen` is the time of the last sign
    of life, which for a KILLED run is also its end.
    """

    id: int
    run_id: str
    experiment: int
    experiment_name: str
    name: str
    status: RunStatus
    start_time: int
    end_time: int | None
    last_seen: int
    lifecycle_stage: LifecycleStage
    parent: int | None
    user: str
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, MetricSummary] = field(default_factory=dict)
    deleted_time: int | None = None
    parent_run_id: str | None = None
    source: str = ""

    @property
    def last_step(self) -> int | None:
        """The greatest step of any of its own metrics, so how far it came; system metrics count their samples."""
        return max((m.last_step for m in self.metrics.values() if not m.key.startswith("system/")), default=None)


@dataclass(frozen=True, slots=True)
class ParamChange:
    """A value given to a param that had one. `refused` came from another process, and the old value stayed."""

    key: str
    old: str
    new: str
    time: int
    refused: bool


class Artifact(NamedTuple):
    """One file of a run; a tuple, for a hundred thousand of these are made in a third of the time.

    Attributes:
        path: relative to the run's folder, with `/`.
        size: in bytes.
        time: when it was logged, in epoch milliseconds.
        sha256: of what was logged, in hexadecimal digits; "" where it has not been computed yet.
        media_type: such as `image/png`.
    """

    path: str
    size: int
    time: int
    sha256: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a transaction, or several, changed; views decide from it what to read again.

    Attributes:
        revision: the store's revision after the change.
        experiments: ids of the experiments whose own row changed, or that were created.
        runs: ids of the runs of which anything changed: status, name, params, tags, metrics, artifacts.
        moved: True when a run changed its experiment or its lifecycle stage, so that lists must be made anew.
        removed: True when runs or experiments are gone for good.
        checked: ids of the runs of which other things are to be told after a health check, or after one was muted.
        looks: True when saved views or the colours of runs changed.
        registry: True when registered models, their versions or rules changed.
        queue: True when jobs, sweeps or the list of projects changed.
        places: ids of the experiments that those runs are in now; not of the one that a run has left.
    """

    revision: int
    experiments: frozenset[int] = frozenset()
    runs: frozenset[int] = frozenset()
    moved: bool = False
    removed: bool = False
    looks: bool = False
    checked: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()
    registry: bool = False
    queue: bool = False

    def __bool__(self) -> bool:
        told = (
            self.experiments,
            self.runs,
            self.moved,
            self.removed,
            self.looks,
            self.checked,
            self.registry,
            self.queue,
        )
        return any(map(bool, told))
