"""The run table's questions: which columns there are, which runs in which order, and the cells of a few rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, and_, bindparam, func, literal, select

from runfolio.core.clock import now_ms
from runfolio.core.columns import ATTRIBUTES, Column, Kind, Source, metric, param
from runfolio.core.direction import stored_column
from runfolio.core.numbers import Written
from runfolio.core.ordering import natural_path
from runfolio.core.rules import param_number
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import LOAD
from runfolio.store import checks, dialect, formulas
from runfolio.store.batches import in_batches, raw_rows
from runfolio.store.connection import Store
from runfolio.store.run_fields import attribute
from runfolio.store.run_order import are_few
from runfolio.store.run_query import STATISTICS, RunQuery, listed, named
from runfolio.store.schema import keys, params, runs, series, tags, used_keys

# A statement takes longer to make than to answer for a few rows: each kind is made once.
KEY_NUMBERS = select(keys.c.name, keys.c.id).where(keys.c.name.in_(bindparam("names", expanding=True)))
#: So many kinds of statements are kept: tables have other columns, and show other statistics.
MADE = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `cells` in the order of the asked columns; None where the run has no value.

    A nested run has its parent and its name.
    """

    id: int
    run_id: str
    name: str
    status: RunStatus
    start_time: int
    parent: int | None
    cells: tuple[object, ...]
    parent_name: str | None = None


def columns(store: Store, experiments: Sequence[int] = ()) -> list[Column]:
    """The columns that the runs of these experiments have values for: attributes, params, metrics."""
    with store.reading() as connection:
        numeric = [param(name, numbers == count) for name, count, numbers in used(connection, params, experiments)]
        return [*ATTRIBUTES, *numeric, *map(metric, _logged_metrics(connection, experiments))]


def logged_metrics(store: Store, experiments: Sequence[int]) -> list[str]:
    """The metrics that the runs of these experiments have logged, in natural order; not the machine's load."""
    with store.reading() as connection:
        return _logged_metrics(connection, experiments)


def metrics_of(store: Store, of: Sequence[int]) -> dict[str, int]:
    """How many of these runs have logged each metric; the machine's load is none of them."""
    query = select(keys.c.name, func.count()).join(series, series.c.key_id == keys.c.id)
    query = query.where(dialect.among(series.c.run_id, of)).group_by(keys.c.id).order_by(keys.c.name)
    with store.reading() as connection:
        return {name: runs for name, runs in connection.execute(query) if not name.startswith(LOAD)}


def _logged_metrics(connection: Connection, experiments: Sequence[int]) -> list[str]:
    names = (name for name, *_ in used(connection, series, experiments) if not name.startswith(LOAD))
    return sorted(names, key=natural_path)


def used(connection: Connection, table: Table, experiments: Sequence[int]) -> list[tuple[str, int, int]]:
    """The names in `params`, `tags` or `series` of runs in use: of how many, and for how many it is a number."""
    counts = func.sum(used_keys.c.runs), func.sum(used_keys.c.numbers)
    query = select(keys.c.name, *counts).join(used_keys, used_keys.c.key_id == keys.c.id)
    query = query.where(used_keys.c.table_name == table.name, used_keys.c.runs > 0)
    if experiments:
        query = query.where(used_keys.c.experiment_id.in_(experiments))
    return [
        (name, runs, numbers)
        for name, runs, numbers in connection.execute(query.group_by(keys.c.id).order_by(keys.c.name))
    ]


def named_runs(store: Store, query: RunQuery, limit: int) -> list[tuple[int, int, str]]:
    """The newest runs of a query: run, experiment, name."""
    statement = select(runs.c.id, runs.c.experiment_id, runs.c.name)
    statement = statement.where(listed(query.experiments), named(query.text))
    statement = statement.order_by(runs.c.start_time.desc(), runs.c.id.desc()).limit(limit)
    with store.reading() as connection:
        return [(run, experiment, name) for run, experiment, name in connection.execute(statement)]


def rows(store: Store, ids: Sequence[int], columns: Sequence[Column]) -> dict[int, Row]:
    """The cells of some runs, by run. Those that are gone are left out."""
    found: dict[int, Row] = {}
    with store.reading() as connection:
        for part in in_batches([int(i) for i in ids]):
            found.update(_rows(connection, part, columns))
    return found


