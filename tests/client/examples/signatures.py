"""Signatures made by hand and inferred, with the names of MLflow's modules."""

import dataclasses

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature, infer_signature, validate_schema
from mlflow.models.signature import set_signature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType, Array, Map, Object, Property

by_hand = ModelSignature(
    inputs=Schema([ColSpec("double", "a"), ColSpec(DataType.string, "b", required=False)]),
    outputs=Schema([TensorSpec(np.dtype("float32"), (-1, 3))]),
    params=ParamSchema([ParamSpec("temperature", "double", 0.5), ParamSpec("stop", "string", ["x"], (-1,))]),
)
assert ModelSignature.from_dict(by_hand.to_dict()) == by_hand
assert by_hand.inputs.input_names() == ["a", "b"] and by_hand.inputs.required_input_names() == ["a"]
assert by_hand.inputs.has_input_names() and not by_hand.inputs.is_tensor_spec()
assert by_hand.inputs.input_types_dict() == {"a": DataType.double, "b": DataType.string}
assert len(by_hand.params) == 2 and [one.name for one in by_hand.params] == ["temperature", "stop"]

nested = Schema([ColSpec(Array(Object([Property("k", Map("long")), Property("x", AnyType(), required=False)])), "c")])
assert Schema.from_json(nested.to_json()) == nested
assert repr(nested) == "['c': Array({k: Map(str -> DataType.long) (required), x: Any (optional)}) (required)]"


@dataclasses.dataclass
class Message:
    role: str
    content: str | None = None


@dataclasses.dataclass
class Chat:
    messages: list[Message]
    temperature: float = 1.0


chat = ModelSignature(inputs=Chat)
assert [one.name for one in chat.inputs] == ["messages", "temperature"]
assert chat.inputs.inputs[0].type == Array(Object([Property("role", "string"), Property("content", "string", False)]))

frame = pd.DataFrame({"a": [0.5], "b": ["x"]})
assert infer_signature(frame).inputs == Schema([ColSpec("double", "a"), ColSpec("string", "b")])
validate_schema(frame, by_hand.inputs)
try:
    validate_schema(frame[["b"]], by_hand.inputs)
    raise AssertionError("a column is missing")
except mlflow.exceptions.MlflowException as error:
    assert "'a'" in str(error)
assert callable(set_signature)
