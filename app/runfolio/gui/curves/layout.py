"""Where the headings and cards of the charts stand: in as many columns as fit, section by section, from the top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from PySide6.QtCore import QRect, QSize

from runfolio.core.chart_page import MOST_CELLS, Section

GAP = 12
SIDE = 16
MIN_WIDTH, MIN_HEIGHT, MAX_HEIGHT = 270, 110, 420
PROPORTION, STRETCH = 0.8, 1.15


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


def placed(cells: Iterable[tuple[int, int]], columns: int) -> list[tuple[int, int]]:
    """The column and row of things that take so many columns and rows, each as high as there is room for it."""
    filled, places = [0] * columns, []
    for wide, tall in cells:
        wide = min(wide, columns)
        row, column = min((max(filled[at : at + wide]), at) for at in range(columns - wide + 1))
        filled[column : column + wide] = [row + tall] * wide
        places.append((column, row))
    return places


@dataclass(frozen=True, slots=True)
class Block:
    """A section in the columns it takes: from which one on, how many, and the column and row of each of its cards."""

    section: Section
    column: int
    columns: int
    places: Sequence[tuple[int, int]] = ()
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
    columns = min(columns, sum(wide for wide, _ in cells))
    places = placed(cells, columns)
    rows = max((row + tall for (_, row), (_, tall) in zip(places, cells, strict=True)), default=0)
    return Block(section, 0, max(1, columns), places, rows)


def _cells(section: Section, columns: int) -> list[tuple[int, int]]:
    return [(min(chart.choice.wide, columns), chart.choice.tall) for chart in section.charts]


def laid_out(sections: Sequence[Section], size: QSize, heading: int) -> Layout:
    """The places of all sections in a viewport of that size; headings, where there are several, have this height.

    One section alone has no heading, and cannot be folded; nor has the one without a name.
    """
    headed = len(sections) > 1
    sections = [section if headed and section.name else _unfolded(section) for section in sections]
    count = sum(1 if one.choice.folded else sum(wide for wide, _ in _cells(one, MOST_CELLS)) for one in sections)
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
        names = [block for block in line if headed and block.section.name]
        for block in names:
            headings[block.section.name] = _rect(card, (block.column, 0, block.columns, 1), top, heading)
        top += heading if names else 0
        for block in line:
            _lay_out(block, card, top, cards)
        top += (card.height() + GAP) * max(block.rows for block in line)
    return Layout(headings, cards, top)


def _unfolded(section: Section) -> Section:
    return replace(section, choice=replace(section.choice, folded=False))


def _lay_out(block: Block, card: QSize, top: int, cards: dict[str, QRect]) -> None:
    charts = block.section.charts if block.rows else ()
    for chart, (column, row), (wide, tall) in zip(
        charts, block.places, _cells(block.section, block.columns), strict=block.rows > 0
    ):
        cards[chart.key] = _rect(card, (block.column + column, row, wide, tall), top)


def _rect(card: QSize, cells: tuple[int, int, int, int], top: int, height: int = 0) -> QRect:
    """Columns and rows as pixels, from a height on; of another height if one is given."""
    column, row, wide, tall = cells
    across, down = card.width() + GAP, card.height() + GAP
    return QRect(SIDE + across * column, top + down * row, across * wide - GAP, height or down * tall - GAP)
