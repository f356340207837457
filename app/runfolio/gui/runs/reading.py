"""What the run table asks the store for, as functions for worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core.columns import Column, Source, is_number, trend
from runfolio.core.curves import Floats
from runfolio.core.direction import headline, settled
from runfolio.core.views import View, shown_columns
from runfolio.gui.aliases import Ids
from runfolio.gui.runs.cache import PAGE
from runfolio.gui.runs.model import Rows
from runfolio.store import Store, series, table
from runfolio.store.table import RunQuery

# Enough points for a picture of 100 pixels.
TREND_PIXELS = 48


@dataclass(frozen=True, slots=True)
class Picture:
    """A curve within the unit square, y upwards."""

    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True)
class Table:
    """Everything for a table's first screen, so that it appears at once.

    Attributes:
        ids: the runs as they are to be shown.
        fresh: the runs in the order of the query, where that is another.
    """

    query: RunQuery
    ids: Ids
    fresh: Ids | None
    columns: tuple[Column, ...]
    ranges: dict[Column, tuple[float, float]]
    first: Rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of some experiments' runs, and the least and greatest values of those that are shown."""

    experiments: tuple[int, ...]
    columns: tuple[Column, ...]
    ranges: dict[Column, tuple[float, float]]


def read_table(store: Store, query: RunQuery, view: View, held: Ids | None = None) -> Table:
    """Runs in order, columns, ranges and the rows of the first page.

    Runs that are `held` stay in that order, as far as they are still among them, below those that are new.
    """
    found = read_columns(store, query.experiments, view)
    fresh = table.run_ids(store, query)
    ids = fresh if held is None else _merged(held, fresh)
    stale = None if held is None or np.array_equal(ids, fresh) else fresh
    first = read_rows(store, ids[:PAGE].tolist(), shown_columns(view, found.columns), dict(view.lower))
    return Table(query, ids, stale, found.columns, found.ranges, first)


def _merged(held: Ids, fresh: Ids) -> Ids:
    new = np.setdiff1d(fresh, held, assume_unique=True)
    return np.concatenate([np.sort(new)[::-1], held[np.isin(held, fresh)]])


def read_columns(store: Store, experiments: tuple[int, ...], view: View) -> Columns:
    """Which columns the runs of these experiments have, and the ranges of those that are shown."""
    columns = natural_columns(table.columns(store, experiments))
    ranges = table.metric_ranges(store, experiments)
    found = {}
    for column in filter(is_number, shown_columns(view, columns)):
        plain = settled(column, dict(view.lower))
        if column.source is Source.METRIC and plain.statistic == "last":
            limits = ranges.get(column.key)
        elif column.source is Source.METRIC or column in view.heat:
            limits = table.column_range(store, experiments, plain)
        else:
            continue
        if limits is not None:
            found[column] = limits
    return Columns(experiments, columns, found)


def natural_columns(found: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of the runs, and the curves of the metric that they are judged by."""
    key = headline([column.key for column in found if column.source is Source.METRIC])
    return (*found, *([] if key is None else [trend(key)]))


def read_rows(
    store: Store, asked: Sequence[int], columns: tuple[Column, ...], lower: Mapping[str, bool] | None = None
) -> Rows:
    """Rows, and the names of the runs that they are nested in; `lower` has the metrics whose direction was chosen."""
    found = table.rows(store, asked, [settled(column, lower) for column in columns])
    parents = sorted({row.parent for row in found.values() if row.parent is not None})
    above = table.rows(store, parents, []) if parents else {}
    return Rows(asked, columns, found, {run: row.name for run, row in above.items()})


def read_pictures(store: Store, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Picture | None]:
    """The small pictures of runs' metrics; None for one that has no line to draw."""
    return {(run, key): _picture(store, run, key) for run, key in wanted}


def _picture(store: Store, run: int, key: str) -> Picture | None:
    curve = series.curve(store, run, key, pixels=TREND_PIXELS)
    drawn = np.isfinite(curve.y)
    x, y = curve.x[drawn], curve.y[drawn]
    if len(x) < 2 or x[-1] <= x[0]:
        return None
    height = float(y.max() - y.min())
    return Picture((x - x[0]) / (x[-1] - x[0]), (y - y.min()) / height if height > 0 else np.full(len(y), 0.5))
