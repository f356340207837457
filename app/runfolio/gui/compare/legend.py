"""What colours say: a dot and a word for each category, or a ramp between the least and the greatest value."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.gui.chrome.labels import SMALL, scaled, tool_tip
from runfolio.gui.compare.points import shape
from runfolio.gui.compare.shades import Shade, Shades
from runfolio.gui.theme import Theme

DOT, GAP, RAMP = 8, 6, 72
LETTERS = 14


class Legend(QWidget):
    """As much of it as there is room for; the tool tip has all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shades: Shades | None = None
        self.setFont(scaled(self.font(), SMALL))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_shades(self, shades: Shades) -> None:
        """Say what these colours mean."""
        self._shades = shades
        said = " to ".join(one.text for one in shades.legend[:2]) if shades.ramp else ""
        said = said or "\n".join(one.text for one in shades.legend)
        self.setAccessibleName(f"Colours: {said}" if said else "Colours")
        self.setToolTip(tool_tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all that is said."""
        entries = self._shades.legend if self._shades is not None else ()
        width = sum(self._width(one) for one in entries) + (RAMP + GAP if self._shades and self._shades.ramp else 0)
        return QSize(width, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """It may give way to what can be done."""
        return QSize(0, self.sizeHint().height())

    def _text(self, one: Shade) -> str:
        room = self.fontMetrics().averageCharWidth() * LETTERS
        return self.fontMetrics().elidedText(one.text, Qt.TextElideMode.ElideRight, room)

    def _width(self, one: Shade) -> int:
        return self.fontMetrics().horizontalAdvance(self._text(one)) + DOT + 3 * GAP

    def paintEvent(self, _event: QPaintEvent) -> None:
        """From the left, as long as there is room for the next one."""
        if self._shades is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        entries = list(self._shades.legend)
        x = 0.0
        if self._shades.ramp:
            x = self._paint_ramp(painter, entries[0], entries[1])
            entries = entries[2:]
        for number, one in enumerate(entries):
            if x + self._width(one) > self.width() + GAP:
                break
            middle = self.height() / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(one.color)
            painter.drawPath(shape(0 if self._shades.ramp else number, QPointF(x + DOT / 2, middle), DOT))
            self._paint_text(painter, x + DOT + GAP, self._text(one))
            x += self._width(one)

    def _paint_ramp(self, painter: QPainter, low: Shade, high: Shade) -> float:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(self._text(low)) + GAP
        bar = QRectF(left, self.height() / 2 - DOT / 2, RAMP, DOT)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        colors = self._shades.palette[:-1] if self._shades is not None else ()
        for place, color in enumerate(colors):
            gradient.setColorAt(place / max(len(colors) - 1, 1), color)
        self._paint_text(painter, 0, self._text(low))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, DOT / 2, DOT / 2)
        self._paint_text(painter, bar.right() + GAP, self._text(high))
        return bar.right() + metrics.horizontalAdvance(self._text(high)) + 4 * GAP

    def _paint_text(self, painter: QPainter, x: float, text: str) -> None:
        painter.setPen(self._theme.color("muted"))
        metrics = self.fontMetrics()
        painter.drawText(int(x), (self.height() + metrics.ascent() - metrics.descent()) // 2, text)
