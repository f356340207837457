"""Lines and bands are cut to a box: nothing outside is left, and nothing inside is lost or moved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.clipping import cut_edge, cut_line, into_box
from runfolio.core.curves import Floats

CORNER = st.one_of(st.floats(-3, 4), st.sampled_from([0.0, 1.0, np.nan, 1e9, -1e9]))
LINES = st.lists(st.tuples(CORNER, CORNER), max_size=12)


def columns(corners: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    x, y = np.array(corners, np.float64).reshape(-1, 2).T
    return x, y


def near_segment(x: float, y: float, ends: Floats) -> bool:
    """Whether a place is on a straight line between two ends, or very near to it."""
    (ax, ay), (bx, by) = ends
    length = np.hypot(bx - ax, by - ay)
    if not np.isfinite(length):
        return False
    along = 0.0 if length < 1e-9 else ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length**2
    along = min(max(along, 0.0), 1.0)
    return bool(np.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y) < 1e-4 * max(1.0, length * 1e-6))


@given(LINES)
def test_what_is_left_is_in_the_box_and_on_the_line(corners: list[tuple[float, float]]) -> None:
    x, y = columns(corners)
    cut_x, cut_y = cut_line(x, y)
    gaps = np.isnan(cut_x)
    assert np.array_equal(gaps, np.isnan(cut_y))
    assert np.all((cut_x[~gaps] >= 0) & (cut_x[~gaps] <= 1) & (cut_y[~gaps] >= 0) & (cut_y[~gaps] <= 1))
    segments = [np.stack([x[i : i + 2], y[i : i + 2]], 1) for i in range(len(x) - 1)]
    for place in zip(cut_x[~gaps], cut_y[~gaps], strict=True):
        assert any(near_segment(*place, ends) for ends in segments)


@given(LINES, st.floats(0.001, 0.999))
def test_nothing_in_the_box_is_lost(corners: list[tuple[float, float]], part: float) -> None:
    x, y = columns(corners)
    cut = np.stack(cut_line(x, y), 1)
    for i in range(len(x) - 1):
        at = x[i] + part * (x[i + 1] - x[i]), y[i] + part * (y[i + 1] - y[i])
        if all(np.isfinite(at)) and all(1e-3 < one < 1 - 1e-3 for one in at):
            assert any(near_segment(*at, cut[j : j + 2]) for j in range(len(cut) - 1)), at


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9), st.data())
def test_a_line_within_stays_as_it_is(y: list[float], data: st.DataObject) -> None:
    x = np.linspace(0, 1, len(y))
    cut_x, cut_y = cut_line(x, np.array(y))
    np.testing.assert_allclose(cut_x, x, atol=1e-9)
    np.testing.assert_allclose(cut_y, y, atol=1e-9)


def test_a_line_that_leaves_and_comes_back_has_a_gap() -> None:
    cut_x, cut_y = cut_line(np.array([0.0, 0.5, 1.0]), np.array([0.5, 2.5, 0.5]))
    np.testing.assert_allclose(cut_x, [0, 0.125, np.nan, 0.875, 1])
    np.testing.assert_allclose(cut_y, [0.5, 1, np.nan, 1, 0.5])


@given(st.lists(st.floats(-3, 4), min_size=1, max_size=9), st.floats(-2, 1), st.floats(0.1, 3))
def test_an_edge_is_the_line_moved_into_the_box(y: list[float], left: float, width: float) -> None:
    x = np.linspace(left, left + width, len(y))
    cut_x, cut_y = cut_edge(x, np.array(y))
    assert np.all((cut_x >= 0) & (cut_x <= 1) & (cut_y >= 0) & (cut_y <= 1)) and np.all(np.diff(cut_x) >= 0)
    for at in np.linspace(0.01, 0.99, 7):
        if len(y) > 1 and left <= at <= left + width:
            wanted = np.clip(np.interp(at, x, y), 0, 1)
            assert np.interp(at, cut_x, cut_y) == pytest.approx(wanted, abs=1e-4)


def test_the_largest_floats_have_a_place() -> None:
    values = np.array([-1.797e308, 0.0, 1.797e308, np.nan, np.inf])
    places = into_box(values, -4e306, 4e306)
    assert places[0] < 0 and places[1] == 0.5 and places[2] > 1 and np.isnan(places[3]) and np.isfinite(places[4])
    assert np.isfinite(into_box(values[:3], 0.0, 1e-300)).all()
