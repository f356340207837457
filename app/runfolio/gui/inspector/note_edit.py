"""The description of a run: read as it is formatted, written in Markdown with a preview."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.returning import Returning
from runfolio.gui.inspector.note import Note

EDIT_LINES = 8
HINT = "Ctrl+Return keeps it, Escape gives it up"


class NoteView(QWidget):
    """The note, and in its place, while it is written, a field with a preview below it.

    Signals:
        changed(int, str): this run's description is to be this text; empty for none.
    """

    changed = Signal(int, str)

    def __init__(self, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._markdown, self._kept = 0, "", ""
        self._editable = editable
        self.note = Note(self)
        self.start = QPushButton(self)
        self.start.setProperty("kind", "small")
        self.field = QPlainTextEdit(self)
        self.field.setPlaceholderText("Markdown: **bold**, *italic*, lists, links, tables")
        self.field.setAccessibleName("Description in Markdown")
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(self.fontMetrics().lineSpacing() * EDIT_LINES + 12)
        self.field.installEventFilter(self)
        self._returning = Returning(self.field)
        self.preview = QPushButton("Preview")
        self.preview.setCheckable(True)
        self.save = QPushButton("Save")
        self.cancel = QPushButton("Cancel")
        self.hint = muted(HINT)
        self.hint.setWordWrap(True)
        self.hint.setMinimumWidth(1)
        self._tools = QWidget(self)
        self._place()
        self.start.clicked.connect(self.edit)
        self.save.clicked.connect(self.finish)
        self.cancel.clicked.connect(self.give_up)
        for button in (self.save, self.cancel):
            button.clicked.connect(self._returning.give_back)
        self.preview.toggled.connect(self._on_preview)
        self._show()

    def _place(self) -> None:
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in (self.preview, self.save, self.cancel):
            button.setProperty("kind", "small")
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.note)
        layout.addWidget(self._tools)
        layout.addWidget(self.hint)
        layout.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.field, self._tools, self.hint):
            widget.hide()

    @property
    def editing(self) -> bool:
        """Whether the description is being written."""
        return not self._tools.isHidden()

    def set_note(self, run: int, markdown: str) -> None:
        """Show a run's description; what is being written for this run is left alone."""
        if run != self._run:
            self.finish()
        self._run, self._markdown, self._kept = run, markdown, markdown
        if not self.editing:
            self._show()

    def render_again(self) -> None:
        """In another theme's colours."""
        self.note.render_again()

    @Slot()
    def edit(self) -> None:
        """Begin to write."""
        if not self._editable or self.editing:
            return
        self.field.setPlainText(self._markdown)
        self.field.document().setModified(False)
        self.preview.setChecked(False)
        self._returning.remember()
        self._show(editing=True)
        self.field.setFocus()

    def edit_again(self, run: int, markdown: str) -> None:
        """Go on with a description that was refused, unless another run is shown or it is written anew by now."""
        if run == self._run and not self.editing:
            self._markdown = self._kept
            self.edit()
            self.field.setPlainText(markdown)
            self.field.document().setModified(True)

    @Slot()
    def finish(self) -> None:
        """Keep what was written and show it."""
        if not self.editing:
            return
        text = self.field.toPlainText().strip()
        if self.field.document().isModified() and text != self._markdown:
            self._markdown = text
            self.changed.emit(self._run, text)
        self._show()

    @Slot()
    def give_up(self) -> None:
        """Show the description as it was."""
        self._show()

    def _show(self, *, editing: bool = False) -> None:
        # Hidden before the field is, for hiding takes the keyboard away, which would keep what was written.
        self._tools.setVisible(editing)
        self.hint.setVisible(editing)
        self.field.setVisible(editing)
        self.note.set_markdown(self._markdown)
        self.note.setVisible(not editing and bool(self._markdown))
        self.start.setText("Edit" if self._markdown else "Add a description")
        self.start.setAccessibleName("Edit the description" if self._markdown else "Add a description")
        self.start.setVisible(self._editable and not editing)

    @Slot(bool)
    def _on_preview(self, shown: bool) -> None:
        self.note.set_markdown(self.field.toPlainText())
        self.note.setVisible(shown)
        self.field.setVisible(not shown)
        if not shown:
            self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Return keeps what was written; Escape gives it up."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.give_up()
                self._returning.give_back()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
                event.modifiers() & Qt.KeyboardModifier.ControlModifier
            ):
                self.finish()
                self._returning.give_back()
                return True
        return False
