"""How a cell of the inspector's tables is painted: spans of text in their colours, or a small curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.aliases import Index
from runfolio.gui.inspector.rows import Span
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.text_model import NAME, SPANS_ROLE, TREND, TREND_ROLE
from runfolio.gui.run_colors import run_color

PADDING = 2
THICK = 1.4
# A span that gives way keeps so many pixels: a few letters and an ellipsis.
LEAST = 40


class SpanDelegate(QStyledItemDelegate):
    """Figures have one width; where there is no room in a line there are more lines, and only then an ellipsis."""

    def __init__(self, color: Callable[[str], QColor], sparks: Sparks | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._color = color
        self._sparks = sparks

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._color("selection"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._color("accent"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        if index.column() == TREND:
            self._paint_curve(painter, option, str(index.data(TREND_ROLE)))
        else:
            self._paint_spans(painter, option, index)

    def lines(self, index: Index, width: int, font: QFont) -> int:
        """How many lines a value takes in a column of this width."""
        metrics = QFontMetrics(_tabular(font))
        spans: tuple[Span, ...] = index.data(SPANS_ROLE)
        wanted = [metrics.horizontalAdvance(text) for _, text in spans]
        return max(1, len(wrapped(spans, wanted, width - 2 * PADDING)))

    def least_width(self, index: Index, font: QFont) -> int:
        """How wide a column is in which nothing of a value is cut off, however many lines it takes."""
        metrics = QFontMetrics(_tabular(font))
        spans: tuple[Span, ...] = index.data(SPANS_ROLE)
        wanted = [metrics.horizontalAdvance(text) for _, text in spans]
        return max((sum(wanted[line]) for line in wrapped(spans, wanted, 0)), default=0) + 2 * PADDING

    def _paint_spans(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        font = _tabular(option.font)
        metrics = QFontMetrics(font)
        area = option.rect.adjusted(PADDING, PADDING, -PADDING, 0)
        area.setHeight(metrics.lineSpacing())
        spans: tuple[Span, ...] = index.data(SPANS_ROLE)
        wanted = [metrics.horizontalAdvance(text) for _, text in spans]
        # Names often differ in their last part only.
        mode = Qt.TextElideMode.ElideMiddle if index.column() == NAME else Qt.TextElideMode.ElideRight
        painter.setFont(font)
        for number, line in enumerate(wrapped(spans, wanted, area.width())):
            parts = spans[line]
            if number:  # the blanks before it were to keep it apart from what is now above
                parts = ((parts[0][0], parts[0][1].lstrip()), *parts[1:])
            self._paint_line(painter, area.translated(0, number * area.height()), parts, mode)

    def _paint_line(self, painter: QPainter, area: QRect, spans: tuple[Span, ...], mode: Qt.TextElideMode) -> None:
        metrics = painter.fontMetrics()
        wanted = [metrics.horizontalAdvance(text) for _, text in spans]
        for (role, text), room, needed in zip(spans, rooms(spans, wanted, area.width()), wanted, strict=True):
            fits = room >= needed and area.width() >= needed
            shown = text if fits else metrics.elidedText(text, mode, min(room, area.width()))
            painter.setPen(self._color(role))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
            area.setLeft(area.left() + metrics.horizontalAdvance(shown))
            if area.width() <= 0:
                break

    def _paint_curve(self, painter: QPainter, option: QStyleOptionViewItem, key: str) -> None:
        picture = self._sparks.picture(key) if self._sparks is not None and key else None
        if picture is None or self._sparks is None:
            return
        area = QRectF(option.rect).adjusted(2, 4, -2, -4)
        points = [
            QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())
            for x, y in zip(picture.x.tolist(), picture.y.tolist(), strict=True)
        ]
        # By the text: the style sheet makes the background transparent, which has no lightness.
        dark = option.palette.color(QPalette.ColorRole.Text).lightness() >= 128
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(run_color(self._sparks.color, dark), THICK))
        painter.drawPolyline(QPolygonF(points))
        painter.restore()


def _tabular(font: QFont) -> QFont:
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def wrapped(spans: Sequence[Span], wanted: Sequence[int], width: int) -> list[slice]:
    """Which spans stand in each line: where there is no room, one that begins with a blank begins a line."""
    starts = [at for at, (_, text) in enumerate(spans) if not at or text.startswith(" ")]
    lines: list[slice] = []
    for start, end in pairwise([*starts, len(spans)]):
        if lines and sum(wanted[lines[-1].start : end]) <= width:
            lines[-1] = slice(lines[-1].start, end)
        else:
            lines.append(slice(start, end))
    return lines


def rooms(spans: Sequence[Span], wanted: Sequence[int], width: int) -> list[int]:
    """How wide each span may be: where there is not enough room, those of less weight give way first, to a few letters.

    So `0.9561  max 0.9572 @ 38.4k` keeps its first figure and `train.csv → test.csv` its last word.
    """
    given = list(wanted)
    for least in (LEAST, 0):
        over = sum(given) - width
        for at in sorted(range(len(given)), key=lambda at: -given[at]):
            if over > 0 and (spans[at][0] == "muted" or not least):
                taken = min(over, max(given[at] - LEAST, 0))
                given[at] -= taken
                over -= taken
    return given
