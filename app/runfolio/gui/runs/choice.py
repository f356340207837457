"""Which rows of the run table are selected, however many and wherever they stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel, QObject, Signal

from runfolio.gui.aliases import Ids, Index
from runfolio.gui.runs import selecting

Flag = QItemSelectionModel.SelectionFlag
NOTHING: Ids = np.empty(0, np.int64)


class Choice(QItemSelectionModel):
    """A flag for each row. Qt, for which each range of rows has its cost, is told of those in sight alone.

    Attributes:
        flags: of each row that is shown, whether it is selected. Not to be changed.
        hidden: ids of what is selected too, and stands beneath a row that is closed.

    Signals:
        changed(): the user has selected other rows.
    """

    changed = Signal()

    def __init__(
        self, model: QAbstractItemModel, ids: Callable[[], Ids], sight: Callable[[], range], parent: QObject
    ) -> None:
        super().__init__(model, parent)
        self._ids = ids
        self._sight = sight
        self.flags: NDArray[np.bool_] = np.zeros(len(ids()), bool)
        self.hidden = NOTHING
        # What was selected before the range that Shift or the mouse is still drawing out.
        self._before = self.flags
        self._kept = NOTHING
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._find_again)
        model.rowsAboutToBeRemoved.connect(self._hide)
        model.rowsRemoved.connect(self._close_up)
        model.rowsInserted.connect(self._bring_out)

    def seen(self) -> Ids:
        """What is selected of the rows that are shown, from the top; all of them take no copy."""
        return self._ids() if self.flags.all() else self._ids()[self.flags]

    def put(self, rows: Ids) -> None:
        """Have these ids selected, nobody told of it."""
        self._set(np.isin(self._ids(), rows))
        self.hidden = np.setdiff1d(rows, self.seen()) if self.flags.sum() < len(rows) else NOTHING

    def forget(self, listed: Ids) -> Ids:
        """Keep only what is still listed, seen or not; returns what is not."""
        if not len(self.hidden):
            return NOTHING
        here = np.isin(self.hidden, listed)
        gone, self.hidden = self.hidden[~here], self.hidden[here]
        return gone

    def select(self, what: QItemSelection | Index, command: QItemSelectionModel.SelectionFlag) -> None:
        """All that the user selects comes by here, by mouse and keyboard."""
        if command == Flag.NoUpdate:
            return
        was, hidden = self.flags, self.hidden
        if command & Flag.Clear:
            self._before, self.hidden = np.zeros(len(was), bool), NOTHING
        elif not command & Flag.Current:
            self._before = was
        flags = self._before.copy()
        for first, last in selecting.spans(what if isinstance(what, QItemSelection) else QItemSelection(what, what)):
            part = slice(first, last + 1)
            flags[part] = ~flags[part] if command & Flag.Toggle else bool(command & Flag.Select)
        self.flags = flags
        self.show()
        if len(hidden) > len(self.hidden) or not np.array_equal(was, flags):
            self.changed.emit()

    def show(self) -> None:
        """Have Qt know of the rows in sight."""
        sight = self._sight()
        rows = np.flatnonzero(self.flags[sight.start : sight.stop]) + sight.start
        super().select(selecting.selection_of(self.model(), selecting.stretches(rows)), Flag.ClearAndSelect)

    def _set(self, flags: NDArray[np.bool_]) -> None:
        self.flags = self._before = flags
        self.show()

    def _keep(self) -> None:
        self._kept = np.concatenate([self.seen(), self.hidden]) if len(self.hidden) else self.seen()

    def _find_again(self) -> None:
        self.put(self._kept)

    def _hide(self, _parent: Index, first: int, last: int) -> None:
        part = slice(first, last + 1)
        self.hidden = np.concatenate([self.hidden, self._ids()[part][self.flags[part]]])

    def _close_up(self, _parent: Index, first: int, last: int) -> None:
        self._set(np.delete(self.flags, slice(first, last + 1)))

    def _bring_out(self, _parent: Index, first: int, last: int) -> None:
        new = self._ids()[first : last + 1]
        self._set(np.insert(self.flags, first, np.isin(new, self.hidden)))
        self.hidden = np.setdiff1d(self.hidden, new)
