"""Stretches of axes: which runs lie in them, what the keyboard does, and that they keep their values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.columns import metric, param
from runfolio.core.grouping import NOTHING, Values
from runfolio.core.scales import Placed, placed
from runfolio.gui.compare.brushes import LOWEST, Brushes, all_carried, between, inside, nudged, shifted

LOSS, KIND = metric("loss"), param("kind")
RUNS = np.arange(5)


def losses(*values: float, log: bool = False, flipped: bool = False) -> Placed:
    return placed(LOSS, Values(np.arange(len(values)), np.array(values)), RUNS, log=log, flipped=flipped)


def kinds() -> Placed:
    codes = np.array([0, 1, 2, 0, NOTHING])
    return placed(KIND, Values(RUNS[:4], np.full(4, np.nan), codes[:4], ("a", "b", "c")), RUNS)


def picked(axes: list[Placed], brushes: Brushes) -> list[int]:
    return np.flatnonzero(inside(axes, brushes, len(RUNS))).tolist()


def test_runs_lie_in_all_stretches_and_those_without_a_place_below_the_axis() -> None:
    axes = [losses(0, 1, 2, 4), kinds()]
    assert picked(axes, {LOSS: (0.25, 0.5)}) == [1, 2]
    assert picked(axes, {LOSS: (0.0, 1.0)}) == [0, 1, 2, 3]
    assert picked(axes, {LOSS: (LOWEST, -0.01)}) == [4]
    assert picked(axes, {LOSS: (LOWEST, 1.0), KIND: (0.0, 0.1)}) == [0, 3]
    assert picked(axes, {}) == [0, 1, 2, 3, 4]


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5))
def test_a_stretch_stays_on_the_axis_however_it_is_dragged(one: float, other: float, by: float) -> None:
    low, high = between(one, other)
    assert LOWEST <= low <= high <= 1
    moved = shifted((low, high), by)
    assert LOWEST - 1e-9 <= moved[0] <= moved[1] <= 1 + 1e-9 and np.isclose(moved[1] - moved[0], high - low)


def test_the_keyboard_moves_one_end_and_reaches_the_runs_without_a_place() -> None:
    axis = losses(0, 1, 2, 4)
    assert nudged(None, axis, -1, lower=False) == (0.0, 0.98)
    assert nudged((0.0, 0.98), axis, 5, lower=True) == pytest.approx((0.1, 0.98))
    below = nudged((0.0, 0.5), axis, -1, lower=True)
    assert below == (LOWEST, 0.5) and nudged(below, axis, 1, lower=True) == (0.0, 0.5)
    assert nudged((0.0, 1.0), axis, 99, lower=True) == (1.0, 1.0)
    names = nudged(None, kinds(), -1, lower=False)
    assert picked([kinds()], {KIND: names}) == [0, 1, 3], "one category less"


@pytest.mark.parametrize(("log", "flipped"), [(False, True), (True, False), (True, True)])
def test_a_stretch_holds_the_same_runs_when_its_axis_is_turned_or_logarithmic(log: bool, flipped: bool) -> None:
    before = losses(1, 10, 100, 1000)
    brushes = {LOSS: (0.005, 0.5)}
    after = losses(1, 10, 100, 1000, log=log, flipped=flipped)
    assert picked([before], brushes) == picked([after], all_carried(brushes, [before], [after])) == [1, 2]


def test_a_stretch_holds_the_same_values_when_runs_come_and_goes_with_its_axis() -> None:
    before, after = losses(0, 1, 2, 4), losses(0, 1, 2, 4, 8)
    brushes = {LOSS: (0.2, 0.6)}
    assert picked([after], all_carried(brushes, [before], [after])) == [1, 2]
    assert all_carried(brushes, [before], [kinds()]) == {}
    wider = replace(kinds().scale, categories=["a", "aa", "b", "c"], high=3.0)
    other = replace(kinds(), scale=wider)
    assert all_carried({KIND: (0.0, 0.4)}, [kinds()], [other]) == {}, "other categories stand elsewhere"
    assert all_carried({KIND: (0.0, 0.4)}, [kinds()], [kinds()]) == {KIND: (0.0, 0.4)}
    assert all_carried({LOSS: (0.0, 0.1)}, [losses(-4, 1, 2)], [losses(-4, 1, 2, log=True)]) == {}
