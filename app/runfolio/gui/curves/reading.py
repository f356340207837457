"""What charts read from the store, on a worker thread: the runs to show, their metrics and the lines to draw. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runfolio.core.curves import EMPTY, Curve, Floats, Points, reduce
from runfolio.core.errors import FilterError
from runfolio.core.eyes import Eyes
from runfolio.core.smoothing import smooth
from runfolio.gui.curves.options import Options, XAxis
from runfolio.store import Store
from runfolio.store.run_order import first_runs, run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.runs import numbers_of
from runfolio.store.series import curve, metric_keys, points
from runfolio.store.table import rows

NEWEST = 10
NO_ONE_HIDDEN = Eyes()
# More lines than this can neither be told apart nor drawn fast; the header says that there are more.
MOST = 50


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run in the charts; `start` is in epoch milliseconds."""

    id: int
    name: str
    start: int


@dataclass(frozen=True, slots=True)
class Lineup:
    """The runs and metrics to show.

    Attributes:
        runs: in the order of the selection, or of the table.
        keys: the metrics any of the runs has, sorted.
        total: of how many selected runs, or runs of the experiments, `runs` are the first.
        chosen: True when the runs were selected, False when they are simply the first of the table.
        hidden: how many more there would be if none were hidden.
        unreadable: True when nobody knows which, for the filter cannot be read.
    """

    runs: tuple[ShownRun, ...] = ()
    keys: tuple[str, ...] = ()
    total: int = 0
    chosen: bool = False
    hidden: int = 0
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """One chart's need: the lines of some runs in a range of its x axis, for a width in pixels."""

    key: str
    runs: tuple[ShownRun, ...]
    low: float | None
    high: float | None
    pixels: int
    log: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One run in one chart.

    Attributes:
        curve: what to draw.
        raw: when `curve` is smoothed, the points as they are, to show faintly behind.
        part: True when only a part of the x axis was read.
    """

    curve: Curve = EMPTY
    raw: Curve | None = None
    part: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Everything one refresh asks for.

    Attributes:
        query: the runs of the table.
        selected: the runs that the session has selected, if the line-up may have changed, else None.
        wishes: what the visible charts need.
        options: how to make the lines.
        eyes: which of the runs are shown.
    """

    query: RunQuery
    selected: tuple[int, ...] | None
    wishes: tuple[Wish, ...]
    options: Options
    eyes: Eyes = NO_ONE_HIDDEN


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: the line-up if it was asked for, and the lines by metric and run."""

    question: Question
    lineup: Lineup | None
    lines: dict[tuple[str, int], Line]


def answer(store: Store, question: Question) -> Answer:
    """Read all that one refresh needs."""
    selected = question.selected
    lineup = None if selected is None else _line_up(store, question.query, selected, question.eyes)
    lines = {
        (wish.key, run.id): read_line(store, run, wish, question.options)
        for wish in question.wishes
        for run in wish.runs
    }
    return Answer(question, lineup, lines)


def _line_up(store: Store, query: RunQuery, selected: Sequence[int], eyes: Eyes) -> Lineup:
    """Nobody, rather than those of before, where the filter cannot be read: the table says why."""
    try:
        return line_up(store, query, selected, eyes)
    except FilterError:
        return Lineup(unreadable=True)


def line_up(store: Store, query: RunQuery, selected: Sequence[int], eyes: Eyes = NO_ONE_HIDDEN) -> Lineup:
    """The runs to show: those selected, else the first of the table; deleted and hidden ones are left out."""
    chosen = bool(eyes.only or selected)
    if eyes.only:
        ids = np.array(list(numbers_of(store, eyes.only).values()), np.int64)
    elif selected:
        ids = np.array(selected, np.int64)
    elif eyes.hidden:  # which of all runs are hidden is told too
        ids = run_ids(store, query)
    else:
        ids, total = first_runs(store, query, NEWEST)
        return _lineup(store, ids.tolist(), total, chosen, 0)
    present = len(ids)
    if eyes.hidden:
        ids = ids[~np.isin(ids, list(numbers_of(store, eyes.hidden).values()))]
    return _lineup(store, ids[: MOST if chosen else NEWEST].tolist(), len(ids), chosen, present - len(ids))


def _lineup(store: Store, first: list[int], total: int, chosen: bool, hidden: int) -> Lineup:
    found = rows(store, first, ())
    runs = tuple(ShownRun(run, found[run].name, found[run].start_time) for run in first if run in found)
    return Lineup(runs, tuple(metric_keys(store, [run.id for run in runs])), total, chosen, hidden)


def read_line(store: Store, run: ShownRun, wish: Wish, options: Options) -> Line:
    """The line of one run, smoothed on all its points before it is reduced to the pixels of the chart."""
    if options.x is XAxis.STEP and not options.smoothing:
        line = curve(store, run.id, wish.key, wish.low, wish.high, wish.pixels)
        # Where a column's lowest value cannot be shown, its lowest positive one must be found among all points.
        if not (wish.log and line.reduced and np.nanmin(line.y, initial=np.inf) <= 0):
            return Line(line, part=wish.low is not None)
    return line_of(points(store, run.id, wish.key), run.start, wish, options)


def line_of(series: Points, start: int, wish: Wish, options: Options) -> Line:
    """The line of a series whose points are all at hand."""
    part = wish.low is not None
    x, order = _x_values(series, start, options.x)
    values = series.values if order is None else series.values[order]
    visible = np.where(values > 0, values, np.nan) if wish.log else values
    raw = reduce(x, visible, wish.low, wish.high, wish.pixels)
    if not options.smoothing:
        return Line(raw, part=part)
    averages = smooth(values, options.smoothing)
    return Line(reduce(x, averages, wish.low, wish.high, wish.pixels), raw, part)


def _x_values(series: Points, start: int, x: XAxis) -> tuple[Floats, NDArray[np.intp] | None]:
    """The ascending x values and, if the points have to be put in another order for that, the order."""
    if x is XAxis.STEP:
        return series.steps.astype(np.float64), None
    seconds = (series.times - (start if x is XAxis.RELATIVE else 0)) / 1000.0
    if np.all(seconds[1:] >= seconds[:-1]):
        return seconds, None
    order = np.argsort(seconds, kind="stable")
    return seconds[order], order
