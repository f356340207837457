"""Where the cards stand."""

from __future__ import annotations

import itertools

import pytest

from runfolio.gui.curves.grid import MIN_HEIGHT, MIN_WIDTH, SIDE, card_rects


@pytest.mark.parametrize("width", [300, 700, 1005, 1600, 2400])
@pytest.mark.parametrize("count", [1, 2, 5, 100])
def test_cards_never_overlap_and_keep_their_margins(width: int, count: int) -> None:
    rects = card_rects(count, width, 500)
    assert len(rects) == count
    assert not any(a.intersects(b) for a, b in itertools.combinations(rects[:20], 2))
    assert all(rect.left() >= SIDE and rect.right() < width - SIDE for rect in rects)
    assert all(rect.width() >= min(MIN_WIDTH, width - 2 * SIDE) for rect in rects)


@pytest.mark.parametrize(("width", "columns"), [(500, 1), (700, 2), (1005, 3), (1200, 4)])
def test_the_columns_follow_the_width(width: int, columns: int) -> None:
    rects = card_rects(12, width, 500)
    assert len({rect.left() for rect in rects}) == columns


@pytest.mark.parametrize("height", [170, 240, 330, 600])
def test_whole_rows_fill_the_height(height: int) -> None:
    rects = card_rects(100, 1005, height)
    rows = height // rects[0].height()
    assert 0 <= height - rows * rects[0].height() < MIN_HEIGHT


def test_a_low_panel_still_has_readable_charts() -> None:
    assert card_rects(3, 1005, 60)[0].height() == MIN_HEIGHT


def test_one_chart_does_not_fill_a_wide_panel() -> None:
    assert card_rects(1, 1005, 500)[0].width() < 600
