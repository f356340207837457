"""The numbers of a chart as CSV: every point that was logged in the range in view, or the lines as drawn. No Qt."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runfolio.core.curves import Floats, Integers
from runfolio.core.numbers import exact
from runfolio.core.printable import Progress, quietly
from runfolio.core.smoothing import smooth
from runfolio.gui.curves.answer import read_any
from runfolio.gui.curves.figure import VECTOR_DPI
from runfolio.gui.curves.figure_reading import ChartNow
from runfolio.gui.curves.lineup import Line, Shown, ShownGroup, ShownRun, metric_of
from runfolio.gui.curves.options import XAxis
from runfolio.gui.curves.reading import x_values
from runfolio.store import Store
from runfolio.store.runs import public_ids
from runfolio.store.series import points

#: Points that are written at once, as rows of a few hundred bytes.
PART = 20_000
#: Lines as drawn are as fine as in a drawing of so many columns of pixels.
COLUMNS = 7 * VECTOR_DPI

Rows = Iterator[Sequence[Any]]


def write_points(store: Store, chart: ChartNow, file: Path, progress: Progress = quietly) -> int:
    """Write all points in the range of x that is shown, and tell how many there are.

    A row has the run's name and id, its group where there are groups, the metric where there are several, step, time
    (ISO 8601), x where that is something else, the value as it was logged with all its digits (`nan`, `inf` and `-inf`
    too), and the smoothed one where lines are smoothed. Smoothing is computed on all points, as in charts. Stops when
    `progress` raises.
    """
    options = chart.options
    of = [(run, shown.name, metric) for metric in chart.metrics for shown in chart.runs for run in _members(shown)]
    grouped = any(isinstance(shown, ShownGroup) for shown in chart.runs)
    titles = ["run", "run_id", *(["group"] if grouped else []), *(["metric"] if chart.several else [])]
    titles += ["step", "time", *([] if options.x is XAxis.STEP else ["x"])]
    titles += ["value" if chart.several else chart.key, *(["smoothed"] if options.smoothing else [])]
    written = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(titles)
        for done, (run, group, metric) in enumerate(of):
            progress(done, len(of))
            about = [*([group] if grouped else []), *([metric] if chart.several else [])]
            for part in _parts(store, chart, run, metric, about):
                writer.writerows(part)
                written += len(part)
                progress(done, len(of))
    return written


def _members(shown: Shown) -> tuple[ShownRun, ...]:
    return shown.members if isinstance(shown, ShownGroup) else (shown,)


def _parts(
    store: Store, chart: ChartNow, run: ShownRun, metric: str, about: list[str]
) -> Iterator[list[Sequence[Any]]]:
    """The rows of a run that is still there, some thousand at a time."""
    found, options = points(store, run.id, metric), chart.options
    own = public_ids(store, [run.id])
    if not own or not len(found):
        return
    x, order = x_values(found, run.start, options.x)
    places = np.arange(len(found)) if order is None else order
    smoothed = smooth(found.values[places], options.smoothing, options.smoother, x) if options.smoothing else None
    low, high = chart.x
    there = np.flatnonzero((x >= low) & (x <= high))
    for start in range(0, len(there), PART):
        some = there[start : start + PART]
        kept = places[some]
        columns: list[list[Any]] = [found.steps[kept].tolist(), _moments(found.times[kept])]
        columns += [] if options.x is XAxis.STEP else [_texts(x[some])]
        columns += [_texts(found.values[kept])]
        columns += [] if smoothed is None else [_texts(smoothed[some])]
        yield [[run.name, *own, *about, *cells] for cells in zip(*columns, strict=True)]


def write_drawn(store: Store, chart: ChartNow, file: Path, progress: Progress = quietly) -> int:
    """Write the corners of the lines as they are drawn, and tell how many there are.

    A row has the name of the run or group, the metric where there are several, x and y; of a group also the edges of
    the band and how many runs there are.
    """
    each = list(chart.wanted(COLUMNS).each())
    grouped = any(isinstance(shown, ShownGroup) for shown in chart.runs)
    titles = [
        "name",
        *(["metric", "x", "value"] if chart.several else ["x", chart.key]),
        *(["low", "high", "runs"] if grouped else []),
    ]
    written = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(titles)
        for done, (one, shown, alone) in enumerate(each):
            progress(done, len(each))
            columns = _corners(read_any(store, shown, alone, chart.options), chart)
            about = [shown.name, *([metric_of(one)] if chart.several else [])]
            writer.writerows([*about, *cells] for cells in zip(*columns, strict=True))
            written += len(columns[0])
    return written


def _corners(line: Line, chart: ChartNow) -> list[list[Any]]:
    """What is known of the corners in the range, column by column."""
    low, high = chart.x
    there = (line.curve.x >= low) & (line.curve.x <= high)
    columns: list[list[Any]] = [_texts(line.curve.x[there]), _texts(line.curve.y[there])]
    if line.spread is not None:
        edges = line.spread.sums.band(line.spread.band)
        columns += [_texts(np.asarray(edge)[there]) for edge in edges]
        columns += [line.spread.sums.count[there].tolist()]
    return columns


def _texts(values: Floats) -> list[str]:
    """Numbers as short as they can be read back without loss."""
    return [exact(value) for value in values.tolist()]


def _moments(milliseconds: Integers) -> list[str]:
    """Times in ISO 8601; all of them, be they far outside of the calendar."""
    texts = np.datetime_as_string(milliseconds.astype("datetime64[ms]"), unit="ms")
    return [f"{text}+00:00" for text in texts.tolist()]
