"""How a card of the board is painted: lines of text in a frame, and as a dashed place while it is carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import scaled
from runfolio.gui.registry.card_model import AWAY_ROLE, CARD_ROLE, NOTE_ROLE
from runfolio.gui.registry.cards import Card
from runfolio.gui.theme import Theme

RADIUS, PADDING, BELOW, GAP, LEADING = 8, 10, 8, 8, 3
NAME, SMALL = 15 / 13, 12 / 13
MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class Letters:
    """The fonts of a card, and how wide their letters are."""

    name: QFont
    small: QFont
    of_name: QFontMetrics
    of_small: QFontMetrics


def letters_of(font: QFont) -> Letters:
    """Those that go with a font; asked for with each card that is laid out."""
    return _letters(font.key())


@lru_cache(maxsize=8)
def _letters(key: str) -> Letters:
    font = QFont()
    font.fromString(key)
    name, small = scaled(font, NAME, QFont.Weight.DemiBold), scaled(font, SMALL)
    return Letters(name, small, QFontMetrics(name), QFontMetrics(small))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card: a mark in its colour, and a text in its own."""

    text: str
    role: str = "muted"
    mark: str = ""
    mark_role: str = ""


def lines_of(card: Card, note: str) -> list[Line]:
    """What a card says below its name."""
    lines = [Line(card.metrics)] if card.metrics else []
    if note:
        lines.append(Line(note, "text", "→", "warn"))
    elif card.verdict.text:
        passed = card.verdict.passed
        lines.append(Line(card.verdict.text, "muted", "✓" if passed else "✗", "ok" if passed else "bad"))
    if card.run:
        lines.append(Line(card.run, "accent"))
    return lines


class CardDelegate(QStyledItemDelegate):
    """Paints the cards of a column."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width, card = self._view.viewport().width(), index.data(CARD_ROLE)
        if card is None:
            return QSize(width, 0)
        return QSize(width, height_of(card, str(index.data(NOTE_ROLE)), width, option.font) + BELOW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = index.data(CARD_ROLE)
        if card is None:
            return
        state, area = option.state, option.rect.adjusted(0, 0, 0, -BELOW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(AWAY_ROLE):
            self._paint_place(painter, area, option.font, card)
        else:
            edge, fill = "line", "raised"
            if state & QStyle.StateFlag.State_Selected:
                edge, fill = "accent", "selection"
            elif state & QStyle.StateFlag.State_MouseOver:
                fill = "hover"
            focused = bool(state & QStyle.StateFlag.State_HasFocus) and self._view.hasFocus()
            pen = QPen(self._theme.color("accent" if focused else edge), 2 if focused else 1)
            paint_frame(painter, area, pen, self._theme.color(fill))
            paint_card(painter, area, option.font, self._theme, card, str(index.data(NOTE_ROLE)))
        painter.restore()

    def _paint_place(self, painter: QPainter, area: QRect, font: QFont, card: Card) -> None:
        pen = QPen(self._theme.color("faint"), 1, Qt.PenStyle.DashLine)
        paint_frame(painter, area, pen, QColor(Qt.GlobalColor.transparent))
        painter.setPen(self._theme.color("muted"))
        painter.setFont(font)
        text = area.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), f"v{card.number} was here")


def link_of(card: Card, note: str, area: QRect, font: QFont) -> QRect:
    """Where on a card, within its item's place, the link to its run is; nowhere if it has none."""
    if not card.run:
        return QRect()
    metrics = letters_of(font).of_small
    bottom = area.top() + height_of(card, note, area.width(), font) - PADDING
    width = min(metrics.horizontalAdvance(card.run), area.width() - 2 * PADDING)
    return QRect(area.left() + PADDING, bottom - metrics.height(), width, metrics.height())


def height_of(card: Card, note: str, width: int, font: QFont) -> int:
    """How high a card is, in so much width."""
    letters = letters_of(font)
    small, first = letters.of_small, letters.of_name
    rows = len(lines_of(card, note)) + (1 if card.version.aliases and not _beside(card, width, font) else 0)
    return 2 * PADDING + first.height() + rows * (small.height() + LEADING)


