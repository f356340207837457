"""What reading functions return, in the shape of MLflow's entities (`mlflow.entities`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from runfolio.core import states
from runfolio.core.states import LifecycleStage, ViewType

__all__ = [
    "Dataset",
    "DatasetInput",
    "Experiment",
    "ExperimentTag",
    "FileInfo",
    "InputTag",
    "LifecycleStage",
    "Metric",
    "Param",
    "Run",
    "RunData",
    "RunInfo",
    "RunInputs",
    "RunStatus",
    "RunTag",
    "SourceType",
    "ViewType",
]


class Entity:
    """Iterates over names and values, so that `dict(entity)` is what it holds."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((one.name, getattr(self, one.name)) for one in fields(self))

    def to_dictionary(self) -> dict[str, Any]:
        """What it holds, by name."""
        return dict(self)


class RunStatus:
    """The states of a run, as MLflow's class of that name spells them."""

    RUNNING = states.RunStatus.RUNNING
    SCHEDULED = states.RunStatus.SCHEDULED
    FINISHED = states.RunStatus.FINISHED
    FAILED = states.RunStatus.FAILED
    KILLED = states.RunStatus.KILLED

    @staticmethod
    def to_string(status: str) -> str:
        """The state as text."""
        return str(states.RunStatus(status))

    @staticmethod
    def from_string(status_str: str) -> states.RunStatus:
        """The state that a text names. Raises ValueError."""
        return states.RunStatus(status_str)

    @staticmethod
    def all_status() -> list[states.RunStatus]:
        """All states."""
        return list(states.RunStatus)

    @staticmethod
    def is_terminated(status: str) -> bool:
        """Whether the state is an end."""
        return states.RunStatus(status).ended


class SourceType:
    """What kind of program made a run."""

    NOTEBOOK, JOB, PROJECT, LOCAL, UNKNOWN, RECIPE = "NOTEBOOK", "JOB", "PROJECT", "LOCAL", "UNKNOWN", "RECIPE"


@dataclass(frozen=True)
class Metric(Entity):
    """One point of a series: its time in epoch milliseconds."""

    key: str
    value: float
    timestamp: int
    step: int = 0


@dataclass(frozen=True)
class Param(Entity):
    """A param of a run."""

    key: str
    value: str


@dataclass(frozen=True)
class RunTag(Entity):
    """A tag of a run."""

    key: str
    value: str


@dataclass(frozen=True)
class ExperimentTag(Entity):
    """A tag of an experiment."""

    key: str
    value: str


@dataclass(frozen=True)
class InputTag(Entity):
    """A tag of a run's dataset."""

    key: str
    value: str


@dataclass(frozen=True)
class FileInfo(Entity):
    """A file or folder among a run's files; `file_size` in bytes, None for a folder."""

    path: str
    is_dir: bool
    file_size: int | None


@dataclass(frozen=True)
class Dataset(Entity):
    """What is known of data; `source`, `schema` and `profile` are JSON texts."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """What it holds, by name."""
        return dict(self)


@dataclass(frozen=True)
class DatasetInput(Entity):
    """A dataset as a run used it."""

    dataset: Dataset
    tags: list[InputTag] = field(default_factory=list)

    def to_dictionary(self) -> dict[str, Any]:
        """What it holds, as plain dictionaries."""
        return {"dataset": dict(self.dataset), "tags": {tag.key: tag.value for tag in self.tags}}


@dataclass(frozen=True)
class RunInputs(Entity):
    """What a run read: datasets."""

    dataset_inputs: list[DatasetInput] = field(default_factory=list)

    def to_dictionary(self) -> dict[str, Any]:
        """What it holds, as plain dictionaries."""
        return {"dataset_inputs": [one.to_dictionary() for one in self.dataset_inputs]}


@dataclass(frozen=True)
class RunInfo(Entity):
    """What identifies a run, and where it stands. Times are epoch milliseconds."""

    run_id: str
    run_name: str
    experiment_id: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    lifecycle_stage: str
    artifact_uri: str

    @property
    def run_uuid(self) -> str:
        """The id by its old name."""
        return self.run_id


@dataclass(frozen=True)
class RunData(Entity):
    """A run's latest metrics, its params and tags, by key."""

    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run(Entity):
    """A run as the store holds it."""

    info: RunInfo
    data: RunData
    inputs: RunInputs = field(default_factory=RunInputs)

    def to_dictionary(self) -> dict[str, Any]:
        """What it holds, as plain dictionaries."""
        return {name: one.to_dictionary() for name, one in self}


@dataclass(frozen=True)
class Experiment(Entity):
    """An experiment; `/` in its name makes folders. Times are epoch milliseconds."""

    experiment_id: str
    name: str
    artifact_location: str
    lifecycle_stage: str
    tags: dict[str, str] = field(default_factory=dict)
    creation_time: int | None = None
    last_update_time: int | None = None
