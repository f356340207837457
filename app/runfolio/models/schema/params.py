"""Parameters that a model takes beside its input, each with a default."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema import reading
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.enforce_params import fitting
from runfolio.models.schema.types import Object, checked_type, type_dict

LIST = (-1,)


@dataclass(frozen=True, init=False, repr=False)
class ParamSpec:
    """A parameter.

    Attributes:
        dtype: of the value, or of each value of a list; a dictionary's is an Object. Bytes are no parameters.
        default: what it is if nothing is said; may be None.
        shape: (-1,) for a list, else None.

    Raises:
        InvalidValue: the default is not of the type or the shape.
    """

    name: str
    dtype: DataType | Object
    default: Any
    shape: tuple[int, ...] | None

    def __init__(
        self, name: str, dtype: DataType | Object | str, default: Any, shape: Sequence[int] | None = None
    ) -> None:
        kind = checked_type(dtype, f"parameter {name!r}")
        if not isinstance(kind, DataType | Object) or kind is DataType.binary:
            raise InvalidValue(
                f"Parameter {name!r} cannot be {kind!r}: parameters are single values, lists or objects."
            )
        if shape is not None and tuple(shape) != LIST:
            raise InvalidValue(
                f"Parameter {name!r} is a single value (shape None) or a list (shape (-1,)), not {shape}."
            )
        object.__setattr__(self, "name", str(name))
        object.__setattr__(self, "dtype", kind)
        object.__setattr__(self, "shape", None if shape is None else LIST)
        object.__setattr__(self, "default", fitting(self.name, default, kind, is_list=shape is not None))

    def __repr__(self) -> str:
        shape = "" if self.shape is None else f" (shape: {self.shape})"
        return f"{self.name!r}: {self.dtype!r} (default: {self.default}){shape}"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON; dates as ISO 8601 has them."""
        default = [_plain(one) for one in self.default] if self.shape else _plain(self.default)
        return {"name": self.name, "default": default, "shape": self.shape, **type_dict(self.dtype)}

    @classmethod
    def from_json_dict(cls, **fields: Any) -> ParamSpec:
        """The parameter that a dictionary of JSON tells of; versions before 2.7 called the type `dtype`."""
        if "name" not in fields or "default" not in fields:
            raise InvalidValue("A parameter in a schema has `name`, `type` and `default`.")
        shape = fields.get("shape")
        if shape is not None and not isinstance(shape, list | tuple):
            raise InvalidValue(f"A parameter's shape is null or [-1], not {shape!r:.60}.")
        kind = reading.type_of({**fields, "type": fields.get("type", fields.get("dtype"))})
        return cls(str(fields["name"]), kind, fields["default"], shape)  # type: ignore[arg-type]


class ParamSchema:
    """The parameters of a model. Raises InvalidValue if two have the same name."""

    def __init__(self, params: Sequence[ParamSpec]) -> None:
        if not all(isinstance(one, ParamSpec) for one in params):
            raise InvalidValue(f"The schema of parameters is a list of ParamSpec, not {params!r:.60}.")
        names = [one.name for one in params]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise InvalidValue(f"No two parameters have the same name: {', '.join(map(repr, twice))}.")
        self.params = list(params)

    def __len__(self) -> int:
        return len(self.params)

    def __iter__(self) -> Iterator[ParamSpec]:
        return iter(self.params)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParamSchema) and self.params == other.params

    def __hash__(self) -> int:
        return hash(tuple(one.name for one in self.params))

    def __repr__(self) -> str:
        return repr(self.params)

    def to_dict(self) -> list[dict[str, Any]]:
        """As it stands in JSON."""
        return [one.to_dict() for one in self.params]

    def to_json(self) -> str:
        """As a JSON text, the same as MLflow's."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> ParamSchema:
        """The parameters of a JSON text. Raises InvalidValue for what is none; nothing in it is run or imported."""
        return cls([ParamSpec.from_json_dict(**_texts(fields)) for fields in reading.entries(json_str)])


def _texts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: fields[name] for name in ("name", "type", "dtype", "default", "shape", "properties") if name in fields
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
