"""The signature of a model: what it takes, what it gives, and the parameters of a prediction."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.infer import infer_params, infer_schema
from runfolio.models.schema.params import ParamSchema
from runfolio.models.schema.specs import ColSpec, Schema
from runfolio.models.schema.types import AnyType

log = logging.getLogger("runfolio")


class ModelSignature:
    """The schemas of a model.

    Attributes:
        inputs: what it takes; None if that is not known.
        outputs: what it gives; None if that is not known.
        params: what may be said beside the input; None if there is nothing.

    Inputs and outputs may be given as dataclasses, whose fields are columns.

    Raises:
        InvalidValue: none of the three is given, or one is no schema.
    """

    def __init__(self, inputs: Any = None, outputs: Any = None, params: ParamSchema | None = None) -> None:
        inputs, outputs = _of_dataclass(inputs), _of_dataclass(outputs)
        for given, kind in ((inputs, Schema), (outputs, Schema), (params, ParamSchema)):
            if given is not None and not isinstance(given, kind):
                raise InvalidValue(f"A part of a signature is a {kind.__name__}, not {type(given).__name__}.")
        if inputs is None and outputs is None and params is None:
            raise InvalidValue("A signature has inputs, outputs or params, or more than one of these.")
        self.inputs: Schema | None = inputs
        self.outputs: Schema | None = outputs
        self.params = params

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelSignature):
            return False
        return (self.inputs, self.outputs, self.params) == (other.inputs, other.outputs, other.params)

    def __hash__(self) -> int:
        return hash((self.inputs, self.outputs, self.params))

    def __repr__(self) -> str:
        return f"inputs: \n  {self.inputs!r}\noutputs: \n  {self.outputs!r}\nparams: \n  {self.params!r}\n"

    def to_dict(self) -> dict[str, str | None]:
        """As MLmodel files hold it: each part as a JSON text, or None."""
        return {
            "inputs": self.inputs.to_json() if self.inputs else None,
            "outputs": self.outputs.to_json() if self.outputs else None,
            "params": self.params.to_json() if self.params else None,
        }

    @classmethod
    def from_dict(cls, signature_dict: Mapping[str, Any]) -> ModelSignature:
        """The signature in an MLmodel file. Raises InvalidValue for what is none; nothing in it is run or imported."""
        if not isinstance(signature_dict, Mapping):
            raise InvalidValue(f"A signature is inputs, outputs and params by name, not {signature_dict!r:.60}.")
        inputs, outputs, params = (signature_dict.get(part) for part in ("inputs", "outputs", "params"))
        return cls(
            Schema.from_json(inputs) if inputs else None,
            Schema.from_json(outputs) if outputs else None,
            ParamSchema.from_json(params) if params else None,
        )


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: Mapping[str, Any] | None = None
) -> ModelSignature:
    """The signature of a model by an example of its input, its output and its parameters.

    Input and output may be pandas or polars tables and columns, arrays, tensors and sparse matrices, dictionaries of
    these, lists, dictionaries with lists and dictionaries in them, single values, and dataclasses. What has no schema
    is taken as AnyType, with a warning that says why, as MLflow does.

    Raises:
        InvalidValue: nothing is given, or parameters are no single values, lists or dictionaries.
    """
    inputs = None if model_input is None else _inferred("input", model_input)
    outputs = None if model_output is None else _inferred("output", model_output)
    return ModelSignature(inputs, outputs, infer_params(params) if params else None)


def _of_dataclass(given: Any) -> Any:
    if not dataclasses.is_dataclass(given):
        return given
    from runfolio.models.schema.hints import schema_of_dataclass

    return schema_of_dataclass(given if isinstance(given, type) else type(given))


def _inferred(which: str, data: Any) -> Schema:
    try:
        found = _of_dataclass(data)
        return found if isinstance(found, Schema) else infer_schema(data)
    except InvalidValue as problem:
        log.warning("No schema can be told from the model's %s, which is left unchecked: %s", which, problem)
        return Schema([ColSpec(AnyType())])
