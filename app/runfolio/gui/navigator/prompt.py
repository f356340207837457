"""Asks for the name of something new, and says at once what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.gui.chrome.labels import muted, section_label

HINT = "Return makes it, Escape leaves · a / makes a folder"


class NamePrompt(QDialog):
    """A line over the window. `made` is called with a name that keeps the rules and is not `taken`."""

    def __init__(
        self, title: str, start: str, taken: Callable[[str], bool], made: Callable[[str], object], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._taken, self._made = taken, made
        self.field = QLineEdit(start)
        self.field.setAccessibleName(title)
        self.hint = muted(HINT)
        self.hint.setContentsMargins(12, 0, 12, 10)
        heading = section_label(title)
        heading.setContentsMargins(12, 10, 12, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        for widget in (heading, self.field, self.hint):
            layout.addWidget(widget)
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self._on_return)
        self.resize(self.fontMetrics().averageCharWidth() * 60, self.sizeHint().height())

    def open_over(self, window: QWidget) -> None:
        """Appear at the top of a window, ready for typing after what is there already."""
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 48)
        self.show()
        self.field.setFocus()

    @property
    def complaint(self) -> str:
        """What is wrong with the name; empty if nothing is."""
        name = self.field.text().strip()
        try:
            rules.experiment_name(name)
        except InvalidValue as error:
            return error.message
        return f"There is already a {name}." if self._taken(name) else ""

    @Slot()
    def _on_text(self) -> None:
        name = self.field.text().strip()
        self._tell(self.complaint if name and not name.endswith("/") else "")

    def _tell(self, wrong: str) -> None:
        self.hint.setText(wrong or HINT)
        self.hint.setProperty("role", "bad" if wrong else "muted")
        self.hint.style().unpolish(self.hint)
        self.hint.style().polish(self.hint)

    @Slot()
    def _on_return(self) -> None:
        wrong = self.complaint
        if wrong:
            self._tell(wrong)
            return
        name = self.field.text().strip()
        self.close()
        self._made(name)
