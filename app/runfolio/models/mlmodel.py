"""The file MLmodel: what is in a model's folder, for whom, and how it is loaded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.models.yaml_file import FILE_NAME as FILE_NAME
from runfolio.models.yaml_file import read_yaml as read_yaml

if TYPE_CHECKING:
    from runfolio.models.schema.params import ParamSchema
    from runfolio.models.schema.signature import ModelSignature
    from runfolio.models.schema.specs import Schema

#: The flavor that any model has which can be called as a function.
PYFUNC = "python_function"
#: The MLflow whose layout is written; readers of old and new files go by it.
FORMAT_VERSION = "3.18.0"

_HINTS = ("is_signature_from_type_hint", "type_hint_from_example")


class MLmodel:
    """What an MLmodel file says, wherever its folder is. Keys that are not known here are kept and written again.

    Attributes:
        artifact_path, run_id: where it was logged, and to which run; None if it was only saved.
        utc_time_created: when, as `datetime` writes a time in UTC.
        flavors: by name, what each flavor needs to load the model.
        saved_input_example_info: which files hold the input example, and of what kind it is.
        model_uuid, model_id: its identity; `m-` and 32 hexadecimal digits of a model that was logged.
        mlflow_version: the MLflow whose layout the folder has.
        metadata: what the user wants to be known of it.
        model_size_bytes: of all files, without those of the environment.
        others: all keys that are not known here.
    """

    def __init__(
        self,
        artifact_path: str | None = None,
        run_id: str | None = None,
        utc_time_created: Any = None,
        flavors: dict[str, dict[str, Any]] | None = None,
        signature: ModelSignature | dict[str, Any] | None = None,
        saved_input_example_info: dict[str, Any] | None = None,
        model_uuid: str | None = "",
        mlflow_version: str | None = FORMAT_VERSION,
        metadata: dict[str, Any] | None = None,
        model_size_bytes: int | None = None,
        resources: Any = None,
        env_vars: list[str] | None = None,
        auth_policy: Any = None,
        model_id: str | None = None,
        prompts: list[str] | None = None,
        **others: Any,
    ) -> None:
        self.artifact_path, self.run_id = artifact_path, run_id
        self.utc_time_created = str(utc_time_created or datetime.now(UTC).replace(tzinfo=None))
        self.flavors = flavors if flavors is not None else {}
        self.saved_input_example_info = saved_input_example_info
        self.model_uuid = uuid.uuid4().hex if model_uuid == "" else model_uuid
        self.mlflow_version = mlflow_version
        self.metadata = metadata
        self.model_size_bytes = model_size_bytes
        self.resources, self.env_vars, self.auth_policy = resources, env_vars, auth_policy
        self.model_id, self.prompts = model_id, prompts
        self._hints = {key: others.pop(key) for key in _HINTS if key in others}
        self.others = others
        self._signature = signature

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MLmodel) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.model_uuid)

    def __str__(self) -> str:
        return self.to_yaml()

    @property
    def signature(self) -> ModelSignature | None:
        """What it takes and gives, if that is known. Read when it is first asked for."""
        if isinstance(self._signature, dict):
            from runfolio.models.schema.signature import ModelSignature

            self._signature = ModelSignature.from_dict(self._signature)
        return self._signature

    @signature.setter
    def signature(self, value: ModelSignature | bool | None) -> None:
        if not isinstance(value, bool):  # False is how `save_model` is told to infer none
            self._signature = value

    def get_input_schema(self) -> Schema | None:
        """What it takes."""
        return None if self.signature is None else self.signature.inputs

    def get_output_schema(self) -> Schema | None:
        """What it gives."""
        return None if self.signature is None else self.signature.outputs

    def get_params_schema(self) -> ParamSchema | None:
        """Which params a prediction may be given."""
        return None if self.signature is None else self.signature.params

    def add_flavor(self, name: str, **entries: Any) -> Self:
        """Add what a flavor needs to load it."""
        self.flavors[name] = entries
        return self

    def load_input_example(self, path: str | Path) -> Any:
        """The input example that was saved with the model, in its folder; None if there is none. Raises NotFound."""
        if self.saved_input_example_info is None:
            return None
        from runfolio.models.input_example import read_example

        return read_example(path, self.saved_input_example_info, self.get_input_schema())

    def get_serving_input(self, path: str | Path) -> str | None:
        """The input example as the body of a request to a server of models; None if there is none."""
        named = (self.saved_input_example_info or {}).get("serving_input_path")
        return Path(path, named).read_text(encoding="utf-8") if named else None

    def uri(self) -> str:
        """The address of a model that was logged."""
        return f"runs:/{self.run_id}/{self.artifact_path}"

    def get_model_info(self) -> ModelInfo:
        """What `log_model` says of a model."""
        return ModelInfo(
            artifact_path=self.artifact_path,
            flavors=self.flavors,
            model_uri=self.uri(),
            model_uuid=self.model_uuid,
            run_id=self.run_id,
            saved_input_example_info=self.saved_input_example_info,
            signature=self.signature,
            utc_time_created=self.utc_time_created,
            mlflow_version=self.mlflow_version,
            metadata=self.metadata,
            prompts=self.prompts,
            env_vars=self.env_vars,
            model_id=self.model_id,
            name=self.artifact_path,
        )

    def get_tags_dict(self) -> dict[str, Any]:
        """What the tag `mlflow.log-model.history` has of it."""
        wanted = ("run_id", "artifact_path", "utc_time_created", "model_uuid")
        found = {key: value for key, value in self.to_dict().items() if key in wanted}
        flavors = {name: {k: v for k, v in of.items() if k != "config"} for name, of in self.flavors.items()}
        return {**found, "flavors": flavors}

    def to_dict(self) -> dict[str, Any]:
        """All of it, as it is written: what MLflow leaves out when it is not known is left out here."""
        always = {
            "utc_time_created": self.utc_time_created,
            "flavors": self.flavors,
            "model_uuid": self.model_uuid,
            "model_id": self.model_id,
            "prompts": self.prompts,
        }
        if_known = {
            name: getattr(self, name)
            for name in (
                "artifact_path run_id saved_input_example_info mlflow_version metadata model_size_bytes resources "
                "env_vars auth_policy"
            ).split()
        }
        known = {key: value for key, value in if_known.items() if value is not None}
        return {**self.others, **always, **known, **self._signature_entries()}

    def _signature_entries(self) -> dict[str, Any]:
        if self._signature is None:
            return dict(self._hints)
        written = self._signature if isinstance(self._signature, dict) else self._signature.to_dict()
        return {"signature": written, **dict.fromkeys(_HINTS, False), **self._hints}

    def sign_by_hints(self, signature: ModelSignature) -> None:
        """Take the signature that the hints of types of a Python model say; data are checked by the hints then."""
        self.signature = signature
        self._hints["is_signature_from_type_hint"] = True

    def is_signature_from_type_hint(self) -> bool:
        """Whether the signature was read from the hints of types of a Python model."""
        return bool(self._hints.get("is_signature_from_type_hint"))

    def to_yaml(self) -> str:
        """The text of the file."""
        import yaml

        return yaml.safe_dump(self.to_dict(), default_flow_style=False)

    def to_json(self) -> str:
        """All of it as JSON."""
        import json

        return json.dumps(self.to_dict())

    def save(self, path: str | Path) -> None:
        """Write the file."""
        Path(path).write_text(self.to_yaml(), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read an MLmodel file, given by itself or by its folder.

        Raises:
            NotFound: there is no such file.
            InvalidValue: it is no MLmodel file.
        """
        return cls.from_dict(read_yaml(Path(path) if Path(path).is_file() else described(Path(path))))

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Self:
        """A model of what its file says. Raises InvalidValue."""
        given = {"model_uuid": None, "mlflow_version": None, **entries}
        flavors = given.get("flavors") or {}
        if not isinstance(flavors, dict) or not all(isinstance(one, dict) for one in flavors.values()):
            raise InvalidValue("The MLmodel file names no flavors.", "It was damaged, or is no model.")
        if not isinstance(given.get("signature"), dict | None):
            raise InvalidValue("The signature in the MLmodel file cannot be read.", "It was damaged, or is no model.")
        return cls(**{**given, "flavors": flavors})


