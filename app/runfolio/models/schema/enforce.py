"""Whether data are what a model takes: MLflow's rules, with errors that name column, row, value and type.

Columns that are missing are an error, those too many are left out, the others are put into the schema's order and made
of its types where nothing is lost by that. Arrays must have the type and the shape.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import ColumnMismatch, SchemaMismatch
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.enforce_columns import ColumnMisfit, enforce_column
from runfolio.models.schema.enforce_params import enforce_params
from runfolio.models.schema.enforce_tensors import enforce_tensors
from runfolio.models.schema.enforce_values import enforce_value
from runfolio.models.schema.infer import table_kind
from runfolio.models.schema.misfit import Misfit
from runfolio.models.schema.specs import ColSpec, Schema
from runfolio.models.schema.types import Array, Object

__all__ = ["enforce_input", "enforce_params", "validate_schema"]

log = logging.getLogger("runfolio")
TOLD = 5


def enforce_input(data: Any, schema: Schema) -> Any:
    """The input as the model takes it: a pandas table for columns, an array or arrays by name for tensors.

    Raises:
        SchemaMismatch: it is not what the schema says.
    """
    if table_kind(data).startswith("polars"):
        data = _from_polars(data)
    if table_kind(data) == "pandas.Series":
        data = data.to_frame()
    if schema.is_tensor_spec():
        return enforce_tensors(data, schema)
    specs = [one for one in schema.inputs if isinstance(one, ColSpec)]
    return _enforce_columns(as_table(data, specs), specs)


def validate_schema(data: Any, expected_schema: Schema) -> None:
    """Check data against a schema, and change nothing. Raises SchemaMismatch."""
    enforce_input(data, expected_schema)


def _enforce_columns(table: Any, specs: list[ColSpec]) -> Any:
    import pandas as pd

    columns, problems = {}, []
    for spec, name in _matched(table, specs):
        try:
            columns[name] = _enforce_cells(table[name], spec)
        except ColumnMisfit as misfit:
            problems.append(_mismatch(name, spec, misfit))
    if problems:
        raise _together(problems)
    return pd.DataFrame(columns, index=table.index)


def _matched(table: Any, specs: list[ColSpec]) -> list[tuple[ColSpec, Any]]:
    """The columns of the schema with their names in the table: by name, or by place if they have none."""
    if not table.columns.is_unique:
        raise SchemaMismatch("Two columns of the input have the same name.")
    if specs[0].name is None:
        if len(table.columns) < len(specs):
            raise SchemaMismatch(f"The model takes {len(specs)} columns, and the input has {len(table.columns)}.")
        return list(zip(specs, table.columns, strict=False))
    known = {one.name for one in specs}
    extra = [name for name in table.columns if name not in known]
    if missing := [one for one in specs if one.required and one.name not in table.columns]:
        raise _missing(missing, extra)
    if extra:
        log.warning("Columns that the model does not know are left out: %s.", _named(extra))
    return [(one, one.name) for one in specs if one.name in table.columns]


def _named(columns: list[Any]) -> str:
    return ", ".join(f"{one!r:.80}" for one in columns)


def _missing(specs: list[ColSpec], extra: list[Any]) -> SchemaMismatch:
    names = ", ".join(f"{one.name!r} ({one.type!r})" for one in specs[:TOLD])
    more = f" and {len(specs) - TOLD} more" if len(specs) > TOLD else ""
    unknown = f" It has columns that the model does not know: {_named(extra[:TOLD])}." if extra else ""
    message = f"The input lacks columns that the model requires: {names}{more}.{unknown}"
    return SchemaMismatch(message, column=specs[0].name, expected=repr(specs[0].type))


def _enforce_cells(column: Any, spec: ColSpec) -> Any:
    if isinstance(spec.type, DataType):
        return enforce_column(column, spec.type)
    import pandas as pd

    found = []
    for row, value in enumerate(column):
        try:
            found.append(enforce_value(value, spec.type, spec.required))
        except Misfit as misfit:
            raise ColumnMisfit(misfit.reason, row=row, value=misfit.value, place=misfit.place) from None
    return pd.Series(found, index=column.index, name=column.name, dtype=object)


def _mismatch(name: Any, spec: ColSpec, misfit: ColumnMisfit) -> ColumnMismatch:
    row = "" if misfit.row is None else f", row {misfit.row}"
    place = f" ({str(name) + misfit.place})" if misfit.place else ""
    message = f"Column {name!r}{row}{place}: {misfit.reason}"
    return ColumnMismatch(
        message, misfit.hint, column=name, row=misfit.row, value=misfit.value, expected=repr(spec.type)
    )


def _together(problems: list[ColumnMismatch]) -> ColumnMismatch:
    """One error for the columns at fault, which points at the first."""
    first = problems[0]
    told = " ".join(one.message for one in problems[:TOLD])
    more = f" {len(problems) - TOLD} more columns do not fit." if len(problems) > TOLD else ""
    hint = next((one.hint for one in problems if one.hint), "")
    return ColumnMismatch(
        told + more, hint, column=first.column, row=first.row, value=first.value, expected=first.expected
    )


def as_table(data: Any, specs: list[ColSpec]) -> Any:
    """The input as a pandas table: single values and dictionaries of them are one row, lists are rows.

    Raises:
        SchemaMismatch: no table can be made of it.
    """
    import numpy as np
    import pandas as pd

    if table_kind(data) == "pandas.DataFrame":
        return data
    try:
        if isinstance(data, Mapping):
            return _dict_table(dict(data), specs)
        if isinstance(data, list | np.ndarray):
            return pd.DataFrame(data)
        if np.isscalar(data):
            return pd.DataFrame([data])
    except (ValueError, TypeError) as problem:
        raise SchemaMismatch(f"The model takes a table, and none can be made of the input: {problem}.") from None
    raise SchemaMismatch(f"The model takes a table, not {type(data).__name__}.")


def _dict_table(data: dict[str, Any], specs: list[ColSpec]) -> Any:
    """One row if a column's type is a list or an object, or all values are single or lists of texts; else columns."""
    import numpy as np
    import pandas as pd

    nested = any(isinstance(one.type, Array | Object) for one in specs)
    if nested or all(_is_cell(value) for value in data.values()):
        return pd.DataFrame([data])
    # A table has no room for arrays with several axes; as lists they are told apart from single values below.
    parts = {k: v.tolist() if isinstance(v, np.ndarray) and v.ndim > 1 else v for k, v in data.items()}
    return pd.DataFrame(parts)


def _is_cell(value: Any) -> bool:
    import numpy as np

    if isinstance(value, np.ndarray):
        return bool(value.shape == () and value.dtype.kind == "U")
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return value is None or texts or bool(np.isscalar(value))


def _from_polars(data: Any) -> Any:
    import pandas as pd

    if table_kind(data) == "polars.Series":
        return pd.Series(data.to_list(), name=data.name or None)
    return pd.DataFrame({column.name: _polars_values(column) for column in data})


def _polars_values(column: Any) -> Any:
    """A column's values in memory that pandas can have: arrays of numbers and dates, lists of anything else."""
    plain = column.dtype.is_numeric() or column.dtype.is_temporal() or str(column.dtype) == "Boolean"
    if plain and not column.dtype.is_decimal() and (not column.null_count() or column.dtype.is_float()):
        return column.to_numpy()
    return column.to_list()
