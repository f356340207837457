"""Many runs at once: as records, or as columns. One pass over each table, whatever the number of runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Table, select

from runfolio.core.entities import MetricSummary, Run
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.core.system_tags import FOLLOWING, SYSTEM_TAGS
from runfolio.store import dialect
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store
from runfolio.store.schema import experiments, keys, long_values, params, runs, series, tags

Objects: TypeAlias = NDArray[np.object_]
T = TypeVar("T")
Columns: TypeAlias = dict[str, NDArray[Any]]

# What a frame tells of each run itself: the column's name, where it is, and its type.
OWN: tuple[tuple[str, ColumnElement[Any], Any], ...] = (
    ("run_id", runs.c.run_uuid, object),
    ("experiment_id", runs.c.experiment_id, np.int64),
    ("status", runs.c.status, object),
    ("start_time", runs.c.start_time, np.int64),
    ("end_time", runs.c.end_time, np.float64),
    ("run_name", runs.c.name, object),
    ("user_id", runs.c.user_name, object),
    ("source_name", runs.c.source_name, object),
    ("parent", runs.c.parent_uuid, object),
    ("lifecycle_stage", runs.c.lifecycle_stage, object),
)

SUMMARY = (
    *(series.c.count, series.c.non_finite, series.c.total),
    *(series.c.first_value, series.c.first_step, series.c.last_value, series.c.last_step, series.c.last_time),
    *(series.c.min_value, series.c.min_step, series.c.max_value, series.c.max_step),
)


def read_frame(store: Store, numbers: Sequence[int], *, gaps: float | None = math.nan) -> Columns:
    """Runs as columns, in the order asked; those that are gone are left out.

    The columns are the attributes (times in epoch ms, `end_time` NaN while a run is open), then `metrics.<key>` (the
    last values; `gaps` where there is none), `params.<key>` and `tags.<key>` (None where there is none), each by name.
    MLflow's own tags such as `mlflow.runName` are among them.
    """
    with store.reading() as connection:
        asked = np.fromiter(numbers, np.int64)
        frame, ids = _own_columns(connection, asked)
        place = _Places(ids)
        for prefix, table, value, empty in (
            ("metrics", series, series.c.last_value, gaps),
            ("params", params, params.c.value, None),
            ("tags", tags, tags.c.value, None),
        ):
            cells = _cells(connection, table, value, place, empty)
            if table is tags:
                _add_system_tags(cells, frame)
            frame |= {f"{prefix}.{name}": cells[name] for name in sorted(cells)}
    return frame


def read_runs(store: Store, numbers: Sequence[int]) -> list[Run]:
    """Runs with everything small about them, in the order asked; those that are gone are left out."""
    asked = [int(number) for number in numbers]
    parents = runs.alias()
    query = (
        select(runs, experiments.c.name.label("experiment_name"), parents.c.id.label("parent"))
        .join(experiments, experiments.c.id == runs.c.experiment_id)
        .outerjoin(parents, parents.c.run_uuid == runs.c.parent_uuid)
        .where(dialect.among(runs.c.id, asked))
    )
    with store.reading() as connection:
        texts = [_texts_of(connection, table, asked) for table in (params, tags)]
        metrics = _metrics_of(connection, asked)
        found = {row.id: _run(row, texts[0], texts[1], metrics) for row in connection.execute(query)}
    return [found[number] for number in asked if number in found]


class _Places:
    """Where each run is in a frame, and an empty column of one."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self.ids = ids
        self._order = np.argsort(ids)
        self._sorted = ids[self._order]

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """The rows of these runs, all of which are in the frame."""
        return self._order[np.searchsorted(self._sorted, ids)]


def _own_columns(connection: Connection, asked: NDArray[np.int64]) -> tuple[Columns, NDArray[np.int64]]:
    query = select(runs.c.id, *(column for _, column, _ in OWN)).where(dialect.among(runs.c.id, asked.tolist()))
    found = raw_rows(connection, query)
    numbers = np.fromiter((row[0] for row in found), np.int64, len(found))
    wanted = asked[np.isin(asked, numbers)]
    rows = _Places(numbers).of(wanted)
    frame = {
        name: _objects([row[at] for row in found])[rows].astype(kind) for at, (name, _, kind) in enumerate(OWN, start=1)
    }
    return frame, wanted


def _cells(
    connection: Connection,
    table: Table,
    value: ColumnElement[Any],
    places: _Places,
    empty: float | None,
) -> dict[str, NDArray[Any]]:
    """A column for each key that any of the runs has; `empty` where one has not."""
    query = select(table.c.run_id, table.c.key_id, value).where(dialect.among(table.c.run_id, places.ids.tolist()))
    found_rows = raw_rows(connection, query)
    run_ids, key_numbers = (np.fromiter(map(itemgetter(at), found_rows), np.int64, len(found_rows)) for at in (0, 1))
    values: NDArray[Any] = _objects(list(map(itemgetter(2), found_rows)))
    if table is series:  # the database has nothing in the place of NaN
        values = values.astype(np.float64).astype(np.float64 if empty is not None else object)
    rows = places.of(run_ids)
    if table is not series:
        _put_long(values, run_ids, key_numbers, _long_values(connection, table, places.ids.tolist()))
    order = np.argsort(key_numbers, kind="stable")
    starts = np.flatnonzero(np.diff(key_numbers[order], prepend=-1))
    names = _names(connection, key_numbers[order][starts].tolist())
    found = {}
    for part in np.split(order, starts[1:]) if len(order) else []:
        column = np.full(len(places.ids), empty, values.dtype)
        column[rows[part]] = values[part]
        found[names[int(key_numbers[part[0]])]] = column
    return found