@dataclass(slots=True)
class ModelInfo:
    """What is known of a model that was logged, by MLflow's names.

    Attributes:
        model_uri: the address to load it by.
        registered_model_version: of the registry's model, if it was registered.
        params, tags, model_type, step: what `log_model` was told to note with it.
    """

    artifact_path: str | None
    flavors: dict[str, dict[str, Any]]
    model_uri: str
    model_uuid: str | None
    run_id: str | None
    saved_input_example_info: dict[str, Any] | None
    signature: ModelSignature | None
    utc_time_created: str
    mlflow_version: str | None
    metadata: dict[str, Any] | None = None
    prompts: list[str] | None = None
    env_vars: list[str] | None = None
    model_id: str | None = None
    name: str | None = None
    registered_model_version: int | None = None
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    model_type: str | None = None
    step: int = 0

    @property
    def signature_dict(self) -> dict[str, Any] | None:
        """The signature as the file has it."""
        return None if self.signature is None else self.signature.to_dict()

    @property
    def creation_timestamp(self) -> int:
        """When it was logged; epoch milliseconds."""
        return int(datetime.fromisoformat(self.utc_time_created).replace(tzinfo=UTC).timestamp() * 1000)


def described(folder: Path) -> Path:
    """The MLmodel file of a folder. Raises NotFound: it is no model's."""
    file = folder / FILE_NAME
    if not file.is_file():
        raise NotFound(f"{str(folder)!r} is not a model: it has no file {FILE_NAME}.", "Give the folder of a model.")
    return file


def new_model_id() -> str:
    """A new id of a model: `m-` and 32 hexadecimal digits."""
    return f"m-{uuid.uuid4().hex}"
