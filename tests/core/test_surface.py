"""A surface goes through the runs, stays between their heights, and is not made of what is too little."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.spatial
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.surface import SIDE, Surface, area_of, banded, enlarged, hull_of, surface_of

CHANCE = np.random.default_rng(7)
unit = st.floats(0, 1)


def test_a_surface_goes_through_what_it_is_made_of() -> None:
    x, y = (np.round(one * (SIDE - 1)) / (SIDE - 1) for one in CHANCE.random((2, 40)))
    z = (x + y) / 2
    found = surface_of(x, y, z)
    assert isinstance(found, Surface)
    rows, columns = np.rint(y * (SIDE - 1)).astype(int), np.rint(x * (SIDE - 1)).astype(int)
    assert np.allclose(found.heights[rows, columns], z, atol=0.02), "runs in one place share it"
    assert found.away[rows, columns].max() < 0.01
    grid = np.linspace(0, 1, SIDE)
    inside = found.away < 0.1
    assert np.abs(found.heights - (grid[:, None] + grid) / 2)[inside].mean() < 0.05, "between runs it is a plane nearly"


def test_runs_in_one_place_are_averaged_and_those_without_a_place_do_not_count() -> None:
    x = np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.5, np.nan])
    y = np.array([0.0, 1.0, 0.0, 1.0, 0.0, np.nan, 0.5])
    found = surface_of(x, y, np.array([0.2, 0.5, 0.5, 1.0, 0.4, 0.9, 0.9]))
    assert isinstance(found, Surface) and found.heights[0, 0] == pytest.approx(0.3, abs=1e-6)
    assert area_of(found.hull) == 1 and len(found.hull) == 4


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ([], [], "they have 0 different places, and it takes 4"),
        ([0, 1, 1, 0, 1], [0, 1, 1, 0, 0], "they have 3 different places"),
        ([0, 0.2, 0.7, 1], [0, 0.2, 0.7, 1], "lie on one line"),
        ([0.5, 0.5, 0.5, 0.5, 0.5], [0, 0.2, 0.4, 0.6, 1], "lie on one line"),
    ],
)
def test_of_too_little_there_is_none_and_this_is_said(x: list[float], y: list[float], said: str) -> None:
    found = surface_of(np.array(x, np.float64), np.array(y, np.float64), np.full(len(x), 0.5))
    assert isinstance(found, str) and said in found


def test_of_very_many_runs_those_near_each_other_are_taken_together() -> None:
    x, y = CHANCE.random((2, 20_000))
    found = surface_of(x, y, x)
    assert isinstance(found, Surface)
    assert np.abs(found.heights - np.linspace(0, 1, SIDE)).max() < 0.1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(unit, unit, unit), max_size=30))
def test_a_surface_stays_between_the_heights_of_its_runs(points: list[tuple[float, float, float]]) -> None:
    x, y, z = np.array(points, np.float64).reshape(-1, 3).T
    found = surface_of(x, y, z)
    if isinstance(found, str):
        assert found.endswith(".")
        return
    assert found.heights.shape == found.away.shape == (SIDE, SIDE)
    assert z.min() - 1e-9 <= found.heights.min() and found.heights.max() <= z.max() + 1e-9


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=40))
def test_the_hull_is_scipys(points: list[tuple[int, int]]) -> None:
    given_points = np.array(points, np.float64) / 20
    found = hull_of(given_points)
    try:
        expected = scipy.spatial.ConvexHull(given_points)
    except scipy.spatial.QhullError:
        assert area_of(found) < 1e-9, "all lie on one line"
        return
    assert area_of(found) == pytest.approx(expected.volume)
    assert {tuple(one) for one in found.tolist()} <= {tuple(one) for one in given_points.tolist()}


def test_pixels_are_between_the_places_of_the_grid_the_highest_first() -> None:
    grid = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert enlarged(grid, 3, 3).tolist() == [[2, 2.5, 3], [1, 1.5, 2], [0, 0.5, 1]]
    band, edge = banded(np.array([[0.0, 0.19, 0.21, 1.0]]), 5)
    assert band.tolist() == [[0, 0, 1, 4]] and edge.tolist() == [[False, False, True, True]]
