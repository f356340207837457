"""Draws a chart for papers and slides: light colours on white, sizes in points, whatever the window looks like."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from runfolio.core.clipping import cut_edge, cut_line, into_box
from runfolio.core.curves import Curve, Floats
from runfolio.gui.curves import axis_ticks
from runfolio.gui.curves.area import stretches
from runfolio.gui.curves.coordinates import to_axis
from runfolio.gui.curves.figure import MM_PER_INCH, POINTS_PER_INCH, Figure, FigureLine, FigureStyle, Legend
from runfolio.gui.curves.figure_legend import paint_legend, place_inside, size_below
from runfolio.gui.curves.look import BAND, FAINT, dash
from runfolio.gui.curves.nearest import lonely
from runfolio.gui.curves.plot import BOTTOM, FEW
from runfolio.gui.curves.x_axes import X_AXES, Room, x_ticks
from runfolio.gui.run_colors import DASHES, run_color, run_pen_style
from runfolio.gui.theme.tokens import LIGHT

#: Units of the drawing in a point: Qt knows sizes of letters in whole units alone.
UNITS = 20
UNITS_PER_INCH = UNITS * POINTS_PER_INCH
PAPER, INK, FRAME, GRID = (QColor(LIGHT[role]) for role in ("panel", "text", "muted", "line"))
# In points.
PADDING, TICK, FRAME_WIDTH, GRID_WIDTH = 3.0, 2.5, 0.6, 0.4
# Ticks are at least so far apart, in heights of a letter.
APART_X, APART_Y = 4.2, 2.6
DOT = 2.2
# The room at the right of the plot, in letters.
RIGHT = 1.5


def size_in_units(style: FigureStyle) -> tuple[int, int]:
    """Width and height of the drawing."""
    wide, high = (round(size / MM_PER_INCH * UNITS_PER_INCH) for size in (style.width, style.height))
    return wide, high


def paint_figure(painter: QPainter, figure: Figure, style: FigureStyle) -> None:
    """Draw it from (0, 0) to the size in units."""
    wide, high = size_in_units(style)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(QRectF(0, 0, wide, high), PAPER)
    font = letters(style)
    painter.setFont(font)
    metrics, pad = QFontMetricsF(font), PADDING * UNITS
    below = size_below(figure, metrics, wide - 2 * pad, high) if style.legend is Legend.BELOW else QRectF()
    room = _room(figure, metrics, QRectF(pad, pad, wide - 2 * pad, high - 2 * pad - below.height()))
    _paint_axes(painter, figure, room, metrics)
    for line in figure.lines:
        _paint_band(painter, figure, line, room)
    for line in figure.lines:
        _paint_line(painter, figure, line, room, style.line * UNITS)
    if style.legend is Legend.BELOW:
        below.moveTo(pad, high - pad - below.height())
        paint_legend(painter, figure, below, style.line * UNITS)
    elif style.legend is Legend.INSIDE:
        place = place_inside(figure, metrics, room, [_places(figure, line.curve, room) for line in figure.lines])
        paint_legend(painter, figure, place, style.line * UNITS, ground=PAPER)


def letters(style: FigureStyle) -> QFont:
    """The font of all texts, which are drawn at any scale."""
    font = QFont()
    font.setPixelSize(max(1, round(style.font * UNITS)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


# Axes


def _room(figure: Figure, metrics: QFontMetricsF, area: QRectF) -> QRectF:
    """Where the lines are: what titles and texts of the axes leave."""
    line, gap = metrics.height(), TICK * UNITS + PADDING * UNITS / 2
    bottom = line + gap + (line if figure.titles[0] else 0)
    texts = _vertical(figure, metrics, area.height() - bottom)[1]
    left = max((metrics.horizontalAdvance(text) for text in texts), default=0.0) + gap
    left += line + PADDING * UNITS / 2 if figure.titles[1] else 0
    right = metrics.averageCharWidth() * RIGHT
    return area.adjusted(left, line / 2, -right, -bottom)


def _vertical(figure: Figure, metrics: QFontMetricsF, height: float) -> tuple[list[float], list[str]]:
    step, values = axis_ticks.numeric(figure.log, *figure.y, int(height / (APART_Y * metrics.height())))
    return values, axis_ticks.numeric_texts(figure.log, values, step)


def _horizontal(figure: Figure, metrics: QFontMetricsF, width: float) -> tuple[list[float], list[str]]:
    count = int(width / (APART_X * metrics.height()))
    room = Room(width, metrics.horizontalAdvance)
    step, values = x_ticks(figure.kind, figure.log_x, *figure.x, count, room)
    return values, X_AXES[figure.kind].texts(figure.log_x, values, step)


def _paint_axes(painter: QPainter, figure: Figure, room: QRectF, metrics: QFontMetricsF) -> None:
    """Grid, frame at the left and at the bottom, ticks with their texts, and titles."""
    line, gap = metrics.height(), (TICK + PADDING / 2) * UNITS
    across, rows = _horizontal(figure, metrics, room.width()), _vertical(figure, metrics, room.height())
    x_places = room.left() + into_box(np.array(across[0]), *figure.x) * room.width()
    y_places = room.bottom() - into_box(np.array(rows[0]), *figure.y) * room.height()
    painter.setPen(QPen(GRID, GRID_WIDTH * UNITS))
    for x in x_places:
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
    for y in y_places:
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
    painter.setPen(QPen(FRAME, FRAME_WIDTH * UNITS))
    painter.drawPolyline([room.topLeft(), room.bottomLeft(), room.bottomRight()])
    for x in x_places:
        painter.drawLine(QPointF(x, room.bottom()), QPointF(x, room.bottom() + TICK * UNITS))
    for y in y_places:
        painter.drawLine(QPointF(room.left() - TICK * UNITS, y), QPointF(room.left(), y))
    painter.setPen(INK)
    for x, text in zip(x_places, across[1], strict=True):
        width = metrics.horizontalAdvance(text)
        left = min(x - width / 2, room.right() + metrics.averageCharWidth() * RIGHT - width)
        painter.drawText(QPointF(left, room.bottom() + gap + metrics.ascent()), text)
    for y, text in zip(y_places, rows[1], strict=True):
        width = metrics.horizontalAdvance(text)
        painter.drawText(QPointF(room.left() - gap - width, y + metrics.capHeight() / 2), text)
    _paint_titles(painter, figure, room, metrics, line, gap)


def _paint_titles(
    painter: QPainter, figure: Figure, room: QRectF, metrics: QFontMetricsF, line: float, gap: float
) -> None:
    x_title, y_title = figure.titles
    middle = Qt.TextElideMode.ElideMiddle
    text = metrics.elidedText(x_title, middle, room.width())
    at = room.center().x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(at, room.bottom() + gap + line + metrics.ascent()), text)
    text = metrics.elidedText(y_title, middle, room.height())
    painter.save()
    painter.translate(PADDING * UNITS + metrics.ascent(), room.center().y() + metrics.horizontalAdvance(text) / 2)
    painter.rotate(-90)
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


# Lines


def _places(figure: Figure, curve: Curve, room: QRectF) -> tuple[Floats, Floats]:
    """The corners of a curve as parts of the room's width and height."""
    return into_box(curve.x, *figure.x), into_box(to_axis(curve.y, figure.log), *figure.y)


