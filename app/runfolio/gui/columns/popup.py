"""A small dialog that hangs on a place of the window; a click elsewhere or Escape closes it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import section_label

LETTERS = 56


class Popup(QDialog):
    """Its parts stand under each other in `body`."""

    def __init__(self, title: str, parent: QWidget) -> None:
        # Not of the table that it may hang on: its fields would look as those in cells do.
        super().__init__(parent.window(), Qt.WindowType.Popup)
        self._window = parent.window()
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 10, 12, 12)
        self.body.setSpacing(8)
        self.body.addWidget(section_label(title))
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * LETTERS)

    def add_row(self, *parts: QWidget) -> QHBoxLayout:
        """Put parts beside each other; the first one takes the room that is left."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for number, part in enumerate(parts):
            row.addWidget(part, 0 if number else 1)
        self.body.addLayout(row)
        return row

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Put buttons at the lower right."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for button in buttons:
            row.addWidget(button)
        self.body.addLayout(row)

    def open_at(self, place: QPoint) -> None:
        """Appear with the upper left corner at a place of the screen, moved so that all of it is in the window."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()  # the style sheet tells how high a line is
            part.updateGeometry()
        self.adjustSize()
        area = self._window.rect().translated(self._window.mapToGlobal(QPoint(0, 0)))
        x = max(area.left(), min(place.x(), area.right() - self.width() - 8))
        y = max(area.top(), min(place.y(), area.bottom() - self.height() - 8))
        self.move(x, y)
        self.show()
