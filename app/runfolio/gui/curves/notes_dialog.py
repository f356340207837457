"""The list of a chart's annotations: to read them, change them, and remove them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from runfolio.gui.chrome.labels import muted
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.note_dialog import NoteDialog, Offer
from runfolio.gui.curves.notes import steps_text
from runfolio.gui.session import Session
from runfolio.store.annotations import Annotation, delete_annotation

LETTERS, LINES = 84, 18
EMPTY = "Nothing is annotated in this chart. Hold Shift and drag over a stretch of a curve, or choose New."


class NotesDialog(QDialog):
    """Follows the chart while it is open.

    Attributes:
        list: a line for each annotation.
        new, edit, remove: the buttons.
    """

    def __init__(self, card: ChartCard, session: Session, make: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Annotations of {card.chart.title}")
        self._card, self._session = card, session
        self._shown: list[Annotation] | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Annotations")
        self.list.setWordWrap(True)
        self.list.setSpacing(4)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._empty = muted(EMPTY)
        self._empty.setWordWrap(True)
        self.new, self.edit, self.remove = (QPushButton(title) for title in ("&New…", "&Change…", "&Remove"))
        close = QPushButton("Close")
        row, layout = QHBoxLayout(), QVBoxLayout(self)
        for button in (self.new, self.edit, self.remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        row.addWidget(close)
        for part in (self._empty, self.list):
            layout.addWidget(part)
        layout.addLayout(row)
        self.new.clicked.connect(make)
        self.edit.clicked.connect(self._edit)
        self.remove.clicked.connect(self._remove)
        close.clicked.connect(self.reject)
        self.list.itemActivated.connect(self._edit)
        card.notes_changed.connect(self._fill)
        card.destroyed.connect(self.reject)
        self.resize(self.fontMetrics().averageCharWidth() * LETTERS, self.fontMetrics().lineSpacing() * LINES)
        self._fill()

    @property
    def chosen(self) -> Annotation | None:
        """The annotation that the keyboard is on."""
        row = self.list.currentRow()
        return self._shown[row] if self._shown and row >= 0 else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the chosen one."""
        if event.key() == Qt.Key.Key_Delete and self.chosen is not None:
            self._remove()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _fill(self) -> None:
        notes = self._card.notes.here
        if notes == self._shown:
            return
        row, self._shown = self.list.currentRow(), list(notes)
        names = dict(self._card.notes.offer.runs)
        self.list.clear()
        for note in notes:
            run = names.get(note.run_id, "")
            self.list.addItem(f"{run} · {note.metric} · {steps_text(note)}\n{note.text}")
        self.list.setCurrentRow(min(max(row, 0), len(notes) - 1))
        self.list.setVisible(bool(notes))
        self._empty.setVisible(not notes)
        writable = not self._session.read_only
        self.new.setEnabled(writable)
        for button in (self.edit, self.remove):
            button.setEnabled(writable and bool(notes))

    @Slot()
    def _edit(self) -> None:
        note = self.chosen
        if note is not None:
            steps = note.first_step, note.last_step
            NoteDialog(self._session, Offer((), (note.metric,)), steps, self, note).open()

    @Slot()
    def _remove(self) -> None:
        note = self.chosen
        if note is not None:
            self._session.run(lambda store: delete_annotation(store, note.id))
