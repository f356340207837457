"""What groups of numbers come to, against Python's own statistics, and how that is written."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import numbers, student
from runfolio.core.statistics import (
    Band,
    Statistic,
    Summary,
    band_text,
    full_text,
    short_text,
    summarise,
    summarise_columns,
)

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


@given(st.integers(0, 6).flatmap(lambda width: st.lists(st.lists(values, min_size=width, max_size=width), max_size=6)))
def test_a_table_is_summed_up_as_its_columns_are(rows: list[list[float]]) -> None:
    table = np.array(rows, np.float64).reshape(len(rows), len(rows[0]) if rows else 0)
    found = summarise_columns(table)
    own = summarise(table.ravel(), np.tile(np.arange(table.shape[1]), len(table)), table.shape[1])
    for name in ("count", "other", "least", "median", "greatest"):
        np.testing.assert_array_equal(getattr(found, name), getattr(own, name))
    np.testing.assert_allclose(found.mean, own.mean, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(found.deviation, own.deviation, rtol=1e-9, atol=1e-9)


def test_huge_values_have_a_mean_between_them() -> None:
    found = summarise_columns(np.array([[1e308], [1.5e308]])).at(0)
    assert 1e308 <= found.mean <= 1.5e308 and found.median == 1.25e308


def test_the_95_percent_interval_is_students() -> None:
    """Of one degree of freedom it is the tangent of 0.475 pi, of two 0.95 * sqrt(2 / (1 - 0.95 ** 2))."""
    assert student.reach(1) == pytest.approx(math.tan(0.475 * math.pi), rel=1e-12)
    assert student.reach(2) == pytest.approx(0.95 * math.sqrt(2 / (1 - 0.95**2)), rel=1e-12)
    assert student.reach(10**9) == pytest.approx(statistics.NormalDist().inv_cdf(0.975), abs=1e-8)
    assert math.isnan(student.reach(0))
    special = pytest.importorskip("scipy.special")
    for freedom in (*range(1, 130), 500, 999, 1000, 1001, 20_000, 10**6):
        assert student.reach(freedom) == pytest.approx(special.stdtrit(freedom, 0.975), rel=1e-9)
    assert summary(1.0, 2.0, 4.0).interval == pytest.approx(summary(1.0, 2.0, 4.0).error * student.reach(2))


def test_bands_begin_and_end_where_their_names_say() -> None:
    found = summarise_columns(np.array([[1.0, 5.0], [2.0, math.nan], [4.5, math.nan]]))
    one = found.at(0)
    reaches = {Band.DEVIATION: one.deviation, Band.ERROR: one.error, Band.INTERVAL: one.interval}
    for band, reach in reaches.items():
        low, high = found.band(band)
        assert (low[0], high[0]) == pytest.approx((one.mean - reach, one.mean + reach), rel=1e-9)
        assert math.isnan(low[1]) and math.isnan(high[1])
    low, high = found.band(Band.RANGE)
    assert (low[0], high[0]) == (1.0, 4.5)
    assert np.isnan(found.band(Band.NONE)).all()


@pytest.mark.parametrize(
    ("statistic", "band", "text"),
    [
        (Statistic.MEAN, Band.DEVIATION, "0.9130 ± 0.0040 (n=3)"),
        (Statistic.MEAN, Band.ERROR, "0.9130 ± 0.0023 (n=3)"),
        (Statistic.MEAN, Band.INTERVAL, "0.9130 ± 0.0099 (n=3)"),
        (Statistic.MEAN, Band.RANGE, "0.9130 (0.9090 to 0.9170, n=3)"),
        (Statistic.MEAN, Band.NONE, "0.9130 (n=3)"),
        (Statistic.MEDIAN, Band.NONE, "0.9130 (n=3)"),
        (Statistic.GREATEST, Band.DEVIATION, "0.9170 (0.9090 to 0.9170, n=3)"),
    ],
)
def test_what_charts_tell_of_a_group(statistic: Statistic, band: Band, text: str) -> None:
    assert band_text(summary(0.909, 0.917, 0.913), statistic, band) == text


def test_one_curve_has_no_band_and_none_no_text() -> None:
    assert band_text(summary(0.5), Statistic.MEDIAN, Band.RANGE) == "0.5000 (n=1)"
    assert band_text(summary(0.5), Statistic.MEAN, Band.DEVIATION) == "0.5000 (n=1)"
    assert band_text(summary(math.nan), Statistic.MEAN, Band.DEVIATION) == ""
