"""What charts of single runs read from the store, on a worker thread: which runs, and the lines to draw. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from runfolio.core.curves import EMPTY, Curve, Floats, Points, reduce
from runfolio.core.errors import FilterError
from runfolio.core.eyes import Eyes
from runfolio.core.known_total import RECENT, last_step
from runfolio.core.pairing import thinned
from runfolio.core.system_tags import is_system_metric
from runfolio.gui.aliases import Ids
from runfolio.gui.curves.lineup import MOST, NEWEST, NO_ONE_HIDDEN, Ahead, Line, Lineup, Question, ShownRun, WantedLines
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.placing import Placed, placed
from runfolio.gui.curves.x_axes import XAxis
from runfolio.store import Store
from runfolio.store.curves import curves
from runfolio.store.nested import read_nested, read_parents
from runfolio.store.run_order import first_runs, run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.runs import are_named, numbers_of
from runfolio.store.series import metric_keys, points, recent_points
from runfolio.store.table import rows
from runfolio.store.totals import known_totals

# Among so many of the newest runs there are as a rule enough that are nested in none.
LOOKED_AT = 200
# A sweep of sweeps of sweeps is looked into so far; runs can even be nested in each other in a circle.
DEEPEST = 8
# What x is of which the store knows the outlines of lines.
STEPS = Options().across
# A path that goes back and forth has so many corners for each pixel of the chart's width at most.
PATH_CORNERS = 8


def line_up_runs(store: Store, question: Question, selected: Sequence[int]) -> Lineup:
    """Nobody, rather than those of before, where the filter cannot be read: the table says why."""
    try:
        found = line_up(store, question.query, selected, question.eyes, on_top=question.on_top)
    except FilterError:
        return Lineup(unreadable=True)
    if not found.runs or not all(map(is_system_metric, found.keys)):
        return found
    return _nested_in(store, found, question.eyes)


def line_up(
    store: Store, query: RunQuery, selected: Sequence[int], eyes: Eyes = NO_ONE_HIDDEN, *, on_top: bool = False
) -> Lineup:
    """The runs to show: those selected, else the first of the table; deleted and hidden ones are left out."""
    chosen = bool(eyes.only or selected)
    if eyes.only:
        ids = np.array(list(numbers_of(store, eyes.only).values()), np.int64)
    elif selected:
        ids = np.array(selected, np.int64)
    elif eyes.hidden:  # which of all runs are hidden is told too
        ids = run_ids(store, query)
    else:
        ids, total = _first(store, query) if on_top else first_runs(store, query, NEWEST)
        return _lineup(store, ids[:NEWEST].tolist(), total, chosen, 0)
    left = ids[~are_named(store, ids, eyes.hidden)]
    first = _on_top(store, query, left) if on_top and not chosen else left
    return _lineup(store, first[: MOST if chosen else NEWEST].tolist(), len(left), chosen, len(ids) - len(left))


def _first(store: Store, query: RunQuery) -> tuple[Ids, int]:
    """The first runs that stand beneath none, and how many there are with those that do."""
    ids, total = first_runs(store, query, LOOKED_AT)
    top = _on_top(store, query, ids)
    if len(top) < NEWEST and len(ids) < total:
        top = _on_top(store, query, run_ids(store, query))
    return top, total


def _on_top(store: Store, query: RunQuery, ids: Ids) -> Ids:
    """Without those that stand beneath another one of the table."""
    with store.reading() as connection:
        some = ids if len(ids) <= LOOKED_AT else None
        children, parents = read_parents(connection, query.experiments, some)
    if query.filter:
        children = children[np.isin(parents, run_ids(store, query))]
    return ids[~np.isin(ids, children)]


def _nested_in(store: Store, lineup: Lineup, eyes: Eyes) -> Lineup:
    """The runs beneath those of a line-up, on the first level that has metrics; the line-up itself if there is none."""
    above, most = [run.id for run in lineup.runs], MOST if lineup.chosen else NEWEST
    for _ in range(DEEPEST):
        with store.reading() as connection:
            ids = read_nested(connection, above)
        if not len(ids):
            break
        left = ids[~are_named(store, ids, eyes.hidden)]
        hidden = lineup.hidden + len(ids) - len(left)
        below = replace(_lineup(store, left[:most].tolist(), len(left), lineup.chosen, hidden), nested=True)
        if not all(map(is_system_metric, below.keys)):
            return below
        above = ids.tolist()
    return lineup


def shown_runs(store: Store, runs: Sequence[int]) -> tuple[ShownRun, ...]:
    """Those of the runs that there are."""
    found = rows(store, runs, ())
    return tuple(ShownRun(run, found[run].name, found[run].start_time) for run in runs if run in found)


def _lineup(store: Store, first: list[int], total: int, chosen: bool, hidden: int) -> Lineup:
    shown, totals = shown_runs(store, first), known_totals(store, first)
    runs = tuple(replace(run, total=totals.get(run.id)) for run in shown)
    return Lineup(runs, tuple(metric_keys(store, [run.id for run in runs])), total, chosen, hidden)


def read_line(store: Store, run: ShownRun, wanted: WantedLines) -> Line:
    """The line of one run, smoothed on all its points before it is reduced to the pixels of the chart."""
    return read_run_lines(store, [run], wanted)[run.id]


def read_run_lines(store: Store, runs: Sequence[ShownRun], wanted: WantedLines) -> dict[int, Line]:
    """The same of several runs."""
    lines = _drawn(store, runs, wanted)
    for run in runs:
        if run.id not in lines:
            points_of_run = place(store, run, points(store, run.id, wanted.key), wanted.options)
            lines[run.id] = line_of(points_of_run, wanted)
        if run.total is not None and wanted.options.known_total:
            recent = recent_points(store, run.id, wanted.key, RECENT)
            end = last_step(run.total, recent)
            lines[run.id] = lines[run.id] if end is None else replace(lines[run.id], ahead=Ahead(end, recent))
    return lines


def _drawn(store: Store, runs: Sequence[ShownRun], wanted: WantedLines) -> dict[int, Line]:
    """The lines of those runs of which not all points are needed, for the store can reduce them."""
    options = wanted.options
    if options.across != STEPS or options.smoothing:
        return {}
    ids = [run.id for run in runs]
    found = curves(store, ids, wanted.key, wanted.low, wanted.high, wanted.pixels)
    lines = {run: Line(found.get(run, EMPTY), part=wanted.part) for run in ids}
    # Where a column's lowest value cannot be shown, its lowest positive one must be found among all points.
    return {run: line for run, line in lines.items() if not (wanted.log and _lacks_lowest(line.curve))}


def _lacks_lowest(curve: Curve) -> bool:
    return curve.reduced and bool(np.nanmin(curve.y, initial=np.inf) <= 0)


def place(store: Store, run: ShownRun, series: Points, options: Options) -> Placed:
    """Where points of a run stand along x; where x is a metric, it is read for that."""
    other = points(store, run.id, options.x_metric) if options.x is XAxis.METRIC and len(series) else None
    return placed(series, run.start, options, other if other is not None and len(other) else None)


def line_of(found: Placed, wanted: WantedLines) -> Line:
    """The line through points that are all at hand."""
    part = wanted.part
    raw = reduced(found, wanted.visible(found.values), wanted)
    if wanted.log:  # what a logarithmic axis cannot show may be a number all the same
        raw = replace(raw, non_finite=_missing(found, wanted))
    if found.smoothed is None:
        return Line(raw, part=part, path=found.path, lack=found.lack)
    smoothed = reduced(found, wanted.visible(found.smoothed), wanted)
    return Line(smoothed, raw, part, path=found.path, lack=found.lack)


def _missing(found: Placed, wanted: WantedLines) -> int:
    """How many values in the range are NaN or infinite."""
    low, high = wanted.low, wanted.high
    inside = (found.x >= (-np.inf if low is None else low)) & (found.x <= (np.inf if high is None else high))
    return int((inside & ~np.isfinite(found.values)).sum())


def reduced(found: Placed, y: Floats, wanted: WantedLines) -> Curve:
    """The polyline through the points with these values, reduced to the pixels of the chart."""
    if not found.path or not len(found.x):  # nothing may be left of it on a logarithmic axis
        return reduce(found.x, y, wanted.low, wanted.high, wanted.pixels)
    low = float(np.min(found.x)) if wanted.low is None else wanted.low
    high = float(np.max(found.x)) if wanted.high is None else wanted.high
    kept = thinned(found.x, y, high - low, wanted.pixels, PATH_CORNERS * wanted.pixels)
    inside = (found.x >= low) & (found.x <= high)
    missing = int((inside & ~np.isfinite(y)).sum())
    drawn = np.where(np.isfinite(y[kept]), y[kept], np.nan)
    return Curve(found.x[kept], drawn, int(inside.sum()), len(kept) < len(y), missing)
