"""The types of single values that MLflow's schemas know."""

from __future__ import annotations

import builtins
import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


class DataType(Enum):
    """The type of a column, or of the values in a list; the names are what JSON holds, the numbers are MLflow's."""

    boolean = 1
    integer = 2  # of 32 bits
    long = 3  # of 64 bits
    float = 4  # of 32 bits
    double = 5  # of 64 bits
    string = 6
    binary = 7
    datetime = 8

    def __repr__(self) -> str:
        return self.name

    def to_numpy(self) -> np.dtype[Any]:
        """The type of numpy arrays of it."""
        import numpy as np

        return np.dtype(_NUMPY[self.name])

    def to_pandas(self) -> np.dtype[Any]:
        """The type of pandas columns of it."""
        import numpy as np

        return np.dtype(object) if self in (DataType.string, DataType.binary) else self.to_numpy()

    def to_python(self) -> type:
        """The type of Python's values of it."""
        return _PYTHON[self.name]

    @classmethod
    def from_numpy_type(cls, dtype: Any) -> DataType | None:
        """The type whose numpy type is exactly this one, if there is any."""
        return next((kind for kind in cls if kind.to_numpy() == dtype), None)

    @classmethod
    def all_types(cls) -> list[DataType]:
        """All of them."""
        return list(cls)


_NUMPY = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "string": "str",
    "binary": "bytes",
    "datetime": "datetime64[ns]",
}
_PYTHON: dict[str, type] = {
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": builtins.float,
    "double": builtins.float,
    "string": str,
    "binary": bytes,
    "datetime": dt.date,
}
