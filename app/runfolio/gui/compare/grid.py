"""Cards side by side, as many as have room; those that say little take a low row below the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from runfolio.gui.compare.card import Card

#: A card has so many letters of room, or all that there is.
LETTERS, MOST = 78, 4
GAP = 12


class CardGrid(QWidget):
    """Puts cards in rows from the left."""

    def __init__(self, cards: Sequence[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards, self._columns, self._slim = cards, 0, list[Card]()
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
        self._fill()

    def event(self, event: QEvent) -> bool:
        """A card may have more to say than before, or less."""
        if event.type() is QEvent.Type.LayoutRequest and self._slim != [card for card in self._cards if card.slim]:
            self._fill()
        return super().event(event)

    def _fill(self) -> None:
        room = min(max(self.width() // (self.fontMetrics().averageCharWidth() * LETTERS), 1), MOST)
        # As many rows as it takes, and in each of them about as many cards.
        number = max(sum(not card.slim for card in self._cards), 1)
        self._arrange(-(-number // -(-number // room)))

    def _arrange(self, columns: int) -> None:
        slim = [card for card in self._cards if card.slim]
        if (columns, slim) == (self._columns, self._slim):
            return
        self._columns, self._slim = columns, slim
        for card in self._cards:
            self._grid.removeWidget(card)
        whole = [card for card in self._cards if not card.slim]
        for place, card in enumerate(whole):
            # The last one has what is left of its row.
            span = columns - place % columns if place == len(whole) - 1 else 1
            self._grid.addWidget(card, place // columns, place % columns, 1, span)
        rows = -(-len(whole) // columns)
        for place, card in enumerate(slim):
            self._grid.addWidget(card, rows + place, 0, 1, columns)
        for column in range(MOST):
            self._grid.setColumnStretch(column, int(column < columns))
        for row in range(2 * len(self._cards)):
            self._grid.setRowStretch(row, int(row < rows))