def column_range(store: Store, experiments: Sequence[int], column: Column) -> tuple[float, float] | None:
    """The least and greatest finite number in a metric's, param's or tag's column; None if it has none."""
    return column_ranges(store, experiments, [column]).get(column)


def column_ranges(
    store: Store, experiments: Sequence[int], columns: Iterable[Column]
) -> dict[Column, tuple[float, float]]:
    """The same of several columns in one reading; without those that have no finite number."""
    found: dict[Column, tuple[float, float]] = {}
    with store.reading() as connection:
        alike: dict[tuple[Source, str], list[Column]] = {}
        for column in columns:
            if column.source in (Source.METRIC, Source.PARAM, Source.TAG):
                alike.setdefault((column.source, _value_name(column)), []).append(column)
            elif column.source is Source.FORMULA:
                found.update(_computed_range(connection, column, experiments))
        few = bool(alike) and are_few(connection, experiments)
        for some in alike.values():
            limits = _least if few else _ends
            value, table = _number_of(some[0])
            for part in in_batches(some):
                numbers = _key_numbers(connection, part)
                query = limits(table, value, [*numbers.values()], experiments)
                ends = {key: (low, high) for key, low, high in connection.execute(query)}
                for column in part:
                    low, high = ends.get(numbers.get(column.key, -1), (None, None))
                    if low is not None and high is not None:
                        found[column] = float(low), float(high)
    return found


def _computed_range(
    connection: Connection, column: Column, experiments: Sequence[int]
) -> dict[Column, tuple[float, float]]:
    """The range of a formula's column, for which it is computed for all of these runs."""
    ids = raw_rows(connection, select(runs.c.id).where(listed(experiments)))
    numbers = formulas.column_numbers(connection, column, np.array(ids, np.int64).reshape(-1))
    numbers = numbers[np.isfinite(numbers)]
    return {column: (float(numbers.min()), float(numbers.max()))} if len(numbers) else {}


def _least(table: Any, value: ColumnElement[Any], which: list[int], experiments: Sequence[int]) -> Select[Any]:
    """Keys with their ends, by looking at all values of few runs."""
    query = select(table.c.key_id, func.min(value), func.max(value)).join(runs, runs.c.id == table.c.run_id)
    return query.where(table.c.key_id.in_(which), _finite(value), listed(experiments)).group_by(table.c.key_id)


def _ends(table: Any, value: ColumnElement[Any], which: list[int], experiments: Sequence[int]) -> Select[Any]:
    """Keys with their ends: from either end of a key's index, there is soon a run that counts."""
    counts = select(literal(1)).where(runs.c.id == table.c.run_id, listed(experiments)).exists()
    own = select(value).where(table.c.key_id == keys.c.id, _finite(value), counts).limit(1)
    ends = (own.order_by(order).scalar_subquery() for order in (value, value.desc()))
    return select(keys.c.id, *ends).where(keys.c.id.in_(which))


