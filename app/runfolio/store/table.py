"""The run table's questions: which columns there are, which runs in which order, and the cells of a few rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, true

from runfolio.core.clock import now_ms
from runfolio.core.columns import ATTRIBUTES, Column, Kind, SortKey, Source, metric, param
from runfolio.core.direction import settled as direct
from runfolio.core.filter import parse_filter
from runfolio.core.folder import ARTIFACTS
from runfolio.core.rules import param_number
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.core.system_tags import LOAD
from runfolio.store import checks, dialect, formulas
from runfolio.store.batches import in_batches, raw_rows
from runfolio.store.compile_filter import compiled
from runfolio.store.connection import Store
from runfolio.store.metric_names import settled
from runfolio.store.run_fields import RunFields
from runfolio.store.schema import experiments, keys, params, runs, series, tags

STATISTICS = {
    "last": series.c.last_value,
    "first": series.c.first_value,
    "min": series.c.min_value,
    "max": series.c.max_value,
    "mean": series.c.total / func.nullif(series.c.count - series.c.non_finite, 0),
    "count": series.c.count,
}

EVERYTHING = parse_filter("")
# SQLite takes 1000 terms in one expression; nobody types a tenth of that.
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs, in which order.

    Attributes:
        experiments: none means all.
        sort: the keys of the order, the first one leading; by default the newest first.
        text: words that must occur in a run's name.
        filter: what else must hold, in the language of filters.
    """

    experiments: tuple[int, ...] = ()
    sort: tuple[SortKey, ...] = ()
    text: str = ""
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `cells` in the order of the asked columns; None where the run has no value."""

    id: int
    run_id: str
    name: str
    status: RunStatus
    start_time: int
    parent: int | None
    cells: tuple[object, ...]


def columns(store: Store, experiments: Sequence[int] = ()) -> list[Column]:
    """The columns that the runs of these experiments have values for: attributes, params, metrics."""
    with store.reading() as connection:
        texts = (
            select(keys.c.name, func.count(params.c.number), func.count())
            .join(params, params.c.key_id == keys.c.id)
            .join(runs, runs.c.id == params.c.run_id)
            .where(listed(experiments))
            .group_by(keys.c.id)
            .order_by(keys.c.name)
        )
        numeric = [param(name, numbers == count) for name, numbers, count in connection.execute(texts)]
        return [*ATTRIBUTES, *numeric, *map(metric, _logged_metrics(connection, experiments))]


def logged_metrics(store: Store, experiments: Sequence[int]) -> list[str]:
    """The metrics that the runs of these experiments have logged, by name; the machine's load is none of them."""
    with store.reading() as connection:
        return _logged_metrics(connection, experiments)


def _logged_metrics(connection: Connection, experiments: Sequence[int]) -> list[str]:
    used = select(series.c.key_id).join(runs, runs.c.id == series.c.run_id).where(listed(experiments)).distinct()
    own = keys.c.id.in_(used), ~keys.c.name.startswith(LOAD, autoescape=True)
    return [*connection.execute(select(keys.c.name).where(*own).order_by(keys.c.name)).scalars()]


def run_ids(store: Store, query: RunQuery) -> NDArray[np.int64]:
    """The runs in order. Raises FilterError."""
    with store.reading() as connection:
        statement = chosen(store, connection, query)
        # From the last computed key on: what is sorted by a key before keeps the order that the keys after it made.
        computed = max((at for at, key in enumerate(query.sort, 1) if formulas.is_computed(key.column)), default=0)
        for key in query.sort[computed:]:
            statement = _sorted_by(connection, statement, key)
        newest = runs.c.start_time.desc(), runs.c.id.desc()
        raw = connection.execute(statement.order_by(*newest)).scalars()
        ids = np.fromiter(raw, np.int64)
        for key in reversed(query.sort[:computed]):
            by = formulas.in_order if formulas.is_computed(key.column) else _in_order
            ids = by(connection, key, ids)
        return ids


