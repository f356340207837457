"""What the registry holds, as plain immutable records. Names follow MLflow's; times are epoch milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runfolio.core.registry.names import STAGES


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A name that versions of a model are registered under.

    Attributes:
        id: the store's own number.
        versions: how many there are that are not in the trash.
        stages: the stages that its versions can have, the first being None and the last Archived.
        holders: the newest version of each stage that has one.
        aliases: versions by their aliases.
        deleted_time: when it went to the trash; None if it is in use.
    """

    id: int
    name: str
    description: str
    creation_time: int
    last_update_time: int
    versions: int = 0
    stages: tuple[str, ...] = STAGES
    holders: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    deleted_time: int | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model's own file MLmodel says; all is empty of files that are no model of that format.

    Attributes:
        flavors: names of the flavors.
        inputs, outputs, params: names and types of the signature, in words.
        has_signature, has_input_example: whether there are such.
        python, mlflow_version: what it was made with.
        model_uuid: its identity; `m-` and 32 hexadecimal digits of a model that was logged.
        requirements: lines of its requirements.txt.
    """

    flavors: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    has_signature: bool = False
    has_input_example: bool = False
    python: str = ""
    mlflow_version: str = ""
    model_uuid: str = ""
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A file of a version, below its folder. `sha256` is in hexadecimal digits."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of a registered model.

    Attributes:
        id: the store's own number. model_id: that of its registered model, whose name is `name`.
        version: its number, which no other version of the model ever gets.
        stage_time: since when it is in its stage.
        user: who registered it.
        source: the address that it was registered from.
        run_id: the public id of the run that it is from, "" of none. run: its number, None if it is gone for good.
        size: of its files, in bytes. digest: SHA-256 of what its files are (`chain.digest_of_files`).
        metrics, params: of its run, as it is, or as it was when it was removed.
    """

    id: int
    model_id: int
    name: str
    version: int
    stage: str
    stage_time: int
    description: str
    creation_time: int
    last_update_time: int
    user: str
    source: str
    run_id: str
    run: int | None
    run_name: str
    run_link: str
    size: int
    digest: str
    facts: ModelFacts = field(default_factory=ModelFacts)
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    deleted_time: int | None = None

    @property
    def uri(self) -> str:
        """Its address."""
        return f"models:/{self.name}/{self.version}"
