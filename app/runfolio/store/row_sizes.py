"""What the rows of runs take of the database: an estimate, for SQLite shares pages among rows of all runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from runfolio.store import dialect
from runfolio.store.schema import chunks, long_values, params, runs, series, tags

# Beside its contents a row has a header, keys, and a place in each of its indexes: as measured of large stores.
RUN, SERIES, CHUNK, VALUE = 220, 170, 75, 40


def rows_size(connection: Connection, asked: Sequence[int]) -> int:
    """About how many bytes of the database belong to these runs: curves, params, tags and the rows of the runs."""
    own = series.join(chunks, chunks.c.series_id == series.c.id)
    parts = func.length(chunks.c.data) + func.coalesce(func.length(chunks.c.envelope), 0)
    long = select(func.sum(func.length(long_values.c.value)))
    queries: list[Select[Any]] = [
        select(_sized(func.length(runs.c.name), RUN)).where(dialect.among(runs.c.id, asked)),
        select(SERIES * func.count()).where(dialect.among(series.c.run_id, asked)),
        select(_sized(parts, CHUNK)).select_from(own).where(dialect.among(series.c.run_id, asked)),
        *(_texts(table, asked) for table in (params, tags)),
        long.where(dialect.among(long_values.c.owner_id, asked), long_values.c.table_name.in_(("params", "tags"))),
    ]
    return sum(connection.execute(query).scalar() or 0 for query in queries)


def _texts(table: Table, asked: Sequence[int]) -> Select[Any]:
    # Each value stands in the table and in the index of its key.
    return select(_sized(2 * func.length(table.c.value), VALUE)).where(dialect.among(table.c.run_id, asked))


def _sized(content: ColumnElement[Any], row: int) -> ColumnElement[Any]:
    return func.sum(content + row)
