"""The dialog for one change to many runs, with what would change."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.decimal_commas import comma_hint
from runfolio.core.errors import UserError
from runfolio.core.filter.complete import Known
from runfolio.core.name_patterns import FIELDS
from runfolio.core.numbers import counted
from runfolio.core.states import NOTE
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.session import Session
from runfolio.store.bulk_edit import Edit, Lack, NameEdit, Preview, TagEdit, edit_runs, preview
from runfolio.store.completion import known_names
from runfolio.store.steps import InSteps

# The preview follows so long after the last key, in milliseconds.
PAUSE_MS = 150
NO_VALUE = "–"
MOST_SHOWN = 200


class Kind(StrEnum):
    """What can be done to many runs."""

    SET_TAG = "Set a tag"
    ADD_TAG = "Add a tag where there is none"
    REMOVE_TAG = "Remove a tag"
    DESCRIBE = "Set the description"
    RENAME = "Rename by a pattern"


class EditRunsDialog(QDialog):
    """Asks what is to change, shows it, and has it done as one step.

    Attributes:
        kind, key, value, note: the fields.
        said: how many runs would change, or what is wrong.
        rows: the first changes.
    """

    def __init__(self, session: Session, runs: Sequence[int], kind: Kind, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Edit {counted(len(runs), 'run')}")
        self._session = session
        self._runs = list(runs)
        self.kind, self.key, self.value, self.note = QComboBox(), QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.said = plain_label()
        self.rows = QStandardItemModel(0, 3, self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Apply | QDialogButtonBox.StandardButton.Cancel)
        self._hint = muted(f"{FIELDS}. The number counts from 1, in the order of the table.")
        self._form = QFormLayout()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._place()
        self._connect()
        self.kind.setCurrentText(kind)
        self._show_fields()

    def _place(self) -> None:
        self.kind.addItems(list(Kind))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(self.fontMetrics().lineSpacing() * 5)
        for title, field in (("&Change", self.kind), ("&Tag", self.key), ("&Value", self.value)):
            self._form.addRow(title, field)
        self._form.addRow("&Description", self.note)
        self._form.addRow("", self._hint)
        self._hint.setWordWrap(True)
        self.said.setWordWrap(True)
        table = self._table()
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(self._form)
        layout.addWidget(self.said)
        layout.addWidget(table, 1)
        layout.addWidget(self.buttons)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Apply)
        self.resize(self.fontMetrics().averageCharWidth() * 88, self.fontMetrics().lineSpacing() * 26)

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.rows)
        table.setAccessibleName("What would change")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.rows.setHorizontalHeaderLabels(["Run", "Before", "After"])
        return table

    def _connect(self) -> None:
        self.kind.currentTextChanged.connect(self._show_fields)
        for field in (self.key, self.value):
            field.textChanged.connect(self._pause.start)
        self.note.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._ask)
        self.buttons.button(QDialogButtonBox.StandardButton.Apply).clicked.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        work = partial(known_names, self._session.store)
        self._session.jobs.read(work, self._complete, channel="edit_runs.names", until=self.finished)

    def edit(self) -> Edit:
        """The change that the fields say."""
        kind = Kind(self.kind.currentText())
        if kind is Kind.RENAME:
            return NameEdit(self.value.text())
        if kind is Kind.DESCRIBE:
            return TagEdit(NOTE, self.note.toPlainText().strip() or None)
        value = None if kind is Kind.REMOVE_TAG else self.value.text()
        return TagEdit(self.key.text().strip(), value, only_missing=kind is Kind.ADD_TAG)

    def accept(self) -> None:
        """Have it done."""
        runs, edit = self._runs, self.edit()
        self._session.run(InSteps(lambda store, steps: edit_runs(store, runs, edit, steps), "Changing runs"))
        super().accept()

    @Slot()
    def _show_fields(self) -> None:
        """Those of the kind."""
        kind = Kind(self.kind.currentText())
        self._form.setRowVisible(self.key, kind in (Kind.SET_TAG, Kind.ADD_TAG, Kind.REMOVE_TAG))
        self._form.setRowVisible(self.value, kind not in (Kind.REMOVE_TAG, Kind.DESCRIBE))
        self._form.setRowVisible(self.note, kind is Kind.DESCRIBE)
        self._form.setRowVisible(self._hint, kind is Kind.RENAME)
        if kind is Kind.RENAME and "{" not in self.value.text():
            self.value.setText("{name}")
        first = {Kind.RENAME: self.value, Kind.DESCRIBE: self.note}.get(kind, self.key)
        first.setFocus()
        self._ask()

    @Slot()
    def _ask(self) -> None:
        self._pause.stop()
        self.buttons.button(QDialogButtonBox.StandardButton.Apply).setEnabled(False)
        edit = self.edit()
        if isinstance(edit, TagEdit) and not edit.key:
            self._say("Which tag?")
            return
        work = partial(preview, self._session.store, self._runs, edit)
        jobs = self._session.jobs
        jobs.read(work, self._show, channel="edit_runs", failed=self._on_failed, until=self.finished)

    def _show(self, found: Preview) -> None:
        changed = f"Changes {found.changed:,} of {counted(found.total, 'run')}."
        hint = comma_hint(self.value.text()) if self.value.isVisible() else ""
        self._say(" ".join(filter(None, (changed, hint, *map(_told, found.lacks)))))
        self.rows.setRowCount(0)
        for row in found.rows:
            self.rows.appendRow([QStandardItem(_shown(text)) for text in row])
        self.buttons.button(QDialogButtonBox.StandardButton.Apply).setEnabled(found.changed > 0)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self._say(str(error), bad=True)

    def _say(self, text: str, *, bad: bool = False) -> None:
        self.said.setProperty("role", "bad" if bad else "muted")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(text)
        self.rows.setRowCount(0)

    def _complete(self, known: Known) -> None:
        completer = QCompleter(list(known.tags), self.key)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.key.setCompleter(completer)


def _told(lack: Lack) -> str:
    """A sentence about the runs whose names would have a gap."""
    names = ", ".join(map(_shown, lack.names)) + (", …" if lack.number > len(lack.names) else ".")
    return f"{counted(lack.number, 'run')} without {lack.field}, which stays empty: {names}"


def _shown(text: str | None) -> str:
    return NO_VALUE if text is None else " ".join(text[:MOST_SHOWN].split())
