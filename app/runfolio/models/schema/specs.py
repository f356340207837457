"""Columns and tensors, and the schema that is a list of the one or the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema import reading
from runfolio.models.schema.types import Type, checked_type, type_dict

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, init=False, repr=False)
class ColSpec:
    """A column of a table.

    Attributes:
        name: a text or a number; None if only its place tells it from others.
        required: whether it must be there, and without missing values.
    """

    type: Type
    name: str | int | None
    required: bool

    def __init__(self, type: Type | str, name: str | int | None = None, required: bool = True) -> None:
        object.__setattr__(self, "type", checked_type(type, f"column {name!r}" if name is not None else "a column"))
        object.__setattr__(self, "name", checked_name(name))
        object.__setattr__(self, "required", bool(required))

    def __repr__(self) -> str:
        name = "" if self.name is None else f"{self.name!r}: "
        return f"{name}{self.type!r} ({'required' if self.required else 'optional'})"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        name = {} if self.name is None else {"name": self.name}
        return {**type_dict(self.type), **name, "required": self.required}

    @classmethod
    def from_json_dict(cls, **fields: Any) -> ColSpec:
        """The column that a dictionary of JSON tells of."""
        return cls(**reading.column(fields))


@dataclass(frozen=True, init=False, repr=False)
class TensorSpec:
    """An array.

    Attributes:
        type: of its elements; for texts and bytes without a length.
        shape: elements along each axis, -1 where any number will do.
        name: None if it is the only one.
    """

    type: np.dtype[Any]
    shape: tuple[int, ...]
    name: str | None

    def __init__(self, type: Any, shape: Sequence[int], name: str | None = None) -> None:
        object.__setattr__(self, "type", _checked_dtype(type))
        object.__setattr__(self, "shape", _checked_shape(shape))
        object.__setattr__(self, "name", checked_name(name))

    @property
    def required(self) -> bool:
        """Always true: every tensor must be there."""
        return True

    def __repr__(self) -> str:
        name = "" if self.name is None else f"{self.name!r}: "
        return f"{name}Tensor({self.type.name!r}, {self.shape!r})"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        name = {} if self.name is None else {"name": self.name}
        return {**name, "type": "tensor", "tensor-spec": {"dtype": self.type.name, "shape": self.shape}}

    @classmethod
    def from_json_dict(cls, **fields: Any) -> TensorSpec:
        """The tensor that a dictionary of JSON tells of."""
        return cls(**reading.tensor(fields))


class Schema:
    """What a model takes, or gives: columns or tensors, all named or none.

    Raises:
        InvalidValue: it is empty, mixes columns with tensors or named ones with unnamed ones, has unnamed ones that are
            optional, or several unnamed tensors.
    """

    def __init__(self, inputs: Sequence[ColSpec | TensorSpec]) -> None:
        specs = list(inputs) if isinstance(inputs, list | tuple) else []
        if not specs or not all(isinstance(one, ColSpec | TensorSpec) for one in specs):
            raise InvalidValue(f"A schema has one ColSpec or TensorSpec or more, not {inputs!r:.60}.")
        if len({type(one) for one in specs}) > 1:
            raise InvalidValue("A schema has columns or tensors, not some of each.")
        unnamed = [one for one in specs if one.name is None]
        if unnamed and len(unnamed) < len(specs):
            raise InvalidValue("The inputs of a schema are all named, or none of them is.")
        if not all(one.required for one in unnamed):
            raise InvalidValue("An input without a name cannot be optional: nothing would tell which one is missing.")
        if len(unnamed) > 1 and isinstance(unnamed[0], TensorSpec):
            raise InvalidValue("Several tensors need names that tell them apart.")
        self.inputs = specs

    def __len__(self) -> int:
        return len(self.inputs)

    def __iter__(self) -> Iterator[ColSpec | TensorSpec]:
        return iter(self.inputs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self.inputs == other.inputs

    def __hash__(self) -> int:
        return hash(tuple(self.inputs))

    def __repr__(self) -> str:
        return repr(self.inputs)

    def is_tensor_spec(self) -> bool:
        """Whether it is of tensors."""
        return isinstance(self.inputs[0], TensorSpec)

    def has_input_names(self) -> bool:
        """Whether its inputs have names."""
        return self.inputs[0].name is not None

    def input_names(self) -> list[str | int]:
        """The names in order, or the places from 0."""
        return [place if one.name is None else one.name for place, one in enumerate(self.inputs)]

    def required_input_names(self) -> list[str | int]:
        """The names, or places, of what must be there."""
        return [name for name, one in zip(self.input_names(), self.inputs, strict=True) if one.required]

    def optional_input_names(self) -> list[str | int]:
        """The names, or places, of what may be missing."""
        return [name for name, one in zip(self.input_names(), self.inputs, strict=True) if not one.required]

    def input_types(self) -> list[Any]:
        """The types in order."""
        return [one.type for one in self.inputs]

    def input_types_dict(self) -> dict[str | int, Any]:
        """The types by name. Raises InvalidValue if there are no names."""
        return {name: one.type for name, one in self.input_dict().items()}

    def input_dict(self) -> dict[str | int, ColSpec | TensorSpec]:
        """The inputs by name. Raises InvalidValue if there are none."""
        if not self.has_input_names():
            raise InvalidValue("The inputs of this schema have no names.")
        return dict(zip(self.input_names(), self.inputs, strict=True))

    def to_dict(self) -> list[dict[str, Any]]:
        """As it stands in JSON."""
        return [one.to_dict() for one in self.inputs]

    def to_json(self) -> str:
        """As a JSON text, the same as MLflow's."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> Schema:
        """The schema of a JSON text. Raises InvalidValue for what is none; nothing in it is run or imported."""
        return cls([_spec(fields) for fields in reading.entries(json_str)])


def _spec(fields: Mapping[str, Any]) -> ColSpec | TensorSpec:
    tensor = fields.get("type") == "tensor"
    return TensorSpec(**reading.tensor(fields)) if tensor else ColSpec(**reading.column(fields))


def checked_name(name: Any) -> Any:
    """A name that JSON gives back as it was; numbers of numpy as Python's. Raises InvalidValue."""
    if name is None or isinstance(name, str):
        return name
    try:
        return name.__index__()
    except AttributeError:
        raise InvalidValue(f"A column's name is a text or a whole number, not {name!r:.60}.") from None


def _checked_dtype(given: Any) -> Any:
    """The numpy type; of texts and bytes without their length."""
    import numpy as np

    if not isinstance(given, np.dtype):
        raise InvalidValue(f"The type of a tensor is a numpy.dtype, not {given!r:.60}.")
    if given.fields is not None or given.subdtype is not None:
        raise InvalidValue(f"A tensor has elements of a plain type, not {given!r:.60}.")
    return np.dtype({"U": "str", "S": "bytes"}.get(given.char, given))


def _checked_shape(given: Any) -> tuple[int, ...]:
    try:
        shape = tuple(int(size.__index__()) for size in given)
    except (AttributeError, TypeError):
        raise InvalidValue(f"A shape is a list of whole numbers, not {given!r:.60}.") from None
    if any(size < -1 for size in shape):
        raise InvalidValue(f"Each number of a shape is 0 or more, or -1 for any: {list(shape)!r:.60}.")
    return shape
