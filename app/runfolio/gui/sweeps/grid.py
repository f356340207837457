"""The cards of a sweep's page: two rows where there is room, else below each other, what is asked for most first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

GAP = 12
#: With so many letters of room, cards stand beside each other.
LETTERS = 120
#: Row, column, and how many columns: in much room and in little.
WIDE = {"curve": (0, 0, 3), "best": (0, 3, 2), "importance": (1, 0, 2), "parallel": (1, 2, 3)}
NARROW = {"curve": (0, 0, 3), "best": (0, 3, 2), "importance": (1, 0, 5), "parallel": (2, 0, 5)}


class SweepGrid(QWidget):
    """Puts cards where they belong in its width."""

    def __init__(self, cards: Mapping[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = cards
        self._places: Mapping[str, tuple[int, int, int]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for column in range(5):
            self._grid.setColumnStretch(column, 1)
        self._arrange(WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for other places."""
        super().resizeEvent(event)
        room = self.fontMetrics().averageCharWidth() * LETTERS
        self._arrange(WIDE if self.width() >= room else NARROW)

    def _arrange(self, places: Mapping[str, tuple[int, int, int]]) -> None:
        if places == self._places:
            return
        self._places = places
        for name, card in self._cards.items():
            self._grid.removeWidget(card)
            row, column, span = places[name]
            self._grid.addWidget(card, row, column, 1, span)
