"""Editing cells of the run table in place: names and tags in a line, descriptions in a field of several lines."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.core.columns import NAME, Column, Source
from runfolio.core.states import NOTE
from runfolio.gui.aliases import Index
from runfolio.gui.runs.model import RUN_ROLE, RunTableModel
from runfolio.gui.runs.typing_hint import TypingHint

NOTE_LETTERS, NOTE_LINES = 48, 6
RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CellEditing(QStyledItemDelegate):
    """The editors of a `RunTableModel`. The model changes when the store has.

    Signals:
        renamed(int, str): the user gave a run another name.
        tagged(int, str, object): the user gave a run's tag another value; None takes the tag away.
        editing(bool): something is being typed into a cell now, or is not any more.
    """

    renamed = Signal(int, str)
    tagged = Signal(int, str, object)
    editing = Signal(bool)

    def __init__(self, model: RunTableModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._editor: QWidget | None = None
        model.modelAboutToBeReset.connect(self._keep)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line; a field for a description, and for a tag that has several lines already."""
        self._editor = self._new_editor(parent, index)
        self.editing.emit(True)
        return self._editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """What was typed has been kept, or is not wanted."""
        super().destroyEditor(editor, index)
        self._editor = None
        self.editing.emit(False)

    @Slot()
    def _keep(self) -> None:
        """Qt throws the editor away when all rows are other ones: a command of the user's was that, meanwhile."""
        if self._editor is not None:
            self.commitData.emit(self._editor)

    def _new_editor(self, parent: QWidget, index: Index) -> QWidget:
        column, value = self._column(index), _text(index)
        if column.source is Source.TAG and (column.key == NOTE or "\n" in value):
            field = QPlainTextEdit(parent)
            field.setAccessibleName(f"{column.heading} of the run; Ctrl+Return keeps it")
            field.setTabChangesFocus(True)
            return field
        line = QLineEdit(parent)
        line.setAccessibleName("Name of the run" if column == NAME else f"{column.heading} of the run")
        line.setFrame(False)
        if column.source is Source.TAG:
            TypingHint(line, parent)
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the value as it is, all of it selected."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(_text(index))
            editor.selectAll()
        elif isinstance(editor, QPlainTextEdit) and not editor.document().isModified():
            editor.setPlainText(_text(index))
            editor.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Tell of another value; a name is never blank, and a tag that is emptied goes."""
        text = editor.text() if isinstance(editor, QLineEdit) else ""
        text = editor.toPlainText() if isinstance(editor, QPlainTextEdit) else text
        column, run = self._column(index), index.data(RUN_ROLE)
        if text.strip() == _text(index).strip():
            return
        if column == NAME:
            if text.strip():
                self.renamed.emit(run, text.strip())
        else:
            self.tagged.emit(run, column.key, text.strip() or None)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """A field of several lines takes more room than the cell, as far as there is any."""
        super().updateEditorGeometry(editor, option, index)
        parent = editor.parentWidget()
        if isinstance(editor, QPlainTextEdit) and parent is not None:
            metrics = editor.fontMetrics()
            wide = max(option.rect.width(), metrics.averageCharWidth() * NOTE_LETTERS)
            area = QRect(option.rect.left(), option.rect.top(), wide, metrics.lineSpacing() * NOTE_LINES + 16)
            room = parent.rect()
            area.moveLeft(max(min(area.left(), room.right() - area.width()), 0))
            area.moveTop(max(min(area.top(), room.bottom() - area.height()), 0))
            editor.setGeometry(area.intersected(room))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In a field, Return begins a line; with Ctrl it keeps what was written."""
        if isinstance(watched, QPlainTextEdit) and isinstance(event, QKeyEvent) and event.key() in RETURNS:
            if event.type() is QEvent.Type.KeyPress and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QStyledItemDelegate.EndEditHint.NoHint)
                return True
            return False
        return super().eventFilter(watched, event)

    def _column(self, index: Index) -> Column:
        return self._model.column_at(index.column())


def _text(index: Index) -> str:
    return str(index.data(Qt.ItemDataRole.EditRole) or "")
