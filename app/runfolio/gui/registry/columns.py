"""The columns of a board side by side, and what is selected in all of them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from runfolio.gui.registry.arrivals import Arrival
from runfolio.gui.registry.card_list import CardList
from runfolio.gui.registry.cards import Card
from runfolio.gui.registry.column import StageColumn
from runfolio.gui.theme import Theme

#: So near to an edge, in pixels, the board scrolls under what is carried, and so far.
EDGE, SCROLLED = 32, 12
NO_VERSIONS = "No versions yet. Drag a run here from the navigator, or press Register run… with one selected."
NOT_FOUND = "No version has these words."


class StageColumns(QScrollArea):
    """Scrolls sideways where there are more than have room.

    Attributes:
        columns: from the left.

    Signals:
        made(StageColumn): a new column is there.
        chosen_changed(): the user has selected other cards.
        scrolled(): other cards are seen.
    """

    made = Signal(object)
    chosen_changed = Signal()
    scrolled = Signal()

    def __init__(
        self, theme: Theme, arrival: Callable[[QDropEvent], Arrival | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.columns: list[StageColumn] = []
        self._theme, self._arrival = theme, arrival
        self._marking = False
        self._inside = QWidget()
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(12)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_cards(self, stages: Sequence[str], cards: dict[str, list[Card]], words: Sequence[str]) -> None:
        """Show the cards of each stage that are searched for."""
        if [one.stage for one in self.columns] != list(stages):
            self._make(stages)
        self._marking = True
        for column in self.columns:
            here = cards.get(column.stage, [])
            column.show_cards([card for card in here if card.has(words)], len(here))
        self._tell_nothing(any(cards.values()))
        self._marking = False

    def of(self, stage: str) -> StageColumn | None:
        """The column of a stage."""
        return next((one for one in self.columns if one.stage == stage), None)

    def under(self, place: QPoint) -> StageColumn | None:
        """The column at a place of the screen; near an edge, the others come nearer."""
        at = self.viewport().mapFromGlobal(place)
        if not self.viewport().rect().contains(at):
            return None
        bar = self.horizontalScrollBar()
        right = self.viewport().width() - at.x() < EDGE
        bar.setValue(bar.value() + (SCROLLED if right else -SCROLLED if at.x() < EDGE else 0))
        there = self._inside.mapFromGlobal(place)
        return next((one for one in self.columns if one.geometry().contains(there)), None)

    def reveal(self, column: StageColumn) -> None:
        """Scroll so that a column is seen."""
        self.ensureWidgetVisible(column, 16, 0)

    def chosen(self) -> tuple[int, ...]:
        """The selected versions, the one that the keyboard is on last."""
        lists = sorted((one.list for one in self.columns), key=lambda one: one.hasFocus())
        return tuple(version for one in lists for version in one.chosen())

    def in_sight(self) -> list[int]:
        """The versions whose cards are seen."""
        return [version for column in self.columns for version in column.list.in_sight()]

    def paint_now(self) -> None:
        """Have the cards on the screen before anything else takes the processor."""
        for column in self.columns:
            column.list.viewport().repaint()

    def mark(self, versions: Sequence[int]) -> None:
        """Show these as selected."""
        if versions == self.chosen():
            return
        flags = QItemSelectionModel.SelectionFlag
        self._marking = True
        for one in (column.list for column in self.columns):
            marked = QItemSelection()
            for index in map(one.cards.find, versions):
                if index.isValid():
                    marked.select(index, index)
            one.selectionModel().select(marked, flags.ClearAndSelect)
            last = one.cards.find(versions[-1]) if versions else None
            if last is not None and last.isValid():
                one.selectionModel().setCurrentIndex(last, flags.NoUpdate)
        self._marking = False

    def focus_beside(self, one: CardList, by: int) -> None:
        """Give the keyboard to the next column on a side that has cards."""
        lists = [column.list for column in self.columns]
        beside = lists[lists.index(one) + 1 :] if by > 0 else lists[: lists.index(one)][::-1]
        other = next((there for there in beside if there.cards.rowCount()), None)
        if other is not None:
            self._clear_others(other)
            other.take_focus()
            column = next(column for column in self.columns if column.list is other)
            self.reveal(column)

    def _tell_nothing(self, has_versions: bool) -> None:
        """In the first column, where no column has a card."""
        shown = any(column.list.cards.rowCount() for column in self.columns)
        for number, column in enumerate(self.columns):
            column.tell("" if shown or number else NOT_FOUND if has_versions else NO_VERSIONS)

    def _make(self, stages: Sequence[str]) -> None:
        for column in self.columns:
            column.hide()
            column.deleteLater()
        self.columns = [StageColumn(stage, stages, self._theme, self._arrival) for stage in stages]
        for column in self.columns:
            choice = column.list.selectionModel()
            choice.selectionChanged.connect(self._on_chosen)
            choice.currentChanged.connect(self._on_chosen)
            column.list.verticalScrollBar().valueChanged.connect(self.scrolled)
            column.list.alone.connect(partial(self._clear_others, column.list))
            self._row.addWidget(column)
            self.made.emit(column)

    def _clear_others(self, one: CardList) -> None:
        self._marking = True
        for column in self.columns:
            if column.list is not one:
                column.list.clearSelection()
        self._marking = False

    @Slot()
    def _on_chosen(self) -> None:
        if not self._marking:
            self.chosen_changed.emit()
