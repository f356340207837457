"""Schemas in MLflow's form (`mlflow/types/schema.py`): columns by type, or tensors by dtype and shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

# MLflow's names of column types, by numpy's kinds and sizes in bytes; what is not here is an object.
_NUMBERS = {"b": "boolean", "f4": "float", "f8": "double", "f2": "float", "S": "binary", "U": "string", "M": "datetime"}


# Of numbers, what fits several types, narrow ones first.
_WIDER = {
    "integer": {"integer"}, "long": {"integer", "long"}, "float": {"float"},
    "double": {"integer", "long", "float", "double"},
}  # fmt: skip
_CONTAINERS = (list, tuple, set, frozenset, dict)
#: Of a column, for its type: reading all of a long one would take longer than all the rest.
CONTAINERS_READ = 10_000


def number_type(dtype: Any) -> str | None:
    """MLflow's name of a numpy dtype: integers up to 32 bits are `integer`, longer ones `long`."""
    if dtype.kind in "iu":
        return "integer" if dtype.itemsize + (dtype.kind == "u") <= 4 else "long"
    return _NUMBERS.get(f"{dtype.kind}{dtype.itemsize}") or _NUMBERS.get(dtype.kind)


def values_type(values: Iterable[Any]) -> dict[str, Any]:
    """MLflow's type of a column of objects, which fits all of its values; `any` if none does. None says nothing."""
    found: dict[str, Any] | None = None
    containers = 0
    scalars: dict[type, Any] = {}
    for value in values:
        if type(value) in _CONTAINERS or hasattr(value, "tolist"):
            containers += 1
            if containers <= CONTAINERS_READ:
                found = _joined(found, _value_type(value))
        else:
            scalars.setdefault(type(value), value)
    for value in scalars.values():
        found = _joined(found, _value_type(value))
    return found or {"type": "any"}


def _value_type(value: Any) -> dict[str, Any] | None:
    """The type of one value; None if it says nothing of it."""
    import datetime
    import decimal

    if value is None:
        return None
    if hasattr(value, "tolist"):  # numpy's, whose scalars become Python's
        value = value.tolist()
    names = (
        (bool, "boolean"), (int, "long"), (float, "double"), (decimal.Decimal, "double"), (str, "string"),
        ((bytes, bytearray), "binary"), ((datetime.date, datetime.datetime), "datetime"),
    )  # fmt: skip
    for kind, name in names:
        if isinstance(value, kind):
            return {"type": name}
    if isinstance(value, (list, tuple, set, frozenset)):
        return {"type": "array", "items": values_type(value)}
    if isinstance(value, dict):
        fields = {str(name): _field(field) for name, field in value.items()}
        return {"type": "object", "properties": fields}
    return {"type": "any"}


def _field(value: Any) -> dict[str, Any]:
    found = _value_type(value)
    return {**(found or {"type": "any"}), "required": found is not None}


def _joined(one: dict[str, Any] | None, other: dict[str, Any] | None) -> dict[str, Any] | None:
    """A type that fits the values of both."""
    if one is None or other is None or one == other:
        return one or other
    kinds = {one["type"], other["type"]}
    if kinds == {"array"}:
        unknown: dict[str, Any] = {"type": "any"}
        items = [part for part in (one["items"], other["items"]) if part != unknown]
        return {"type": "array", "items": _joined(items[0], items[-1]) if items else unknown}
    if kinds == {"object"}:
        return {"type": "object", "properties": _joined_fields(one["properties"], other["properties"])}
    if kinds <= set(_WIDER):
        return {"type": next(wide for wide, narrower in _WIDER.items() if kinds <= narrower)}
    return {"type": "any"}


def _joined_fields(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    result = {}
    for name in {**one, **other}:
        both = [fields[name] for fields in (one, other) if name in fields]
        kinds = [{key: part for key, part in field.items() if key != "required"} for field in both]
        known = [kind for kind in kinds if kind != {"type": "any"}] or kinds
        joined = _joined(known[0], known[-1]) or {"type": "any"}
        result[name] = {**joined, "required": len(both) == 2 and all(field["required"] for field in both)}
    return result


def columns(named: Iterable[tuple[str, dict[str, Any], bool]]) -> dict[str, Any]:
    """A schema of columns: the name and type of each, and whether every row has a value."""
    return {"mlflow_colspec": [{**kind, "name": name, "required": full} for name, kind, full in named]}


def joined_columns(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """A schema that fits the rows of two parts of one table."""
    if one is None:
        return other
    pairs = zip(one["mlflow_colspec"], other["mlflow_colspec"], strict=True)
    return {"mlflow_colspec": [_joined_column(first, second) for first, second in pairs]}


def _joined_column(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    fields = _joined_fields({"": {k: v for k, v in one.items() if k != "name"}}, {"": {**other, "name": None}})
    return {**fields[""], "name": one["name"]}


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
    name = {"U": "str", "S": "bytes"}.get(array.dtype.kind, array.dtype.name)
    return {"type": "tensor", "tensor-spec": {"dtype": name, "shape": shape}}