def _long_values(connection: Connection, table: Table, asked: list[int]) -> dict[tuple[int, int], str]:
    """The values of these runs that are too long for their table: (run, key) -> value."""
    query = select(long_values.c.owner_id, long_values.c.key_id, long_values.c.value)
    query = query.where(long_values.c.table_name == table.name, dialect.among(long_values.c.owner_id, asked))
    return {(run, key): value for run, key, value in raw_rows(connection, query)}


def _put_long(
    values: NDArray[Any], run_ids: NDArray[np.int64], key_ids: NDArray[np.int64], long: dict[tuple[int, int], str]
) -> None:
    for at, place in enumerate(zip(run_ids.tolist(), key_ids.tolist(), strict=True) if long else ()):
        if place in long:
            values[at] = long[place]


def _names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The names of keys."""
    query = select(keys.c.id, keys.c.name).where(dialect.among(keys.c.id, ids))
    return {number: name for number, name in connection.execute(query)}


def _add_system_tags(found: dict[str, NDArray[Any]], frame: Columns) -> None:
    """MLflow's tags that are columns of `runs`, where they are not tags as well."""
    for tag, attribute in SYSTEM_TAGS.items():
        own = frame[attribute].copy()
        own[own == ""] = None
        if tag in found:
            first, second = (own, found[tag]) if tag in FOLLOWING else (found[tag], own)
            own = np.where(_missing(first), second, first)
        if not _missing(own).all():
            found[tag] = own


def _missing(column: NDArray[Any]) -> NDArray[np.bool_]:
    missing: NDArray[np.bool_] = column == None  # noqa: E711  # one by one
    return missing


def _objects(values: Sequence[Any]) -> Objects:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _texts_of(connection: Connection, table: Table, asked: list[int]) -> dict[int, dict[str, str]]:
    query = select(table.c.run_id, table.c.key_id, table.c.value).where(dialect.among(table.c.run_id, asked))
    rows = raw_rows(connection, query)
    long = _long_values(connection, table, asked)
    cells = ((run, key, long.get((run, key), value)) for run, key, value in rows)
    return _by_run(connection, cells, {key for _, key, _ in rows})


def _metrics_of(connection: Connection, asked: list[int]) -> dict[int, dict[str, MetricSummary]]:
    query = select(series.c.run_id, series.c.key_id, keys.c.name, *SUMMARY).join(keys, keys.c.id == series.c.key_id)
    rows = raw_rows(connection, query.where(dialect.among(series.c.run_id, asked)))
    found = ((row[0], row[1], _summary(row[2:])) for row in rows)
    return _by_run(connection, found, {row[1] for row in rows})


def _by_run(connection: Connection, cells: Iterable[tuple[int, int, T]], key_ids: set[int]) -> dict[int, dict[str, T]]:
    """The values of each run by the names of their keys, in the order of these."""
    names = _names(connection, key_ids)
    rank = {key: number for number, key in enumerate(sorted(names, key=names.__getitem__))}
    found: dict[int, dict[str, T]] = {}
    for run, key, value in sorted(cells, key=lambda cell: rank[cell[1]]):
        found.setdefault(run, {})[names[key]] = value
    return found


def _summary(row: Sequence[Any]) -> MetricSummary:
    key, count, non_finite, total, first, first_step, last, last_step, last_time, *extremes = row
    finite = count - non_finite
    mean = total / finite if finite and total is not None else None
    minimum, minimum_step, maximum, maximum_step = extremes
    return MetricSummary(
        key,
        count,
        _float(first),
        first_step,
        _float(last),
        last_step,
        last_time,
        minimum,
        minimum_step,
        maximum,
        maximum_step,
        mean,
        non_finite,
    )


def _float(value: float | None) -> float:
    return math.nan if value is None else value


def _run(
    row: Any,
    params_of: dict[int, dict[str, str]],
    tags_of: dict[int, dict[str, str]],
    metrics_of: dict[int, dict[str, MetricSummary]],
) -> Run:
    return Run(
        id=row.id,
        run_id=row.run_uuid,
        experiment=row.experiment_id,
        experiment_name=row.experiment_name,
        name=row.name,
        status=RunStatus(row.status),
        start_time=row.start_time,
        end_time=row.end_time,
        last_seen=row.last_seen,
        lifecycle_stage=LifecycleStage(row.lifecycle_stage),
        parent=row.parent,
        user=row.user_name,
        params=params_of.get(row.id, {}),
        tags=tags_of.get(row.id, {}),
        metrics=metrics_of.get(row.id, {}),
        deleted_time=row.deleted_time,
        parent_run_id=row.parent_uuid,
        source=row.source_name,
    )
