"""A model as a function: data is checked by the signature, then the model is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.mlmodel import PYFUNC, MLmodel
from runfolio.models.pyfunc.calls import call

if TYPE_CHECKING:
    from pathlib import Path

    from runfolio.models.model import Model


class PyFuncModel:
    """What `runfolio.pyfunc.load_model` returns."""

    def __init__(self, model_meta: Model, model_impl: Any, folder: Path | None = None) -> None:
        entries = model_meta.flavors.get(PYFUNC, {})
        self._model_meta, self._model_impl, self._folder = model_meta, model_impl, folder
        self._predict_fn = _method(model_impl, entries.get("predict_fn", "predict"))
        streams = entries.get("streamable", False)
        self._predict_stream_fn = (
            _method(model_impl, entries.get("predict_stream_fn", "predict_stream")) if streams else None
        )

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """The model's answer to data: a table, an array, a list or a dictionary.

        Raises:
            InvalidValue: data or params do not fit the signature.
        """
        return self.predict_enforced(*enforced(self._model_meta, data, params))

    def predict_enforced(self, data: Any, params: Any = None) -> Any:
        """The model's answer to data and params that fit its signature already, as `enforced` makes them."""
        return call(self._predict_fn, data, params)

    def predict_stream(self, data: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """The model's answer to one input in pieces. Raises InvalidValue where the model cannot do that."""
        if self._predict_stream_fn is None:
            raise InvalidValue("This model cannot answer in pieces.", "Use predict().")
        data, params = enforced(self._model_meta, data, params)
        if isinstance(data, list) and len(data) == 1:  # what a schema has made of a single input
            data = data[0]
        found: Iterator[Any] = call(self._predict_stream_fn, data, params)
        return found

    def unwrap_python_model(self) -> Any:
        """The Python model that the user wrote. Raises InvalidValue where there is none."""
        found = getattr(self._model_impl, "python_model", None)
        if found is None:
            raise InvalidValue("There is no Python model in this model.", "get_raw_model() gives a library's own.")
        return found

    def get_raw_model(self) -> Any:
        """The library's own model. Raises NotImplementedError where there is none."""
        if not hasattr(self._model_impl, "get_raw_model"):
            raise NotImplementedError("There is no model of a library in this model.")
        return self._model_impl.get_raw_model()

    @property
    def metadata(self) -> Model:
        """What the MLmodel file says."""
        return self._model_meta

    @property
    def model_id(self) -> str | None:
        """The model's id, if it was logged."""
        return self._model_meta.model_id

    @property
    def model_config(self) -> Mapping[str, Any]:
        """The configuration that it was saved with."""
        found: Mapping[str, Any] = self._model_meta.flavors[PYFUNC].get("config") or {}
        return found

    @property
    def loader_module(self) -> str | None:
        """The module of MLflow, or of the user, that loads it."""
        found: str | None = self._model_meta.flavors[PYFUNC].get("loader_module")
        return found

    @property
    def input_example(self) -> Any:
        """The input example that it was saved with; None if there is none."""
        return None if self._folder is None else self._model_meta.load_input_example(self._folder)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PyFuncModel) and self._model_meta == other._model_meta

    def __hash__(self) -> int:
        return hash(self._model_meta)

    def __repr__(self) -> str:
        where = {"run_id": self._model_meta.run_id, "artifact_path": self._model_meta.artifact_path}
        known = [f"  {name}: {value}\n" for name, value in where.items() if value is not None]
        return f"runfolio.pyfunc.loaded_model:\n{''.join(known)}  flavor: {self.loader_module}\n"


def enforced(model: MLmodel, data: Any, params: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """Data and params as a model takes them. Raises InvalidValue where its signature does not allow for them."""
    signature = model.signature
    if signature is not None and signature.inputs is not None and not model.is_signature_from_type_hint():
        from runfolio.models.schema.enforce import enforce_input

        data = enforce_input(data, signature.inputs)
    return data, enforced_params(model, params)


def enforced_params(model: MLmodel, params: Mapping[str, Any] | None) -> Any:
    """Params as a model takes them, with the defaults of its signature. Raises InvalidValue."""
    signature = model.signature
    if signature is None or (not params and signature.params is None):
        return params
    from runfolio.models.schema.enforce_params import enforce_params

    return enforce_params(params, signature.params)


def _method(model: Any, name: str) -> Any:
    found = getattr(model, name, None)
    if found is None:
        raise InvalidValue(f"The model has no method {name!r}, which its MLmodel file names.")
    return found
