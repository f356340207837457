"""Where the headings and cards stand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from runfolio.core.chart_page import ChartChoice, ChartPage, Section, SectionChoice, arranged
from runfolio.gui.curves.layout import MIN_HEIGHT, MIN_WIDTH, SIDE, Layout, Tops, drop_place, laid_out, placed

HEADING = 30
PLAIN = ChartPage()


def rects(count: int, width: int, height: int) -> list[QRect]:
    """The places of so many cards of one section."""
    (section,) = arranged(ChartPage(), [f"val/{number:03}" for number in range(count)], {})
    return list(laid_out([section], QSize(width, height), HEADING).cards.values())


@pytest.mark.parametrize("width", [300, 700, 1005, 1600, 2400])
@pytest.mark.parametrize("count", [1, 2, 5, 100])
def test_cards_never_overlap_and_keep_their_margins(width: int, count: int) -> None:
    found = rects(count, width, 500)
    assert len(found) == count
    assert not any(a.intersects(b) for a, b in itertools.combinations(found[:20], 2))
    assert all(rect.left() >= SIDE and rect.right() < width - SIDE for rect in found)
    assert all(rect.width() >= min(MIN_WIDTH, width - 2 * SIDE) for rect in found)


@pytest.mark.parametrize(("width", "columns"), [(500, 1), (700, 2), (1005, 3), (1200, 4)])
def test_the_columns_follow_the_width(width: int, columns: int) -> None:
    assert len({rect.left() for rect in rects(12, width, 500)}) == columns


@pytest.mark.parametrize("height", [170, 240, 330, 600])
def test_whole_rows_fill_the_height(height: int) -> None:
    found = rects(100, 1005, height)
    rows = height // found[0].height()
    assert 0 <= height - rows * found[0].height() < MIN_HEIGHT


def test_a_low_panel_still_has_readable_charts() -> None:
    assert rects(3, 1005, 60)[0].height() == MIN_HEIGHT


def test_one_chart_does_not_fill_a_wide_panel() -> None:
    assert rects(1, 1005, 500)[0].width() < 600


def sections(page: ChartPage = PLAIN) -> tuple[Section, ...]:
    return arranged(page, ["loss", "train/acc", "train/loss", "val/acc"], {})


def everything(layout: Layout) -> list[QRect]:
    return [*layout.headings.values(), *layout.cards.values()]


def test_sections_stand_under_their_headings_and_folded_ones_have_nothing_else() -> None:
    layout = laid_out(sections(), QSize(700, 500), HEADING)
    assert list(layout.headings) == ["train", "val"], "what has no prefix needs no heading"
    assert layout.cards["loss"].bottom() < layout.headings["train"].top()
    assert layout.headings["train"].bottom() < layout.cards["train/acc"].top() == layout.cards["train/loss"].top()
    folded = ChartPage(sections=(("train", SectionChoice(folded=True)),))
    fewer = laid_out(sections(folded), QSize(700, 500), HEADING)
    assert list(fewer.cards) == ["loss", "val/acc"] and list(fewer.headings) == ["train", "val"]
    assert fewer.height < layout.height


def test_sections_of_few_charts_stand_side_by_side() -> None:
    layout = laid_out(sections(), QSize(1200, 300), HEADING)
    assert len({rect.top() for rect in layout.cards.values()}) == 1
    train, val = layout.headings.values()
    assert train.left() == layout.cards["train/acc"].left() and val.left() == layout.cards["val/acc"].left()
    assert train.right() == layout.cards["train/loss"].right() and layout.height <= 300


def test_the_section_without_a_name_has_a_heading_where_others_stand_above_it() -> None:
    page = ChartPage(section_order=("train", ""), sections=(("", SectionChoice(folded=True)),))
    layout = laid_out(sections(page), QSize(700, 500), HEADING)
    assert list(layout.headings) == ["train", "val", ""] and "loss" not in layout.cards
    first = laid_out(sections(replace(page, section_order=())), QSize(700, 500), HEADING)
    assert list(first.headings) == ["train", "val"] and "loss" in first.cards, "the first one cannot be unfolded"


def test_no_column_is_left_empty_for_folded_sections_alone() -> None:
    page = ChartPage(sections=(("system", SectionChoice(folded=True)),))
    found = arranged(page, ["system/cpu", "system/ram", "train/acc", "train/loss", "val/acc", "val/loss"], {})
    layout = laid_out(found, QSize(1005, 500), HEADING)
    assert max(rect.right() for rect in layout.cards.values()) >= 1005 - SIDE - 2


def test_one_section_alone_has_no_heading_and_is_never_folded_away() -> None:
    page = ChartPage(sections=(("val", SectionChoice(folded=True)),))
    layout = laid_out(arranged(page, ["val/acc"], {}), QSize(1005, 500), HEADING)
    assert not layout.headings and list(layout.cards) == ["val/acc"]


def test_a_chart_goes_beside_the_nearest_card_or_under_a_heading() -> None:
    found = sections()
    layout = laid_out(found, QSize(1200, 300), HEADING)
    loss, train = layout.cards["train/loss"], layout.headings["train"]

    def place(at: QPoint) -> tuple[str, str, bool] | None:
        there = drop_place(found, layout, at)
        return None if there is None else (there.section, there.key, there.after)

    assert place(loss.center() - QPoint(20, 0)) == ("train", "train/loss", False)
    assert place(loss.center() + QPoint(20, 0)) == ("train", "train/loss", True)
    assert place(QPoint(loss.right() + 2, loss.bottom())) == ("train", "train/loss", True), "between two cards"
    assert place(train.center()) == ("train", "train/acc", False)
    assert place(QPoint(1199, loss.center().y())) == ("val", "val/acc", True), "right of all"
    assert place(QPoint(5, layout.height + 50)) is None


sizes = st.tuples(st.integers(1, 2), st.integers(1, 2))


@given(st.lists(sizes, max_size=12), st.integers(200, 2400), st.integers(60, 1200))
def test_large_cards_overlap_none_and_stay_within_the_width(
    cells: list[tuple[int, int]], width: int, height: int
) -> None:
    names = [f"{'abc'[number % 3]}/{number}" for number in range(len(cells))]
    choices = {name: ChartChoice(wide=wide, tall=tall) for name, (wide, tall) in zip(names, cells, strict=True)}
    page = ChartPage(charts=tuple(choices.items()))
    layout = laid_out(arranged(page, names, {}), QSize(width, height), HEADING)
    assert not any(a.intersects(b) for a, b in itertools.combinations(everything(layout), 2))
    assert all(rect.left() >= SIDE and rect.right() < width - SIDE for rect in everything(layout))
    assert all(rect.bottom() < layout.height for rect in everything(layout))


@given(st.lists(sizes, max_size=20), st.integers(-900, 4000), st.integers(0, 900))
def test_what_is_in_view_is_found_among_all(cells: list[tuple[int, int]], top: int, height: int) -> None:
    names = [f"{'abc'[number % 3]}/{number}" for number in range(len(cells))]
    choices = {name: ChartChoice(wide=wide, tall=tall) for name, (wide, tall) in zip(names, cells, strict=True)}
    page = ChartPage(charts=tuple(choices.items()))
    layout = laid_out(arranged(page, names, {}), QSize(900, 400), HEADING)
    found = Tops(layout.cards).within(top, top + height)
    view = QRect(0, top, 900, height)
    highest = max((rect.height() for rect in layout.cards.values()), default=0)
    assert {name for name, rect in layout.cards.items() if rect.intersects(view)} <= set(found)
    assert all(layout.cards[name].intersects(view.adjusted(0, -highest, 0, highest)) for name in found)
    assert [layout.cards[name].top() for name in found] == sorted(layout.cards[name].top() for name in found)


@given(st.lists(sizes, max_size=30), st.integers(1, 6))
def test_places_are_taken_once_and_none_is_left_free_that_fits(cells: list[tuple[int, int]], columns: int) -> None:
    taken: set[tuple[int, int]] = set()
    for (wide, tall), (column, row) in zip(cells, placed(cells, columns), strict=True):
        own = {(column + x, row + y) for x in range(min(wide, columns)) for y in range(tall)}
        assert not own & taken and all(x < columns for x, _ in own)
        assert not row or any((column + x, row - 1) in taken for x in range(min(wide, columns))), "it could be higher"
        taken |= own
