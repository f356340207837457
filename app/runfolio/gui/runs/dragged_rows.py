"""A table whose selected rows can be dragged away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from runfolio.gui.runs.chosen_rows import ChosenRows


class DraggedRows(ChosenRows):
    """Dragging from rows that are not selected selects, as in any table.

    Signals:
        drag_asked(): the user drags the selected rows.
    """

    drag_asked = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Decide which of the two it is to be."""
        row = self.rowAt(round(event.position().y()))
        chosen = row >= 0 and self.is_chosen(row)
        self.choice.show()  # what is dragged, or clicked on for its menu, stays selected
        self.setDragEnabled(chosen and not event.modifiers())
        super().mousePressEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Told to who knows what the rows are; Qt would ask for each of the cells, of which there may be millions."""
        self.drag_asked.emit()