def _path(x: Floats, y: Floats, room: QRectF) -> QPainterPath:
    if not len(x):
        return QPainterPath()
    found: QPainterPath = pg.arrayToQPath(
        room.left() + x * room.width(), room.bottom() - y * room.height(), connect="finite"
    )
    return found


def _paint_line(painter: QPainter, figure: Figure, line: FigureLine, room: QRectF, width: float) -> None:
    """What is faint behind, the line, and dots where there are few points or a single one between two gaps."""
    faint = run_color(line.color, dark=False)
    faint.setAlphaF(FAINT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faint, width / 2))
    for curve in line.faint:
        painter.drawPath(_path(*cut_line(*_places(figure, curve, room)), room))
    painter.setPen(line_pen(line, width))
    x, y = _places(figure, line.curve, room)
    painter.drawPath(_path(*cut_line(x, y), room))
    dots = np.isfinite(y) if line.curve.points <= FEW else lonely(y)
    dots &= (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(run_color(line.color, dark=False))
    for across, up in zip(x[dots], y[dots], strict=True):
        center = QPointF(room.left() + across * room.width(), room.bottom() - up * room.height())
        painter.drawEllipse(center, DOT / 2 * width, DOT / 2 * width)


def line_pen(line: FigureLine, width: float) -> QPen:
    """The pen of a line, dashed as in the window: for every second ten of colours or, of several metrics, for each."""
    pen = QPen(run_color(line.color, dark=False), width, run_pen_style(line.color), Qt.PenCapStyle.FlatCap)
    if pen.style() == Qt.PenStyle.DashLine:
        pen.setDashPattern(DASHES)
    if line.metric is not None:
        dash(pen, line.metric)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _paint_band(painter: QPainter, figure: Figure, line: FigureLine, room: QRectF) -> None:
    color = run_color(line.color, dark=False)
    color.setAlphaF(BAND)
    (low_x, low), (high_x, high) = (_edge(figure, edge, room) for edge in (line.low, line.high))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for below, above in zip(stretches(low), stretches(high), strict=False):
        painter.drawPath(_filled((low_x[below], low[below]), (high_x[above], high[above]), room))


def _edge(figure: Figure, curve: Curve, room: QRectF) -> tuple[Floats, Floats]:
    """The edge of a band; what a logarithmic axis cannot show of it is below all that it can."""
    x, y = _places(figure, curve, room)
    return (x, np.where(curve.y <= 0, into_box(np.array(BOTTOM), *figure.y), y)) if figure.log else (x, y)


def _filled(low: tuple[Floats, Floats], high: tuple[Floats, Floats], room: QRectF) -> QPainterPath:
    (low_x, low_y), (high_x, high_y) = cut_edge(*low), cut_edge(*high)
    x, y = np.append(low_x, high_x[::-1]), np.append(low_y, high_y[::-1])
    path = _path(x, y, room) if len(x) > 2 and x.min() < x.max() else QPainterPath()
    path.closeSubpath()
    path.setFillRule(Qt.FillRule.WindingFill)
    return path
