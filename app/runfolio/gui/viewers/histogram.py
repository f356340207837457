"""How values lie between the least and the greatest: a bar for each of some equal stretches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from runfolio.core import numbers
from runfolio.gui.theme import Theme

LINES = 5


class Histogram(QWidget):
    """Bars with the least and the greatest value below; nothing where there are no bars."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bins: Sequence[int] = ()
        self._ends = (0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Distribution of the values")
        theme.theme_changed.connect(self.update)
        self.hide()

    def show_bins(self, bins: Sequence[int], least: float | None, greatest: float | None) -> None:
        """Show how many values are in each stretch; hide if there are none."""
        self.setVisible(bool(bins) and least is not None and greatest is not None)
        self._bins, self._ends = bins, (least or 0.0, greatest or 0.0)
        if bins:
            most = max(range(len(bins)), key=bins.__getitem__)
            self.setAccessibleDescription(f"Most values are from {self._stretch(most)}")
        self.update()

    def sizeHint(self) -> QSize:
        """Some lines high."""
        return QSize(160, self.fontMetrics().lineSpacing() * (LINES + 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, and the ends as text."""
        if not self._bins:
            return
        painter = QPainter(self)
        line = self.fontMetrics().lineSpacing()
        height, width = self.height() - line - 3, self.width() / len(self._bins)
        most = max(self._bins) or 1
        for place, count in enumerate(self._bins):
            if count:
                high = max(height * count / most, 1.0)
                bar = QRectF(place * width, height - high, max(width - 1, 1), high)
                painter.fillRect(bar, self._theme.color("accent"))
        painter.setPen(self._theme.color("muted"))
        below = QRectF(0, self.height() - line, self.width(), line)
        left, right = (numbers.short(float(f"{end:.5g}")) for end in self._ends)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), left)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), right)

    def event(self, event: QEvent) -> bool:
        """The tool tip of a bar says what it stands for."""
        if isinstance(event, QHelpEvent) and self._bins and event.type() == QEvent.Type.ToolTip:
            place = min(int(event.pos().x() / max(self.width(), 1) * len(self._bins)), len(self._bins) - 1)
            QToolTip.showText(event.globalPos(), f"{self._stretch(place)}: {self._bins[place]:,}", self)
            return True
        return super().event(event)

    def _stretch(self, place: int) -> str:
        low, high = self._ends
        step = high / len(self._bins) - low / len(self._bins)
        return f"{numbers.short(low + step * place)} to {numbers.short(low + step * (place + 1))}"
