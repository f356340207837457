"""A sentence under a cell of the run table while something is typed into it that may be meant otherwise."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from runfolio.core.decimal_commas import comma_hint

GAP = 2


class TypingHint(QLabel):
    """Stands under its line, or above where there is no room, and goes with it."""

    def __init__(self, line: QLineEdit, parent: QWidget) -> None:
        super().__init__(parent)
        self._line, self._place = line, parent
        self.setProperty("role", "hint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        line.textChanged.connect(self._show)
        line.destroyed.connect(self.deleteLater)

    @Slot()
    def _show(self) -> None:
        told = comma_hint(self._line.text())
        self.setText(told)
        self._line.setAccessibleDescription(told)
        self.setVisible(bool(told))
        if not told:
            return
        self.adjustSize()
        area, room = self._line.geometry(), self._place.rect()
        left = max(min(area.left(), room.right() - self.width()), 0)
        below = area.bottom() + GAP
        self.move(left, below if below + self.height() <= room.bottom() else area.top() - GAP - self.height())
        self.raise_()
