"""The legend of a drawing: in columns below it, or in the emptiest corner of the plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from runfolio.core.curves import Floats
from runfolio.gui.curves.figure import Figure, FigureLine
from runfolio.gui.curves.look import dash
from runfolio.gui.run_colors import DASHES, run_color, run_pen_style
from runfolio.gui.theme.tokens import LIGHT

# In heights of a letter.
SWATCH, GAP, BETWEEN, INSET = 1.6, 0.4, 0.9, 0.5
# The part of the height of the drawing, of the plot's height and of its width that a legend may take at most.
TALLEST, HIGHEST, WIDEST = 0.45, 0.55, 0.62
# Columns are as wide as the longest name unless not all names fit then; they are no narrower than this.
NARROWEST = 11.0
OPACITY = 0.85
#: A line and its name; or words about all lines, without one.
Entry: TypeAlias = tuple[FigureLine | None, str]
# At so many places along x it is looked how much a legend would cover.
LOOKED_AT = 40


def size_below(figure: Figure, metrics: QFontMetricsF, width: float, height: float) -> QRectF:
    """The room that a legend below takes: as many rows as it needs, and not too many."""
    texts = _texts(figure)
    if not texts:
        return QRectF()
    most = max(1, int(height * TALLEST / metrics.height()))
    rows = -(-len(texts) // _columns(texts, metrics, width, most))
    return QRectF(0, 0, width, min(rows, most) * metrics.height() + BETWEEN / 2 * metrics.height())


def place_inside(
    figure: Figure, metrics: QFontMetricsF, room: QRectF, lines: Sequence[tuple[Floats, Floats]]
) -> QRectF:
    """One column, or more if not all names fit, in the corner of the plot where it covers the least of the lines, given
    as parts of the room.
    """
    texts = _texts(figure)
    if not texts:
        return QRectF()
    most = max(1, int(room.height() * HIGHEST / metrics.height()))
    widest, most_wide = _widest(texts, metrics), room.width() * WIDEST
    columns = _columns(texts, metrics, most_wide, most, usual=1)
    wide, rows = min(columns * widest, most_wide), min(-(-len(texts) // columns), most)
    inset = INSET * metrics.height()
    area = QRectF(0, 0, wide + inset, rows * metrics.height() + inset)
    places = [
        QRectF(x, y, area.width(), area.height())
        for y in (room.top(), room.bottom() - area.height() - inset / 2)
        for x in (room.right() - area.width(), room.left() + inset / 2)
    ]
    return min(places, key=lambda place: _covered(place, room, lines))


def _covered(place: QRectF, room: QRectF, lines: Sequence[tuple[Floats, Floats]]) -> int:
    left, right = ((x - room.left()) / room.width() for x in (place.left(), place.right()))
    low, high = ((room.bottom() - y) / room.height() for y in (place.bottom(), place.top()))
    across = np.linspace(left, right, LOOKED_AT)
    heights = (np.interp(across, x, y, left=np.nan, right=np.nan) for x, y in lines if len(x))
    with np.errstate(invalid="ignore"):
        return sum(int(np.sum((up >= low) & (up <= high))) for up in heights)


def paint_legend(painter: QPainter, figure: Figure, area: QRectF, width: float, ground: QColor | None = None) -> None:
    """Draw it there; names for which there is no room are counted."""
    texts = _texts(figure)
    if not texts or area.isEmpty():
        return
    metrics = QFontMetricsF(painter.font())
    inset = INSET * metrics.height() / 2 if ground is not None else 0.0
    if ground is not None:
        color = QColor(ground)
        color.setAlphaF(OPACITY)
        painter.fillRect(area, color)
    area = area.adjusted(inset, inset, -inset, -inset)
    rows = max(1, int(area.height() / metrics.height() + 1e-6))
    columns = _columns(texts, metrics, area.width(), rows, usual=None if ground is None else 1)
    across = area.width() / columns
    for number, (line, text) in enumerate(_fitting(texts, rows * columns)):
        left = area.left() + across * (number % columns)
        top = area.bottom() - (rows - number // columns) * metrics.height()
        _paint_entry(painter, line, text, QRectF(left, top, across, metrics.height()), width)


def _paint_entry(painter: QPainter, line: FigureLine | None, text: str, area: QRectF, width: float) -> None:
    metrics, left = QFontMetricsF(painter.font()), area.left()
    if line is not None:
        pen = QPen(run_color(line.color, dark=False), width, run_pen_style(line.color), Qt.PenCapStyle.FlatCap)
        if pen.style() == Qt.PenStyle.DashLine:
            pen.setDashPattern([one / 2 for one in DASHES])
        if line.metric is not None:
            dash(pen, line.metric)
        painter.setPen(pen)
        middle = area.top() + metrics.ascent() - metrics.xHeight() / 2
        painter.drawLine(QPointF(left, middle), QPointF(left + SWATCH * metrics.height(), middle))
        left += (SWATCH + GAP) * metrics.height()
    painter.setPen(QColor(LIGHT["text"]))
    room = area.right() - left - (BETWEEN / 2 * metrics.height() if line is not None else 0)
    told = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)  # ends tell names of a sweep apart
    painter.drawText(QPointF(left, area.top() + metrics.ascent()), told)


def _texts(figure: Figure) -> list[Entry]:
    """The entries: lines by their names, and last what all of them are."""
    named: list[Entry] = [(line, line.name) for line in figure.lines]
    return [*named, (None, figure.note)] if figure.note and named else named


def _widest(texts: Sequence[Entry], metrics: QFontMetricsF) -> float:
    signs = (SWATCH + GAP + BETWEEN) * metrics.height()
    return max(metrics.horizontalAdvance(text) + (signs if line is not None else 0) for line, text in texts)


def _fitting(texts: Sequence[Entry], most: int) -> Sequence[Entry]:
    """As many entries as there are places; names give way to their number, and what all lines are to nothing."""
    if len(texts) <= most:
        return texts
    named, note = [one for one in texts if one[0] is not None], [one for one in texts if one[0] is None]
    shown = named[: max(0, most - 1 - len(note))]
    return [*shown, (None, f"and {len(named) - len(shown):,} more"), *note][-most:]


def _columns(texts: Sequence[Entry], metrics: QFontMetricsF, width: float, rows: int, usual: int | None = None) -> int:
    """As many as are `usual`, by default as many as fit with their names in full; more if not all fit into the rows."""
    full = usual or max(1, min(len(texts), int(width / _widest(texts, metrics))))
    if full * rows >= len(texts):
        return full
    narrow = int(width / (NARROWEST * metrics.height()) + 1e-6)
    return max(full, min(narrow, -(-len(texts) // rows)))
