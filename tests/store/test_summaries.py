"""Summaries against counting by hand, and adding them up against summarising the whole."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from runfolio.journal.read import POINT_TYPE
from runfolio.store.summaries import added, grouped, summarised

Point = tuple[int, int, int, float]
# Few steps and times, so that equal ones and any order occur.
VALUES = st.floats(-100, 100, width=16) | st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 1e300, 5e-324])
POINTS = st.tuples(st.integers(0, 3), st.integers(-2, 3), st.integers(0, 2), VALUES)
EXTREME = st.tuples(st.just(0), st.sampled_from([-(2**63), 2**63 - 1, 0]), st.integers(0, 2**62), st.floats())


def records(points: list[Point]) -> NDArray[np.void]:
    return np.array([(*point, 0) for point in points], POINT_TYPE)


def by_hand(points: list[Point]) -> dict[str, Any]:
    """The summary of one series, point by point."""
    row: dict[str, Any] = {"count": 0, "non_finite": 0, "total": 0.0}
    for name in ("min", "max"):
        row |= {f"{name}_value": None, f"{name}_step": None, f"{name}_time": None}
    for _, step, time, value in points:
        moment = {"value": None if math.isnan(value) else value, "step": step, "time": time}
        row["count"] += 1
        if row["count"] == 1:
            row |= {f"first_{part}": found for part, found in moment.items()}
        if row["count"] == 1 or (step, time) >= (row["last_step"], row["last_time"]):
            row |= {f"last_{part}": found for part, found in moment.items()}
        if not math.isfinite(value):
            row["non_finite"] += 1
            continue
        row["total"] += value
        if row["min_value"] is None or value < row["min_value"]:
            row |= {f"min_{part}": found for part, found in moment.items()}
        if row["max_value"] is None or value > row["max_value"]:
            row |= {f"max_{part}": found for part, found in moment.items()}
    return row


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    found, expected = dict(found), dict(expected)
    total, expected_total = found.pop("total"), expected.pop("total")
    # Sums may differ in the order of adding, by what the greatest of their terms cannot hold.
    greatest = max((abs(expected[f"{name}_value"] or 0.0) for name in ("min", "max")), default=0.0)
    assert total == pytest.approx(expected_total, rel=1e-12, abs=max(1e-9, 1e-12 * greatest))
    assert found == expected


def of_series(points: list[Point], number: int) -> list[Point]:
    return [point for point in points if point[0] == number]


@given(st.lists(POINTS, max_size=60))
def test_all_series_of_a_batch_at_once(points: list[Point]) -> None:
    groups = grouped(records(points))
    assert groups.series == sorted({point[0] for point in points})
    parts = np.split(groups.points.steps, groups.starts[1:])
    for number, row, steps in zip(groups.series, summarised(groups), parts if points else [], strict=True):
        assert steps.tolist() == [step for _, step, _, _ in of_series(points, number)]
        assert_same(row, by_hand(of_series(points, number)))


@given(st.lists(st.lists(POINTS.map(lambda p: (0, *p[1:])), min_size=1, max_size=12), min_size=1, max_size=6))
def test_adding_parts_is_summarising_the_whole(parts: list[list[Point]]) -> None:
    rows = [summarised(grouped(records(part)))[0] for part in parts]
    total = rows[0]
    for row in rows[1:]:
        total = added(total, row)
    assert_same(total, summarised(grouped(records([point for part in parts for point in part])))[0])


@given(st.lists(EXTREME, min_size=1, max_size=20))
def test_extreme_steps_times_and_values(points: list[Point]) -> None:
    (row,) = summarised(grouped(records(points)))
    expected = by_hand(points)
    if math.isfinite(expected["total"]):
        assert_same(row, expected)
    assert {key: row[key] for key in row if key != "total"} == {key: expected[key] for key in row if key != "total"}


def test_series_with_the_greatest_numbers() -> None:
    groups = grouped(records([(2**32 - 1, 0, 0, 1.0), (0, 0, 0, 2.0)]))
    assert groups.series == [0, 2**32 - 1]


def test_nothing() -> None:
    groups = grouped(records([]))
    assert (groups.series, summarised(groups)) == ([], [])


def test_nothing_finite_has_no_extremes_and_no_mean() -> None:
    (row,) = summarised(grouped(records([(0, 1, 1, math.nan), (0, 2, 2, math.inf)])))
    assert (row["min_value"], row["max_value"], row["min_step"]) == (None, None, None)
    assert (row["count"], row["non_finite"], row["last_value"]) == (2, 2, math.inf)


def test_a_sum_beyond_the_floats_is_infinite_and_no_error() -> None:
    (row,) = summarised(grouped(records([(0, n, n, 1.7e308) for n in range(3)])))
    assert row["total"] == math.inf
    assert row["max_value"] == 1.7e308
