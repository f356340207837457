"""Asks for the name of a column that is typed by hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from runfolio.core.errors import InvalidValue
from runfolio.core.formula_edits import add_typed
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.session import Session

NOTE = (
    "Type into its cells with F2. Values are kept as the tag of this name: they can be filtered, sorted and exported."
)


class TypedDialog(QDialog):
    """The name of the column, which is that of a tag."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Column to type into")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self.name = QLineEdit(placeholderText="Such as kaggle score")
        self.trouble = Trouble(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        label = QLabel("&Name")
        label.setBuddy(self.name)
        note = muted(NOTE)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        for part in (label, self.name, self.trouble, note, self.buttons):
            layout.addWidget(part)
        for words in (note, self.trouble):
            words.setWordWrap(True)
            words.setMinimumWidth(self.fontMetrics().averageCharWidth() * 56)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Add")
        self.name.textChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()

    def accept(self) -> None:
        """Have the column in the view, which can be undone."""
        if self._error() is None:
            self._session.set_view(add_typed(self._session.view, self.name.text()), "Add Column")
            super().accept()

    def _error(self) -> InvalidValue | None:
        try:
            add_typed(self._session.view, self.name.text())
        except InvalidValue as error:
            return error
        return None

    @Slot()
    def _check(self) -> None:
        error = self._error()
        told = error is not None and bool(self.name.text().strip())
        self.trouble.tell(str(error) if told else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(error is None)
