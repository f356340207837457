"""The tab of the audit log: its entries as a table, filtered; one laid open; proved; exported; as of a date."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.numbers import counted
from runfolio.core.registry.chain import ACTIONS, Entry
from runfolio.core.registry.entry_words import action_title
from runfolio.core.registry.export import export_csv, export_json, plain_entry
from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.icons import icon
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.messages import Message
from runfolio.gui.registry.audit.model import CHANGE, MODEL, REASON, AuditModel
from runfolio.gui.registry.audit.moment import MomentEdit
from runfolio.gui.registry.audit.proof import ProofBar, entries_text
from runfolio.gui.registry.audit.reading import Log, Wanted, read_log
from runfolio.gui.registry.following import FollowingTab
from runfolio.gui.session import Session
from runfolio.store import Store

#: Widths in letters; what was changed and why share the rest.
WIDTHS = (6, 20, 9, 16, 20, 10)
FILTER, BOX = 16, 9
MOST_LINES = 16
#: Of more models it is not told who was where.
MOST_MODELS = 8
EXPORTS = {"JSON…": (export_json, "json"), "CSV…": (export_csv, "csv")}


class AuditTab(FollowingTab[Log]):
    """Follows the log.

    Attributes:
        filter, action, version, everything: what is looked for; the last one asks for all models.
        table, entries: what was found.
        as_of, moment, holders: who was in each stage at a moment.
        proof, verify: what was proved, and the button for it.
        entry: one entry laid open.
    """

    complaint = "The audit log could not be read."

    def __init__(self, session: Session) -> None:
        self.filter = QLineEdit(placeholderText="Filter entries")
        self.action, self.version = QComboBox(), QComboBox()
        self.everything, self.as_of = QCheckBox("All models"), QCheckBox("As of")
        self.moment = MomentEdit()
        self.holders, self.summary = muted(), muted()
        self.verify, self.export = QPushButton("Verify"), QPushButton("Export")
        self.table = QTableView()
        self.entry = CodeView("Entry", MOST_LINES, wraps=True)
        self._log: Log | None = None
        # What was read of the log; nothing once it has grown, or another model's is to be shown.
        self._known: Sequence[Entry] | None = None
        self._stale = True
        super().__init__(session)
        self.entries = AuditModel(session.theme, self)
        self.proof = ProofBar(session)
        self._set_up()
        self._place()
        self._connect()

    def _set_up(self) -> None:
        for widget, name in (
            (self.filter, "Filter entries"),
            (self.action, "What was done"),
            (self.version, "Version"),
            (self.moment, "Date and time"),
            (self.holders, "Who was in each stage"),
        ):
            widget.setAccessibleName(name)
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setMinimumWidth(FILTER * self.fontMetrics().averageCharWidth())
        for box in (self.action, self.version):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(BOX)
        self.action.addItem("Any action", "")
        for action in ACTIONS:
            self.action.addItem(action_title(action), action)
        self.version.addItem("All versions", None)
        self.moment.setEnabled(False)
        self.holders.setWordWrap(True)
        self.verify.setProperty("kind", "primary")
        self.verify.setToolTip("Prove that no entry and no file has been changed")
        menu = QMenu(self)
        for title in EXPORTS:
            menu.addAction(title, partial(self._ask_where, title))
        self.export.setMenu(menu)
        table = self.table
        table.setObjectName("runTable")
        set_up_table(table, "Audit log")
        table.setModel(self.entries)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().setDefaultSectionSize(max(28, self.fontMetrics().height() + 10))
        for column, letters in enumerate(WIDTHS):
            table.setColumnWidth(column, letters * self.fontMetrics().averageCharWidth())
        for column in (CHANGE, REASON):
            table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.setColumnHidden(MODEL, True)
        self.entry.hide()

    def _place(self) -> None:
        tools = _row(self.filter, self.action, self.version, self.everything, self.export, self.verify)
        tools.setStretch(0, 1)
        then = _row(self.as_of, self.moment, self.holders, self.summary)
        then.setStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(tools)
        layout.addLayout(then)
        layout.addWidget(self.proof)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.entry)
        self.setFocusProxy(self.filter)

    def _connect(self) -> None:
        ask = self.refresh.ask_now
        self.filter.textChanged.connect(ask)
        self.filter.returnPressed.connect(self.table.setFocus)
        self.action.currentIndexChanged.connect(ask)
        self.version.currentIndexChanged.connect(ask)
        self.moment.dateTimeChanged.connect(ask)
        self.as_of.toggled.connect(self.moment.setEnabled)
        self.as_of.toggled.connect(ask)
        self.everything.toggled.connect(self._on_everything)
        self.verify.clicked.connect(self._on_verify)
        self.table.activated.connect(self._on_activated)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)

    # Reading

    def forget(self) -> None:
        """Entries and versions of another model."""
        self._stale = True
        self.proof.forget()
        self.entry.hide()
        self.version.setCurrentIndex(0)

    def registry_changed(self) -> None:
        """The log has grown."""
        self._stale = True
        super().registry_changed()

    @property
    def wanted(self) -> Wanted:
        """What is looked for."""
        model = "" if self.everything.isChecked() else self.model
        as_of = self.moment.dateTime().toMSecsSinceEpoch() if self.as_of.isChecked() else None
        return Wanted(model, self.filter.text(), self.action.currentData(), self.version.currentData(), as_of)

    def question(self) -> Callable[[Store], Log]:
        """What reads the log, or looks through what is known of it."""
        if self._stale:
            self._known, self._stale = None, False
        return partial(_read, self.model, self.wanted, self._known)

    def show_answer(self, answer: Log) -> None:
        """Show what was found, unless something else is looked for by now."""
        if answer.wanted != self.wanted:
            self.refresh.read_again()
            return
        self._log = answer
        if not self._stale:
            self._known = answer.entries
        self.entries.show_entries(answer.rows)
        self.table.setColumnHidden(MODEL, not self.everything.isChecked())
        found, everything = len(answer.rows), len(answer.entries)
        self.summary.setText(entries_text(found) if found == everything else f"{found:,} of {entries_text(everything)}")
        self.holders.setText(_holders_text(answer) if self.as_of.isChecked() else "")
        self._offer_versions(answer.entries)

    def _offer_versions(self, entries: Sequence[Entry]) -> None:
        numbers = sorted({one.version for one in entries if one.version is not None}, reverse=True)
        if numbers == [self.version.itemData(at) for at in range(1, self.version.count())]:
            return
        chosen = self.version.currentData()
        self.version.blockSignals(True)
        self.version.clear()
        self.version.addItem("All versions", None)
        for number in numbers:
            self.version.addItem(f"v{number}", number)
        self.version.setCurrentIndex(max(self.version.findData(chosen), 0))
        self.version.blockSignals(False)

    # What the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops what is proved, and closes the entry that is laid open."""
        if event.key() == Qt.Key.Key_Escape and self.proof.work.job is not None:
            self.proof.work.cancel()
        elif event.key() == Qt.Key.Key_Escape and self.entry.isVisible():
            self.entry.hide()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_everything(self) -> None:
        self._stale = True
        self.refresh.ask_now()

    @Slot()
    def _on_verify(self) -> None:
        self.proof.prove(None if self.everything.isChecked() else self.model)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        """Lay an entry open: all that it says, with the hashes."""
        entry = self.entries.entries[index.row()]
        self.entry.show_text(json.dumps(plain_entry(entry), ensure_ascii=False, indent=2))
        self.entry.show()

    @Slot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        if self.entry.isVisible() and index.isValid():
            self._on_activated(index)

    def _ask_where(self, title: str) -> None:
        """Save the entries that are shown."""
        write, suffix = EXPORTS[title]
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export the audit log", f"{self.model or 'registry'}-audit.{suffix}"
        )
        if chosen and self._log is not None:
            self.save(write, Path(chosen))

    def save(self, write: Callable[[Sequence[Entry]], str], file: Path) -> None:
        """Write the entries that are shown into a file, the oldest first."""
        rows = list(reversed(self.entries.entries))
        done = partial(self._on_saved, len(rows), file)
        self.session.jobs.read(partial(_save, write, rows, file), done, title="Exporting")

    def _on_saved(self, number: int, file: Path, _nothing: None) -> None:
        self.session.message.emit(Message(f"Exported {entries_text(number)} to {file}"))


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return row


def _read(model: str, wanted: Wanted, known: Sequence[Entry] | None, store: Store) -> Log:
    return read_log(store, model, wanted, known)


def _save(write: Callable[[Sequence[Entry]], str], rows: Sequence[Entry], file: Path) -> None:
    # Bytes, for CSV has line breaks of its own.
    file.write_bytes(write(rows).encode())


def _holders_text(log: Log) -> str:
    """Who was in each stage: `Staging v6 · Production v4`."""
    if not log.holders:
        return "There was no such model yet." if log.wanted.model else "There was no model yet."
    lines = [_of_model(name, by_stage, log) for name, by_stage in log.holders[:MOST_MODELS]]
    left = len(log.holders) - len(lines)
    return "\n".join([*lines, f"and {counted(left, 'more model')}: narrow it down to one"] if left else lines)


def _of_model(name: str, by_stage: dict[str, tuple[int, ...]], log: Log) -> str:
    order = [*(one for one in log.stages if one in by_stage), *(one for one in by_stage if one not in log.stages)]
    told = " · ".join(f"{stage} {', '.join(f'v{one}' for one in by_stage[stage])}" for stage in order)
    return (
        f"{name}: {told or 'no version'}" if not log.wanted.model or name != log.wanted.model else told or "no version"
    )
