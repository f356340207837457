"""The values under the crosshair, as a small label in a corner of a chart that the mouse is not in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from runfolio.gui.curves.legend_row import more_text
from runfolio.gui.curves.look import ChartLook

#: At least so many runs are told of, as far as there are, and at most so many, where there is room.
NEAR, MOST = 5, 12
# A part of the height of the room, which is for the lines.
TALLEST = 0.3
# So far beside the mouse.
BESIDE = 18
INSET = 6
PADDING = 6
LEADING = 2
OPACITY = 0.9


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the readout; `short` is a name for where there is less room."""

    color: QColor
    name: str
    value: str
    bold: bool = False
    short: str = ""


class Readout(QWidget):
    """A heading and a few runs with their values; painted by hand, for it changes with every move of the mouse.

    Where there is no room for all names, their short forms are there, as far as they fit: what groups have in common
    is long.

    Attributes:
        heading, readings: what it says.
        more: how many runs there are besides.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.heading = ""
        self.readings: tuple[Reading, ...] = ()
        self.more = 0
        self.hide()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self._look = look
        self.update()

    def most(self, room: QRect) -> int:
        """How many runs are told of in a room."""
        line = self.fontMetrics().height() + LEADING
        return max(NEAR, min(MOST, int(room.height() * TALLEST / line)))

    def show_readings(
        self, heading: str, readings: Sequence[Reading], room: QRect, mouse: QPoint | None, more: int = 0
    ) -> None:
        """Show the values, and how many `more` there are, beside the mouse on the side that has more room, above or
        below it; without a mouse in the upper right corner of the room.
        """
        self.heading, self.readings, self.more = heading, tuple(readings), more
        if not readings:
            self.hide()
            return
        left = mouse is not None and mouse.x() > room.center().x()
        lower = mouse is not None and mouse.y() < room.center().y()
        most = room.width() - 2 * INSET
        if self._wanted()[0] > most:
            self.readings = tuple(replace(one, name=one.short or one.name) for one in readings)
        width, height = self._wanted()
        width = min(width, most)
        x = room.right() - width - INSET
        if mouse is not None:
            beside = mouse.x() - BESIDE - width if left else mouse.x() + BESIDE
            x = min(max(beside, room.left() + INSET), x)
        y = room.bottom() - height - INSET if lower else room.top() + INSET
        self.setGeometry(max(0, x), max(0, y), width, height)
        told = [heading, *(f"{reading.name} {reading.value}" for reading in readings), *filter(None, (self._rest,))]
        self.setAccessibleName(", ".join(told))
        self.show()
        self.update()

    @property
    def _rest(self) -> str:
        return more_text(self.more) if self.more else ""

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _wanted(self) -> tuple[int, int]:
        metrics = QFontMetrics(self._bold())
        names = max(metrics.horizontalAdvance(reading.name) for reading in self.readings)
        values = max(metrics.horizontalAdvance(reading.value) for reading in self.readings)
        width = max(metrics.height() + names + 2 * PADDING + values, metrics.horizontalAdvance(self.heading))
        lines = len(self.readings) + bool(self.heading) + bool(self.more)
        return width + 2 * PADDING, lines * (metrics.height() + LEADING) + PADDING

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A raised box with the heading and one line for each run."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self._look.raised)
        ground.setAlphaF(OPACITY)
        painter.setPen(QPen(self._look.line, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        line = QRect(PADDING, PADDING // 2, self.width() - 2 * PADDING, self.fontMetrics().height() + LEADING)
        if self.heading:
            painter.setPen(self._look.muted)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), self.heading)
            line.translate(0, line.height())
        for reading in self.readings:
            self._paint_reading(painter, reading, line)
            line.translate(0, line.height())
        if self.more:
            painter.setPen(self._look.muted)
            painter.drawText(line.adjusted(line.height(), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._rest)

    def _paint_reading(self, painter: QPainter, reading: Reading, line: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(reading.color)
        dot = line.height() * 0.25
        painter.drawEllipse(QRectF(line.left(), line.center().y() - dot + 0.5, 2 * dot, 2 * dot))
        painter.setPen(self._look.text)
        painter.setFont(self._bold() if reading.bold else self.font())
        taken = self.fontMetrics().horizontalAdvance(reading.value) + PADDING
        room, metrics = line.adjusted(line.height(), 0, -taken, 0), painter.fontMetrics()
        name = metrics.elidedText(reading.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)
        painter.setFont(self.font())
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(line, right, reading.value)
