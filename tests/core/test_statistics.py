"""What groups of numbers come to, against Python's own statistics, and how that is written."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import numbers
from runfolio.core.statistics import Statistic, Summary, full_text, short_text, summarise

values = st.floats(-1e6, 1e6).map(lambda value: round(value, 3)) | st.sampled_from([math.nan, math.inf, -math.inf])
members = st.lists(st.tuples(st.integers(0, 4), values), max_size=40)


def summary(*found: float) -> Summary:
    return summarise(np.array(found), np.zeros(len(found), np.intp), 1).at(0)


@given(members)
def test_groups_are_summed_up_as_one_would_one_by_one(given_: list[tuple[int, float]]) -> None:
    found = summarise(np.array([v for _, v in given_], float), np.array([g for g, _ in given_], np.intp), 5)
    grouped: dict[int, list[float]] = defaultdict(list)
    for group, value in given_:
        grouped[group].append(value)
    for group in range(5):
        finite = [value for value in grouped[group] if math.isfinite(value)]
        one = found.at(group)
        assert (one.count, one.other) == (len(finite), len(grouped[group]) - len(finite))
        if not finite:
            assert all(map(math.isnan, (one.mean, one.least, one.median, one.greatest, one.deviation)))
            continue
        assert (one.least, one.greatest) == (min(finite), max(finite))
        assert one.median == pytest.approx(statistics.median(finite))
        assert one.mean == pytest.approx(statistics.fmean(finite), abs=1e-6)
        if len(finite) > 1:
            assert one.deviation == pytest.approx(statistics.stdev(finite), abs=1e-4)
            assert one.error == pytest.approx(one.deviation / math.sqrt(len(finite)))
        else:
            assert math.isnan(one.deviation)


def test_equal_values_have_no_spread_however_they_round() -> None:
    assert short_text(summary(*[0.1] * 3), Statistic.MEAN) == "0.1 ± 0 (n=3)"


@pytest.mark.parametrize(
    ("statistic", "text"),
    [
        (Statistic.MEAN, "0.9130 ± 0.0040 (n=3)"),
        (Statistic.ERROR, "0.9130 ± 0.0023 (n=3)"),
        (Statistic.MEDIAN, "0.9130 (n=3)"),
        (Statistic.LEAST, "0.9090 (n=3)"),
        (Statistic.GREATEST, "0.9170 (n=3)"),
        (Statistic.BEST, "0.9170 (n=3)"),
    ],
)
def test_what_a_cell_shows(statistic: Statistic, text: str) -> None:
    assert short_text(summary(0.909, 0.917, 0.913), statistic) == text


def test_the_best_of_a_loss_is_the_least() -> None:
    assert short_text(summary(1.0, 2.0), Statistic.BEST, lower=True) == "1 (n=2)"


def test_values_that_are_not_finite_are_told_and_do_not_count() -> None:
    found = summary(1.0, math.nan, 3.0, math.inf)
    assert short_text(found, Statistic.MEAN) == "2.0 ± 1.4 (n=2)"
    assert full_text(found).splitlines() == [
        "2 values, and 2 that are NaN or infinite",
        "mean: 2",
        f"standard deviation (of a sample): {math.sqrt(2)}",
        "standard error: 1",
        "minimum: 1",
        "median: 2",
        "maximum: 3",
    ]
    assert short_text(summary(math.nan), Statistic.MEAN) == "1 not finite"
    assert full_text(summary(math.nan)) == "0 values, and 1 that is NaN or infinite"
    assert short_text(summary(), Statistic.MEAN) == ""


def test_durations_are_written_as_such() -> None:
    write = lambda value: numbers.duration(int(value))  # noqa: E731
    assert short_text(summary(60_000, 120_000), Statistic.MEAN, write=write) == "1m 30s ± 42s (n=2)"


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (0.9134, 0.0042, "0.9134 ± 0.0042"),
        (0.465, 0.404, "0.47 ± 0.40"),
        (0.537, 0.404, "0.54 ± 0.40"),
        (0.9134, 0.0012, "0.9134 ± 0.0012"),
        (0.9134, 0.00097, "0.91340 ± 0.00097"),
        (123456, 0.5, "123,456.00 ± 0.50"),
        (-3.2e-7, 1e-9, "(−3.200 ± 0.010)e-7"),
        (3.2e9, 1e8, "(3.20 ± 0.10)e9"),
        (128, 128.4, "128 ± 128"),
        (0.913, 1e-13, "0.913 ± 1e-13"),
        (0.5, 0, "0.5 ± 0"),
        (0.5, math.nan, "0.5000"),
    ],
)
def test_digits_follow_the_spread(value: float, spread: float, text: str) -> None:
    assert numbers.with_spread(value, spread) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(min_value=0, allow_infinity=False))
def test_every_value_can_be_written(value: float, spread: float) -> None:
    assert numbers.with_spread(value, spread)


def test_sums_of_squares_that_overflow_are_no_warning() -> None:
    assert summary(1e300, -1e300).deviation == math.inf
