"""Asks for a name where it is needed; Return takes it, Escape or a click elsewhere leaves it as it was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from runfolio.core.chart_page import LONGEST_TITLE
from runfolio.gui.columns.popup import Popup


class AskText(Popup):
    """Calls `take` with the text, in one line, if it is another; where `usual` is given, an empty one means that.

    Attributes:
        field: where it is typed.
    """

    def __init__(self, title: str, text: str, take: Callable[[str], None], parent: QWidget, usual: str = "") -> None:
        super().__init__(title, parent)
        self._text, self._take, self._usual = text, take, usual
        self.field = QLineEdit(text)
        self.field.setAccessibleName(title)
        self.field.setMaxLength(LONGEST_TITLE)
        self.field.setPlaceholderText(usual)
        self.field.returnPressed.connect(self._on_taken)
        self.add_row(self.field)
        keep = QPushButton("OK")
        keep.setProperty("kind", "primary")
        keep.setAutoDefault(False)
        keep.clicked.connect(self._on_taken)
        self.add_buttons(keep)

    @Slot()
    def _on_taken(self) -> None:
        text = " ".join(self.field.text().split())
        self.close()
        if text != self._text and (text or self._usual):
            self._take(text)


def ask_text(asked: AskText, at: QPoint) -> None:
    """Show it at a place of the screen, ready to type."""
    asked.open_at(at)
    asked.field.setFocus()
    asked.field.selectAll()
