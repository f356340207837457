"""Rows in JSON that fit the schema as they stand: they become a table at once, and several requests become one.

What is not so plain is cast and checked column by column. Both ways give the same table; a test holds them together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from runfolio.models.schema.casting import cast_array
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.enforce_tensors import enforce_tensor
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.serving.worker.requests import Told

#: Whole numbers up to here are the same as fractions of 64 bits.
_EXACT = 1 << 53
#: Of a fraction of 32 bits.
_LARGEST = 3.4028234663852886e38
_NUMBERS = frozenset((int, float, type(None)))
_WHOLE = {DataType.long: 63, DataType.integer: 31}
#: What a column of one type of Python's is where no schema says so.
_FOUND = {float: DataType.double, int: DataType.long, bool: DataType.boolean, str: DataType.string}
_KINDS = frozenset((*_FOUND.values(), DataType.float, DataType.integer))


@dataclass(frozen=True, slots=True)
class Plain:
    """The rows of a request, of which those of several with the same `names` and `kinds` can be one table.

    Attributes:
        kinds: of each column; of rows that are no table, the shape of one.
        values: lists, one for each column; an array where all are double, and of rows that are no table.
        rows: how many.
    """

    names: tuple[str, ...]
    kinds: tuple[Any, ...]
    values: Any
    rows: int


class PlainReader:
    """Reads rows that are plain by a schema.

    Args:
        schema: None where the model has none; rows of one type in each column are plain then.
    """

    def __init__(self, schema: Schema | None) -> None:
        self._any = schema is None
        self._array: TensorSpec | None = None
        self._names: tuple[str, ...] = ()
        self._kinds: tuple[DataType, ...] = ()
        if schema is None:
            return
        first = schema.inputs[0]
        if schema.is_tensor_spec():
            if len(schema.inputs) == 1 and isinstance(first, TensorSpec) and first.name is None:
                self._array = first
            return
        specs = [
            one for one in schema.inputs if isinstance(one, ColSpec) and one.type in _KINDS and one.name is not None
        ]
        if len(specs) == len(schema.inputs):
            self._names = tuple(str(one.name) for one in specs)
            self._kinds = tuple(one.type for one in specs if isinstance(one.type, DataType))

    def read(self, told: Told) -> Plain | None:
        """The rows; None where they are not plain, or none."""
        if self._array is not None:
            return _array(told, self._array)
        if not self._any and not self._names:
            return None
        if self._kinds and set(self._kinds) == {DataType.double}:
            return _numbers(told, self._names, self._kinds)
        found = _columns(told, self._names)
        if found is None:
            return None
        if self._any:
            return _of_one_type(found)
        if len(found) != len(self._names) or not all(name in found for name in self._names):
            return None
        columns = [found[name] for name in self._names]
        if not all(_fits(column, kind) for column, kind in zip(columns, self._kinds, strict=True)):
            return None
        return Plain(self._names, self._kinds, columns, len(columns[0]))


def table_of(plain: Sequence[Plain]) -> Any:
    """The rows of several as one table, or one array."""
    import numpy as np
    import pandas as pd

    first = plain[0]
    if not first.names:
        return first.values if len(plain) == 1 else np.concatenate([one.values for one in plain])
    if isinstance(first.values, np.ndarray):
        array = first.values if len(plain) == 1 else np.concatenate([one.values for one in plain])
        # One block, in the order in which pandas has those of single columns.
        return pd.DataFrame(np.asfortranarray(array), columns=pd.Index(first.names))
    columns = [
        first.values[place] if len(plain) == 1 else [value for one in plain for value in one.values[place]]
        for place in range(len(first.names))
    ]
    made = zip(first.names, columns, first.kinds, strict=True)
    return pd.DataFrame({name: _values(column, kind) for name, column, kind in made})


def _numbers(told: Told, names: tuple[str, ...], kinds: tuple[DataType, ...]) -> Plain | None:
    """Rows of numbers alone, which are read at once."""
    import numpy as np

    given, rows = _rows(told, names)
    if not rows or len(given) != len(names) or {*given} != {*names} or set(map(len, rows)) != {len(names)}:
        return None
    if isinstance(rows[0], dict):
        if any(row.keys() != rows[0].keys() for row in rows):
            return None
        given, rows = names, [[row[name] for name in names] for row in rows]
    if not set(map(type, chain.from_iterable(rows))) <= _NUMBERS:
        return None
    try:
        array = np.array(rows, dtype=np.float64)
    except OverflowError:
        return None
    if tuple(given) != names:
        array = array[:, [given.index(name) for name in names]]
    return Plain(names, kinds, array, len(rows))


def _columns(told: Told, names: tuple[str, ...]) -> dict[str, list[Any]] | None:
    given, rows = _rows(told, names)
    if not rows:
        return None
    return _of_records(rows) if isinstance(rows[0], dict) else _of_lists(rows, given)


def _rows(told: Told, names: Sequence[str]) -> tuple[Sequence[str], list[Any]]:
    """The names of the columns, and rows that are all lists, or all dictionaries; none where they are not."""
    rows = told.rows
    if told.form == "dataframe_split":
        if not isinstance(rows, dict) or rows.keys() != {"columns", "data"}:
            return (), []
        names, rows = rows["columns"], rows["data"]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return (), []
    if not isinstance(rows, list) or not rows:
        return (), []
    kind = type(rows[0])
    allowed = {"dataframe_split": (list,), "dataframe_records": (dict,)}.get(told.form, (list, dict))
    if kind not in allowed or set(map(type, rows)) != {kind}:
        return (), []
    return (tuple(rows[0]) if kind is dict else names), rows


def _of_lists(rows: list[list[Any]], names: Sequence[str]) -> dict[str, list[Any]] | None:
    if not names or len(set(names)) != len(names) or set(map(len, rows)) != {len(names)}:
        return None
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _of_records(rows: list[dict[str, Any]]) -> dict[str, list[Any]] | None:
    names = rows[0]
    if not names or any(row.keys() != names.keys() for row in rows):
        return None
    return {name: [row[name] for row in rows] for name in names}


def _of_one_type(columns: dict[str, list[Any]]) -> Plain | None:
    kinds = []
    for column in columns.values():
        types = set(map(type, column))
        kind = _FOUND.get(types.pop()) if len(types) == 1 else None
        if kind is None or not _fits(column, kind):
            return None
        kinds.append(kind)
    values = list(columns.values())
    return Plain(tuple(columns), tuple(kinds), values, len(values[0]))


def _fits(column: list[Any], kind: DataType) -> bool:
    """Whether all values are of a type as they stand."""
    types = set(map(type, column))
    if kind in (DataType.double, DataType.float):
        if not types <= _NUMBERS:
            return False
        if kind is DataType.float and any(_LARGEST < abs(one) < math.inf for one in column if one is not None):
            return False
        return int not in types or all(-_EXACT <= one <= _EXACT for one in column if type(one) is int)
    if kind in _WHOLE:
        most = 1 << _WHOLE[kind]
        return types == {int} and -most <= min(column) and max(column) < most
    return types == ({bool} if kind is DataType.boolean else {str})


def _values(column: list[Any], kind: DataType) -> Any:
    import numpy as np

    if kind is DataType.string:
        return column
    if kind is DataType.float:
        return np.array(column, dtype=np.float64).astype(np.float32)
    return np.array(column, dtype=kind.to_numpy())


def _array(told: Told, spec: TensorSpec) -> Plain | None:
    if told.form not in ("instances", "inputs") or not isinstance(told.rows, list) or not told.rows:
        return None
    if isinstance(told.rows[0], dict):
        return None
    try:
        array = enforce_tensor(cast_array(told.rows, spec), spec)
    except Exception:  # it is told what is wrong where such rows are read
        return None
    return Plain((), array.shape[1:], array, len(array)) if spec.shape[0] == -1 else None
