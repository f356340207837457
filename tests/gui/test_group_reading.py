"""What charts of groups read: lines and bands of all points, smoothed one by one, before they are reduced to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runfolio.core.curves import Floats
from runfolio.core.smoothing import smooth
from runfolio.core.statistics import Band, Statistic
from runfolio.gui.curves.group_reading import MOST_FAINT, read_group
from runfolio.gui.curves.group_texts import caption, details
from runfolio.gui.curves.lineup import Line, ShownGroup, ShownRun, Spread, WantedLines
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import XAxis
from runfolio.store import Store
from tests.gui.writing import Writer, number_of

PIXELS = 100
USUAL = Options()


def group_of(store: Store, writer: Writer, curves: Floats | Sequence[Sequence[float]]) -> ShownGroup:
    """A group of runs that have logged these values."""
    started = [writer.run(f"run-{number}") for number in range(len(curves))]
    for run, values in zip(started, curves, strict=True):
        writer.points(run, "loss", values)
    writer.commit()
    members = tuple(ShownRun(number_of(store, run), run.info.run_name, run.info.start_time) for run in started)
    return ShownGroup(-5, "lr 0.1", members, len(members), 0)


def read(store: Store, group: ShownGroup, options: Options = USUAL, **wanted: Any) -> Line:
    whole = WantedLines("loss", (group,), None, None, PIXELS, False, options=options)
    return read_group(store, group, replace(whole, **wanted))


def spread_of(line: Line) -> Spread:
    assert line.spread is not None
    return line.spread


def noisy(count: int, number: int = 3) -> Floats:
    return np.random.default_rng(1).normal(size=(number, count))


def test_a_line_and_its_band_are_those_of_all_points(store: Store, writer: Writer) -> None:
    """Whatever is left out to draw them: least and greatest values of each column of pixels are among what is drawn."""
    values = noisy(20_000)
    values[:, 7_777] = 1e3
    values[1, 12_345] = -1e4
    line = read(store, group_of(store, writer, values), Options(band=Band.RANGE))
    spread = spread_of(line)
    assert line.curve.reduced and len(line.curve.x) <= 4 * PIXELS + 4
    np.testing.assert_allclose(line.curve.y, values.mean(axis=0)[line.curve.x.astype(int)], rtol=1e-9, atol=1e-12)
    assert line.curve.y[line.curve.x == 7_777] == 1e3
    assert spread.low.y[spread.low.x == 12_345] == -1e4
    edges = (spread.low, values.min(axis=0), np.min), (spread.high, values.max(axis=0), np.max)
    for edge, own, extreme in edges:
        np.testing.assert_array_equal(edge.y, own[edge.x.astype(int)])
        assert len(edge.x) <= PIXELS + 4, "one corner for each column of pixels"
        width = 19_999 / PIXELS
        for column in range(PIXELS):
            inside = edge.y[(edge.x >= column * width) & (edge.x < (column + 1) * width)]
            there = own[int(np.ceil(column * width)) : int(np.ceil((column + 1) * width))]
            assert extreme(inside) == extreme(there)
    assert (spread.points, spread.runs, spread.counts) == (60_000, 3, (3, 3))


def test_each_run_is_smoothed_before_they_are_put_together(store: Store, writer: Writer) -> None:
    values = noisy(300)
    group = group_of(store, writer, values)
    smoothed = np.array([smooth(row, 0.9) for row in values])
    for low, high in ((None, None), (100.0, 150.0)):
        line = read(store, group, Options(smoothing=0.9, line=Statistic.MEDIAN), low=low, high=high)
        places, spread = line.curve.x.astype(int), spread_of(line)
        np.testing.assert_allclose(line.curve.y, np.median(smoothed, axis=0)[places], rtol=1e-9)
        edge = smoothed.mean(axis=0) + smoothed.std(axis=0, ddof=1)
        np.testing.assert_allclose(spread.high.y, edge[spread.high.x.astype(int)], rtol=1e-9)
        np.testing.assert_allclose(spread.sums.deviation, smoothed.std(axis=0, ddof=1)[places], rtol=1e-9)
        assert line.part is (low is not None)


def test_runs_of_a_group_are_faint_on_demand_and_not_too_many(store: Store, writer: Writer) -> None:
    group = group_of(store, writer, noisy(5, MOST_FAINT + 2))
    assert spread_of(read(store, group)).members == ()
    spread = spread_of(read(store, group, Options(members=True)))
    assert len(spread.members) == MOST_FAINT
    assert f"the first {MOST_FAINT} of them are faint behind" in details([(group, spread)])


def test_what_a_legend_says(store: Store, writer: Writer) -> None:
    group = group_of(store, writer, [[1.0, 2.0, 3.0, 4.0], [3.0, float("nan"), 5.0], [], [2.0]])
    spread = spread_of(read(store, group))
    assert caption([spread]) == "mean ± std · n 1 to 3"
    assert details([(group, spread)]) == (
        "lr 0.1: n 1 to 3 of 4 runs, for the others have no such metric; 8 points; "
        "of which 1 is NaN or infinite and leaves a gap"
    )
    assert spread.text(0) == "2.0 ± 1.0 (n=3)"
    part = spread_of(read(store, group, Options(line=Statistic.MEDIAN, band=Band.NONE), low=3.0, high=9.0))
    assert caption([part]) == "median · n=1"


def test_times_are_interpolated_which_is_told(store: Store, writer: Writer) -> None:
    started = [writer.run(f"run-{number}") for number in range(2)]
    for pace, run in zip((1000, 1500), started, strict=True):
        writer.points(run, "loss", range(7), pace=pace)
    writer.commit()
    members = tuple(ShownRun(number_of(store, run), run.info.run_name, run.info.start_time) for run in started)
    line = read(store, ShownGroup(-5, "lr 0.1", members, 5, 0), Options(x=XAxis.RELATIVE))
    assert line.curve.x.tolist() == [0, 1, 1.5, 2, 3, 4, 4.5, 5, 6, 7.5, 9]
    assert line.curve.y[[2, 3, 8]].tolist() == pytest.approx([1.25, (2 + 2 / 1.5) / 2, 5.0])
    spread = spread_of(line)
    assert caption([spread]) == "mean ± std · n 1 to 2, interpolated"
    assert "of the first 2 of 5 runs; interpolated between" in details([(ShownGroup(-5, "", members, 5, 0), spread)])


def test_on_a_logarithmic_axis_what_is_not_above_zero_is_a_gap_in_the_line_alone(store: Store, writer: Writer) -> None:
    group = group_of(store, writer, [[1.0, 1.0, -3.0], [2.0, -0.5, 1.0]])
    line = read(store, group, log=True)
    np.testing.assert_array_equal(line.curve.y, [1.5, 0.25, np.nan])
    np.testing.assert_allclose(spread_of(line).low.y, [1.5 - 0.5**0.5, 0.25 - 1.125**0.5, -1 - 8**0.5])
