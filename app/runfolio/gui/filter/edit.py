"""The field a filter is typed in: coloured, as high as its text, with the fault underlined and words proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from runfolio.core.filter.complete import Proposals
from runfolio.gui.chrome.labels import fixed_font, tool_tip
from runfolio.gui.filter.highlight import FilterHighlighter

MOST_LINES, HINT_MARGIN = 4, 8
# Longer texts are for files and scripts: to lay out and colour these takes about a frame.
MOST_TYPED = 10_000
# The longest one that fits is shown.
HINTS = (
    "Filter runs:  metrics.loss < 0.1 and params.optimizer = 'adamw'",
    "Filter runs:  metrics.loss < 0.1",
    "Filter runs",
)
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1


class FilterEdit(QPlainTextEdit):
    """A text field of one to four lines.

    Attributes:
        completer_popup: the list of proposals.
        over: what this is a part of: proposals stand below it.

    Signals:
        committed(): the user pressed Return or went elsewhere.
        left(): the user pressed Escape.
        refused(str): why what was pasted or dropped was not taken.
        proposals_wanted(str, int): what can stand at a cursor of a text is asked for; answered with `propose`.
    """

    committed = Signal()
    left = Signal()
    refused = Signal(str)
    proposals_wanted = Signal(str, int)

    def __init__(
        self,
        color: Callable[[str], QColor],
        parent: QWidget | None = None,
        hints: Sequence[str] = HINTS,
        most: int = MOST_TYPED,
    ) -> None:
        super().__init__(parent)
        self._color = color
        self._hints = hints
        self._most = most
        self._start = 0
        self.over: QWidget = self
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self.completer_popup = QListView()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self.highlighter = FilterHighlighter(self.document(), color)
        self._set_up()

    def _set_up(self) -> None:
        self.setObjectName("filterEdit")
        self.setAccessibleName("Filter")
        self.setPlaceholderText(self._hints[0])
        self.setFont(fixed_font(self.font()))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer_popup.setObjectName("proposals")
        self.completer_popup.setAccessibleName("Proposals")
        self._completer.setPopup(self.completer_popup)
        self._completer.activated[QModelIndex].connect(self._on_chosen)  # type: ignore[index]
        self._soon.timeout.connect(lambda: self.proposals_wanted.emit(self.toPlainText(), self.textCursor().position()))
        self.textChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """As many lines as the text takes, up to four."""
        line = self.fontMetrics().lineSpacing()
        lines = min(max(round(self.document().size().height()), 1), MOST_LINES)
        return QSize(320, lines * line + 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, room = self.fontMetrics().horizontalAdvance, self.viewport().width() - HINT_MARGIN
        self.setPlaceholderText(next((hint for hint in self._hints if width(hint) <= room), self._hints[-1]))
        self.updateGeometry()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """A filter is one line, wherever it was copied from; one that would be too long is not even laid out."""
        text = " ".join(source.text().split("\n"))
        number = self.document().characterCount() - 1 + len(text) - len(self.textCursor().selectedText())
        if number > self._most:
            self.refused.emit(f"What is typed here has at most {self._most:,} characters; with this it has {number:,}.")
            return
        self.insertPlainText(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.committed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self.completer_popup
        keys = Qt.Key
        if popup.isVisible() and event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Tab, keys.Key_Escape):
            event.ignore()  # the popup's own
            if event.key() in (keys.Key_Return, keys.Key_Enter) and not popup.currentIndex().isValid():
                self.committed.emit()
            return
        if event.key() in (keys.Key_Return, keys.Key_Enter):
            self.committed.emit()
        elif event.key() == keys.Key_Escape:
            self.left.emit()
        elif event.key() == keys.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._soon.start()
        else:
            super().keyPressEvent(event)
            if event.text().strip() or event.key() in (keys.Key_Backspace, keys.Key_Space):
                self._soon.start()
            elif not event.modifiers() and event.key() not in (keys.Key_Up, keys.Key_Down):
                popup.hide()

    def propose(self, text: str, proposals: Proposals) -> None:
        """Offer what can take the place of a word, if the text is still this one; nothing is chosen if it is whole."""
        start, found, whole = proposals
        if text != self.toPlainText() or not self.hasFocus() or not found:
            self.completer_popup.hide()
            return
        self._start = start
        self._model.clear()
        for one in found:
            item = QStandardItem(f"{one.text}   {one.detail}" if one.detail else one.text)
            item.setData(one.text, DETAIL_ROLE)
            self._model.appendRow(item)
        place = self.cursorRect()
        widest = max(self.fontMetrics().horizontalAdvance(one.text + one.detail) for one in found[:60])
        place.setWidth(min(widest + 90, 520))
        place.setBottom(self._below())
        self._completer.complete(place)
        first = QModelIndex() if whole else self._completer.completionModel().index(0, 0)
        self.completer_popup.setCurrentIndex(first)

    def make_way(self) -> None:
        """What this is a part of has another height: proposals stand below it still."""
        popup = self.completer_popup
        if popup.isVisible():
            popup.move(popup.x(), self.mapToGlobal(QPoint(0, self._below())).y())

    def _below(self) -> int:
        return self.mapFromGlobal(self.over.mapToGlobal(QPoint(0, self.over.height()))).y()

    def mark(self, position: int | None, length: int = 1, message: str = "") -> None:
        """Underline where the filter goes wrong; None for nowhere."""
        self.setToolTip(tool_tip(message))
        if position is None:
            self.setExtraSelections([])
            return
        selection, shape = QTextEdit.ExtraSelection(), QTextCharFormat()
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        shape.setUnderlineColor(self._color("bad"))
        cursor = self.textCursor()
        size = len(self.toPlainText())
        cursor.setPosition(min(position, max(size - 1, 0)))
        cursor.setPosition(min(max(position + length, 1), size), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor, selection.format = cursor, shape
        self.setExtraSelections([selection])

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        chosen = str(index.data(DETAIL_ROLE))
        cursor = self.textCursor()
        cursor.setPosition(self._start, QTextCursor.MoveMode.KeepAnchor)
        before = self.toPlainText()[: self._start][-1:]
        blank = "" if before in " (" else " "
        cursor.insertText(blank + chosen + ("" if chosen.endswith("(") else " "))
        self.setTextCursor(cursor)
        self._soon.start()
