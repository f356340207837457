"""Schemas in MLflow's form (`mlflow/types/schema.py`): columns by type, or tensors by dtype and shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# MLflow's names of column types, by numpy's kinds and sizes in bytes; what is not here is an object.
_NUMBERS = {"b": "boolean", "f4": "float", "f8": "double", "f2": "float", "S": "binary", "U": "string", "M": "datetime"}


def number_type(dtype: Any) -> str | None:
    """MLflow's name of a numpy dtype: integers up to 32 bits are `integer`, longer ones `long`."""
    if dtype.kind in "iu":
        return "integer" if dtype.itemsize + (dtype.kind == "u") <= 4 else "long"
    return _NUMBERS.get(f"{dtype.kind}{dtype.itemsize}") or _NUMBERS.get(dtype.kind)


def value_type(value: Any) -> dict[str, Any]:
    """MLflow's type of one value of a column of objects."""
    import datetime
    import decimal

    names = (
        (bool, "boolean"), (int, "long"), (float, "double"), (decimal.Decimal, "double"), (str, "string"),
        ((bytes, bytearray), "binary"), ((datetime.date, datetime.datetime), "datetime"),
    )  # fmt: skip
    for kind, name in names:
        if isinstance(value, kind):
            return {"type": name}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple, set)):
        return {"type": "array", "items": value_type(next(iter(value), None))}
    if isinstance(value, dict):
        return {"type": "object", "properties": {str(k): {**value_type(v), "required": True} for k, v in value.items()}}
    return {"type": "any"}


def columns(named: Mapping[str, tuple[dict[str, Any], bool]]) -> dict[str, Any]:
    """A schema of columns: the type of each, and whether every row has a value."""
    return {"mlflow_colspec": [{**kind, "name": name, "required": full} for name, (kind, full) in named.items()]}


def tensors(features: Any, targets: Any) -> dict[str, Any]:
    """A schema of arrays, each one or several by name; the first axis is the rows and may have any length."""
    return {"mlflow_tensorspec": {"features": _specs(features), "targets": _specs(targets)}}


def _specs(arrays: Any) -> str | None:
    if arrays is None:
        return None
    if isinstance(arrays, Mapping):
        return json.dumps([{"name": name, **_spec(array)} for name, array in arrays.items()])
    return json.dumps([_spec(arrays)])


def _spec(array: Any) -> dict[str, Any]:
    shape = [-1, *array.shape[1:]] if array.ndim else []
    return {"type": "tensor", "tensor-spec": {"dtype": str(array.dtype), "shape": shape}}