def paint_frame(painter: QPainter, area: QRect, pen: QPen, fill: QColor) -> None:
    """What lies behind a card."""
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def paint_card(painter: QPainter, area: QRect, font: QFont, theme: Theme, card: Card, note: str = "") -> None:
    """The texts of a card, in a place that is as high as `height_of` says."""
    inner = area.adjusted(PADDING, PADDING, -PADDING, -PADDING)
    letters = letters_of(font)
    first = QRect(inner.left(), inner.top(), inner.width(), letters.of_name.height())
    painter.setFont(letters.name)
    painter.setPen(theme.color("text"))
    painter.drawText(first, MIDDLE, f"v{card.number}")
    rest = first.adjusted(letters.of_name.horizontalAdvance(f"v{card.number}") + GAP, 0, 0, 0)
    painter.setFont(letters.small)
    painter.setPen(theme.color("muted"))
    painter.drawText(rest, MIDDLE, card.age)
    metrics = letters.of_small
    top = first.bottom() + 1 + LEADING
    if card.version.aliases and _beside(card, area.width(), font):
        _paint_aliases(painter, QPoint(inner.right() - _width(card, metrics), first.top()), first.height(), theme, card)
    elif card.version.aliases:
        _paint_aliases(painter, QPoint(inner.left(), top), metrics.height(), theme, card, inner.width())
        top += metrics.height() + LEADING
    for line in lines_of(card, note):
        _paint_line(painter, QRect(inner.left(), top, inner.width(), metrics.height()), theme, line)
        top += metrics.height() + LEADING


def _paint_line(painter: QPainter, place: QRect, theme: Theme, line: Line) -> None:
    metrics = painter.fontMetrics()
    if line.mark:
        painter.setPen(theme.color(line.mark_role))
        painter.drawText(place, MIDDLE, line.mark)
        place = place.adjusted(metrics.horizontalAdvance(line.mark) + GAP // 2, 0, 0, 0)
    painter.setPen(theme.color(line.role))
    painter.drawText(place, MIDDLE, metrics.elidedText(line.text, Qt.TextElideMode.ElideRight, place.width()))


def _paint_aliases(
    painter: QPainter, at: QPoint, height: int, theme: Theme, card: Card, room: int | None = None
) -> None:
    metrics, left = painter.fontMetrics(), at.x()
    for text in pills(card.version.aliases, metrics, room):
        width = metrics.horizontalAdvance(text) + 2 * GAP
        pill = QRect(left, at.y(), width, height)
        painter.setPen(theme.color("line"))
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(pill, height // 2, height // 2)
        painter.setPen(theme.color("accent"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)
        left += width + GAP // 2


def pills(aliases: Sequence[str], metrics: QFontMetrics, room: int | None) -> list[str]:
    """The aliases of a card as far as there is room; how many more it has stands at the end, as in `+2`."""
    texts = [f"@{alias}" for alias in aliases]
    if room is None or _wide(texts, metrics) <= room:
        return texts
    for shown in range(len(texts) - 1, 0, -1):
        fitting = [*texts[:shown], f"+{len(texts) - shown}"]
        if _wide(fitting, metrics) <= room:
            return fitting
    more = [f"+{len(texts) - 1}"] if len(texts) > 1 else []
    left = room - _wide(more, metrics) - 3 * GAP
    return [metrics.elidedText(texts[0], Qt.TextElideMode.ElideRight, max(left, 0)), *more]


def _wide(texts: list[str], metrics: QFontMetrics) -> int:
    return sum(metrics.horizontalAdvance(one) + 2 * GAP + GAP // 2 for one in texts)


def _beside(card: Card, width: int, font: QFont) -> bool:
    """Whether the aliases have room beside the name."""
    small, name = letters_of(font).of_small, letters_of(font).of_name
    taken = name.horizontalAdvance(f"v{card.number}") + small.horizontalAdvance(card.age) + 2 * GAP
    return taken + _width(card, small) <= width - 2 * PADDING


def _width(card: Card, metrics: QFontMetrics) -> int:
    return _wide(pills(card.version.aliases, metrics, None), metrics)
