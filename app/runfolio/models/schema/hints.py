"""Schemas by the hints of types that a function has, as MLflow reads them: a list of what one row of the input is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.specs import ColSpec, Schema
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property, Type

_PLAIN = {
    int: DataType.long,
    float: DataType.double,
    str: DataType.string,
    bool: DataType.boolean,
    bytes: DataType.binary,
    dt.datetime: DataType.datetime,
    dt.date: DataType.datetime,
}
DEEPEST = 64


def schema_of_hint(hint: Any) -> Schema:
    """The schema of an input or an output with a hint such as `list[str]`; of what is no list, as of one value.

    Raises:
        InvalidValue: schemas have no type for it.
    """
    if typing.get_origin(hint) is list and typing.get_args(hint):
        hint = typing.get_args(hint)[0]
    return Schema([ColSpec(type_of_hint(hint))])


def schema_of_dataclass(kind: Any) -> Schema:
    """The columns that the fields of a dataclass are. Raises InvalidValue."""
    found = _fields(kind)
    assert found is not None
    return Schema([ColSpec(type_, name, required) for name, type_, required in found])


def type_of_hint(hint: Any, depth: int = 0) -> Type:
    """The type of values with a hint. Raises InvalidValue if schemas have none."""
    if depth > DEEPEST:
        raise InvalidValue(f"The hint is nested more than {DEEPEST} deep, or refers to itself.")
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint is Any:
        return AnyType()
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list and len(arguments) == 1:
        return Array(type_of_hint(arguments[0], depth + 1))
    if origin is dict and len(arguments) == 2 and arguments[0] is str:
        return Map(type_of_hint(arguments[1], depth + 1))
    if origin in (typing.Union, types.UnionType):
        others = [one for one in arguments if one is not type(None)]
        return type_of_hint(others[0], depth + 1) if len(others) == 1 else AnyType()
    fields = _fields(hint, depth)
    if fields:
        return Object([Property(name, kind, required) for name, kind, required in fields])
    known = "lists, dictionaries with texts as keys, dataclasses, pydantic's models and Any"
    raise InvalidValue(
        f"A schema has no type for {hint!r:.80}, only for {', '.join(one.__name__ for one in _PLAIN)}, {known}."
    )


def _fields(kind: Any, depth: int = 0) -> list[tuple[str, Type, bool]] | None:
    """The fields of a dataclass or of one of pydantic's models; None of anything else."""
    if not isinstance(kind, type):
        return None
    if dataclasses.is_dataclass(kind):
        hints: dict[str, Any] = {**typing.get_type_hints(kind)}
    elif hasattr(kind, "model_fields") and hasattr(kind, "model_validate"):
        hints = {name: field.annotation for name, field in kind.model_fields.items()}
    else:
        return None
    return [(name, type_of_hint(hint, depth + 1), not _may_be_none(hint)) for name, hint in hints.items()]


def _may_be_none(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType) and type(None) in typing.get_args(hint)
