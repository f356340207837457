"""Two series are put together by step: what both have, in an order that draws the line a run went through."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.pairing import pair, thinned

VALUES = st.floats(allow_nan=True, allow_infinity=True, width=64)
SERIES = st.lists(st.tuples(st.integers(-5, 12), VALUES), max_size=15).map(
    lambda points: sorted(points, key=lambda point: point[0])
)


@given(SERIES, st.lists(st.integers(-5, 12), max_size=15).map(sorted))
def test_pairs_are_those_of_the_last_points_of_common_steps(series: list[tuple[int, float]], steps: list[int]) -> None:
    found = pair(
        np.array([s for s, _ in series], np.int64), np.array([v for _, v in series]), np.array(steps, np.int64)
    )
    last = dict(series)
    there = {step: len(steps) - 1 - steps[::-1].index(step) for step in steps}
    both = {step: (last[step], there[step]) for step in sorted(last.keys() & there.keys())}
    wanted = [pair for pair in both.values() if np.isfinite(pair[0])]
    assert found.non_finite == len(both) - len(wanted)
    assert sorted(zip(found.x.tolist(), found.places.tolist(), strict=True)) == sorted(wanted)
    rises = any(b[0] > a[0] for a, b in pairwise(wanted))
    falls = any(b[0] < a[0] for a, b in pairwise(wanted))
    assert found.path is (rises and falls)
    if found.path:
        assert found.places.tolist() == [place for _, place in wanted]
    else:
        assert np.all(found.x[1:] >= found.x[:-1])
        assert found.places.tolist() in ([p for _, p in wanted], [p for _, p in wanted[::-1]])


def test_series_without_a_common_step_have_no_pairs() -> None:
    found = pair(np.array([1, 3]), np.array([0.1, 0.2]), np.array([2, 4]))
    assert len(found.x) == len(found.places) == found.non_finite == 0 and not found.path


@given(st.lists(st.tuples(st.floats(-10, 10), st.one_of(st.floats(-5, 5), st.just(np.nan))), min_size=1, max_size=300))
def test_a_thinned_path_keeps_its_ends_and_order(points: list[tuple[float, float]]) -> None:
    x, y = np.array(points).T
    kept = thinned(x, y, float(x.max() - x.min()), 20, 40)
    assert kept[0] == 0 and kept[-1] == len(x) - 1 and np.all(np.diff(kept) > 0) and len(kept) <= max(40, 41)
    if len(x) <= 40:
        assert len(kept) == len(x)


@pytest.mark.parametrize("peak", [5.0, -5.0])
def test_a_path_back_and_forth_keeps_its_extremes(peak: float) -> None:
    there = np.linspace(0, 1, 5000)
    x = np.concatenate([there, there[::-1]])
    y = np.sin(x)
    y[7001] = peak
    kept = thinned(x, y, 1.0, 100, 4000)
    assert len(kept) < 900 and 7001 in kept