def _in_order(connection: Connection, key: SortKey, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The runs by a key; those that are equal stay in their order."""
    query, order = _ordered(connection, select(runs.c.id).where(dialect.among(runs.c.id, ids.tolist())), key)
    found = raw_rows(connection, query.add_columns(func.dense_rank().over(order_by=order)))
    owners, places = (np.fromiter((row[at] for row in found), np.int64, len(found)) for at in (0, 1))
    by_run = np.argsort(owners)
    return ids[np.argsort(places[by_run][np.searchsorted(owners[by_run], ids)], kind="stable")]


def chosen(store: Store, connection: Connection, query: RunQuery) -> Select[Any]:
    """The ids of a query's runs, as a statement. Raises FilterError."""
    node, now = parse_filter(query.filter), now_ms()
    statement: Select[Any] = select(runs.c.id).where(listed(query.experiments), _named(query.text))
    node, _ = settled(connection, node)
    if node != EVERYTHING:
        statement = statement.where(compiled(node, RunFields(now, store.path / ARTIFACTS), now))
    return statement


def named_runs(store: Store, query: RunQuery, limit: int) -> list[tuple[int, int, str]]:
    """The newest runs of a query: run, experiment, name."""
    statement = select(runs.c.id, runs.c.experiment_id, runs.c.name)
    statement = statement.where(listed(query.experiments), _named(query.text))
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
    """The least and greatest finite number in a metric's or param's column; None if it has none."""
    value, table = _number_of(column)
    if table is None:
        return None
    with store.reading() as connection:
        here = table.c.key_id == _key_id(connection, column.key)
        query = select(func.min(value), func.max(value)).join(runs, runs.c.id == table.c.run_id)
        low, high = connection.execute(query.where(here, listed(experiments), _finite(value))).one()
    return None if low is None else (float(low), float(high))


def metric_ranges(store: Store, experiments: Sequence[int]) -> dict[str, tuple[float, float]]:
    """The least and greatest finite last value of each metric that has one."""
    value = STATISTICS["last"]
    query = (
        select(series.c.key_id, func.min(value), func.max(value))
        .join(runs, runs.c.id == series.c.run_id)
        .where(listed(experiments), _finite(value))
        .group_by(series.c.key_id)
        .subquery()
    )
    with store.reading() as connection:
        found = connection.execute(select(keys.c.name, query).join(query, query.c.key_id == keys.c.id))
        return {name: (low, high) for name, _, low, high in found}


def _finite(value: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(value > -math.inf, value < math.inf)


def _key_id(connection: Connection, name: str) -> int:
    """The id of a key's name; of one that nobody has logged, an id that nothing has."""
    found = connection.execute(select(keys.c.id).where(keys.c.name == name)).scalar()
    return -1 if found is None else int(found)


def listed(experiments: Sequence[int]) -> ColumnElement[bool]:
    """The runs that can be listed: those of these experiments, or of all, and not in the trash."""
    active = runs.c.lifecycle_stage == LifecycleStage.ACTIVE
    return and_(active, runs.c.experiment_id.in_(experiments)) if experiments else active


def _named(text: str) -> ColumnElement[bool]:
    """Runs with all these words in their names."""
    words = []
    for word in list(dict.fromkeys(text.split()))[:MOST_WORDS]:
        lower = func.lower if word.isascii() else dialect.lower_of_any_script
        words.append(lower(runs.c.name).contains(word.lower(), autoescape=True))
    return and_(true(), *words)


def _number_of(column: Column) -> tuple[ColumnElement[Any], Any]:
    if column.source is Source.METRIC:
        return STATISTICS[direct(column).statistic or "last"], series
    return (params.c.number, params) if column.source is Source.PARAM else (runs.c.id, None)


def _attribute(key: str) -> ColumnElement[Any]:
    if key == "duration":
        now = now_ms()
        open_end = case((runs.c.status == RunStatus.RUNNING, now), else_=runs.c.last_seen)
        return func.coalesce(runs.c.end_time, open_end) - runs.c.start_time
    if key == "user_id":
        return func.nullif(runs.c.user_name, "")
    if key == "source_name":
        return func.nullif(runs.c.source_name, "")
    if key == "experiment_name":
        return select(experiments.c.name).where(experiments.c.id == runs.c.experiment_id).scalar_subquery()
    names = {"run_name": "name", "run_id": "run_uuid"}
    return runs.c[names.get(key, key)]


def _sorted_by(connection: Connection, statement: Select[Any], key: SortKey) -> Select[Any]:
    statement, order = _ordered(connection, statement, key)
    return statement.order_by(*order)


def _ordered(connection: Connection, statement: Select[Any], key: SortKey) -> tuple[Select[Any], list[Any]]:
    """A statement that has what a key needs, and by what it is to be ordered."""
    column = key.column
    if column.source is Source.ATTRIBUTE:
        values: list[ColumnElement[Any]] = [_attribute(column.key)]
        if column.key == "run_name":
            values = [func.lower(runs.c.name), runs.c.name]
    elif column.source is Source.CHECK:
        verdicts, values = checks.verdict_order(column.key)
        statement = statement.outerjoin(verdicts, verdicts.c.run_id == runs.c.id)
    else:
        table = {Source.METRIC: series, Source.PARAM: params, Source.TAG: tags}[column.source].alias()
        here = table.c.key_id == _key_id(connection, column.key)
        statement = statement.outerjoin(table, and_(table.c.run_id == runs.c.id, here))
        values = _sort_values(column, table)
    directed = [value.desc() if key.descending else value.asc() for value in values]
    first, *others = directed
    placed = first.nulls_first() if key.nulls_first else first.nulls_last()
    return statement, [placed, *(other.nulls_last() for other in others)]


def _sort_values(column: Column, table: Any) -> list[ColumnElement[Any]]:
    if column.source is Source.METRIC:
        name = direct(column).statistic or "last"
        if name == "mean":
            return [table.c.total / func.nullif(table.c.count - table.c.non_finite, 0)]
        return [table.c.count if name == "count" else table.c[f"{name}_value"]]
    # Numbers as numbers, and texts after them in their own order.
    return [table.c.number, table.c.value] if column.source is Source.PARAM else [table.c.value]


def _rows(connection: Connection, ids: Sequence[int], columns: Sequence[Column]) -> dict[int, Row]:
    parents = runs.alias()
    attributes = [c for c in columns if c.source is Source.ATTRIBUTE]
    query = (
        select(runs.c.id, runs.c.run_uuid, runs.c.name, runs.c.status, runs.c.start_time, parents.c.id.label("parent"))
        .add_columns(*(_attribute(c.key).label(f"a{i}") for i, c in enumerate(attributes)))
        .outerjoin(parents, parents.c.run_uuid == runs.c.parent_uuid)
        .where(runs.c.id.in_(ids))
    )
    cells = _cells(connection, ids, columns)
    found = {}
    for row in connection.execute(query):
        own = {c: RunStatus(v) if c.kind is Kind.STATUS else v for c, v in zip(attributes, row[6:], strict=True)}
        values = cells.get(row.id, {})
        shown = tuple(own[c] if c.source is Source.ATTRIBUTE else values.get(c) for c in columns)
        found[row.id] = Row(row.id, row.run_uuid, row.name, RunStatus(row.status), row.start_time, row.parent, shown)
    return found


def _cells(connection: Connection, ids: Sequence[int], columns: Sequence[Column]) -> dict[int, dict[Column, object]]:
    """The values of params, tags and metrics: run -> column -> value."""
    found: dict[int, dict[Column, object]] = {}
    for source, table in ((Source.PARAM, params), (Source.TAG, tags), (Source.METRIC, series)):
        wanted: dict[str, list[Column]] = {}
        for column in columns:
            if column.source is source:
                wanted.setdefault(column.key, []).append(column)
        for part in in_batches(sorted(wanted)):
            _add_cells(connection, table, ids, {key: wanted[key] for key in part}, found)
    for read in (formulas.formula_cells, checks.verdict_cells):
        for run, own in read(connection, ids, columns).items():
            found.setdefault(run, {}).update(own)
    return found


def _add_cells(
    connection: Connection,
    table: Any,
    ids: Sequence[int],
    wanted: dict[str, list[Column]],
    found: dict[int, dict[Column, object]],
) -> None:
    statistics = list(STATISTICS) if table is series else []
    values = [STATISTICS[name].label(f"v{i}") for i, name in enumerate(statistics)] or [table.c.value]
    query = select(table.c.run_id, keys.c.name, *values).join(keys, keys.c.id == table.c.key_id)
    for run, key, *row in connection.execute(query.where(table.c.run_id.in_(ids), keys.c.name.in_(wanted))):
        for column in wanted[key]:
            value = row[statistics.index(direct(column).statistic or "last")] if statistics else row[0]
            if column.kind is Kind.NUMBER and value is None:
                value = float("nan")  # a logged NaN: a metric without any value has no row here
            found.setdefault(run, {})[column] = _typed(column, value)


def _typed(column: Column, value: Any) -> object:
    if column.source in (Source.PARAM, Source.TAG) and column.kind is Kind.NUMBER:
        # The column may have been numeric when it was asked for, and a text logged since.
        found = param_number(value)
        return value if found is None else found
    return value
