"""Opens and closes rows of the run table by keyboard and mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from runfolio.core.columns import NAME
from runfolio.gui.runs.folding import Folding
from runfolio.gui.runs.group_paint import arrow_area
from runfolio.gui.runs.header import MARGIN
from runfolio.gui.runs.model import RunTableModel
from runfolio.gui.runs.pinned import PinnedTable
from runfolio.gui.runs.selecting import place_of

PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class FoldKeys(QObject):
    """Right opens the current row and Left closes it, or goes to the row that it stands beneath. On a group, Enter and
    Space do what is not done yet, as does a click on an arrow, or a double click anywhere on a group.
    """

    def __init__(self, view: PinnedTable, model: RunTableModel, folding: Folding) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._folding = folding
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what opens or closes a row; all else is the table's."""
        if self._folding.lines.outline is None:
            return False
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched is self._view:
            return event.modifiers() in PLAIN and self._on_key(event.key())
        if isinstance(event, QMouseEvent) and event.type() in PRESSES and watched is self._view.viewport():
            return event.button() is Qt.MouseButton.LeftButton and self._on_press(event)
        return False

    def _on_key(self, key: int) -> bool:
        index = self._view.currentIndex()
        if not index.isValid():
            return False
        row, folding = int(self._model.ids[index.row()]), self._folding
        has_some = folding.size(row) > 0
        if key == Qt.Key.Key_Right and has_some and not folding.is_open(row):
            folding.set_open(row, True)
        elif key == Qt.Key.Key_Left and has_some and folding.is_open(row):
            folding.set_open(row, False)
        elif key == Qt.Key.Key_Left and (row < 0 or index.column() == 0):
            return self._go_up(row)
        elif row < 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            folding.toggle(row)
        else:
            return False
        return True

    def _go_up(self, row: int) -> bool:
        place = place_of(self._model.ids, self._folding.parent_of(row))
        if place >= 0:
            self._view.setCurrentIndex(self._model.index(place, self._view.currentIndex().column()))
        return place >= 0

    def _on_press(self, event: QMouseEvent) -> bool:
        place = event.position().toPoint()
        index = self._view.indexAt(place)
        if not index.isValid():
            return False
        row = int(self._model.ids[index.row()])
        twice = event.type() is QEvent.Type.MouseButtonDblClick and row < 0
        if not self._folding.size(row) or not (twice or self._is_on_arrow(row, index.row(), place)):
            return False
        self._folding.toggle(row)
        return True

    def _is_on_arrow(self, row: int, place: int, at: QPoint) -> bool:
        section = self._model.section_of(NAME)
        if section < 0:
            return False
        cell = self._view.visualRect(self._model.index(place, section)).adjusted(MARGIN, 0, -MARGIN, 0)
        return arrow_area(cell, self._folding.depth(row)).contains(at)
