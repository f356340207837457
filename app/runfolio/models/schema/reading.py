"""Schemas out of JSON that anybody may have written: what is no schema is told, and nothing of it is run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property, SparkMLVector, Type

# A hundred thousand columns take some 6 MB.
LONGEST = 32 << 20
DEEPEST = 64
MOST_AXES = 64
# Names such as float32 and datetime64[ns]; numpy would read far stranger ones.
_DTYPE = re.compile(r"[A-Za-z]{1,20}[0-9]{0,4}(\[[0-9]{0,4}[A-Za-z]{1,2}\])?")


def entries(text: Any) -> list[Mapping[str, Any]]:
    """The dictionaries of a JSON list. Raises InvalidValue."""
    if not isinstance(text, str):
        raise InvalidValue(f"A schema is a JSON text, not {type(text).__name__}.")
    if len(text) > LONGEST:
        raise InvalidValue(f"This schema has {len(text):,} characters; at most {LONGEST:,} are read.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InvalidValue(f"A schema is a JSON list; this text is none: {problem}.") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InvalidValue(f"A schema is a JSON list of objects, not {text[:60]!r}.")
    return found


def column(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What ColSpec is made from."""
    return {"type": type_of(fields), "name": fields.get("name"), "required": _required(fields)}


def tensor(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What TensorSpec is made from."""
    told = fields.get("tensor-spec")
    if not isinstance(told, Mapping) or not isinstance(told.get("shape"), list | tuple):
        raise InvalidValue("A tensor in a schema has a `tensor-spec` with `dtype` and `shape`.")
    if len(told["shape"]) > MOST_AXES:
        raise InvalidValue(f"A tensor has at most {MOST_AXES} axes.")
    return {"type": _dtype(told.get("dtype")), "shape": told["shape"], "name": fields.get("name")}


def type_of(fields: Any, depth: int = 0) -> Type:
    """The type that a dictionary with `type` tells of; other keys that are not known are left alone."""
    if not isinstance(fields, Mapping) or not isinstance(fields.get("type"), str):
        raise InvalidValue(f"A type in a schema is an object with `type`, not {fields!r:.60}.")
    if depth > DEEPEST:
        raise InvalidValue(f"The types of this schema are nested more than {DEEPEST} deep.")
    kind = fields["type"]
    if kind == "array":
        return Array(type_of(fields.get("items"), depth + 1))
    if kind == "map":
        return Map(type_of(fields.get("values"), depth + 1))
    if kind == "object":
        return Object(_properties(fields.get("properties"), depth))
    if kind == "any":
        return AnyType()
    if kind == "sparkml_vector":
        return SparkMLVector()
    if kind not in DataType.__members__:
        raise InvalidValue(f"No type of a schema is called {kind[:60]!r}.")
    return DataType[kind]


def _properties(told: Any, depth: int) -> list[Property]:
    if not isinstance(told, Mapping):
        raise InvalidValue("An object in a schema has `properties` by their names.")
    return [Property(name, type_of(fields, depth + 1), _required(fields)) for name, fields in told.items()]


def _required(fields: Mapping[str, Any]) -> bool:
    """Required unless the text says otherwise; schemas of older versions say nothing."""
    required = fields.get("required", True)
    return True if required is None else bool(required)


def _dtype(name: Any) -> Any:
    import numpy as np

    if not isinstance(name, str) or not _DTYPE.fullmatch(name):
        raise InvalidValue(f"A tensor's type is a name such as float32, not {name!r:.60}.")
    try:
        return np.dtype(name)
    except (TypeError, ValueError):
        raise InvalidValue(f"numpy knows no type {name!r}.") from None
