"""The text of a console: lines are added at its end, which it follows as long as one is there; and searched."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from runfolio.gui.chrome.labels import fixed_font

#: Older lines than these are forgotten.
MOST_LINES = 20_000
#: So many of the places that were found are marked at once.
MOST_MARKS = 500


class ConsoleText(QPlainTextEdit):
    """What was printed.

    Signals:
        following_changed(bool): it follows the end now, or does not any more.
    """

    following_changed = Signal(bool)

    def __init__(self, color: Callable[[str], QColor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = color
        self._rest = ""
        self._filling = False
        self.following = True
        self.setReadOnly(True)
        self.setFont(fixed_font(self.font()))
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST_LINES)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName("Console output")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def set_text(self, lines: str, rest: str) -> None:
        """Show another output, from its end."""
        self._filling = True
        self.setPlainText(lines + rest)
        self._rest = rest
        self._filling = False
        self.to_end()

    def add(self, lines: str, rest: str) -> None:
        """Add what came: whole lines in place of the one that was not, and the line that is not whole yet."""
        if not lines and rest == self._rest:
            return
        self._filling = True
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        # By places, not by letters as a key would go: an emoji takes two.
        cursor.setPosition(cursor.position() - utf16_length(self._rest), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(lines + rest)
        self._rest = rest
        self._filling = False
        if self.following:
            self.to_end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In less room the end is further down."""
        following = self.following
        super().resizeEvent(event)
        if following:
            self.to_end()

    def to_end(self) -> None:
        """Go to the end, and follow it from now on."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._set_following(True)

    def _on_scrolled(self, value: int) -> None:
        if not self._filling:
            self._set_following(value >= self.verticalScrollBar().maximum())

    def _set_following(self, following: bool) -> None:
        if following != self.following:
            self.following = following
            self.following_changed.emit(following)

    # Searching

    def find_words(self, words: str, *, back: bool = False) -> tuple[int, int]:
        """Go to the next place of a text, around the end if need be: its number from 1, and how many there are."""
        text, wanted = self.toPlainText().casefold(), words.casefold()
        total = text.count(wanted) if wanted else 0
        if not total:
            self.setExtraSelections([])
            return 0, 0
        flags = QTextDocument.FindFlag.FindBackward if back else QTextDocument.FindFlag(0)
        if not self.find(words, flags):
            cursor = self.textCursor()
            edge = QTextCursor.MoveOperation.End if back else QTextCursor.MoveOperation.Start
            cursor.movePosition(edge)
            self.setTextCursor(cursor)
            if not self.find(words, flags):
                return 0, 0
        self._mark(words)
        before = self.toPlainText()[: self.textCursor().selectionStart()].casefold()
        return before.count(wanted) + 1, total

    def from_selection_start(self) -> None:
        """Search again from where the present find begins: another letter was typed."""
        cursor = self.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self.setTextCursor(cursor)

    def _mark(self, words: str) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        cursor = QTextCursor(self.document())
        while len(marks) < MOST_MARKS:
            cursor = self.document().find(words, cursor)
            if cursor.isNull():
                break
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(cursor)
            mark.format.setBackground(self._color("accent_fill"))
            marks.append(mark)
        self.setExtraSelections(marks)


def utf16_length(text: str) -> int:
    """How many places a text takes in Qt's documents."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
