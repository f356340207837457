"""The cards of one column as Qt's item model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.registry.cards import Card

CARD_ROLE = int(Qt.ItemDataRole.UserRole) + 1
#: What is said of a card while another is carried, such as that it makes room.
NOTE_ROLE = int(Qt.ItemDataRole.UserRole) + 2
#: Whether the card is on its way elsewhere.
AWAY_ROLE = int(Qt.ItemDataRole.UserRole) + 3


class CardModel(QAbstractListModel):
    """One row for each card.

    Attributes:
        cards: as they are shown.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cards: list[Card] = []
        self._rows: dict[int, int] = {}
        self._notes: Mapping[int, str] = {}
        self._away: frozenset[int] = frozenset()

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show these; where only what is told of them is other, the rows stay."""
        if [one.number for one in cards] != [one.number for one in self.cards]:
            self.beginResetModel()
            self.cards = list(cards)
            self._rows = {card.number: row for row, card in enumerate(self.cards)}
            self.endResetModel()
        elif list(cards) != self.cards:
            self.cards = list(cards)
            self._tell()

    def mark(self, notes: Mapping[int, str], away: frozenset[int]) -> None:
        """Say these of cards, by their versions, and show those that are on their way elsewhere as gone."""
        notes = {version: text for version, text in notes.items() if version in self._rows}
        away = away & self._rows.keys()
        if (notes, away) != (self._notes, self._away):
            self._notes, self._away = notes, away
            self._tell()

    def card_at(self, index: Index) -> Card | None:
        """The card of a row."""
        return self.cards[index.row()] if index.isValid() and index.row() < len(self.cards) else None

    def find(self, version: int) -> QModelIndex:
        """The row of a version; an invalid one if it is not here."""
        row = self._rows.get(version)
        return QModelIndex() if row is None else self.index(row)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        card = self.card_at(index)
        if card is None:
            return None
        note = self._notes.get(card.number, "")
        answers: dict[int, Any] = {
            int(Qt.ItemDataRole.DisplayRole): f"v{card.number}",
            int(Qt.ItemDataRole.AccessibleTextRole): card.told(note),
            int(Qt.ItemDataRole.ToolTipRole): tool_tip(_tip(card)),
            CARD_ROLE: card,
            NOTE_ROLE: note,
            AWAY_ROLE: card.number in self._away,
        }
        return answers.get(role)

    def _tell(self) -> None:
        if self.cards:
            self.dataChanged.emit(self.index(0), self.index(len(self.cards) - 1))


def _tip(card: Card) -> str:
    """What has no room on the card."""
    metrics = "\n".join(f"{name} {value!r}" for name, value in sorted(card.version.metrics.items())[:12])
    return "\n".join(part for part in (str(card.verdict), card.version.description[:400], metrics) if part)
