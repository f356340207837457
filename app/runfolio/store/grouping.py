"""Whole columns of runs, read at once: what runs are grouped by, and what is summed up of groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, String, case, cast, func, null, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import Column, Kind, Source
from runfolio.core.folder import ARTIFACTS
from runfolio.core.grouping import BREAK, MARK, NO_VALUES, Values
from runfolio.core.outline import Ids
from runfolio.store import dialect
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store
from runfolio.store.formulas import column_numbers, is_computed
from runfolio.store.run_fields import RunFields, key_id, whole
from runfolio.store.schema import keys, params, runs, series, tags
from runfolio.store.table import STATISTICS

# For so many runs the rows of a key are looked up; for more, all of them are read.
FEW = 20_000


def read_values(store: Store, asked: Ids, column: Column) -> Values:
    """What these runs, given ascending, have in a column; nothing in a column that the store does not know."""
    if is_computed(column):
        return _computed(store, asked, column)
    query = _query(store, column)
    if query is None or not len(asked):
        return NO_VALUES
    with store.reading() as connection:
        return _values(query, connection, asked)


def read_settings(store: Store, asked: Ids, without: Sequence[str]) -> Values:
    """All params of each of these runs, given ascending, but those named, as one text.

    `core.grouping.settings_in` reads it.
    """
    left_out = select(keys.c.id).where(keys.c.name.in_(without))
    own = select(params.c.run_id, (cast(params.c.key_id, String) + MARK + whole(params)).label("setting"))
    own = own.where(params.c.key_id.not_in(left_out)).order_by(params.c.run_id, params.c.key_id)
    inner = own.subquery()
    query = select(inner.c.run_id, null(), func.group_concat(inner.c.setting, BREAK)).group_by(inner.c.run_id)
    with store.reading() as connection:
        return _values(query, connection, asked)


def key_names(store: Store) -> dict[int, str]:
    """The names of all keys by their numbers, for `core.grouping.settings_in`."""
    with store.reading() as connection:
        return {number: name for number, name in connection.execute(select(keys.c.id, keys.c.name))}


def _computed(store: Store, asked: Ids, column: Column) -> Values:
    with store.reading() as connection:
        numbers = column_numbers(connection, column, asked)
    there = ~np.isnan(numbers)
    return Values(asked[there], numbers[there])


def _query(store: Store, column: Column) -> Select[Any] | None:
    """Run, number, and where there may be any, the text of what is no number."""
    match column.source:
        case Source.METRIC if column.statistic in ("", *STATISTICS):
            return _of_key(series, column.key, STATISTICS[column.statistic or "last"])
        case Source.PARAM:
            text = case((params.c.number.is_(None), whole(params)))
            return _of_key(params, column.key, params.c.number, text)
        case Source.TAG:
            return _of_key(tags, column.key, null(), whole(tags))
        case Source.ATTRIBUTE:
            value = RunFields(now_ms(), store.path / ARTIFACTS).attribute(column.key)
            numeric = column.kind in (Kind.TIME, Kind.DURATION, Kind.NUMBER)
            return select(runs.c.id, *([value] if numeric else [null(), value])).where(value.is_not(None))
    return None


def _of_key(table: Any, key: str, *values: ColumnElement[Any]) -> Select[Any]:
    return select(table.c.run_id, *values).where(table.c.key_id == key_id(key))


def _values(query: Select[Any], connection: Connection, asked: Ids) -> Values:
    """The answer as columns; a NULL in place of a number is the NaN that the database cannot hold."""
    if len(asked) <= FEW:
        query = query.where(dialect.among(query.selected_columns[0], asked.tolist()))
    rows, width = raw_rows(connection, query), len(query.selected_columns)
    cells = np.fromiter(chain.from_iterable(rows), object, width * len(rows)).reshape(-1, width)
    found = cells[:, 0].astype(np.int64)
    order = np.argsort(found, kind="stable")
    order = order[np.isin(found[order], asked, assume_unique=True)]
    numbers, texts = cells[order, 1].astype(np.float64), cells[order, 2] if width > 2 else None
    return Values(found[order], numbers, None if texts is None or (texts == None).all() else texts)  # noqa: E711
