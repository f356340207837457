"""Asks for an annotation: whose curve it is at, at which steps, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.errors import InvalidValue
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble
from runfolio.gui.session import Session
from runfolio.store.annotations import Annotation, add_annotation, change_annotation, check_annotation

LETTERS, LINES = 56, 4


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be annotated: runs by number with their names, and metrics; the first ones unless another is chosen."""

    runs: Sequence[tuple[int, str]]
    metrics: Sequence[str]
    run: int | None = None


class NoteDialog(QDialog):
    """Has an annotation made or, where there is one, changed.

    Attributes:
        run, key, first, last, text: the fields; the key is the metric.
        trouble: what is wrong.
    """

    def __init__(
        self, session: Session, offer: Offer, steps: tuple[int, int], parent: QWidget, note: Annotation | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Annotate" if note is None else "Change the annotation")
        self._session, self._note = session, note
        self.run, self.key = QComboBox(), QComboBox()
        self.first, self.last = (QLineEdit(str(step)) for step in steps)
        self.text, self.trouble = QPlainTextEdit("" if note is None else note.text), Trouble(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for number, name in offer.runs:
            self.run.addItem(" ".join(name.split()), number)
        self.key.addItems(list(offer.metrics))
        self.run.setCurrentIndex(max(0, self.run.findData(offer.run)))
        self._place(offer)
        self.text.textChanged.connect(self._check)
        for field in (self.first, self.last):
            field.textChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()
        self.text.setFocus()

    def _place(self, offer: Offer) -> None:
        form, steps = QFormLayout(), QHBoxLayout()
        form.addRow("&Run", self.run)
        form.addRow("&Metric", self.key)
        for part in (self.first, QLabel("to"), self.last):
            steps.addWidget(part)
        title = QLabel("&Steps")
        title.setBuddy(self.first)
        form.addRow(title, steps)
        form.addRow("&Text", self.text)
        form.setRowVisible(self.run, self._note is None)
        form.setRowVisible(self.key, self._note is None and len(offer.metrics) > 1)
        self.first.setAccessibleName("First step")
        self.last.setAccessibleName("Last step")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Text")
        self.text.setFixedHeight(self.fontMetrics().lineSpacing() * (LINES + 1))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.trouble)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * LETTERS)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText(
            "Annotate" if not self._note else "Change"
        )

    def _said(self) -> tuple[int, int, str]:
        """What the fields say. Raises InvalidValue."""
        return check_annotation(_step(self.first.text()), _step(self.last.text()), self.text.toPlainText())

    @Slot()
    def _check(self) -> None:
        """What is not there yet is not complained of."""
        told, ready = "", True
        try:
            self._said()
        except InvalidValue as error:
            told, ready = str(error), False
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)
        self.trouble.tell(told if self.text.toPlainText().strip() else "")

    def accept(self) -> None:
        """Have it done, as a step that can be undone."""
        first, last, text = self._said()
        run, metric, note = self.run.currentData(), self.key.currentText(), self._note
        if note is None:
            self._session.run(lambda store: add_annotation(store, run, metric, first, last, text))
        else:
            self._session.run(lambda store: change_annotation(store, note.id, first, last, text))
        super().accept()


def _step(text: str) -> int:
    try:
        return int(text.strip().replace(",", "").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        raise InvalidValue(f"A step is a whole number, and {text.strip()[:40] or 'nothing'} is none.") from None
