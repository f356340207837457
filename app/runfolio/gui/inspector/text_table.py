"""Names and values in two columns of text that can be selected, copied and brought up to date in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from runfolio.gui.inspector.rows import Span, TableRow

NAME_WIDTH = 38


class TextTable(QTextEdit):
    """As high as its text. Cells that have not changed are left alone, and with them what the user has selected."""

    def __init__(self, title: str, color: Callable[[str], QColor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = color
        self._rows: list[TableRow] = []
        self._table: QTextTable | None = None
        self.setAccessibleName(title)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextEdit { background: transparent; border: none; padding: 0; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def rows(self) -> list[TableRow]:
        """What it shows."""
        return list(self._rows)

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Show these rows; those that are the same stay untouched."""
        before, self._rows = self._rows, list(rows)
        if self._table is None or [row.key for row in before] != [row.key for row in rows]:
            self._build()
            return
        for index, (old, new) in enumerate(zip(before, self._rows, strict=True)):
            for side, (was, now) in enumerate(((old.name, new.name), (old.value, new.value))):
                if was != now:
                    self._write(index, side, now)

    def recolor(self) -> None:
        """Another theme."""
        self._build()

    def _build(self) -> None:
        self.clear()
        self._table = None
        if self._rows:
            form = QTextTableFormat()
            form.setBorder(0)
            form.setCellPadding(2)
            form.setCellSpacing(0)
            share = QTextLength.Type.PercentageLength
            form.setWidth(QTextLength(share, 100))
            form.setColumnWidthConstraints([QTextLength(share, NAME_WIDTH), QTextLength(share, 100 - NAME_WIDTH)])
            self._table = self.textCursor().insertTable(len(self._rows), 2, form)
            for index, row in enumerate(self._rows):
                self._write(index, 0, row.name)
                self._write(index, 1, row.value)
        self._fit()

    def _write(self, row: int, side: int, spans: Sequence[Span]) -> None:
        assert self._table is not None
        cell = self._table.cellAt(row, side)
        cursor = cell.firstCursorPosition()
        cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        for role, text in spans:
            form = QTextCharFormat()
            form.setForeground(self._color(role))
            font = QFont(self.font())
            font.setFeature(QFont.Tag("tnum"), 1)
            form.setFont(font)
            cursor.insertText(text, form)

    def _fit(self) -> None:
        height = round(self.document().size().height()) if self._rows else 0
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        """The height of the text at the present width."""
        return QSize(200, round(self.document().size().height()))

    def minimumSizeHint(self) -> QSize:
        """Any width will do, for the text wraps."""
        return QSize(80, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is around it scrolls."""
        event.ignore()
