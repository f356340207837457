"""A table of which any rows can be selected, however many and wherever they stand."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QTableView, QWidget

from runfolio.gui.aliases import Ids, Index
from runfolio.gui.runs import selecting

# Another order tears a large selection into very many ranges, with each of which all that Qt does takes longer.
MOST_RANGES = 2_000


class ChosenRows(QTableView):
    """Qt holds what is selected, by ranges of rows, as long as these are few; else it is held here, by ids.

    Signals:
        chosen(): the user has selected other rows or made another row current.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # All rows that are selected, by their sorted ids, while they are in more ranges than Qt was given.
        self._torn: Ids | None = None
        self._restoring = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.chosen)

    @abstractmethod
    def row_ids(self) -> Ids:
        """What each row is, from the top."""

    def selected_spans(self) -> list[tuple[int, int]]:
        """First and last row of each range of selected rows."""
        if self._torn is not None:
            return selecting.spans_of(self.row_ids(), self._torn)
        return selecting.spans(self.selectionModel().selection())

    def is_chosen(self, row: int) -> bool:
        """Whether a row is selected, in a range that Qt knows or in another."""
        model = self.selectionModel()
        known = model.hasSelection() and model.isRowSelected(row, QModelIndex())
        return known or selecting.holds(self._torn, int(self.row_ids()[row]))

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Qt is to know of all that is selected before it changes a part of it."""
        command = super().selectionCommand(index, event)
        flags = QItemSelectionModel.SelectionFlag
        if self._torn is not None and command != flags.NoUpdate and not command & flags.Clear:
            self.complete()
            command = super().selectionCommand(index, event)
        return command

    def current_run(self) -> int | None:
        """The run with the keyboard's focus, if it is one and selected."""
        index = self.currentIndex()
        chosen = index.isValid() and self.is_chosen(index.row())
        row = int(self.row_ids()[index.row()]) if chosen else -1
        return row if row >= 0 else None

    def show_selection(self, runs: Ids, current: int | None) -> None:
        """Select what was selected elsewhere, later than here."""
        self._soon.stop()
        self._restoring = True
        self.select_rows(runs, selecting.place_of(self.row_ids(), current))
        self._restoring = False

    def select_rows(self, rows: Ids, current: int) -> int:
        """Select those of these rows that there are, and make one current unless it is -1; returns how many are."""
        ranges = selecting.spans_of(self.row_ids(), rows)
        self._give(ranges[:MOST_RANGES])
        if len(ranges) > MOST_RANGES:
            self._torn = np.sort(rows)
            self.viewport().update()
        if current >= 0:
            section, index = max(self.currentIndex().column(), 0), self.model().index
            flags = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(index(current, section), flags)
        return selecting.size(ranges)

    def complete(self) -> None:
        """Have Qt hold all that is selected."""
        if self._torn is not None:
            self._give(self.selected_spans())

    def _give(self, ranges: list[tuple[int, int]]) -> None:
        """Have Qt hold these ranges only, and nobody told of it."""
        before, self._restoring, self._torn = self._restoring, True, None
        chosen = selecting.selection_of(self.model(), ranges)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._restoring = before

    def _on_selected(self) -> None:
        if not self._restoring:
            if self._torn is not None:
                self.viewport().update()
            self._torn = None
            self._soon.start()

    def _on_chosen(self) -> None:
        if not self._restoring:
            self._soon.start()

    @property
    def untold(self) -> bool:
        """True while what is selected here is still to be told."""
        return self._soon.isActive()

    def tell(self) -> None:
        """Tell at once of what is selected here, if it is still to be told."""
        if self.untold:
            self._soon.stop()
            self.chosen.emit()