def _finite(value: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(value > -math.inf, value < math.inf)


def _number_of(column: Column) -> tuple[ColumnElement[Any], Any]:
    if column.source is Source.METRIC:
        return STATISTICS[stored_column(column).statistic or "last"], series
    if column.source is Source.TAG:
        return dialect.number_of(tags.c.value), tags
    return (params.c.number, params) if column.source is Source.PARAM else (runs.c.id, None)


def _rows(connection: Connection, ids: Sequence[int], columns: Sequence[Column]) -> dict[int, Row]:
    own = [place for place, column in enumerate(columns) if column.source is Source.ATTRIBUTE]
    query = _attributes(tuple(columns[place].key for place in own))
    found = {}
    cells = _cells(connection, ids, columns)
    answer = raw_rows(connection, query, runs=dialect.as_list(ids), now=now_ms())
    for run, run_id, name, status, start, parent, above, *values in answer:
        for place, value in zip(own, values, strict=True):
            cells[run][place] = RunStatus(value) if columns[place].kind is Kind.STATUS else value
        found[run] = Row(run, run_id, name, RunStatus(status), start, parent, tuple(cells[run]), above)
    return found


@lru_cache(maxsize=MADE)
def _attributes(names: tuple[str, ...]) -> Select[Any]:
    """What every row has, and some attributes, of `runs` at the time `now`."""
    parents, now = runs.alias(), bindparam("now", type_=Integer())
    return (
        select(runs.c.id, runs.c.run_uuid, runs.c.name, runs.c.status, runs.c.start_time, parents.c.id, parents.c.name)
        .add_columns(*(attribute(name, now).label(f"a{place}") for place, name in enumerate(names)))
        .outerjoin(parents, parents.c.run_uuid == runs.c.parent_uuid)
        .where(dialect.among_given(runs.c.id, "runs"))
    )


@lru_cache(maxsize=MADE)
def _values(table: Table, names: tuple[str, ...]) -> Select[Any]:
    """What `runs` have of `keys`: of a metric these statistics, of others the one value."""
    values = STATISTICS if table is series else {"": table.c.value}
    query = select(table.c.run_id, table.c.key_id, *(values[name] for name in names))
    query = query.where(dialect.among_given(table.c.run_id, "runs"), dialect.among_given(table.c.key_id, "keys"))
    if table is series:  # an index by values has these too, and would be read from one end to the other
        query = dialect.by_index(query, series, "series_of_run")
    return query


def _cells(connection: Connection, ids: Sequence[int], columns: Sequence[Column]) -> dict[int, list[object]]:
    """A list for each run, in the order of the columns, with its params, tags, metrics and formulas."""
    found: dict[int, list[object]] = {run: [None] * len(columns) for run in ids}
    numbers = _key_numbers(connection, columns)
    for source, table in ((Source.PARAM, params), (Source.TAG, tags), (Source.METRIC, series)):
        wanted: dict[int, list[int]] = {}
        for place, column in enumerate(columns):
            if column.source is source and column.key in numbers:
                wanted.setdefault(numbers[column.key], []).append(place)
        if wanted:
            _add_cells(connection, table, wanted, columns, found)
    for read in (formulas.formula_cells, checks.verdict_cells):
        for run, own in read(connection, ids, columns).items():
            for place, column in enumerate(columns):
                if column in own:
                    found[run][place] = own[column]
    return found


def _key_numbers(connection: Connection, columns: Sequence[Column]) -> dict[str, int]:
    names = sorted({column.key for column in columns if column.source in (Source.PARAM, Source.TAG, Source.METRIC)})
    found: dict[str, int] = {}
    for part in in_batches(names):
        found.update((name, number) for name, number in raw_rows(connection, KEY_NUMBERS, names=part))
    return found


def _add_cells(
    connection: Connection,
    table: Table,
    wanted: dict[int, list[int]],
    columns: Sequence[Column],
    found: dict[int, list[object]],
) -> None:
    """Put in the values of some keys; `wanted` has the places of the columns of each."""
    named = {place: _value_name(columns[place]) for some in wanted.values() for place in some}
    asked = {name: at for at, name in enumerate(dict.fromkeys(named.values()), start=2)}
    # What is the same for all rows of a key: where its values go, where they stand, and what is made of them.
    taken = {
        key: [(place, asked[named[place]], _reader(columns[place])) for place in some] for key, some in wanted.items()
    }
    given = {"runs": dialect.as_list(found), "keys": dialect.as_list(wanted)}
    for row in raw_rows(connection, _values(table, tuple(asked)), **given):
        own = found[row[0]]
        for place, at, read in taken[row[1]]:
            own[place] = read(row[at])


def _value_name(column: Column) -> str:
    """Which of `STATISTICS` a column of a metric shows; of others, which have one value only, nothing."""
    statistic = stored_column(column).statistic or "last"
    return (statistic if statistic in STATISTICS else "last") if column.source is Source.METRIC else ""


def _reader(column: Column) -> Callable[[Any], object]:
    """What makes a cell's value of what is stored."""
    if column.kind is not Kind.NUMBER:
        return _as_it_is
    return _logged if column.source is Source.METRIC else _written


def _as_it_is(value: Any) -> object:
    return value


def _logged(value: float | None) -> float:
    """A metric without any value has no row: what is NULL is a NaN that was logged."""
    return math.nan if value is None else value


def _written(value: str) -> object:
    """A column may have been one of numbers when it was asked for, and a text logged since."""
    found = param_number(value)
    return value if found is None else Written(value, found)
