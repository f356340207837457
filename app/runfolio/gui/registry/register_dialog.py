"""Asks which model of a run is to be registered, and under which name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from runfolio.core.errors import InvalidValue
from runfolio.core.registry.names import model_name
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted

NOTE = "A name that is not there yet makes a registered model. The version's number is given by itself."


class RegisterDialog(QDialog):
    """The model, the name, and what the version is.

    Attributes:
        model, name, description: the fields.

    Signals:
        asked(str, str, str): register this model under this name, with a description.
    """

    asked = Signal(str, str, str)

    def __init__(
        self, title: str, models: Sequence[str], names: Sequence[str], name: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Register a model of {title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model, self.name, self.description = QComboBox(), QComboBox(), QPlainTextEdit()
        self.model.addItems(list(models))
        self.name.setEditable(True)
        self.name.addItems(list(names))
        self.name.setCurrentText(name or (names[0] if len(names) == 1 else ""))
        self._trouble = Trouble(self)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        self._place(len(models) > 1)
        self.name.editTextChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()

    def _place(self, several: bool) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        letter = self.fontMetrics().averageCharWidth()
        for caption, field in (("&Model", self.model), ("&Name", self.name), ("&Description", self.description)):
            label = QLabel(caption)
            label.setBuddy(field)
            field.setAccessibleName(caption.replace("&", ""))
            field.setMinimumWidth(letter * 56)
            label.setVisible(field is not self.model or several)
            field.setVisible(field is not self.model or several)
            layout.addWidget(label)
            layout.addWidget(field)
        self.description.setTabChangesFocus(True)
        self.description.setPlaceholderText("What it was trained on and what it is good for, in Markdown")
        self.description.setFixedHeight(self.fontMetrics().height() * 5)
        layout.insertWidget(layout.indexOf(self.name) + 1, self._trouble)
        layout.addWidget(muted(NOTE))
        layout.addWidget(self.buttons)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Register")
        (self.model if several else self.name).setFocus()

    def accept(self) -> None:
        self.asked.emit(self.model.currentText(), self.name.currentText().strip(), self.description.toPlainText())
        super().accept()

    @Slot()
    def _check(self) -> None:
        name, wrong = self.name.currentText().strip(), ""
        try:
            model_name(name)
        except InvalidValue as error:
            wrong = str(error)
        self._trouble.tell(wrong if name else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not wrong)
