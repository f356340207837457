"""What the run table asks the store for, as functions for worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core.columns import Column, Source
from runfolio.core.curves import Floats
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
    """The columns of some experiments and the range of each metric's."""

    experiments: tuple[int, ...]
    columns: tuple[Column, ...]
    ranges: dict[Column, tuple[float, float]]


def read_table(store: Store, query: RunQuery, view: View, held: Ids | None = None) -> Table:
    """Runs in order, columns, ranges and the rows of the first page.

    Runs that are `held` stay in that order, as far as they are still among them, below those that are new.
    """
    found = read_columns(store, query.experiments)
    fresh = table.run_ids(store, query)
    ids = fresh if held is None else _merged(held, fresh)
    stale = None if held is None or np.array_equal(ids, fresh) else fresh
    first = read_rows(store, ids[:PAGE].tolist(), shown_columns(view, found.columns))
    return Table(query, ids, stale, found.columns, found.ranges, first)


def _merged(held: Ids, fresh: Ids) -> Ids:
    new = np.setdiff1d(fresh, held, assume_unique=True)
    return np.concatenate([np.sort(new)[::-1], held[np.isin(held, fresh)]])


def read_columns(store: Store, experiments: tuple[int, ...]) -> Columns:
    """Which columns the runs of these experiments have, and the ranges of their metrics."""
    columns = tuple(table.columns(store, experiments))
    ranges = table.metric_ranges(store, experiments)
    metrics = (column for column in columns if column.source is Source.METRIC and column.key in ranges)
    return Columns(experiments, columns, {column: ranges[column.key] for column in metrics})


def read_rows(store: Store, asked: Sequence[int], columns: tuple[Column, ...]) -> Rows:
    """Rows, and the names of the runs that they are nested in."""
    found = table.rows(store, asked, columns)
    parents = sorted({row.parent for row in found.values() if row.parent is not None})
    above = table.rows(store, parents, []) if parents else {}
    return Rows(asked, columns, found, {run: row.name for run, row in above.items()})


def read_pictures(store: Store, runs: Sequence[int], key: str) -> dict[int, Picture | None]:
    """The small pictures of one metric; None for a run that has no line to draw."""
    return {run: _picture(store, run, key) for run in runs}


def _picture(store: Store, run: int, key: str) -> Picture | None:
    curve = series.curve(store, run, key, pixels=TREND_PIXELS)
    drawn = np.isfinite(curve.y)
    x, y = curve.x[drawn], curve.y[drawn]
    if len(x) < 2 or x[-1] <= x[0]:
        return None
    height = float(y.max() - y.min())
    return Picture((x - x[0]) / (x[-1] - x[0]), (y - y.min()) / height if height > 0 else np.full(len(y), 0.5))
