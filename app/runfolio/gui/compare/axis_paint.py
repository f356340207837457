"""How the axes of parallel coordinates are painted: lines, marks, names, and what has no place on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from runfolio.core.scales import REASONS, Placed
from runfolio.gui.chrome.labels import SMALL, scaled
from runfolio.gui.compare.brushes import MISSING
from runfolio.gui.compare.marks import marks
from runfolio.gui.theme import Theme

if TYPE_CHECKING:
    from runfolio.gui.compare.parallel import ParallelView

MOST_MARKS = 6


def paint_axes(painter: QPainter, view: ParallelView, theme: Theme) -> None:
    """Paint all axes of a view."""
    for number, axis in enumerate(view.axes):
        _paint_axis(painter, view, theme, number, axis)


def _paint_axis(painter: QPainter, view: ParallelView, theme: Theme, number: int, axis: Placed) -> None:
    x, (bottom, top) = view.x_of(number), view.y_of(np.array([0.0, 1.0])).tolist()
    focused = view.hasFocus() and number == view.current
    painter.setPen(QPen(theme.color("accent" if focused else "muted"), 2 if focused else 1.2))
    painter.drawLine(QPointF(x, top), QPointF(x, bottom))
    painter.setFont(scaled(view.font(), SMALL))
    _paint_missing(painter, view, theme, number, axis)
    count = max(min(int(view.height_of_axes / (2.6 * painter.fontMetrics().height())), MOST_MARKS), 2)
    for at, text in marks(axis, count):
        y = float(view.y_of(np.array(at)))
        painter.setPen(QPen(theme.color("muted"), 1))
        painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
        _paint_beside(painter, view, theme, number, y, text)
    _paint_title(painter, view, theme, number, focused)


def _paint_missing(painter: QPainter, view: ParallelView, theme: Theme, number: int, axis: Placed) -> None:
    """The place of runs that have none on the axis, and how many there are, in words."""
    missing = axis.missing()
    if not missing:
        return
    x, y = view.x_of(number), float(view.y_of(np.array(MISSING)))
    painter.setPen(QPen(theme.color("warn"), 2))
    painter.drawLine(QPointF(x - 8, y), QPointF(x + 8, y))
    reason = next(iter(REASONS[why] for why in missing)) if len(missing) == 1 else "no place"
    text = f"{reason}: {sum(missing.values()):,}"
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text)
    left = min(max(x - width / 2, 2.0), view.width() - width - 2.0)
    painter.setPen(theme.color("warn"))
    painter.drawText(QPointF(left, y + metrics.ascent() + 5), text)


def _paint_beside(painter: QPainter, view: ParallelView, theme: Theme, number: int, y: float, text: str) -> None:
    """What stands at a mark, legible over the lines; at the last axis on its left side."""
    metrics = painter.fontMetrics()
    room = int(view.area.width() / max(len(view.axes) - 1, 1) * 0.45)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 24))
    width, height = metrics.horizontalAdvance(text), metrics.height()
    last = number == len(view.axes) - 1 and number > 0
    left = view.x_of(number) + (-width - 9 if last else 9)
    behind = theme.color("panel")
    behind.setAlphaF(0.86)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(behind)
    painter.drawRoundedRect(QRectF(left - 2, y - height / 2, width + 4, height), 3, 3)
    painter.setPen(theme.color("text"))
    painter.drawText(QPointF(left, y - height / 2 + metrics.ascent()), text)


def _paint_title(painter: QPainter, view: ParallelView, theme: Theme, number: int, focused: bool) -> None:
    font = QFont(view.font())
    font.setWeight(QFont.Weight.DemiBold if focused else QFont.Weight.Medium)
    painter.setFont(font)
    area = view.title_rect(number)
    if view.dragged is not None and view.dragged[0] == number:
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(area, 4, 4)
    painter.setPen(theme.color("accent" if focused else "text"))
    text = painter.fontMetrics().elidedText(view.titles[number], Qt.TextElideMode.ElideMiddle, int(area.width()) - 6)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)
