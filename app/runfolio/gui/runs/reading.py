"""What the run table asks the store for, as functions for worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core.columns import NAME, Column, SortKey, Source
from runfolio.core.curves import Floats
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
    """Everything for a table's first screen, so that it appears at once."""

    query: RunQuery
    ids: Ids
    columns: tuple[Column, ...]
    ranges: dict[Column, tuple[float, float]]
    first: Rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of some experiments and the range of each metric's."""

    experiments: tuple[int, ...]
    columns: tuple[Column, ...]
    ranges: dict[Column, tuple[float, float]]


def read_table(store: Store, experiments: tuple[int, ...], sort: tuple[SortKey, ...]) -> Table:
    """Runs in order, columns, ranges and the rows of the first page."""
    query = RunQuery(experiments, sort)
    found = read_columns(store, experiments)
    ids = table.run_ids(store, query)
    return Table(query, ids, found.columns, found.ranges, read_rows(store, ids[:PAGE].tolist(), found.columns))


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
    names = table.rows(store, parents, [NAME]) if parents else {}
    return Rows(asked, columns, found, {run: str(row.cells[0]) for run, row in names.items()})


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
