"""Cards side by side, as many as have room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

#: A card has so many letters of room, or all that there is.
LETTERS, MOST = 55, 4
GAP = 12


class CardGrid(QWidget):
    """Puts cards in rows from the left."""

    def __init__(self, cards: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards, self._columns = cards, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._arrange(2)

    def minimumSizeHint(self) -> QSize:
        """As wide as one card: with less room fewer stand side by side."""
        widest = max((card.minimumSizeHint().width() for card in self._cards), default=0)
        return QSize(widest, self._grid.totalMinimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for more of them."""
        super().resizeEvent(event)
        room = min(max(self.width() // (self.fontMetrics().averageCharWidth() * LETTERS), 1), MOST)
        # As many rows as it takes, and in each of them about as many cards.
        self._arrange(-(-len(self._cards) // -(-len(self._cards) // room)))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(MOST):
            self._grid.setColumnStretch(column, int(column < columns))
