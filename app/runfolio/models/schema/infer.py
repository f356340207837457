"""The schema that data have: tables, arrays, dictionaries, lists and single values, as MLflow tells it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema import infer_tables
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.infer_values import common_type, is_required, type_of
from runfolio.models.schema.params import ParamSchema, ParamSpec
from runfolio.models.schema.scalars import numpy_type, scalar_type
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.models.schema.types import Object

# Whose values are arrays in all but name, by the packages that their types are from.
_TENSORS = ("torch", "tensorflow", "jax", "jaxlib")
_TABLES = ("pandas.DataFrame", "pandas.Series", "polars.DataFrame", "polars.Series")


def infer_schema(data: Any) -> Schema:
    """The schema of data: arrays are tensors with any number of rows, all else is columns.

    Raises:
        InvalidValue: the data have no type in common, or are of a kind that schemas do not know.
    """
    if isinstance(data, list):
        return Schema(_list_columns(data))
    if isinstance(data, Mapping):
        return Schema(_dict_columns(dict(data)))
    if is_tensor(data):
        return Schema([tensor(data)])
    table = _table_columns(data)
    return Schema([ColSpec(type_of(data))] if table is None else table)


def infer_params(params: Mapping[str, Any]) -> ParamSchema:
    """The schema of parameters by their values, which become the defaults.

    Raises:
        InvalidValue: some are no single values, lists of such or dictionaries.
    """
    if not isinstance(params, Mapping):
        raise InvalidValue(f"Parameters are given as a dictionary, not as {type(params).__name__}.")
    return ParamSchema([_param(str(name), value) for name, value in params.items()])


def is_tensor(data: Any) -> bool:
    """Whether data are an array of numpy's, a tensor of a framework's or a sparse matrix by rows or columns."""
    if _package(data) == "scipy":
        return getattr(data, "format", None) in ("csr", "csc") and hasattr(data, "indptr")
    if not hasattr(data, "dtype") or not hasattr(data, "shape"):
        return False
    return type(data).__name__ == "ndarray" or _is_numpy_array(data) or _package(data) in _TENSORS


def tensor(data: Any, name: str | None = None) -> TensorSpec:
    """The tensor that data are, with any number of rows. Raises InvalidValue if there are no rows to count."""
    shape = tuple(data.shape)
    if not shape:
        raise InvalidValue("An array without axes is no tensor: give the value itself.")
    return TensorSpec(tensor_dtype(data), (-1, *(int(size) for size in shape[1:])), name)


def tensor_dtype(data: Any) -> Any:
    """The numpy type of an array's or a tensor's elements. Raises InvalidValue if numpy has none such."""
    import numpy as np

    dtype = data.dtype
    if isinstance(dtype, np.dtype):
        return dtype
    try:  # TensorFlow says it itself; torch.float32 has its name
        return np.dtype(getattr(dtype, "as_numpy_dtype", None) or str(dtype).rpartition(".")[2])
    except TypeError:
        raise InvalidValue(f"numpy has no type for tensors of {dtype}; convert them to float32.") from None


def table_kind(data: Any) -> str:
    """Whether data are a table or a column, and whose, such as `pandas.DataFrame`; empty for anything else."""
    bases = (f"{base.__module__.partition('.')[0]}.{base.__name__}" for base in type(data).__mro__)
    return next((base for base in bases if base in _TABLES), "")


def _package(data: Any) -> str:
    return type(data).__module__.partition(".")[0]


def _is_numpy_array(data: Any) -> bool:
    import numpy as np

    return isinstance(data, np.ndarray)


def _table_columns(data: Any) -> list[ColSpec] | None:
    """The columns of a table or of a column of one; None for anything else."""
    kind = table_kind(data)
    if kind == "pandas.DataFrame":
        return infer_tables.pandas_columns(data)
    if kind == "pandas.Series":
        return [infer_tables.pandas_column(data, data.name)]
    if kind == "polars.DataFrame":
        return infer_tables.polars_columns(data)
    return [infer_tables.polars_column(data)] if kind == "polars.Series" else None


def _list_columns(data: list[Any]) -> list[ColSpec]:
    """The columns of a list of rows by name, else one column without a name; of texts if there are no values."""
    if not data:
        return [ColSpec(DataType.string)]
    if not all(isinstance(row, dict) for row in data):
        return [ColSpec(common_type(data))]
    values: dict[Any, list[Any]] = {}
    for row in data:
        for name, value in row.items():
            values.setdefault(name, []).append(value)
    required = {name: all(row.get(name) is not None for row in data) for name in values}
    return [ColSpec(common_type(column), name, required[name]) for name, column in values.items()]


def _dict_columns(data: dict[Any, Any]) -> list[ColSpec | TensorSpec]:
    """Tensors by name if all values are such, else columns of one row."""
    if all(map(is_tensor, data.values())):
        return [tensor(value, name) for name, value in data.items()]
    if strange := [name for name in data if not isinstance(name, str)]:
        raise InvalidValue(f"The keys of a dictionary of columns are texts, not {strange[0]!r:.60}.")
    return [ColSpec(type_of(value), name, is_required(value)) for name, value in data.items()]


def _param(name: str, value: Any) -> ParamSpec:
    shape = (-1,) if isinstance(value, list) or getattr(value, "ndim", 0) > 0 else None
    if isinstance(value, dict) and value:
        kind: Any = type_of(value)
    else:
        kind = _list_kind(value) if shape else scalar_type(value)
    if not isinstance(kind, DataType | Object):
        raise InvalidValue(
            f"Parameter {name!r} is {type(value).__name__} {value!r:.60}.",
            "Parameters are single values, lists of such of one type, or dictionaries, and not None.",
        )
    return ParamSpec(name, kind, copy.deepcopy(value), shape)


def _list_kind(value: Any) -> Any:
    """The type of a list's values as numpy has them together, so that 1 and 2.5 are fractions; texts if it is empty."""
    import numpy as np

    if len(value) == 0:
        return DataType.string
    kinds = {scalar_type(one) for one in value}
    return kinds.pop() if len(kinds) == 1 else numpy_type(np.array(value).dtype) if None not in kinds else None
