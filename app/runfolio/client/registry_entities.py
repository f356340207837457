"""Registered models and their versions, in the shape of MLflow's entities (`mlflow.entities.model_registry`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from runfolio.client.entities import Entity, Metric, Param
from runfolio.core.registry import records

#: Versions are whole as soon as they are there.
READY = "READY"


class ModelVersionStatus:
    """The states of a version, as MLflow's class of that name spells them; here a version is READY or not there."""

    PENDING_REGISTRATION, FAILED_REGISTRATION, READY = "PENDING_REGISTRATION", "FAILED_REGISTRATION", READY


@dataclass(frozen=True)
class RegisteredModelTag(Entity):
    """A tag of a registered model."""

    key: str
    value: str


@dataclass(frozen=True)
class ModelVersionTag(Entity):
    """A tag of a version."""

    key: str
    value: str


@dataclass(frozen=True)
class RegisteredModelAlias(Entity):
    """An alias, and the version that has it."""

    alias: str
    version: int


@dataclass(frozen=True)
class ModelVersion(Entity):
    """A version of a registered model. Times are epoch milliseconds.

    Attributes:
        current_stage: where it stands, such as `Production`; `None` of a version that was never moved.
        source: the address that it was registered from.
        run_id: the run that it is from; None of files from elsewhere.
        params, metrics: of its run, as it is, or as it was when it was removed for good.
        model_id: the identity of the model that was logged; None of files that have none.
        uri: its address, which always means this version.
    """

    name: str
    version: int
    creation_timestamp: int
    last_updated_timestamp: int | None = None
    description: str | None = None
    user_id: str | None = None
    current_stage: str | None = None
    source: str | None = None
    run_id: str | None = None
    status: str = READY
    status_message: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    run_link: str | None = None
    aliases: list[str] = field(default_factory=list)
    model_id: str | None = None
    params: list[Param] | None = None
    metrics: list[Metric] | None = None

    @property
    def uri(self) -> str:
        """Its address."""
        return f"models:/{self.name}/{self.version}"


@dataclass(frozen=True)
class RegisteredModel(Entity):
    """A name that versions of a model are registered under. Times are epoch milliseconds.

    Attributes:
        latest_versions: the newest version of each stage that has one.
        aliases: versions by their aliases.
        stages: those that its versions can have, in order.
    """

    name: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    description: str | None = None
    latest_versions: list[ModelVersion] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    stages: tuple[str, ...] = ()


def version_of(found: records.ModelVersion) -> ModelVersion:
    """A version of the store in MLflow's shape; what is empty is None, as there."""
    return ModelVersion(
        name=found.name,
        version=found.version,
        creation_timestamp=found.creation_time,
        last_updated_timestamp=found.last_update_time,
        description=found.description or None,
        user_id=found.user or None,
        current_stage=found.stage,
        source=found.source,
        run_id=found.run_id or None,
        tags=dict(found.tags),
        run_link=found.run_link or None,
        aliases=list(found.aliases),
        model_id=found.facts.model_uuid or None,
        params=[Param(key, value) for key, value in found.params.items()],
        metrics=[Metric(key, value, found.creation_time) for key, value in found.metrics.items()],
    )


def model_of(found: records.RegisteredModel, latest: list[ModelVersion]) -> RegisteredModel:
    """A registered model of the store in MLflow's shape, with the newest version of each of its stages."""
    return RegisteredModel(
        name=found.name,
        creation_timestamp=found.creation_time,
        last_updated_timestamp=found.last_update_time,
        description=found.description or None,
        latest_versions=latest,
        tags=dict(found.tags),
        aliases=dict(found.aliases),
        stages=found.stages,
    )
