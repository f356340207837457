"""Pictures of many lines: each pixel knows how many cross it, whatever was added and taken away before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from runfolio.core.density import PARTS, Density, Strokes

WIDTH, HEIGHT, KNOTS = 40, 30, (0, 17, 40)
CHANCE = np.random.default_rng(1)


def lines(number: int) -> NDArray[Any]:
    return CHANCE.random((number, len(KNOTS))) * (HEIGHT - 1)


def colors(number: int) -> NDArray[Any]:
    return CHANCE.integers(0, 256, (number, 3)).astype(np.uint8)


@pytest.mark.parametrize("smooth", [False, True])
def test_every_line_crosses_every_column_without_a_gap(smooth: bool) -> None:
    density = Density(WIDTH, HEIGHT, KNOTS, smooth=smooth)
    y = lines(1)
    density.add(y, colors(1))
    counts = density.counts()
    assert (counts.sum(axis=0) >= 1).all(), "steep or level, there is at least a pixel in each column"
    for column in range(WIDTH):
        there = np.flatnonzero(counts[:, column])
        assert np.array_equal(there, np.arange(there[0], there[-1] + 1))
        if column:
            before = np.flatnonzero(counts[:, column - 1])
            assert there[0] <= before[-1] + 1 and before[0] <= there[-1] + 1, "neighbours touch"
    assert counts[int(y[0, 0]), 0] > 0 and counts[int(y[0, 2]), -1] > 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=12, max_size=12), st.booleans())
def test_what_was_taken_away_is_as_if_it_had_never_been(kept: list[bool], smooth: bool) -> None:
    y, rgb, mask = lines(12), colors(12), np.array(kept)
    both, alone = (Density(WIDTH, HEIGHT, KNOTS, smooth=smooth) for _ in range(2))
    both.add(y, rgb)
    both.add(y[~mask], rgb[~mask], -1)
    alone.add(y[mask], rgb[mask])
    assert np.array_equal(both.counts(), alone.counts())
    assert np.array_equal(both.picture(0.5), alone.picture(0.5))


def test_a_pixel_has_the_mean_colour_of_its_lines_and_more_of_them_cover_more() -> None:
    density = Density(WIDTH, HEIGHT, KNOTS)
    level = np.full((2, 3), 10.0)
    density.add(level[:1], np.array([[252, 0, 0]], np.uint8))
    one = int(density.picture(0.5)[10, 5])
    density.add(level, np.array([[0, 0, 252], [0, 0, 252]], np.uint8))
    three = int(density.picture(0.5)[10, 5])
    assert [one >> shift & 255 for shift in (24, 16, 8, 0)] == [128, 127, 0, 0]
    assert [three >> shift & 255 for shift in (24, 16, 8, 0)] == [223, 74, 0, 149]
    assert density.picture(1.0, (10, 20, 30))[10, 5] == 0xFF0A141E and density.picture(1.0)[11, 5] == 0


def test_sums_of_very_many_lines_are_exact() -> None:
    density = Density(8, 8, (0, 8))
    y, white = np.full((50_000, 2), 4.0), np.full((50_000, 3), 255, np.uint8)
    for _ in range(20):
        density.add(y, white)
    assert density.counts().max() == 1_000_000 and density.picture(1.0)[4, 4] == 0xFFFFFFFF
    smooth = Density(8, 8, (0, 8), smooth=True)
    smooth.add(np.full((1, 2), 3.25), white[:1])
    assert smooth.counts()[:, 3].tolist() == [0, 0, 0, 0.75, 0.25, 0, 0, 0] and PARTS % 4 == 0


def test_lines_that_leave_the_picture_stay_at_its_edge() -> None:
    density = Density(WIDTH, HEIGHT, KNOTS, smooth=True)
    density.add(np.array([[-1e9, 1e9, 5.0]]), colors(1))
    assert density.counts()[0, 0] > 0 and density.counts()[-1, 17] > 0


def test_strokes_follow_what_is_wanted_a_few_at_a_time() -> None:
    y, rgb = lines(1000), colors(1000)
    strokes = Strokes(Density(WIDTH, HEIGHT, KNOTS), y, rgb)
    strokes.want(np.ones(1000, np.bool_))
    steps = 0
    while not strokes.done:
        strokes.go_on(0.0)
        steps += 1
    assert 1 < steps <= 8
    for share in (0.9, 0.1, 0.0, 0.5):
        wanted = CHANCE.random(1000) < share
        strokes.want(wanted)
        strokes.go_on(60.0)
        fresh = Density(WIDTH, HEIGHT, KNOTS)
        fresh.add(y[wanted], rgb[wanted])
        assert strokes.done and np.array_equal(strokes.density.counts(), fresh.counts())
