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
from runfolio.gui.curves.answer import read_any
from runfolio.gui.curves.figure import VECTOR_DPI
from runfolio.gui.curves.figure_reading import ChartNow
from runfolio.gui.curves.lineup import Line, ShownGroup, ShownRun, metric_of
from runfolio.gui.curves.reading import place
from runfolio.gui.curves.x_axes import XAxis
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

    A row has the run's name and id, its group where there are groups, the metric, step, time (ISO 8601), x where that
    is no step, the value as it was logged with all its digits (`nan`, `inf` and `-inf` too), and the smoothed one where
    lines are smoothed. Smoothing is computed on all points, as in charts. Stops when `progress` raises.
    """
    chart = chart.flat()
    options = chart.options
    of = [(run, shown.name, metric) for metric in chart.metrics for shown in chart.runs for run in shown.members]
    grouped = any(isinstance(shown, ShownGroup) for shown in chart.runs)
    titles = ["run", "run_id", *(["group"] if grouped else []), "metric", "step", "time"]
    titles += [*([] if options.x is XAxis.STEP else ["x"]), "value", *(["smoothed"] if options.smoothing else [])]
    written = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(titles)
        for done, (run, group, metric) in enumerate(of):
            progress(done, len(of))
            for part in _parts(store, chart, run, metric, [group] if grouped else []):
                writer.writerows(part)
                written += len(part)
                progress(done, len(of))
    return written


def _parts(
    store: Store, chart: ChartNow, run: ShownRun, metric: str, group: list[str]
) -> Iterator[list[Sequence[Any]]]:
    """The rows of a run that is still there, some thousand at a time."""
    found, options = points(store, run.id, metric), chart.options
    own = public_ids(store, [run.id])
    if not own or not len(found):
        return
    there = place(store, run, found, options)
    low, high = chart.x
    inside = np.flatnonzero((there.x >= low) & (there.x <= high))
    for start in range(0, len(inside), PART):
        some = inside[start : start + PART]
        kept = there.rows[some]
        columns: list[list[Any]] = [found.steps[kept].tolist(), _moments(found.times[kept])]
        columns += [] if options.x is XAxis.STEP else [_texts(there.x[some])]
        columns += [_texts(there.values[some])]
        columns += [] if there.smoothed is None else [_texts(there.smoothed[some])]
        yield [[run.name, *own, *group, metric, *cells] for cells in zip(*columns, strict=True)]


def write_drawn(store: Store, chart: ChartNow, file: Path, progress: Progress = quietly) -> int:
    """Write the corners of the lines as they are drawn, and tell how many there are.

    A row has the name of the run or group, the metric, x and value; of a group also the edges of the band and how many
    runs there are.
    """
    chart = chart.flat()
    each = list(chart.wanted(COLUMNS).each())
    grouped = any(isinstance(shown, ShownGroup) for shown in chart.runs)
    titles = ["name", "metric", "x", "value", *(["low", "high", "runs"] if grouped else [])]
    written = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(titles)
        for done, (one, shown, alone) in enumerate(each):
            progress(done, len(each))
            columns = _corners(read_any(store, shown, alone), chart)
            about = [shown.name, metric_of(one) or chart.key]
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
