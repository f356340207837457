"""What is shown, and what is told of it: beside each other in much room, below each other in little."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

#: In letters: in less room the parts stand below each other; what is told has no more width than that.
NARROW, WIDEST = 80, 40


class TurningSplitter(QSplitter):
    """Two parts. The room is shared anew when the parts are turned; until then users share it as they like.

    Args:
        shown, told: the parts; what is told may be a splitter itself, whose parts are turned the other way.
    """

    def __init__(self, shown: QWidget, told: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._told = told
        self._wide: bool | None = None
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for part in (shown, told):
            self.addWidget(part)
        self.setStretchFactor(0, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn the parts where the width has become another one."""
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        wide = self.width() >= NARROW * letter
        if wide is self._wide:
            return
        self._wide = wide
        ways = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.setOrientation(ways[not wide])
        if isinstance(self._told, QSplitter):
            self._told.setOrientation(ways[wide])
        whole = self.width() if wide else self.height()
        told = min(WIDEST * letter, whole * 2 // 5) if wide else whole * 2 // 5
        self.setSizes([whole - told, told])
