"""The card that a failed run leads with: the exception, what it says, and the line of one's own code that it met."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from runfolio.core.tracebacks import Failure
from runfolio.gui.chrome.labels import fixed_font, plain_label, tool_tip
from runfolio.gui.inspector.facts import breakable

MOST_LETTERS, MOST_LINES = 400, 6
TEXT_LINES = 14


class FailureCard(QFrame):
    """A traceback, its end first."""

    def __init__(self, color: Callable[[str], QColor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "failure")
        self._color = color
        self.failure: Failure | None = None
        self.kind, self.message, self.where, self.code = (plain_label() for _ in range(4))
        self.kind.setProperty("role", "bad")
        font = QFont(self.kind.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.kind.setFont(font)
        self.where.setProperty("role", "muted")
        self.code.setFont(fixed_font(self.font()))
        self.code.setProperty("role", "code-line")
        self.show_all = QPushButton("Show traceback")
        self.copy = QPushButton("Copy")
        self.copy.setAccessibleName("Copy the traceback")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font(self.font()))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Traceback")
        self.text.hide()
        self._place()
        self.show_all.clicked.connect(self._on_show_all)
        self.copy.clicked.connect(self._on_copy)

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(4)
        for label in (self.kind, self.message, self.where, self.code):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setMinimumWidth(1)
            layout.addWidget(label)
        for label in (self.kind, self.message, self.where, self.code):
            label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        for button in (self.show_all, self.copy):
            button.setProperty("kind", "small")
            buttons.addWidget(button)
        buttons.addStretch()
        layout.addLayout(buttons)
        layout.addWidget(self.text)

    def show_failure(self, failure: Failure | None) -> None:
        """Show a traceback; without one the card is not there."""
        self.setVisible(failure is not None)
        if failure is None or failure == self.failure:
            self.failure = failure
            return
        self.failure = failure
        self.kind.setText(breakable(failure.kind or "It failed"))
        self.message.setText(breakable(_shortened(failure.message)))
        self.message.setToolTip(tool_tip(failure.message[:2000]))
        self.message.setVisible(bool(failure.message))
        own = failure.own
        self.where.setText(breakable(own.where) if own is not None else "")
        self.where.setToolTip(tool_tip(own.file if own is not None else ""))
        self.code.setText(breakable(own.code) if own is not None else "")
        for label in (self.where, self.code):
            label.setVisible(bool(label.text()))
        self.text.setPlainText(failure.text.rstrip("\n"))
        lines = min(self.text.blockCount() + 1, TEXT_LINES)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * lines + 14)
        self.recolor()
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.moveCursor(QTextCursor.MoveOperation.StartOfLine)

    def recolor(self) -> None:
        """Mark the user's own line in the traceback, in the theme's colours."""
        own = self.failure.own if self.failure is not None else None
        marks = []
        for place in (own.place, own.place + 1) if own is not None else ():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.text.document().findBlockByNumber(place))
            mark.format.setBackground(self._color("accent_fill"))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.text.setExtraSelections(marks)

    @Slot()
    def _on_show_all(self) -> None:
        shown = self.text.isHidden()
        self.text.setVisible(shown)
        self.show_all.setText("Hide traceback" if shown else "Show traceback")

    @Slot()
    def _on_copy(self) -> None:
        if self.failure is not None:
            QGuiApplication.clipboard().setText(self.failure.text)


def _shortened(message: str) -> str:
    lines = message.split("\n")
    text = "\n".join(lines[:MOST_LINES])
    cut = len(lines) > MOST_LINES or len(text) > MOST_LETTERS
    return f"{text[:MOST_LETTERS]}…" if cut else text
