"""The mark of a stage: a dot in its colour, beside its name."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from runfolio.gui.theme import Theme

DOT, ROOM = 8, 12


class StageDot(QWidget):
    """Stands before a name: colour alone tells nothing."""

    def __init__(self, theme: Theme, role: str = "stage_none", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._role = theme, role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.update)

    def set_role(self, role: str) -> None:
        """Another colour, by its role in the theme."""
        self._role = role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(ROOM, ROOM)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self._role))
        painter.drawEllipse(QRectF(0, (self.height() - DOT) / 2, DOT, DOT))
