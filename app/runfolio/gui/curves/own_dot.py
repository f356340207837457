"""The dot that says that something is set otherwise here than around it; a click has it as around it again."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from runfolio.gui.chrome.labels import tool_tip

DOT, SIDE = 7, 18


class OwnDot(QToolButton):
    """There only while something is set; its tool tip names it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setFixedSize(QSize(SIDE, SIDE))
        self.hide()

    def tell(self, text: str) -> None:
        """Say what is set; nothing is if the text is empty."""
        self.setToolTip(tool_tip(text))
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dot in the accent."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().link())  # the accent
        dot = QRectF(0, 0, DOT, DOT)
        dot.moveCenter(QRectF(self.rect()).center())
        painter.drawEllipse(dot)
