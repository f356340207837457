"""Writes the short texts of cells, and remembers how they fit: a table writes the same ones again and again."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStaticText

#: So many texts are remembered; then all are forgotten, which costs a frame no more than one of another table.
KEPT = 10_000


class Lettering:
    """One font. A text is written on one line, in the middle of its room's height, and ends in an ellipsis where there
    is no more room.

    Attributes:
        font: the font.
        height: of a line, in pixels.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self.height = self._metrics.height()
        self._widths: dict[str, int] = {}
        self._laid_out: dict[str, QStaticText] = {}
        self._elided: dict[tuple[str, int], str] = {}

    def width(self, text: str) -> int:
        """How much room a text takes."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) >= KEPT:
                self._widths.clear()
            found = self._widths[text] = self._metrics.horizontalAdvance(text)
        return found

    def fitting(self, text: str, room: int) -> str:
        """As much of a text as there is room for."""
        if self.width(text) <= room:
            return text
        found = self._elided.get((text, room))
        if found is None:
            if len(self._elided) >= KEPT:
                self._elided.clear()
            found = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0))
            self._elided[text, room] = found
        return found

    def write(self, painter: QPainter, area: QRect, text: str, color: QColor, *, right: bool = False) -> int:
        """Write a text into an area, at its left or its right; returns the room that it takes."""
        shown = self.fitting(text, area.width())
        if not shown:
            return 0
        width = self.width(shown)
        left = area.x() + area.width() - width if right else area.x()
        painter.setFont(self.font)
        painter.setPen(color)
        painter.drawStaticText(left, area.y() + (area.height() - self.height + 1) // 2, self._static(shown))
        return width

    def _static(self, text: str) -> QStaticText:
        found = self._laid_out.get(text)
        if found is None:
            if len(self._laid_out) >= KEPT:
                self._laid_out.clear()
            found = self._laid_out[text] = QStaticText(text)
            found.setTextFormat(Qt.TextFormat.PlainText)
        return found
