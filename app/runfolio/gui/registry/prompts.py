"""Small dialogs that ask for a line or two before something is done with versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from runfolio.core.errors import UserError
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted


@dataclass(frozen=True, slots=True)
class Field:
    """A line that is asked for.

    Attributes:
        caption: with the letter that goes to it.
        text: what is in it at first.
        optional: whether it may be blank.
        lines: whether it has room for several.
    """

    caption: str
    text: str = ""
    optional: bool = False
    lines: bool = False


class Prompt(QDialog):
    """Asks for some lines.

    `check` raises UserError for what cannot be; `done` is called with the texts when the user says yes.

    Attributes:
        fields: where they are typed.
        note: what is told above them.
    """

    def __init__(
        self,
        title: str,
        button: str,
        fields: tuple[Field, ...],
        done: Callable[[tuple[str, ...]], object],
        parent: QWidget,
        check: Callable[[tuple[str, ...]], object] = lambda texts: None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._asked, self._done, self._check_texts = fields, done, check
        self.fields = [QPlainTextEdit(one.text) if one.lines else QLineEdit(one.text) for one in fields]
        self.note = muted()
        self.note.hide()
        self._trouble = Trouble(self)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        self._place(button)
        for field in self.fields:
            field.textChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()

    def tell(self, text: str) -> None:
        """Say what comes of it."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    @property
    def texts(self) -> tuple[str, ...]:
        """What is typed."""
        return tuple(
            one.text().strip() if isinstance(one, QLineEdit) else one.toPlainText().strip() for one in self.fields
        )

    def _place(self, button: str) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        self.note.setWordWrap(True)
        layout.addWidget(self.note)
        for one, field in zip(self._asked, self.fields, strict=True):
            label = QLabel(one.caption)
            label.setBuddy(field)
            field.setAccessibleName(one.caption.replace("&", ""))
            field.setMinimumWidth(self.fontMetrics().averageCharWidth() * 56)
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
            layout.addWidget(label)
            layout.addWidget(field)
        layout.addWidget(self._trouble)
        layout.addWidget(self.buttons)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText(button)

    def accept(self) -> None:
        texts = self.texts
        super().accept()
        self._done(texts)

    @Slot()
    def _check(self) -> None:
        wrong = ""
        blank = any(not text and not one.optional for one, text in zip(self._asked, self.texts, strict=True))
        try:
            if not blank:
                self._check_texts(self.texts)
        except UserError as error:
            wrong = str(error)
        self._trouble.tell(wrong)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not wrong and not blank)
