"""Reduced curves against all points: nothing that can be seen in a column of pixels is lost, nothing is invented."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.curves import Curve, Floats, first_where, highest, lowest, m4, reduce

SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, -1e308)
VALUES = st.floats(-10, 10, width=16) | st.sampled_from(SPECIAL)
LIMITS = st.none() | st.floats(-5, 130)


@st.composite
def series(draw: st.DrawFn, most: int = 120) -> tuple[Floats, Floats]:
    """Ascending steps, with repeats and gaps, and their values."""
    gaps = draw(st.lists(st.integers(0, 3), max_size=most))
    values = draw(st.lists(VALUES, min_size=len(gaps), max_size=len(gaps)))
    return np.cumsum(np.array(gaps, np.float64)), np.array(values, np.float64)


def shown(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def corners(x: Floats, y: Floats) -> Counter[tuple[float, str]]:
    return Counter((float(a), repr(float(b))) for a, b in zip(x, shown(y), strict=True))


@given(series(), LIMITS, LIMITS, st.integers(1, 40))
def test_counts_and_order_hold_for_any_view(
    data: tuple[Floats, Floats], low: float | None, high: float | None, pixels: int
) -> None:
    x, y = data
    found = reduce(x, y, low, high, pixels)
    inside = (x >= (-np.inf if low is None else low)) & (x <= (np.inf if high is None else high))
    assert found.points == inside.sum()
    assert found.non_finite == (inside & ~np.isfinite(y)).sum()
    assert found.x.dtype == found.y.dtype == np.float64
    assert (np.diff(found.x) >= 0).all()
    assert not np.isinf(found.y).any()
    assert len(found.x) <= 4 * (pixels + 1) + 2
    # Every corner is a point of the series, and none is drawn more often than it was logged.
    assert not corners(found.x, found.y) - corners(x, y)


@given(series(), LIMITS, LIMITS)
def test_few_points_are_drawn_as_they_are_with_a_neighbour_on_each_side(
    data: tuple[Floats, Floats], low: float | None, high: float | None
) -> None:
    x, y = data
    found = reduce(x, y, low, high, 1000)
    first = 0 if low is None else int((x < low).sum())
    last = len(x) if high is None else max(first, int((x <= high).sum()))
    wanted = slice(max(first - 1, 0), last + 1)
    assert not found.reduced
    assert np.array_equal(found.x, x[wanted])
    assert np.array_equal(found.y, shown(y[wanted]), equal_nan=True)


@given(series(), st.integers(1, 20))
def test_each_column_keeps_its_first_lowest_highest_and_last_point(data: tuple[Floats, Floats], pixels: int) -> None:
    x, y = data
    found = reduce(x, y, pixels=pixels)
    if not found.reduced:
        assert len(x) <= 4 * pixels
        return
    width = (x[-1] - x[0]) / pixels
    column = np.floor((x - x[0]) / width) if width else np.zeros(len(x))
    drawn_column = np.floor((found.x - x[0]) / width) if width else np.zeros(len(found.x))
    for number in np.unique(column):
        all_y, drawn = shown(y[column == number]), found.y[drawn_column == number]
        assert len(drawn) <= 4
        assert np.array_equal(drawn[[0, -1]], all_y[[0, -1]], equal_nan=True)
        if np.isfinite(all_y).any():
            assert np.nanmin(drawn) == np.nanmin(all_y)
            assert np.nanmax(drawn) == np.nanmax(all_y)
        else:
            assert np.isnan(drawn).all()


@given(st.integers(0, 9_999), st.integers(2, 500))
def test_a_spike_of_one_point_is_always_drawn(at: int, pixels: int) -> None:
    y = np.zeros(10_000)
    y[at] = 7.0
    found = reduce(np.arange(10_000.0), y, pixels=pixels)
    assert (found.x[found.y == 7.0] == at).all()
    assert (found.y == 7.0).sum() == 1


def test_a_far_neighbour_does_not_widen_the_columns() -> None:
    x = np.concatenate([[0.0], np.arange(1_000_000.0, 1_010_000.0), [9_000_000.0]])
    y = np.sin(x)
    found = reduce(x, y, 1_000_000.0, 1_009_999.0, pixels=100)
    assert found.points == 10_000
    assert (found.x[0], found.x[-1]) == (0.0, 9_000_000.0)
    assert len(found.x) > 300


def test_many_points_of_one_step_do_not_swallow_the_neighbours() -> None:
    x = np.concatenate([[0.0], np.full(1000, 5.0), [9.0]])
    y = np.concatenate([[100.0], np.linspace(-1, 1, 1000), [-100.0]])
    found = reduce(x, y, 5.0, 5.0, pixels=10)
    assert found.points == 1000
    inside = found.y[found.x == 5.0]
    assert (inside.min(), inside.max()) == (-1.0, 1.0)
    assert (found.y[0], found.y[-1]) == (100.0, -100.0)


def test_a_stretch_without_finite_values_is_a_gap() -> None:
    y = np.ones(10_000)
    y[4000:6000] = np.nan
    y[4500] = np.inf
    found = reduce(np.arange(10_000.0), y, pixels=50)
    assert found.reduced
    assert found.non_finite == 2000
    inside = (found.x >= 4000) & (found.x < 6000)
    assert np.isnan(found.y[inside]).all()
    assert np.isfinite(found.y[~inside]).all()


@pytest.mark.parametrize(("low", "high"), [(None, None), (3.0, 4.0), (-9.0, -8.0)])
def test_nothing_and_a_single_point(low: float | None, high: float | None) -> None:
    nothing = reduce(np.empty(0), np.empty(0), low, high)
    assert (len(nothing.x), nothing.points) == (0, 0)
    single = reduce(np.array([1.0]), np.array([2.0]), low, high)
    assert isinstance(single, Curve)
    assert single.points == (1 if low is None else 0)
    assert list(single.y) == [2.0]


@given(series())
def test_m4_returns_ascending_indices_each_once(data: tuple[Floats, Floats]) -> None:
    x, y = data
    if len(x):
        kept = m4(x, y, np.isfinite(y), 2.0)
        assert (np.diff(kept) > 0).all()
        assert kept[0] == 0
        assert kept[-1] == len(x) - 1


@given(series(), st.integers(1, 30))
def test_edges_of_a_band_keep_the_extreme_of_each_column_and_the_same_gaps(
    data: tuple[Floats, Floats], pixels: int
) -> None:
    x, low = data
    high = low + np.arange(len(low)) % 3
    if len(x) <= 4 * pixels:
        return
    below, above = reduce(x, low, pixels=pixels, keep=lowest), reduce(x, high, pixels=pixels, keep=highest)
    width = (x[-1] - x[0]) / pixels
    columns, of_below, of_above = (np.floor((some - x[0]) / (width or 1.0)) for some in (x, below.x, above.x))
    for column in np.unique(columns):
        there = columns == column
        finite = np.isfinite(low[there])
        if finite.any():
            assert np.nanmin(below.y[of_below == column]) == low[there][finite].min()
            assert np.nanmax(above.y[of_above == column]) == high[there][finite].max()
    gaps = [np.isfinite(edge.y).astype(int) for edge in (below, above)]
    first, second = (np.flatnonzero(np.diff(gap, prepend=0, append=0)) for gap in gaps)
    assert len(first) == len(second)
    begins, ends = zip(first[::2], second[::2], strict=True), zip(first[1::2] - 1, second[1::2] - 1, strict=True)
    for one, other in (*begins, *ends):
        assert abs(below.x[one] - above.x[other]) <= width, "both begin and end in the same column"


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=60), st.data())
def test_the_first_extreme_of_each_group(values: list[float], data: st.DataObject) -> None:
    more = data.draw(st.sets(st.integers(1, len(values) - 1))) if len(values) > 1 else set()
    starts = np.array(sorted({0, *more}))
    for extreme, best in ((np.minimum, min), (np.maximum, max)):
        groups = [values[start:end] for start, end in pairwise([*starts.tolist(), len(values)])]
        expected = [start + group.index(best(group)) for start, group in zip(starts.tolist(), groups, strict=True)]
        assert first_where(np.array(values), extreme, starts).tolist() == expected
