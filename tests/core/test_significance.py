"""Tests of groups against scipy's, and what is said where nothing can be told."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from runfolio.core.significance import against, explained, holm, p_text, rank_sum, verdict, welch
from runfolio.core.student import two_sided

values = st.lists(st.integers(-64_000, 64_000).map(lambda value: value / 64), min_size=2, max_size=12)
CHANCE = np.random.default_rng(5)


def arrays(*groups: list[float]) -> list[NDArray[np.float64]]:
    return [np.array(group, np.float64) for group in groups]


@settings(max_examples=60, deadline=None)
@given(values, values)
def test_welchs_test_is_scipys(one: list[float], other: list[float]) -> None:
    a, b = arrays(one, other)
    found = welch(a, b)
    if a.std() == b.std() == 0:
        assert math.isnan(found.p)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of groups with one value
        expected = scipy.stats.ttest_ind(a, b, equal_var=False)
    assert found.t == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
    assert found.freedom == pytest.approx(expected.df, rel=1e-9)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("freedom", [1, 1.3, 2, 7.5, 30, 299.5, 1e4, 1e6])
def test_students_distribution_is_scipys_far_out_too(freedom: float) -> None:
    for t in (0.0, 1e-9, 0.1, 0.9, 1.96, 5.0, 30.0, 400.0):
        assert two_sided(t, freedom) == pytest.approx(2 * scipy.stats.t.sf(t, freedom), rel=1e-9, abs=1e-300)
    assert two_sided(math.inf, freedom) == 0 and math.isnan(two_sided(math.nan, freedom))


@settings(max_examples=60, deadline=None)
@given(values, values)
def test_the_rank_sum_test_is_scipys_with_ties_and_without(one: list[float], other: list[float]) -> None:
    a, b = arrays(one, other)
    found = rank_sum(a, b)
    method = "exact" if found.exact else "asymptotic"
    expected = scipy.stats.mannwhitneyu(a, b, method=method)
    assert found.u == expected.statistic and found.p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-12)
    assert found.exact == (len({*one, *other}) == len(one) + len(other) and min(len(one), len(other)) <= 8)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 5), (8, 60), (8, 125), (8, 126), (40, 70)])
def test_the_rank_sum_test_of_larger_groups_is_scipys(n: int, m: int) -> None:
    a, b = CHANCE.normal(0, 1, n), CHANCE.normal(0.7, 1, m)
    found = rank_sum(a, b)
    assert found.exact is (min(n, m) <= 8 and n * m <= 1000)
    expected = scipy.stats.mannwhitneyu(a, b, method="exact" if found.exact else "asymptotic")
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)


def test_values_that_are_not_finite_do_not_count_and_too_few_tell_nothing() -> None:
    a, b = arrays([1, 2, 3, math.nan, math.inf], [2, 4, 9])
    assert welch(a, b) == welch(a[:3], b) and rank_sum(a, b) == rank_sum(a[:3], b)
    assert math.isnan(welch(a[:1], b).p) and math.isnan(rank_sum(a[3:], b).p)
    assert rank_sum(*arrays([1, 1, 1], [1, 1])).p == 1, "all are tied"
    assert math.isnan(welch(*arrays([0.1] * 3, [0.3] * 4)).p), "there is no spread to tell by"
    assert math.isnan(welch(*arrays([1e308, -1e308], [1e308, 1e308])).p)


def test_the_largest_numbers_have_a_mean_and_a_difference() -> None:
    """Summed up they are more than any float."""
    found = against(arrays([1.7e308, 1.7e308], [1.0, 2.0], [-1.7e308]), 1)
    assert found[0] is not None and found[0].change == 1.7e308 and found[0].p == 0
    assert found[2] is not None and found[2].change == -1.7e308


def test_holms_correction_is_that_of_statsmodels_and_leaves_what_is_unknown() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.6]) == [1.0, 1.0] and holm([]) == []
    some = holm([0.01, math.nan, 0.02])
    assert some[0] == 0.02 and math.isnan(some[1]) and some[2] == 0.02


def test_p_values_are_written_as_in_papers() -> None:
    assert [p_text(p) for p in (0.00002, 0.0316, 0.2, math.nan)] == ["p<0.001", "p=0.032", "p=0.20", ""]


def test_groups_are_compared_with_one_of_them_in_words() -> None:
    base = [0.95, 0.952, 0.953, 0.954, 0.956]
    groups = arrays(base, [0.951, 0.955, 0.949, 0.958, 0.95], [0.938, 0.935, 0.94, 0.937, 0.941], [0.9])
    found = against(groups, 0)
    assert found[0] is None
    alike, worse, alone = found[1], found[2], found[3]
    assert alike is not None and worse is not None and alone is not None
    assert verdict(alike, "−0.001") == "−0.001 n.s." and verdict(worse, "−0.015") == "−0.015 p<0.001"
    assert verdict(alone, "") == "too few values to tell" and not alone.significant
    plain = scipy.stats.ttest_ind(groups[2], groups[0], equal_var=False).pvalue
    assert worse.p == pytest.approx(2 * plain), "two of three comparisons can be told"
    assert worse.change == pytest.approx(-0.0148) and worse.ranks.exact
    lines = explained(worse, 3).splitlines()
    assert lines[0].startswith("Welch's t-test: t=-") and "Holm's correction for 3 comparisons" in lines[0]
    assert lines[1] == "Rank-sum test: U=0, exact, p=0.024 after Holm's correction for 3 comparisons"
    assert "not significant" in explained(alike, 1) and "Holm" not in explained(alike, 1)
    assert explained(alone, 3).startswith("Welch's t-test needs two values in each group")
