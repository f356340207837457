"""Spearman's rank correlation against scipy's, and where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.correlation import ranks, spearman

numbers = st.integers(-9, 9).map(float) | st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=30))
def test_it_is_scipys_with_ties_and_the_largest_numbers(pairs: list[tuple[float, float]]) -> None:
    one, other = np.array(pairs).T
    found = spearman(one, other)
    if len(set(one.tolist())) == 1 or len(set(other.tolist())) == 1:
        assert math.isnan(found.rho) and math.isnan(found.p)
        return
    expected = scipy.stats.spearmanr(one, other)
    assert found.pairs == len(pairs) and found.rho == pytest.approx(expected.statistic, abs=1e-12)
    if abs(found.rho) < 1 - 1e-9:
        assert found.p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)


@given(st.lists(numbers, min_size=1, max_size=30))
def test_ranks_are_scipys(values: list[float]) -> None:
    assert ranks(np.array(values)).tolist() == scipy.stats.rankdata(values).tolist()


def test_signs_are_told_and_what_is_not_finite_does_not_count() -> None:
    rising = np.array([1.0, 2, 3, 4, math.nan, 7])
    assert spearman(rising, rising**3).rho == 1 and spearman(rising, -rising).rho == -1
    assert spearman(rising, np.array([1.0, 2, 3, math.inf, 5, 6])).pairs == 4
    assert math.isnan(spearman(rising, np.ones(6)).rho)
    two = spearman(np.array([1.0, 2]), np.array([1.0, 2]))
    assert two.rho == 1 and math.isnan(two.p)
    assert spearman(np.array([]), np.array([])).pairs == 0
