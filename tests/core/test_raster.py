"""Lines as pixels: each column shows what a line covers there, and the last line is on top."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.curves import Floats
from runfolio.core.raster import GROUND, Picture, Pile, Rows, spans, widened

WIDTH, HEIGHT = 12, 9
PLACE = st.floats(-20, 30) | st.sampled_from([0.0, 3.0, -1e300, 1e300])
CORNERS = st.lists(st.tuples(PLACE, PLACE | st.just(math.nan)), max_size=12)
STRETCH = st.tuples(st.integers(-2, HEIGHT + 2), st.integers(-2, HEIGHT + 2))


def line(corners: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    x, y = (np.array([corner[axis] for corner in corners], np.float64) for axis in (0, 1))
    return np.sort(x), y


def painted(*covered: tuple[Rows, Rows]) -> Picture:
    """The picture of lines, of which the last one is on top; the first one's mark is 1."""
    pile = Pile(len(covered[0][0]), HEIGHT)
    for number in reversed(range(len(covered))):
        pile.lay(*covered[number], number + 1)
    return pile.picture


def picture(*lines: list[tuple[float, float]]) -> Picture:
    return painted(*(spans(*line(corners), WIDTH, HEIGHT) for corners in lines))


def near(x: float, y: float, corners: tuple[Floats, Floats]) -> bool:
    """Whether a line that is cut very finely comes to within a pixel's corners of a place."""
    found = False
    for x0, y0, x1, y1 in zip(corners[0], corners[1], corners[0][1:], corners[1][1:], strict=False):
        if not (math.isnan(y0) or math.isnan(y1)) and x1 >= x and x0 <= x + 1:
            inside = np.clip([x, x + 1], x0, x1)
            ends = y0 + (y1 - y0) * (inside - x0) / (x1 - x0) if x1 > x0 else np.array([y0, y1])
            found = found or bool(min(ends) <= y + 1 + 1e-6 and max(ends) >= y - 1e-6)
    return found


@given(CORNERS)
def test_a_line_covers_what_it_goes_through(corners: list[tuple[float, float]]) -> None:
    """Every pixel that is drawn is touched by the line, or between two that are; its corners are drawn."""
    corners = [(max(min(x, 1e8), -1e8), max(min(y, 1e8), -1e8)) for x, y in corners]
    x, y = line(corners)
    drawn = picture(corners) != GROUND
    for row, column in np.argwhere(drawn):
        own = [b for a, b in zip(x, y, strict=True) if column <= a <= column + 1 and not math.isnan(b)]
        between = bool(own) and min(own) <= row + 1 and max(own) >= row
        rows = drawn[:, column].nonzero()[0]
        assert between or near(column, row, (x, y)) or rows.min() < row < rows.max()
    for a, b in zip(x, y, strict=True):
        if 0 <= a < WIDTH and 0 <= b < HEIGHT:
            assert drawn[int(b), int(a)]


@given(CORNERS)
def test_two_joined_corners_leave_no_hole(corners: list[tuple[float, float]]) -> None:
    """From a column to the next one a line goes on at the same row, or the one beside it."""
    x, y = line(corners)
    first, last = spans(x, y, WIDTH, HEIGHT)
    for column in range(WIDTH - 1):
        both = slice(column, column + 2)
        at = int(np.searchsorted(x, column + 1))
        joined = 0 < at < len(x) and not (math.isnan(y[at - 1]) or math.isnan(y[at])) and x[at] > column + 1
        if joined and (first[both] <= last[both]).all():
            assert max(first[both]) <= min(last[both]) + 1


def test_steep_lines_are_upright_and_far_ones_cross_the_picture() -> None:
    assert (picture([(3.2, -5.0), (3.8, 50.0)])[:, 3] == 1).all()
    assert (picture([(-1e300, 4.5), (1e300, 4.5)])[4] == 1).all()
    assert (picture([(2.5, 4.0), (2.5, math.nan), (8.5, 4.0)]) == 1).sum() == 2, "only the corners beside the gap"


def test_the_last_line_is_on_top() -> None:
    flat, upright = [(0.0, 4.5), (11.0, 4.5)], [(5.5, 0.0), (5.5, 8.0)]
    assert picture(flat, upright)[4, 5] == 2
    assert picture(upright, flat)[4, 5] == 2
    assert picture(upright, flat)[3, 5] == 1


@given(st.lists(st.lists(STRETCH, min_size=2, max_size=2), min_size=1, max_size=8))
def test_the_picture_is_what_painting_one_over_the_other_gives(lines: list[list[tuple[int, int]]]) -> None:
    first, last = (np.array([[max(s[0], 0) if not end else s[1] for s in own] for own in lines]) for end in (0, 1))
    expected = np.full((HEIGHT, 2), GROUND)
    for number in range(len(lines)):
        for column in range(2):
            low, high = first[number, column], min(last[number, column], HEIGHT - 1)
            expected[low : max(high + 1, low), column] = number + 1
    np.testing.assert_array_equal(painted(*zip(first, last, strict=True)), expected)


def test_a_wide_line_covers_its_neighbours() -> None:
    covered = spans(*line([(5.5, 3.5), (5.5, 4.5)]), WIDTH, HEIGHT)
    for pixels, number in ((1, 2), (2, 2 * 3), (3, 3 * 4)):
        assert (painted(widened(*covered, pixels, pixels)) == 1).sum() == number
