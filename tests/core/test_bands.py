"""Curves put together, against what one would work out for each step by hand."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.bands import LINES, Bundle, bundle, counts_text, least_and_most, title
from runfolio.core.curves import Floats
from runfolio.core.statistics import Band, Statistic

NAN = math.nan
VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
ANY = VALUES | st.sampled_from([NAN, math.inf, -math.inf])
POINTS = st.tuples(st.integers(-20, 20), ANY)
Given: TypeAlias = Sequence[tuple[float, float]]
Lists: TypeAlias = Sequence[Given]
CURVES = st.lists(st.lists(POINTS, max_size=12), min_size=1, max_size=5)


def curve(*points: tuple[float, float]) -> tuple[Floats, Floats]:
    x, y = np.array(points, np.float64).reshape(-1, 2).T
    return x, y


def together(*curves: Given) -> Bundle:
    return bundle([curve(*points) for points in curves])


def at(points: Given, step: float) -> float | None:
    """The value of one curve at a step by the rules; None where it does not reach it, or has a gap."""
    own = dict(points)  # of a step that comes again the last value
    if step in own:
        return own[step] if math.isfinite(own[step]) else None
    before, after = [one for one in own if one < step], [one for one in own if one > step]
    if not before or not after:
        return None
    left, right = max(before), min(after)
    if not (math.isfinite(own[left]) and math.isfinite(own[right])):
        return None
    return own[left] + (own[right] - own[left]) * (step - left) / (right - left)


@given(CURVES)
def test_each_step_is_summed_up_of_the_curves_that_reach_it(curves: Lists) -> None:
    found = together(*curves)
    steps = sorted({step for points in curves for step, _ in points})
    assert sorted({*steps, *found.x.tolist()}) == found.x.tolist()
    for left, right in pairwise(steps):
        reached = [any(at(points, step) is not None for points in curves) for step in (left, right)]
        goes_on = any(at(points, left) is not None is not at(points, (left + right) / 2) for points in curves)
        assert ((left + right) / 2 in found.x) is (all(reached) and not goes_on), "nothing is drawn where no curve is"
    for place, step in enumerate(found.x.tolist()):
        values = [value for points in curves if (value := at(points, step)) is not None]
        one = found.sums.at(place)
        assert one.count == len(values)
        if values:
            assert one.mean == pytest.approx(np.mean(values), abs=1e-6)
            assert one.median == pytest.approx(median(values), abs=1e-6)
            assert (one.least, one.greatest) == pytest.approx((min(values), max(values)), abs=1e-6)
            assert one.least <= one.mean <= one.greatest


@given(CURVES, st.randoms())
def test_the_order_of_curves_and_of_their_points_does_not_matter(curves: Lists, random: object) -> None:
    tidy = [list(dict(points).items()) for points in curves]
    found = together(*tidy)
    again = together(*[points[::-1] for points in tidy[::-1]])
    np.testing.assert_array_equal(again.x, found.x)
    np.testing.assert_array_equal(again.sums.count, found.sums.count)
    np.testing.assert_array_equal(again.sums.median, found.sums.median)
    np.testing.assert_allclose(again.sums.mean, found.sums.mean, atol=1e-6)
    assert (again.interpolated, again.non_finite) == (found.interpolated, found.non_finite)


@given(st.lists(POINTS, max_size=12), st.integers(2, 5))
def test_the_band_of_curves_that_are_the_same_is_zero(points: Given, number: int) -> None:
    found = together(*[points] * number)
    (alone,) = (together(points),)
    assert not found.interpolated
    np.testing.assert_array_equal(found.sums.mean, alone.sums.mean)
    for band in (Band.DEVIATION, Band.ERROR, Band.INTERVAL, Band.RANGE):
        for edge in found.sums.band(band):
            np.testing.assert_array_equal(edge, alone.sums.mean)
        assert np.isnan(alone.sums.band(band)).all(), "a single curve has none"
    for line in LINES:
        np.testing.assert_array_equal(alone.sums.values(line), alone.sums.mean)


@given(CURVES)
def test_each_curve_goes_through_its_own_points(curves: Lists) -> None:
    """Between the least and greatest of all, wherever it has a finite one."""
    found = together(*curves)
    for points in curves:
        for step, value in dict(points).items():
            if math.isfinite(value):
                one = found.sums.at(int(np.searchsorted(found.x, step)))
                assert one.least <= value <= one.greatest
    alone = together(curves[0])
    own = dict(curves[0])
    expected = [own[step] if math.isfinite(own[step]) else NAN for step in sorted(own)]
    np.testing.assert_array_equal(alone.sums.mean[np.isin(alone.x, list(own))], expected)


@given(CURVES, st.integers(-22, 22), st.integers(0, 10))
def test_a_part_is_what_the_whole_is_there(curves: Lists, low: int, width: int) -> None:
    whole, given_ = together(*curves), [curve(*points) for points in curves]
    part = bundle(given_, low, low + width)
    inside = np.isin(part.x, whole.x[(whole.x >= low) & (whole.x <= low + width)])
    assert inside.sum() == ((whole.x >= low) & (whole.x <= low + width)).sum() and len(part.x) <= inside.sum() + 4
    there = np.searchsorted(whole.x, part.x)
    np.testing.assert_array_equal(part.sums.mean, whole.sums.mean[there])
    np.testing.assert_array_equal(part.sums.count, whole.sums.count[there])


def test_different_steps_are_interpolated_and_nothing_is_beyond_the_ends() -> None:
    found = together([(0, 0.0), (10, 10.0)], [(5, 1.0), (20, 1.0)])
    assert found.interpolated
    assert found.x.tolist() == [0, 5, 10, 20]
    assert found.sums.count.tolist() == [1, 2, 2, 1]
    assert found.sums.mean.tolist() == [0.0, 3.0, 5.5, 1.0]
    assert counts_text(*least_and_most(found.sums.count)) == "n 1 to 2"


def test_curves_of_other_lengths_with_the_same_steps_are_not_interpolated() -> None:
    found = together([(0, 1.0), (1, 2.0), (2, 3.0)], [(0, 3.0), (1, 4.0)])
    assert not found.interpolated
    assert found.sums.count.tolist() == [2, 2, 1]
    assert found.sums.mean.tolist() == [2.0, 3.0, 3.0]


def test_runs_without_a_common_step() -> None:
    found = together([(0, 1.0), (1, 1.0)], [(10, 5.0), (11, 7.0)])
    assert found.x.tolist() == [0, 1, 5.5, 10, 11], "with a gap between them"
    assert found.sums.count.tolist() == [1, 1, 0, 1, 1]
    np.testing.assert_array_equal(found.sums.mean, [1.0, 1.0, NAN, 5.0, 7.0])
    assert np.isnan(found.sums.band(Band.DEVIATION)).all()
    assert not found.interpolated


def test_steps_out_of_order_and_repeated() -> None:
    found = together([(2, 3.0), (0, 9.0), (1, 2.0), (0, 1.0)], [(0, 3.0), (1, 4.0), (2, 5.0)])
    assert found.sums.mean.tolist() == [2.0, 3.0, 4.0], "of a step that comes again the last value counts"
    assert not found.interpolated


def test_a_missing_step_is_interpolated_and_a_gap_is_not() -> None:
    missing = together([(0, 0.0), (1, 1.0), (2, 2.0)], [(0, 2.0), (2, 4.0)])
    assert missing.sums.count.tolist() == [2, 2, 2] and missing.interpolated
    gap = together([(0, 0.0), (1, 1.0), (2, 2.0)], [(0, 2.0), (1, NAN), (2, 4.0)])
    assert gap.sums.count.tolist() == [2, 1, 2] and not gap.interpolated
    assert gap.non_finite == 1
    assert gap.sums.mean.tolist() == [1.0, 1.0, 3.0]


def test_infinities_are_gaps_too() -> None:
    found = together([(0, math.inf), (1, 1.0), (2, 1.0)], [(0, 1.0), (1, -math.inf), (2, 3.0)])
    assert found.non_finite == 2
    np.testing.assert_array_equal(found.sums.mean, [1.0, NAN, 1.0, 2.0])
    assert found.sums.count.tolist() == [1, 0, 1, 2]


def test_curves_of_nothing_but_nan() -> None:
    found = together([(0, NAN), (1, NAN)], [(0, NAN)])
    assert found.x.tolist() == [0, 1] and found.sums.count.tolist() == [0, 0]
    assert np.isnan(found.sums.mean).all() and np.isnan(found.sums.band(Band.RANGE)).all()
    assert counts_text(*least_and_most(found.sums.count)) == "n=0"


def test_constant_curves() -> None:
    found = together([(0, 0.1), (9, 0.1)], [(3, 0.1), (4, 0.1)], [(0, 0.1), (7, 0.1)])
    assert set(found.sums.mean.tolist()) == {0.1}
    low, high = found.sums.band(Band.INTERVAL)
    assert set(low[found.sums.count > 1].tolist()) == set(high[found.sums.count > 1].tolist()) == {0.1}


def test_single_points() -> None:
    found = together([(5, 1.0)], [(5, 3.0)], [])
    assert found.x.tolist() == [5] and found.members == 3
    assert found.sums.at(0).mean == 2.0 and counts_text(*least_and_most(found.sums.count)) == "n=2"
    low, high = found.sums.band(Band.RANGE)
    assert (low[0], high[0]) == (1.0, 3.0)


def test_no_curve_at_all() -> None:
    for found in (bundle([]), together([], [])):
        assert len(found.x) == 0 and len(found.sums.mean) == 0
        assert found.every == 1 and not found.interpolated


def test_what_lines_and_bands_are_called() -> None:
    assert title(Statistic.MEAN, Band.DEVIATION) == "mean ± std"
    assert title(Statistic.MEAN, Band.INTERVAL) == "mean, 95 % interval"
    assert title(Statistic.MEDIAN, Band.ERROR) == "median, standard error of the mean"
    assert title(Statistic.MEDIAN, Band.RANGE) == "median, min-max"
    assert title(Statistic.GREATEST, Band.NONE) == "max"


def test_very_many_values_are_looked_at_at_some_steps_only_which_is_told() -> None:
    curves = [(np.arange(number, 1000.0, 7), np.arange(number, 1000.0, 7)) for number in range(7)]
    found = bundle(curves, most=1000)
    assert found.every == 7
    assert found.x[0] == 0 and found.x[-1] == 999
    reached = found.sums.count > 0
    np.testing.assert_allclose(found.sums.mean[reached], found.x[reached])


def test_many_long_curves_take_little_longer_than_numpys_own_functions() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=(100, 10_000))
    curves = [(np.arange(10_000.0), row) for row in values]
    found = bundle(curves)
    np.testing.assert_allclose(found.sums.mean, values.mean(axis=0), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.sums.deviation, values.std(axis=0, ddof=1), rtol=1e-9)
    np.testing.assert_allclose(found.sums.median, np.median(values, axis=0), rtol=1e-9)
    own = cpu_time(lambda: (values.mean(axis=0), values.std(axis=0), np.median(values, axis=0)))
    assert cpu_time(lambda: bundle(curves)) < 10 * own


def cpu_time(work: Callable[[], object]) -> float:
    """The least of a few tries, in seconds."""
    took = []
    for _ in range(5):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)
