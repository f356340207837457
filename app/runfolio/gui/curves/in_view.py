"""The base of what is painted all over a plot, and only where the plot is in view."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem


class InView(QGraphicsItem):
    """Covers the part of the plot that is shown, wherever there is something to paint."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._area = QRectF()

    def cover(self, area: QRectF) -> None:
        """This part of the plot is shown."""
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area

    def boundingRect(self) -> QRectF:
        """All that is shown."""
        return self._area
