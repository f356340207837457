"""A table of which any rows can be selected, however many and wherever they stand."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QRect, QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QTableView, QWidget

from runfolio.gui.aliases import Ids
from runfolio.gui.runs import selecting
from runfolio.gui.runs.choice import Choice


class ChosenRows(QTableView):
    """What is selected belongs to ids, not to row numbers.

    Attributes:
        choice: what is selected.

    Signals:
        chosen(): the user has selected other rows or made another row current.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice: Choice
        self._restoring = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.chosen)

    @abstractmethod
    def row_ids(self) -> Ids:
        """What each row is, from the top."""

    @abstractmethod
    def listed_ids(self) -> Ids:
        """The same with those that stand beneath closed rows."""

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """With the model comes the choice among its rows."""
        super().setModel(model)
        if model is not None:
            plain = self.selectionModel()
            self.choice = Choice(model, self.row_ids, lambda: self.rows_in(self.viewport().rect()), self)
            self.setSelectionModel(self.choice)
            plain.deleteLater()
            self.choice.changed.connect(self._on_chosen)
            self.choice.currentRowChanged.connect(self._on_chosen)

    def rows_in(self, area: QRect) -> range:
        """The rows that are seen in a part of the viewport."""
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        count = self.model().rowCount()
        return range(first, (last if last >= 0 else count - 1) + 1) if first >= 0 else range(0)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Other rows come into sight."""
        super().scrollContentsBy(dx, dy)
        if dy:
            with QSignalBlocker(self.choice):  # nothing was selected by it
                self.choice.show()

    def is_chosen(self, row: int) -> bool:
        """Whether a row is selected."""
        return bool(self.choice.flags[row])

    def chosen_ids(self) -> Ids:
        """All that is selected, as it stands in the table; what stands beneath closed rows too."""
        seen, hidden, listed = self.choice.seen(), self.choice.hidden, self.listed_ids()
        return listed[np.isin(listed, np.concatenate([seen, hidden]))] if len(hidden) else seen

    def current_run(self) -> int | None:
        """The run with the keyboard's focus, if it is one and selected."""
        index = self.currentIndex()
        chosen = index.isValid() and self.is_chosen(index.row())
        row = int(self.row_ids()[index.row()]) if chosen else -1
        return row if row >= 0 else None

    def show_selection(self, runs: Ids, current: int | None) -> None:
        """Select what was selected elsewhere, later than here; what is not listed is left out."""
        self._soon.stop()
        self._restoring = True
        self.choice.put(runs)
        self.choice.forget(self.listed_ids())
        self.make_current(selecting.place_of(self.row_ids(), current))
        self._restoring = False

    def make_current(self, place: int) -> None:
        """Put the keyboard on a row, which selects nothing; nothing happens for -1."""
        if place >= 0:
            index = self.model().index(place, max(self.currentIndex().column(), 0))
            self.choice.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    @Slot()
    def _on_chosen(self) -> None:
        if not self._restoring:
            self._soon.start()

    @property
    def untold(self) -> bool:
        """True while what is selected here is still to be told."""
        return self._soon.isActive()

    def tell_soon(self) -> None:
        """Tell of what is selected when the event loop is back."""
        self._soon.start()

    def tell(self) -> None:
        """Tell at once of what is selected here, if it is still to be told."""
        if self.untold:
            self._soon.stop()
            self.chosen.emit()
