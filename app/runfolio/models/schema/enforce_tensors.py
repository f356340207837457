"""Whether arrays are of the type and the shape that a schema of tensors has; tables are made into arrays for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import SchemaMismatch
from runfolio.models.schema.infer import is_tensor, table_kind, tensor_dtype
from runfolio.models.schema.specs import Schema, TensorSpec


def enforce_tensors(data: Any, schema: Schema) -> Any:
    """The array, or the arrays by name, that the model takes.

    Raises:
        SchemaMismatch: one is missing, of another type or of another shape.
    """
    specs = [one for one in schema.inputs if isinstance(one, TensorSpec)]
    if specs[0].name is None:
        return _unnamed(data, specs[0])
    if len(specs) == 1 and is_tensor(data):
        data = {specs[0].name: data}
    columns = data if isinstance(data, Mapping) else data if table_kind(data) == "pandas.DataFrame" else None
    if columns is None:
        names = ", ".join(repr(one.name) for one in specs)
        raise SchemaMismatch(f"The model takes arrays by name ({names}), not {type(data).__name__}.")
    if missing := [one.name for one in specs if one.name not in columns]:
        raise SchemaMismatch(f"The model's input lacks {', '.join(map(repr, missing))}.", column=missing[0])
    return {one.name: _named(columns[one.name], one) for one in specs}


def _named(values: Any, spec: TensorSpec) -> Any:
    if table_kind(values) == "pandas.Series":
        return enforce_tensor(_column_array(values, spec), spec)
    if not is_tensor(values):
        raise _mismatch(spec, f"is a list or a table of {type(values).__name__}, no array", values)
    return enforce_tensor(values, spec)


def _unnamed(data: Any, spec: TensorSpec) -> Any:
    if table_kind(data) == "pandas.DataFrame":
        if data.empty:
            raise _mismatch(spec, "is an empty table", data)
        if len(data.columns) == 1:
            return enforce_tensor(_column_array(data[data.columns[0]], spec), spec)
        if spec.shape != (-1, len(data.columns)):
            raise _mismatch(spec, f"is a table with {len(data.columns)} columns", data)
        return enforce_tensor(data.to_numpy(), spec)
    if not is_tensor(data):
        raise _mismatch(spec, f"is {type(data).__name__}, no array", data)
    return enforce_tensor(data, spec)


def enforce_tensor(values: Any, spec: TensorSpec) -> Any:
    """The array, as numpy or scipy has it. Raises SchemaMismatch."""
    import numpy as np

    shape, dtype = tuple(int(size) for size in values.shape), tensor_dtype(values)
    if spec.type.hasobject and spec.shape == (-1,):
        return values
    if -1 in spec.shape[1:] and len(shape) == 1 and dtype.hasobject:  # rows of different lengths
        return values
    fits = len(shape) == len(spec.shape) and all(want in (-1, has) for want, has in zip(spec.shape, shape, strict=True))
    if not fits:
        raise _mismatch(spec, f"has the shape {shape}", values)
    if np.dtype({"U": "str", "S": "bytes"}.get(dtype.char, dtype)) != spec.type:
        raise _mismatch(
            spec, f"is of type {dtype}", values, f"Convert it with astype({spec.type.name!r}) if nothing is lost by it."
        )
    return values if hasattr(values, "indptr") or isinstance(values, np.ndarray) else _to_numpy(values)


def _to_numpy(values: Any) -> Any:
    """A framework's tensor as a numpy array; from wherever it lies, without what it has for training."""
    import numpy as np

    return np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)


def _column_array(column: Any, spec: TensorSpec) -> Any:
    """A column as an array: single numbers as they are, lists and arrays in its cells in the shape of the schema."""
    import numpy as np

    name = column.name
    if spec.shape[:1] != (-1,) or -1 in spec.shape[1:]:
        raise _mismatch(spec, "is a column of a table, which has room for rows of one known shape only", column)
    if len(column) == 0:
        raise _mismatch(spec, f"is the column {name!r} without rows", column)
    first = column.iloc[0]
    try:
        if np.isscalar(first):
            if spec.shape not in ((-1,), (-1, 1)):
                raise _mismatch(spec, f"is the column {name!r} of single values", first)
            return np.array(column, dtype=spec.type).reshape(spec.shape)
        if not isinstance(first, list | np.ndarray):
            raise _mismatch(spec, f"is a column of {type(first).__name__}", first)
        rows = np.vstack(column.tolist()).reshape(spec.shape).astype(spec.type)
    except ValueError:
        raise _mismatch(spec, f"is the column {name!r}, whose rows do not have that many values", first) from None
    if len(rows) != len(column):
        raise _mismatch(spec, f"is the column {name!r} of {len(column)} rows, with values for {len(rows)}", first)
    return rows


def _mismatch(spec: TensorSpec, what: str, value: Any, hint: str = "") -> SchemaMismatch:
    name = "The model's input" if spec.name is None else f"The model's input {spec.name!r}"
    expected = f"Tensor({spec.type.name!r}, {spec.shape!r})"
    message = f"{name} {what}, and the model expects {spec.type.name} of shape {spec.shape}."
    return SchemaMismatch(message, hint, column=spec.name, value=value, expected=expected)
