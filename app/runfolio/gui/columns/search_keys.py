"""The keyboard of a list of columns and of the search line above it: the same keys do the same in both."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

from runfolio.core.columns import Column
from runfolio.gui.columns.choices import COLUMN_ROLE

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class SearchKeys(QObject):
    """Up and Down go from column to column, past headings, which have none under `COLUMN_ROLE`.

    Args:
        choose: Enter, on a column.
        move: Ctrl with Up or Down, on a column; by how many lines.
        more: what else is done with a column by Ctrl and a key.
    """

    def __init__(
        self,
        field: QLineEdit,
        view: QAbstractItemView,
        choose: Callable[[Column], None],
        move: Callable[[Column, int], None],
        more: Mapping[Qt.Key, Callable[[Column], None]] | None = None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._choose, self._move, self._more = choose, move, more or {}
        for part in (field, view):
            part.installEventFilter(self)

    @property
    def current(self) -> Column | None:
        """The column that the keyboard is on."""
        return self._column(self._view.currentIndex().row())

    def go_to(self, row: int) -> None:
        """Put the keyboard on a line, or on the next one that is a column."""
        fit = [one for one in range(self._rows()) if self._column(one) is not None]
        if fit and row >= 0:
            index = self._view.model().index(min(fit, key=lambda one: (abs(one - row), one < row)), 0)
            self._view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._view.scrollTo(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keyboard moves in the list while it types."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key, column = Qt.Key(event.key()), self.current
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in STEPS and control and column is not None:
            self._move(column, STEPS[key])
        elif key in STEPS:
            self._step(STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and column is not None:
            self._choose(column)
        elif key in self._more and control and column is not None:
            self._more[key](column)
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        row, way = self._view.currentIndex().row() + by, 1 if by > 0 else -1
        while 0 <= row < self._rows() and self._column(row) is None:
            row += way
        self.go_to(min(max(row, 0), self._rows() - 1))

    def _rows(self) -> int:
        return self._view.model().rowCount()

    def _column(self, row: int) -> Column | None:
        column = self._view.model().index(row, 0).data(COLUMN_ROLE)
        return column if isinstance(column, Column) else None
