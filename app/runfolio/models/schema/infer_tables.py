"""The columns of pandas' and polars' tables."""

from __future__ import annotations

from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.infer_values import common_type
from runfolio.models.schema.scalars import numpy_type
from runfolio.models.schema.specs import ColSpec
from runfolio.models.schema.types import Array, Object, Property, Type

# MLflow's names of polars' types, by their own.
_POLARS = {
    **dict.fromkeys(("Int8", "Int16", "Int32", "UInt8", "UInt16"), DataType.integer),
    **dict.fromkeys(("Int64", "UInt32"), DataType.long),
    **dict.fromkeys(("String", "Categorical", "Enum"), DataType.string),
    **dict.fromkeys(("Date", "Datetime"), DataType.datetime),
    **{"Float32": DataType.float, "Float64": DataType.double, "Decimal": DataType.double},
    **{"Boolean": DataType.boolean, "Binary": DataType.binary},
}


def pandas_columns(df: Any) -> list[ColSpec]:
    """The columns of a pandas table. Raises InvalidValue."""
    if not df.columns.is_unique:
        raise InvalidValue("Two columns of the table have the same name.")
    return [pandas_column(df[name], name) for name in df.columns]


def pandas_column(column: Any, name: Any) -> ColSpec:
    """A column, or a pandas Series; one without a name is required. Raises InvalidValue."""
    required = name is None or not bool(column.isna().any())
    return ColSpec(_in_column(name, _pandas_type, column), name, required)


def polars_columns(df: Any) -> list[ColSpec]:
    """The columns of a polars table. Raises InvalidValue."""
    return [polars_column(column) for column in df]


def polars_column(column: Any) -> ColSpec:
    """A column, or a polars Series; one without a name is required. Raises InvalidValue."""
    name = column.name or None
    nan = column.dtype.is_float() and bool(column.is_nan().any())
    required = name is None or not (column.null_count() or nan)
    return ColSpec(_in_column(name, polars_type, column.dtype), name, required)


def polars_type(dtype: Any) -> Type:
    """The type of polars' columns of a type; any field of a struct may be null. Raises InvalidValue."""
    name = type(dtype).__name__ if not isinstance(dtype, type) else dtype.__name__
    if name in ("List", "Array"):
        return Array(polars_type(dtype.inner))
    if name == "Struct":
        return Object([Property(field.name, polars_type(field.dtype), required=False) for field in dtype.fields])
    if name in _POLARS:
        return _POLARS[name]
    raise InvalidValue(f"A schema has no type for polars' {dtype}.")


def _pandas_type(column: Any) -> Type:
    if column.dtype.kind == "O":
        column = column.infer_objects()
    if column.dtype.kind == "O":
        return common_type(column.to_list())
    kind = numpy_type(column.dtype)
    if kind is None:
        raise InvalidValue(f"A schema has no type for {column.dtype}.")
    return kind


def _in_column(name: Any, infer: Any, given: Any) -> Type:
    """What an inference says, with the column's name before what it cannot tell."""
    try:
        found: Type = infer(given)
    except InvalidValue as problem:
        raise InvalidValue(f"Column {name!r}: {problem.message}", problem.hint) from None
    return found
