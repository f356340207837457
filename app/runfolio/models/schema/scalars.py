"""Single values and the types they are of, whether Python's, numpy's or pandas'."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

from runfolio.models.schema.data_type import DataType

_PYTHON = {
    bool: DataType.boolean,
    int: DataType.long,
    float: DataType.double,
    str: DataType.string,
    bytes: DataType.binary,
    bytearray: DataType.binary,
    dt.date: DataType.datetime,
    dt.datetime: DataType.datetime,
    decimal.Decimal: DataType.double,
}
# By the letter that numpy has for a kind of types, and the bytes of one value.
_NUMPY = {
    **{("b", 1): DataType.boolean},
    **{(kind, size): DataType.integer for kind, size in [("i", 1), ("i", 2), ("i", 4), ("u", 1), ("u", 2)]},
    **{("i", 8): DataType.long, ("u", 4): DataType.long},
    **{("f", 2): DataType.float, ("f", 4): DataType.float, ("f", 8): DataType.double},
}
_NUMPY_ANY_SIZE = {"U": DataType.string, "S": DataType.binary, "M": DataType.datetime}


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, pandas' NA or NaT."""
    if value is None:
        return True
    if isinstance(value, float):
        return value != value
    return type(value).__name__ in ("NAType", "NaTType")


def scalar_type(value: Any) -> DataType | None:
    """The type of a single value; None if it is not one that schemas know, or is missing."""
    if kind := _PYTHON.get(type(value)):
        return kind
    if isinstance(value, dt.date):  # pandas' Timestamp is one of these; its NaT says it is
        return None if is_missing(value) else DataType.datetime
    is_scalar = getattr(value, "shape", None) == () and hasattr(value, "dtype") and type(value).__name__ != "ndarray"
    return numpy_type(value.dtype) if is_scalar else None


def numpy_type(dtype: Any) -> DataType | None:
    """The type of arrays of a numpy type, or of columns of a pandas type; None if schemas know none such."""
    kind = getattr(dtype, "kind", "O")
    return _NUMPY_ANY_SIZE.get(kind) or _NUMPY.get((kind, getattr(dtype, "itemsize", 0)))
