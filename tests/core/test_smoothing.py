"""The moving average against its own definition, computed one value at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.smoothing import MAX_WEIGHT, Floats, Smoother, smooth


def slowly(values: list[float], weight: float) -> list[float]:
    """The definition, word by word."""
    average, count, result = 0.0, 0, []
    constant = len({value for value in values if math.isfinite(value)}) <= 1
    for value in values:
        if constant or not math.isfinite(value):
            result.append(value)
            continue
        average = weight * average + (1 - weight) * value
        count += 1
        result.append(average / (1 - weight**count))
    return result


def assert_equal(got: Floats, expected: list[float]) -> None:
    """Equal up to rounding, measured by the size of the series: sums of different signs cancel."""
    scale = max((abs(value) for value in expected if math.isfinite(value)), default=1.0)
    np.testing.assert_allclose(got, np.array(expected, dtype=np.float64), rtol=1e-9, atol=1e-11 * scale)


VALUES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf])), max_size=600)


@given(VALUES, st.floats(0, MAX_WEIGHT))
def test_equals_the_definition(values: list[float], weight: float) -> None:
    assert_equal(smooth(np.array(values), weight), slowly(values, weight))


@pytest.mark.parametrize("weight", [0.01, 0.1, 0.6, 0.9, 0.99, MAX_WEIGHT])
def test_equals_the_definition_over_many_blocks(weight: float) -> None:
    values = np.cumsum(np.random.default_rng(0).normal(size=20_000))
    values[::97] = np.nan
    assert_equal(smooth(values, weight), slowly(values.tolist(), weight))


def test_gaps_stay_and_do_not_restart_the_average() -> None:
    smoothed = smooth(np.array([1.0, math.nan, math.inf, 3.0]), 0.5)
    assert math.isnan(smoothed[1]) and smoothed[2] == math.inf
    assert smoothed[0] == 1.0
    assert smoothed[3] == pytest.approx((0.25 * 1 + 0.5 * 3) / 0.75)


def test_constant_and_unsmoothed_series_are_unchanged() -> None:
    constant = np.full(1000, 0.1)
    constant[10] = math.nan
    np.testing.assert_array_equal(smooth(constant, 0.9), constant)
    values = np.array([3.0, 1.0, 2.0])
    np.testing.assert_array_equal(smooth(values, 0.0), values)


def test_no_points_and_no_finite_points() -> None:
    assert len(smooth(np.empty(0), 0.5)) == 0
    assert np.isnan(smooth(np.full(3, math.nan), 0.5)).all()


def test_the_input_is_left_alone() -> None:
    values = np.array([1.0, 2.0, 3.0])
    smooth(values, 0.9)
    np.testing.assert_array_equal(values, [1.0, 2.0, 3.0])


def test_huge_values_do_not_overflow() -> None:
    values = np.array([1e300, -1e300, 1e300] * 1000)
    assert np.isfinite(smooth(values, 0.6)).all()


@pytest.mark.parametrize("weight", [-0.1, 1.0, math.nan])
def test_a_weight_outside_the_range_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="smoothing weight"):
        smooth(np.array([1.0, 2.0]), weight)


# The other smoothers


def timed(values: list[float], places: list[float], weight: float) -> list[float]:
    """The definition of the time-weighted average, word by word."""
    distance = (places[-1] - places[0]) / (len(places) - 1)
    total = weights = 0.0
    result = []
    for k, value in enumerate(values):
        fade = weight ** ((places[k] - places[k - 1]) / distance) if k else 0.0
        total, weights = fade * total + value, fade * weights + 1
        result.append(total / weights)
    return result


def around(values: list[float], kernel: Floats) -> list[float]:
    """The mean of the points around each, by the weights of a kernel."""
    reach = len(kernel) // 2
    result = []
    for k in range(len(values)):
        near = [(values[j], kernel[j - k + reach]) for j in range(max(k - reach, 0), min(k + reach + 1, len(values)))]
        result.append(sum(value * share for value, share in near) / sum(share for _, share in near))
    return result


FINITE = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300).filter(lambda values: len(set(values)) > 1)
WEIGHT = st.floats(0.01, 0.99)


@given(FINITE, WEIGHT, st.data())
def test_the_time_weighted_average_equals_its_definition(
    values: list[float], weight: float, data: st.DataObject
) -> None:
    gaps = data.draw(st.lists(st.floats(0, 1000), min_size=len(values), max_size=len(values)))
    places = np.cumsum([1.0, *gaps[1:]])
    if places[-1] > places[0]:
        got = smooth(np.array(values), weight, Smoother.TIMED, places)
        assert_equal(got, timed(values, places.tolist(), weight))


@given(FINITE, WEIGHT)
def test_at_equal_distances_the_time_weighted_average_is_the_exponential_one(
    values: list[float], weight: float
) -> None:
    places = np.arange(7.0, 7.0 + 250.0 * len(values), 250.0)
    got = smooth(np.array(values), weight, Smoother.TIMED, places)
    assert_equal(got, smooth(np.array(values), weight).tolist())


@given(FINITE, WEIGHT)
def test_a_moving_mean_is_that_of_the_points_around(values: list[float], weight: float) -> None:
    deviation = math.sqrt(weight) / (1 - weight)
    beside = round((math.sqrt(12 * deviation**2 + 1) - 1) / 2)
    assert_equal(smooth(np.array(values), weight, Smoother.MEAN), around(values, np.ones(2 * beside + 1)))


@given(FINITE, WEIGHT)
def test_a_gaussian_weighs_the_points_around_by_their_distance(values: list[float], weight: float) -> None:
    deviation = math.sqrt(weight) / (1 - weight)
    kernel = np.exp(-0.5 * (np.arange(-600, 601) / deviation) ** 2)
    got = smooth(np.array(values), weight, Smoother.GAUSSIAN)
    # What is beyond four deviations is left out.
    np.testing.assert_allclose(got, around(values, kernel), atol=1e-3 * max(map(abs, values)))


@pytest.mark.parametrize("smoother", Smoother)
@pytest.mark.parametrize("weight", [0.01, 0.6, MAX_WEIGHT])
def test_every_smoother_keeps_gaps_bounds_and_long_series(smoother: Smoother, weight: float) -> None:
    values = np.random.default_rng(0).uniform(0.5, 1.0, 50_000)
    values[::97], values[1::197] = np.nan, np.inf
    got = smooth(values, weight, smoother, np.arange(50_000, dtype=np.float64) ** 1.5)
    finite = np.isfinite(values)
    np.testing.assert_array_equal(got[~finite], values[~finite])
    assert got[finite].min() >= 0.5 - 1e-9 and got[finite].max() <= 1 + 1e-9


@pytest.mark.parametrize("smoother", Smoother)
def test_every_smoother_takes_the_least_there_is(smoother: Smoother) -> None:
    for few in ([], [3.0], [math.nan], [2.0, 2.0]):
        np.testing.assert_array_equal(smooth(np.array(few), 0.9, smoother), np.array(few))
    assert np.all(np.isfinite(smooth(np.array([1.0, 2.0]), 0.9, smoother, np.array([5.0, 5.0]))))
