"""Data as values that JSON can hold: numbers, texts, lists and dictionaries."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.infer import is_tensor, table_kind
from runfolio.models.schema.scalars import is_missing


def json_text(value: Any, indent: int | None = None) -> str:
    """A JSON text of what `jsonable` made. It is ASCII, since MLflow reads files in the system's encoding."""
    return json.dumps(value, indent=indent)


def jsonable(value: Any) -> Any:
    """Data as JSON can hold them: missing values as null, bytes in base64, dates as ISO 8601 has them.

    Raises:
        InvalidValue: there is something in them that JSON has no form for.
    """
    kind = type(value)
    if kind in (str, int, bool):
        return value
    if is_missing(value):
        return None
    if isinstance(value, Mapping):
        return {str(name): jsonable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    if table_kind(value):
        return split_table(value) if table_kind(value).endswith("DataFrame") else jsonable(value.to_list())
    if is_tensor(value):
        return _array(value)
    return _single(value)


def split_table(table: Any) -> dict[str, Any]:
    """A table as MLflow's `split` has it: the names of the columns once, then the rows. An index is left out."""
    if table_kind(table).startswith("polars"):
        names, columns = list(table.columns), [jsonable(table[name].to_list()) for name in table.columns]
    else:
        names = [_single(name) for name in table.columns]
        columns = [_column(table.iloc[:, place]) for place in range(len(names))]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return {"data": rows} if names == list(range(len(names))) else {"columns": names, "data": rows}


def _column(column: Any) -> list[Any]:
    values = column.to_list()
    if column.dtype.kind in "ib":
        return list(values)
    return [jsonable(value) for value in values]


def _array(value: Any) -> Any:
    """The values of an array or a tensor as lists in lists."""
    import numpy as np

    if hasattr(value, "toarray"):
        value = value.toarray()
    array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
    if array.dtype.kind in "iubU":
        return array.tolist()
    return jsonable(array.tolist()) if array.dtype.kind != "M" else jsonable(np.datetime_as_string(array).tolist())


def _single(value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool | int | float | str):
        return value.item() if hasattr(value, "item") else value
    if isinstance(value, decimal.Decimal):
        return float(value)
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        plain = value.item()
        if isinstance(plain, int) and getattr(value.dtype, "kind", "") == "M":  # numpy's nanoseconds
            return str(value)
        return jsonable(plain) if type(plain) is not type(value) else str(plain)
    if hasattr(value, "model_dump"):
        return jsonable(value.model_dump())
    raise InvalidValue(f"JSON has no form for {type(value).__name__}: {value!r:.60}.")
