"""Types that are made of others, in the notation of MLflow's schemas: lists, objects, maps, and anything at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.data_type import DataType

Type: TypeAlias = "DataType | Array | Object | Map | AnyType"


@dataclass(frozen=True, init=False, repr=False)
class Array:
    """A list whose values are all of one type.

    Attributes:
        dtype: the type of the values; its name will do for a DataType.
    """

    dtype: Type

    def __init__(self, dtype: Type | str) -> None:
        object.__setattr__(self, "dtype", checked_type(dtype, "a list's values"))

    def __repr__(self) -> str:
        return f"Array({self.dtype!r})"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"type": "array", "items": type_dict(self.dtype)}


@dataclass(frozen=True, init=False, repr=False)
class SparkMLVector(Array):
    """A vector of Spark's: numbers that only Spark's models take."""

    def __init__(self) -> None:
        super().__init__(DataType.double)

    def __repr__(self) -> str:
        return "SparkML vector"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"type": "sparkml_vector"}


@dataclass(frozen=True, init=False, repr=False)
class Property:
    """A value of an object by its name.

    Attributes:
        required: whether every object must have it, and not as None.
    """

    name: str
    dtype: Type
    required: bool

    def __init__(self, name: str, dtype: Type | str, required: bool = True) -> None:
        if not isinstance(name, str):
            raise InvalidValue(f"A property's name is a text, not {name!r:.60}.")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "dtype", checked_type(dtype, f"property {name!r}"))
        object.__setattr__(self, "required", bool(required))

    def __repr__(self) -> str:
        return f"{self.name}: {self.dtype!r} ({'required' if self.required else 'optional'})"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON: its type by its name."""
        return {self.name: {**type_dict(self.dtype), "required": self.required}}


@dataclass(frozen=True, init=False, repr=False)
class Object:
    """A dictionary with named values, each of a type of its own; kept in the order of the names.

    Raises:
        InvalidValue: there is no property, or two have the same name.
    """

    properties: tuple[Property, ...]

    def __init__(self, properties: Sequence[Property]) -> None:
        if not properties or not all(isinstance(one, Property) for one in properties):
            raise InvalidValue(f"An object's type has one Property or more, not {properties!r:.60}.")
        names = [one.name for one in properties]
        if twice := sorted({name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()):
            raise InvalidValue(f"An object has no two properties of the same name: {', '.join(map(repr, twice))}.")
        object.__setattr__(self, "properties", tuple(sorted(properties, key=lambda one: one.name)))

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self.properties)) + "}"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        properties = {name: told for one in self.properties for name, told in one.to_dict().items()}
        return {"type": "object", "properties": properties}


@dataclass(frozen=True, init=False, repr=False)
class Map:
    """A dictionary from texts to values of one type."""

    value_type: Type

    def __init__(self, value_type: Type | str) -> None:
        object.__setattr__(self, "value_type", checked_type(value_type, "a map's values"))

    def __repr__(self) -> str:
        # MLflow writes DataTypes here with the name of their class, and other types without.
        return f"Map(str -> {self.value_type})"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"type": "map", "values": type_dict(self.value_type)}


@dataclass(frozen=True, repr=False)
class AnyType:
    """Whatever JSON can hold, None included: nothing is checked."""

    def __repr__(self) -> str:
        return "Any"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"type": "any"}


def checked_type(given: Any, of_what: str) -> Type:
    """A type as a schema may have it; a DataType by its name. Raises InvalidValue."""
    if isinstance(given, str) and given in DataType.__members__:
        return DataType[given]
    if isinstance(given, DataType | Array | Object | Map | AnyType):
        return given
    known = ", ".join(DataType.__members__)
    raise InvalidValue(f"The type of {of_what} is one of {known}, or an Array, Object, Map or AnyType: {given!r:.60}.")


def type_dict(kind: Type) -> dict[str, Any]:
    """How a type stands in JSON."""
    return {"type": kind.name} if isinstance(kind, DataType) else kind.to_dict()
