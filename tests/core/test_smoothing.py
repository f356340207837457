"""The moving average against its own definition, computed one value at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.smoothing import MAX_WEIGHT, Floats, smooth


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
