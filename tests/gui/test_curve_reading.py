"""What charts read: the line-up of runs, and lines that are smoothed before they are reduced."""

from __future__ import annotations

import numpy as np
import pytest

from runfolio.core.smoothing import smooth
from runfolio.gui.curves.answer import answer
from runfolio.gui.curves.lineup import MOST, NEWEST, Question, ShownRun, WantedLines
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.reading import line_up, read_line
from runfolio.gui.curves.x_axes import XAxis
from runfolio.store import Store
from runfolio.store.experiments import list_experiments
from runfolio.store.run_query import RunQuery
from tests.gui.writing import Writer, number_of

PIXELS = 100
USUAL = Options()


def logged(store: Store, writer: Writer, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> ShownRun:
    run = writer.run("one")
    writer.points(run, "loss", values.tolist())
    writer.commit()
    return ShownRun(number_of(store, run), "one", run.info.start_time)


def wanted(
    run: ShownRun, options: Options = USUAL, low: float | None = None, high: float | None = None, log: bool = False
) -> WantedLines:
    return WantedLines("loss", (run,), low, high, PIXELS, log, ("loss",), options)


def noisy(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.random.default_rng(1).normal(size=count)
    values[count // 2] = 50.0
    values[100:120] = np.nan
    return values


def test_a_spike_survives_the_reduction(store: Store, writer: Writer) -> None:
    run = logged(store, writer, noisy(20_000))
    line = read_line(store, run, wanted(run))
    assert line.curve.reduced and line.raw is None
    assert line.curve.y[line.curve.x == 10_000] == 50.0
    assert np.nanmin(line.curve.y) == np.nanmin(noisy(20_000))


def test_smoothing_comes_before_reduction(store: Store, writer: Writer) -> None:
    values = noisy(20_000)
    run = logged(store, writer, values)
    line = read_line(store, run, wanted(run, Options(smoothing=0.9)))
    averages = smooth(values, 0.9)
    assert line.raw is not None and line.curve.reduced
    np.testing.assert_allclose(line.curve.y, averages[line.curve.x.astype(int)])
    assert np.nanmax(line.raw.y) == 50.0
    assert np.nanmax(line.curve.y) == pytest.approx(np.nanmax(averages))


def test_a_zoomed_smoothed_line_is_the_same_average(store: Store, writer: Writer) -> None:
    values = noisy(20_000)
    run = logged(store, writer, values)
    line = read_line(store, run, wanted(run, Options(smoothing=0.9), 15_000, 15_050))
    assert line.part and not line.curve.reduced
    np.testing.assert_allclose(line.curve.y, smooth(values, 0.9)[line.curve.x.astype(int)])


def test_relative_time_begins_at_the_start_of_the_run(store: Store, writer: Writer) -> None:
    run = logged(store, writer, np.arange(5.0))
    line = read_line(store, run, wanted(run, Options(x=XAxis.RELATIVE)))
    np.testing.assert_allclose(line.curve.x, [0, 1, 2, 3, 4])


def test_points_that_came_out_of_order_are_drawn_in_time(store: Store, writer: Writer) -> None:
    run = writer.run("resumed")
    start = run.info.start_time
    for step, second, value in ((0, 0, 1.0), (1, 9, 2.0), (2, 3, 3.0)):
        run.log_metric("loss", value, step, start + 1000 * second)
    writer.commit()
    shown = ShownRun(number_of(store, run), "resumed", start)
    curve = read_line(store, shown, wanted(shown, Options(x=XAxis.TIME))).curve
    np.testing.assert_allclose(curve.x - start / 1000, [0, 3, 9])
    np.testing.assert_array_equal(curve.y, [1.0, 3.0, 2.0])


def test_a_logarithmic_line_keeps_the_lowest_positive_value(store: Store, writer: Writer) -> None:
    values = np.ones(20_000)
    values[7_000], values[7_001] = 1e-6, -1.0
    run = logged(store, writer, values)
    line = read_line(store, run, wanted(run, log=True))
    assert np.nanmin(line.curve.y) == 1e-6


def test_a_smoothed_logarithmic_line_keeps_the_lowest_value_that_it_can_show(store: Store, writer: Writer) -> None:
    values = np.ones(20_000)
    values[7_000:7_004] = -30.0
    run = logged(store, writer, values)
    line = read_line(store, run, wanted(run, Options(smoothing=0.5), log=True))
    averages = smooth(values, 0.5)
    assert line.curve.reduced and np.nanmin(averages) < 0
    assert np.nanmin(line.curve.y) == np.min(averages[averages > 0])


def test_without_a_selection_the_newest_runs_are_shown(store: Store, writer: Writer) -> None:
    for number in range(NEWEST + 2):
        writer.points(writer.run(f"run-{number}"), "loss", [1.0])
    writer.points(writer.run("other", experiment="else"), "other", [1.0])
    writer.commit()
    experiment = next(one.id for one in list_experiments(store) if one.name == "digits")
    found = line_up(store, RunQuery((experiment,)), ())
    assert len(found.runs) == NEWEST and found.total == NEWEST + 2 and not found.chosen
    assert found.keys == ("loss",)


def test_selected_runs_keep_their_order_and_deleted_ones_are_left_out(store: Store, writer: Writer) -> None:
    one, two = writer.run("one"), writer.run("two")
    writer.points(one, "a", [1.0])
    writer.points(two, "b", [1.0])
    writer.commit()
    numbers = number_of(store, two), number_of(store, one), 999
    found = line_up(store, RunQuery((1,)), numbers)
    assert [run.name for run in found.runs] == ["two", "one"]
    assert found.keys == ("a", "b") and found.chosen


def test_a_huge_selection_is_capped_and_said_so(store: Store, writer: Writer) -> None:
    runs = [writer.run(f"run-{number}") for number in range(MOST + 5)]
    writer.commit()
    found = line_up(store, RunQuery((1,)), [number_of(store, run) for run in runs])
    assert len(found.runs) == MOST and found.total == MOST + 5


def test_one_answer_has_the_lineup_and_all_lines(store: Store, writer: Writer) -> None:
    run = logged(store, writer, np.arange(5.0))
    found = answer(store, Question(RunQuery((1,)), (run.id,), (wanted(run),)))
    assert found.lineup is not None and found.lineup.runs[0].id == run.id
    assert list(found.lines) == ["loss"] and list(found.lines["loss"]) == [run.id]


def test_nothing_may_be_left_of_a_line_along_a_metric(store: Store, writer: Writer) -> None:
    """All of its places are at 0 or below, where x is logarithmic, and went back and forth."""
    number = writer.run("backwards")
    writer.points(number, "loss", [1.0, 2.0, 3.0])
    writer.points(number, "samples", [-1.0, -3.0, -2.0])
    writer.commit()
    options = Options(x=XAxis.METRIC, x_metric="samples", log_x=True)
    run = ShownRun(number_of(store, number), "backwards", 0)
    line = read_line(store, run, wanted(run, options))
    assert not len(line.curve.x) and line.curve.points == 0
