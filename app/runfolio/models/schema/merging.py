"""The one type that several values have in common; what some lack becomes optional."""

from __future__ import annotations

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property, SparkMLVector, Type


def merged(one: Type, other: Type) -> Type:
    """The type of values of both types. AnyType, which None has, agrees with all.

    Raises:
        InvalidValue: there is none.
    """
    if isinstance(one, AnyType):
        return _with_none(other)
    if isinstance(other, AnyType):
        return _with_none(one)
    if one == other:
        return one
    if type(one) is type(other) and not isinstance(one, SparkMLVector):
        if isinstance(one, Array) and isinstance(other, Array):
            return Array(merged(one.dtype, other.dtype))
        if isinstance(one, Map) and isinstance(other, Map):
            return Map(merged(one.value_type, other.value_type))
        if isinstance(one, Object) and isinstance(other, Object):
            return _merged_objects(one, other)
    raise InvalidValue(
        f"Values of one list or column are {one!r:.200} and {other!r:.200}.",
        "Give them one type, or write the signature by hand with AnyType().",
    )


def _with_none(kind: Type) -> Type:
    """A type some of whose values are None: every property of an object may be missing then."""
    if isinstance(kind, Object):
        return Object([Property(one.name, one.dtype, required=False) for one in kind.properties])
    return kind


def _merged_objects(one: Object, other: Object) -> Object:
    first = {each.name: each for each in one.properties}
    second = {each.name: each for each in other.properties}
    properties = []
    for name in {**first, **second}:
        if name in first and name in second:
            kind = merged(first[name].dtype, second[name].dtype)
            properties.append(Property(name, kind, first[name].required and second[name].required))
        else:
            properties.append(Property(name, (first.get(name) or second[name]).dtype, required=False))
    return Object(properties)
