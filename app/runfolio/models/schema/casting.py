"""Data out of JSON or CSV made of a schema's types: such texts know no widths, no dates and no bytes.

Only what loses nothing is changed. What cannot be is left as it is, so that the check of the schema can name it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.enforce_columns import overflows
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.models.schema.types import Array, Map, Object, Type

_WHOLE = {DataType.integer: "int32", DataType.long: "int64"}


def cast_table(table: Any, schema: Schema) -> Any:
    """A pandas table with the columns that the schema has made of its types, the others left alone."""
    if not table.columns.is_unique:
        return table
    columns = {name: table[name] for name in table.columns}
    names = list(table.columns)
    for place, spec in enumerate(schema.inputs):
        name = spec.name if spec.name is not None else names[place] if place < len(names) else None
        if isinstance(spec, ColSpec) and name in columns:
            columns[name] = _column(columns[name], spec.type)
    import pandas as pd

    return pd.DataFrame(columns, index=table.index)


def cast_array(values: Any, spec: ColSpec | TensorSpec | None) -> Any:
    """Lists in lists as an array; of the schema's type if there is one, numbers with null as fractions."""
    import numpy as np

    if isinstance(spec, TensorSpec):
        return np.array(values, dtype=spec.type)
    array = np.array(values)
    if array.dtype.hasobject:
        try:
            return array.astype(np.float64)
        except (ValueError, TypeError):
            return array
    return array


def cast_value(value: Any, kind: Type) -> Any:
    """A value out of JSON, and the values in it."""
    if isinstance(kind, Array) and isinstance(value, list):
        return [cast_value(one, kind.dtype) for one in value]
    if isinstance(kind, Map) and isinstance(value, dict):
        return {name: cast_value(one, kind.value_type) for name, one in value.items()}
    if isinstance(kind, Object) and isinstance(value, dict):
        types = {one.name: one.dtype for one in kind.properties}
        return {name: cast_value(one, types[name]) if name in types else one for name, one in value.items()}
    return _single(value, kind) if isinstance(kind, DataType) else value


def _single(value: Any, kind: DataType) -> Any:
    import numpy as np

    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and kind is DataType.double:
        return float(value)
    if isinstance(value, int | float) and kind is DataType.float:
        return np.float32(value)
    if isinstance(value, int) and kind is DataType.integer and -(1 << 31) <= value < 1 << 31:
        return np.int32(value)
    if isinstance(value, str) and kind is DataType.binary:
        return _bytes(value)
    return value


def _column(column: Any, kind: Type) -> Any:
    if not isinstance(kind, DataType):
        return column.map(lambda value: cast_value(value, kind))
    cast = _CASTS.get(kind, _same)
    try:
        return cast(column, kind)
    except (ValueError, TypeError, OverflowError):
        return column


def _same(column: Any, _kind: DataType) -> Any:
    return column


def _whole(column: Any, kind: DataType) -> Any:
    """Whole numbers; fractions and missing values stay what they are."""
    cast = column.astype(_WHOLE[kind])
    return cast if bool((cast == column).all()) else column


def _fractions(column: Any, kind: DataType) -> Any:
    """Those that 32 bits have no room for stay what they are."""
    if column.dtype.kind not in "iufbO" or (kind is DataType.float and overflows(column.astype("float64")).any()):
        return column
    return column.astype(kind.to_numpy())


def _flags(column: Any, _kind: DataType) -> Any:
    return column.astype(bool) if column.dtype.kind in "iuf" and bool(column.isin([0, 1]).all()) else column


def _texts(column: Any, _kind: DataType) -> Any:
    return column.map(str, na_action="ignore").astype(object) if column.dtype.kind in "iufb" else column


def _dates(column: Any, _kind: DataType) -> Any:
    import pandas as pd

    if column.dtype.kind in "iuf":
        return column
    return pd.to_datetime(column).astype("datetime64[ns]")


def _binary(column: Any, _kind: DataType) -> Any:
    return column.map(lambda value: _bytes(value) if isinstance(value, str) else value).astype(object)


def _bytes(text: str) -> Any:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return text


_CASTS: dict[DataType, Callable[[Any, DataType], Any]] = {
    DataType.integer: _whole,
    DataType.long: _whole,
    DataType.float: _fractions,
    DataType.double: _fractions,
    DataType.boolean: _flags,
    DataType.string: _texts,
    DataType.datetime: _dates,
    DataType.binary: _binary,
}
