"""What the run table asks the store for, as functions for worker threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from runfolio.core.columns import ATTRIBUTES, EXPERIMENT, Column, Source, is_number, metric, trend
from runfolio.core.curves import Curve, Floats
from runfolio.core.direction import headline, is_known, stored_column
from runfolio.core.errors import FilterError
from runfolio.core.outline import Folds, nested
from runfolio.core.views import View, shown_columns
from runfolio.gui.aliases import Ids
from runfolio.gui.runs.grouped import Grouped, Known, read_groups
from runfolio.gui.runs.lines import Lines
from runfolio.gui.runs.model import Rows
from runfolio.store import Store, run_order, table
from runfolio.store.curves import curves
from runfolio.store.nested import read_parents
from runfolio.store.run_query import RunQuery

# As many rows as a large screen shows. A table appears with those that it has room for, and then reads the others.
SCREEN = 64
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
        view: how the runs are looked at.
        lines: the rows as they are to be shown.
        fresh: the rows in the order of the query, where that is another.
        grouped: the groups that the runs are in.
        columns: those that the runs have; None where it was known when this was asked for.
        whole: False if the rows are but the first of them.
    """

    query: RunQuery
    view: View
    lines: Lines
    fresh: Lines | None
    grouped: Grouped | None
    columns: tuple[Column, ...] | None
    first: Rows
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is shown in place of a table whose filter cannot be read, and why it cannot."""

    query: RunQuery
    view: View
    why: FilterError


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of some experiments' runs, and the least and greatest values of those that are shown."""

    experiments: tuple[int, ...]
    columns: tuple[Column, ...]
    ranges: dict[Column, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Before:
    """What is there when a table is read anew.

    Attributes:
        held: rows that are to keep their order, as far as they are still there; None where all are to be sorted.
        known: the groups that were made.
        folds: which rows are open, of groups (True) and of runs that others are nested in.
        natural: the columns that the runs have; None while nobody knows.
        room: so many rows can be seen.
        turn: that of their rows.
    """

    held: Lines | None = None
    known: Known | None = None
    folds: Mapping[bool, Folds] = field(default_factory=dict)
    natural: tuple[Column, ...] | None = None
    room: int = SCREEN
    turn: int = 0


def readable(read: Callable[[], Table], query: RunQuery, view: View) -> Table | Unreadable:
    """A table, or why the filter of its view cannot be read."""
    try:
        return read()
    except FilterError as error:
        return Unreadable(query, view, error)


def read_table(store: Store, query: RunQuery, view: View, before: Before = Before()) -> Table:
    """Runs in order, in groups or beneath each other; columns and the rows of the first page."""
    found = read_natural(store, query.experiments) if before.natural is None else None
    columns = shown_columns(view, before.natural or found or ())
    runs, grouped = run_order.run_ids(store, query), None
    if view.grouped:
        grouped = read_groups(store, view, runs, columns, before.known)
        fresh = Lines(runs, grouped.outline(), grouped=True)
    else:
        fresh = _nested(store, query, runs) if view.nests else Lines(runs)
    lines = fresh if before.held is None else fresh.held(before.held)
    if lines.outline is not None:
        lines.outline.make_ready()
    top = lines.shown(before.folds.get(lines.grouped, Folds()))[: before.room]
    first = read_rows(store, top[top >= 0].tolist(), columns, view.directions, before.turn)
    aged = None if lines.stands_as(fresh) else fresh
    return Table(query, view, lines, aged, grouped, found, first)


def read_first_page(store: Store, query: RunQuery, view: View, before: Before = Before()) -> Table:
    """The same of the first page alone, which takes no longer however many runs there are; of one in no groups."""
    natural = read_natural(store, query.experiments)
    runs, number = run_order.first_runs(store, query, SCREEN)
    lines = _nested(store, query, runs, runs) if view.nests else Lines(runs)
    first = read_rows(store, runs[: before.room].tolist(), shown_columns(view, natural), view.directions, before.turn)
    return Table(query, view, lines, None, None, natural, first, len(runs) == number)


def _nested(store: Store, query: RunQuery, runs: Ids, some: Ids | None = None) -> Lines:
    """The runs with those beneath them that are nested in them; it may be known that they are but `some` of all."""
    with store.reading() as connection:
        children, parents = read_parents(connection, query.experiments, some)
    if not len(children):
        return Lines(runs)
    outline = nested(runs, children, parents)
    return Lines(runs, outline if outline.depth.any() else None)


def read_columns(store: Store, experiments: tuple[int, ...], view: View) -> Columns:
    """Which columns the runs of these experiments have, and the ranges of those that are shown."""
    columns = read_natural(store, experiments)
    asked = {
        column: stored_column(column, view.directions)
        for column in filter(is_number, shown_columns(view, columns))
        if column.source is Source.METRIC or column in view.heat
    }
    ranges = table.column_ranges(store, experiments, dict.fromkeys(asked.values()))
    return Columns(experiments, columns, {column: ranges[one] for column, one in asked.items() if one in ranges})


def read_natural(store: Store, experiments: tuple[int, ...]) -> tuple[Column, ...]:
    """The columns of the runs: what each has, of several experiments' runs behind the name where they belong; the
    metric that they are judged by, in sight however many params there are; the rest, and that metric's curves.
    """
    name, *found = table.columns(store, experiments)
    key = headline([column.key for column in found if column.source is Source.METRIC])
    places = [EXPERIMENT] if len(experiments) > 1 else []
    judged = [] if key is None or not is_known(key, {}) else [metric(key)]
    own, rest = ATTRIBUTES[1:], [column for column in found if column not in (*ATTRIBUTES, *judged)]
    return (name, *places, *own, *judged, *rest, *([] if key is None else [trend(key)]))


def read_rows(
    store: Store,
    asked: Sequence[int],
    columns: tuple[Column, ...],
    lower: Mapping[str, bool] | None = None,
    turn: int = 0,
) -> Rows:
    """Rows; `lower` has the metrics whose direction was chosen."""
    return Rows(asked, columns, table.rows(store, asked, [stored_column(column, lower) for column in columns]), turn)


def read_pictures(store: Store, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Picture | None]:
    """The small pictures of runs' metrics; None for one that has no line to draw."""
    of_metric: dict[str, list[int]] = {}
    for run, key in wanted:
        of_metric.setdefault(key, []).append(run)
    found: dict[tuple[int, str], Picture | None] = dict.fromkeys(wanted)
    for key, runs in of_metric.items():
        drawn = curves(store, runs, key, pixels=TREND_PIXELS)
        found |= {(run, key): _picture(curve) for run, curve in drawn.items()}
    return found


def _picture(curve: Curve) -> Picture | None:
    drawn = np.isfinite(curve.y)
    x, y = curve.x[drawn], curve.y[drawn]
    if len(x) < 2 or x[-1] <= x[0]:
        return None
    y = y / 2  # so that the height of the largest numbers is one too
    height = float(y.max() - y.min())
    return Picture((x - x[0]) / (x[-1] - x[0]), (y - y.min()) / height if height > 0 else np.full(len(y), 0.5))
