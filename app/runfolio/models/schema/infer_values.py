"""The types of plain values: single ones, lists and dictionaries, however nested."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.merging import merged
from runfolio.models.schema.scalars import is_missing, numpy_type, scalar_type
from runfolio.models.schema.types import AnyType, Array, Object, Property, Type

DEEPEST = 64


def type_of(value: Any, depth: int = 0) -> Type:
    """The type of a value. None, NaN and empty lists, arrays and dictionaries may stand for anything.

    Raises:
        InvalidValue: it is of no type that schemas know, or its parts have no type in common.
    """
    if depth > DEEPEST:
        raise InvalidValue(f"The values are nested more than {DEEPEST} deep.")
    if is_missing(value) or (isinstance(value, list | dict) and not value):
        return AnyType()
    if isinstance(value, dict):
        return Object([_property(name, one, depth) for name, one in value.items()])
    if isinstance(value, list):
        return Array(common_type(value, depth))
    if _is_array(value):
        return _array_type(value, depth)
    if kind := scalar_type(value):
        return kind
    raise InvalidValue(f"A schema has no type for {type(value).__name__}: {value!r:.60}.")


def common_type(values: Iterable[Any], depth: int = 0) -> Type:
    """The type that all the values have, missing ones aside. Raises InvalidValue."""
    found: Type = AnyType()
    seen: set[type] = set()
    started = False
    for value in values:
        # Another value of a plain type that was there before says nothing new; NaN is a float that says less.
        if type(value) in seen:
            continue
        kind = type_of(value, depth + 1)
        found = merged(found, kind) if started else kind
        started = True
        if not isinstance(kind, AnyType | Array | Object):
            seen.add(type(value))
    return found


def is_required(value: Any) -> bool:
    """Whether a value is there, and every one of a list."""
    return not any(map(is_missing, value)) if isinstance(value, list) else not is_missing(value)


def _property(name: Any, value: Any, depth: int) -> Property:
    kind = type_of(value, depth + 1)
    return Property(name, kind, required=not isinstance(kind, AnyType))


def _is_array(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0


def _array_type(array: Any, depth: int) -> Type:
    """The type of a numpy array with one axis or more, by its dtype where that says enough."""
    import numpy as np

    array = np.asarray(array)
    if array.size == 0:
        return AnyType()
    kind = numpy_type(array.dtype)
    if array.dtype.kind == "O":
        return Array(common_type(array, depth))
    if kind is None:
        raise InvalidValue(f"A schema has no type for arrays of {array.dtype}.")
    unknown = array.dtype == np.float64 and bool(np.isnan(array).all())
    nested: Type = AnyType() if unknown else kind
    for _ in range(array.ndim):
        nested = Array(nested)
    return nested
