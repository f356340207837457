"""Where the headings and cards of the charts stand: in as many columns as fit, section by section, from the top."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from PySide6.QtCore import QPoint, QRect, QSize

from runfolio.core.chart_page import MOST_CELLS, NO_CHOICE, Section

GAP = 12
SIDE = 16
# How wide the line is that shows where a chart goes.
LINE = 3
MIN_WIDTH, MIN_HEIGHT, MAX_HEIGHT = 270, 110, 420
PROPORTION, STRETCH = 0.8, 1.15


Cells: TypeAlias = tuple[int, int]
ONE: Cells = (1, 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """Places in the content that scrolls: of headings by their section, and of cards by the key of their chart."""

    headings: Mapping[str, QRect] = field(default_factory=dict)
    cards: Mapping[str, QRect] = field(default_factory=dict)
    height: int = 0


def columns_for(width: int) -> int:
    """How many cards stand side by side, none narrower than MIN_WIDTH where there is room for one."""
    return max(1, (width + GAP) // (MIN_WIDTH + GAP))


def card_size(rows: int, columns: int, width: int, height: int, heading: int) -> QSize:
    """How large a card is where so many of them stand side by side and beneath each other, each row with a heading.

    Cards keep about their proportion, stretched or shrunk a little so that whole rows fill the height there is.
    """
    across = (width - 2 * SIDE - GAP * (columns - 1)) // columns
    wanted = min(round(across * PROPORTION), MAX_HEIGHT)
    in_view = min(max(1, round(height / (wanted + GAP + heading))), max(1, rows))
    return QSize(across, max(MIN_HEIGHT, min(round(wanted * STRETCH), height // in_view - GAP - heading)))


def placed(cells: Sequence[Cells], columns: int) -> list[Cells]:
    """The column and row of things that take so many columns and rows, each as high as there is room for it."""
    if cells.count(ONE) == len(cells):
        return [(number % columns, number // columns) for number in range(len(cells))]
    filled, places = [0] * columns, []
    for wide, tall in cells:
        wide = min(wide, columns)
        row, column = min((max(filled[at : at + wide]), at) for at in range(columns - wide + 1))
        filled[column : column + wide] = [row + tall] * wide
        places.append((column, row))
    return places


@dataclass(frozen=True, slots=True)
class Block:
    """A section in the columns it takes: from which one on, how many, and the size and the column and row of each of
    its cards.
    """

    section: Section
    column: int
    columns: int
    cells: Sequence[Cells] = ()
    places: Sequence[Cells] = ()
    rows: int = 0


Line: TypeAlias = list[Block]


def in_lines(sections: Sequence[Section], columns: int) -> list[Line]:
    """Sections of few charts, and folded ones, stand side by side as far as there are columns for them."""
    lines: list[Line] = []
    for section in sections:
        block = _block(section, columns)
        last = lines[-1][-1] if lines else None
        taken = columns if last is None else last.column + last.columns
        if last is not None and taken + block.columns <= columns:
            lines[-1].append(replace(block, column=taken))
        else:
            lines.append([block])
    return lines


def _block(section: Section, columns: int) -> Block:
    if section.choice.folded:
        return Block(section, 0, 1)
    cells = _cells(section, columns)
    columns = min(columns, _width(cells))
    places = placed(cells, columns)
    rows = max((row + tall for (_, row), (_, tall) in zip(places, cells, strict=True)), default=0)
    return Block(section, 0, max(1, columns), cells, places, rows)


def _cells(section: Section, columns: int) -> list[Cells]:
    chosen = (chart.choice for chart in section.charts)
    return [ONE if one is NO_CHOICE else (min(one.wide, columns), one.tall) for one in chosen]


def _width(cells: Iterable[Cells]) -> int:
    return sum(wide for wide, _ in cells)


def laid_out(sections: Sequence[Section], size: QSize, heading: int) -> Layout:
    """The places of all sections in a viewport of that size; headings, where there are several, have this height.

    One section alone has no heading, and cannot be folded; nor has the one without a name where it is the first.
    """
    headed = len(sections) > 1
    bare = sections[:1] if not headed or not sections[0].name else ()
    sections = [*map(_unfolded, bare), *sections[len(bare) :]]
    count = sum(1 if one.choice.folded else _width(_cells(one, MOST_CELLS)) for one in sections)
    columns = min(columns_for(size.width() - 2 * SIDE), max(count, 2))
    lines = in_lines(sections, columns)
    used = max((block.column + block.columns for line in lines for block in line if block.rows), default=0)
    if used < columns:  # no empty column at the right
        columns = min(columns, max(used, 2))
        lines = in_lines(sections, columns)
    rows = sum(max(block.rows for block in line) for line in lines)
    card = card_size(rows, columns, size.width(), size.height(), heading if headed else 0)
    headings: dict[str, QRect] = {}
    cards: dict[str, QRect] = {}
    top = 0
    for line in lines:
        names = [block for block in line if not bare or block.section is not sections[0]]
        for block in names:
            across = card.width() + GAP
            headings[block.section.name] = QRect(
                SIDE + across * block.column, top, across * block.columns - GAP, heading
            )
        top += heading if names else 0
        for block in line:
            _lay_out(block, card, top, cards)
        top += (card.height() + GAP) * max(block.rows for block in line)
    return Layout(headings, cards, top)


def _unfolded(section: Section) -> Section:
    return replace(section, choice=replace(section.choice, folded=False)) if section.choice.folded else section


def _lay_out(block: Block, card: QSize, top: int, cards: dict[str, QRect]) -> None:
    across, down, left = card.width() + GAP, card.height() + GAP, SIDE + (card.width() + GAP) * block.column
    # There may be thousands: those of a folded section have no places.
    for chart, (column, row), (wide, tall) in zip(block.section.charts, block.places, block.cells, strict=False):
        cards[chart.key] = QRect(left + across * column, top + down * row, across * wide - GAP, down * tall - GAP)


@dataclass(frozen=True, slots=True)
class DropPlace:
    """Where a chart can be put: beside a chart of a section, before or after it, and the line that shows it."""

    section: str
    key: str
    after: bool
    line: QRect


def drop_place(sections: Sequence[Section], layout: Layout, at: QPoint) -> DropPlace | None:
    """Where a chart goes that is let go of there: on a heading, before all; else beside the nearest card of the row."""
    for section in sections:
        heading = layout.headings.get(section.name, QRect())
        if heading.contains(at):
            line = QRect(heading.left(), heading.bottom() - LINE, heading.width(), LINE)
            return DropPlace(section.name, section.charts[0].key, after=False, line=line)
    homes = {chart.key: section.name for section in sections for chart in section.charts}
    row = {key: rect for key, rect in layout.cards.items() if rect.top() - GAP <= at.y() <= rect.bottom()}
    if not row:
        return None
    key = min(row, key=lambda key: max(row[key].left() - at.x(), at.x() - row[key].right(), 0))
    after = at.x() > row[key].center().x()
    edge = row[key].right() + GAP // 2 if after else row[key].left() - GAP // 2 - LINE
    return DropPlace(homes[key], key, after, QRect(edge, row[key].top(), LINE, row[key].height()))


class Tops:
    """Finds the few of many places that are in a stretch of height, or less than the highest of them away from it."""

    def __init__(self, places: Mapping[str, QRect]) -> None:
        self._places = places
        self._sorted = sorted((rect.top(), name) for name, rect in places.items())
        self._highest = max((rect.height() for rect in places.values()), default=0)

    def within(self, top: int, bottom: int) -> list[str]:
        """From the top."""
        low, high = top - self._highest, bottom + self._highest
        first = bisect_left(self._sorted, (low - self._highest, ""))
        some = self._sorted[first : bisect_left(self._sorted, (high, ""))]
        return [name for _, name in some if self._places[name].bottom() > low]
