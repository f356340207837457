"""Paints a row of the tree: symbol or status, name with what was looked for, and the number of runs at the edge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.aliases import Index
from runfolio.gui.icons import pixmap
from runfolio.gui.navigator.model import FOLDER_ROLE, RUNNING_ROLE, RUNS_ROLE
from runfolio.gui.navigator.run_model import RUN_ROLE
from runfolio.gui.navigator.run_rows import RunRow
from runfolio.gui.runs.cells import STATUS_SHAPES
from runfolio.gui.runs.look import STATUS_ROLES
from runfolio.gui.theme import Theme

SYMBOL, GAP = 16, 8
ROW, PADDING = 26, 10
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ExperimentDelegate(QStyledItemDelegate):
    """A filled dot marks an experiment with runs under way; it is told in words by the model's tool tip.

    The view paints what lies behind a row.

    Attributes:
        words: what is looked for, in lower case; it is marked in the names.
        typed: what stands in the next editor instead of the name; empty for the name.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words: Sequence[str] = ()
        self.typed = ""
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), max(ROW, option.fontMetrics.height() + PADDING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect.adjusted(2, 0, -10, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        opened = bool(option.state & QStyle.StateFlag.State_Open)
        run = index.data(RUN_ROLE)
        if isinstance(run, RunRow):
            self._paint_run(painter, option, area, run, opened)
            painter.restore()
            return
        folder, running = bool(index.data(FOLDER_ROLE)), bool(index.data(RUNNING_ROLE))
        if folder:
            self._paint_folder(painter, symbol, opened)
        else:
            self._paint_dot(painter, symbol, running)
        # An open folder's counts are those of its rows; a closed one speaks for them.
        count = "" if folder and (opened or not index.data(RUNS_ROLE)) else f"{index.data(RUNS_ROLE):,}"
        self._paint_count(painter, option, area, count, lit=folder and running and bool(count))
        room = area.adjusted(SYMBOL + GAP, 0, -option.fontMetrics.horizontalAdvance(count) - GAP, 0)
        name = option.fontMetrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self._theme.color("text"))
        painter.drawText(room, LEFT, name)
        self._paint_marks(painter, option, room, name)
        painter.restore()

    def _paint_run(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, row: RunRow, opened: bool
    ) -> None:
        """The sign of its status, its name, and how many runs are nested in it while they are not seen."""
        status = None if row.run is None else row.run.status
        if status is not None:
            painter.setPen(self._theme.color(STATUS_ROLES[status]))
            sign = QRect(area.left(), area.top(), SYMBOL, area.height())
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, STATUS_SHAPES[status])
        count = f"{row.run.children:,}" if row.run is not None and row.run.children and not opened else ""
        self._paint_count(painter, option, area, count, lit=False)
        taken = option.fontMetrics.horizontalAdvance(count) + GAP if count else 0
        room = area.adjusted(SYMBOL + GAP, 0, -taken, 0)
        painter.setPen(self._theme.color("muted" if row.run is None else "text"))
        name = option.fontMetrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, LEFT, name)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What changes in the row while somebody types takes nothing out of their hands."""
        typed, self.typed = self.typed, ""
        if isinstance(editor, QLineEdit) and editor.isModified():
            return
        super().setEditorData(editor, index)
        if typed and isinstance(editor, QLineEdit):
            editor.setText(typed)
            editor.setModified(True)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(SYMBOL + 4, 1, -2, -1))

    def _paint_count(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, count: str, *, lit: bool
    ) -> None:
        painter.setPen(self._theme.color("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        if lit:  # something is under way in a closed folder
            left = area.right() - option.fontMetrics.horizontalAdvance(count) - SYMBOL - 2
            self._paint_dot(painter, QRect(left, area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL), running=True)

    def _paint_marks(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, name: str) -> None:
        """The letters that were looked for, over a ground of their own."""
        metrics = option.fontMetrics
        for first, last in marks(name, self.words):
            left, right = metrics.horizontalAdvance(name[:first]), metrics.horizontalAdvance(name[:last])
            top = room.center().y() - metrics.height() // 2
            box = QRect(room.left() + left, top, right - left, metrics.height())
            painter.fillRect(box, self._theme.color("accent_fill"))
            painter.setPen(self._theme.color("accent"))
            painter.setClipRect(box)
            painter.drawText(room, LEFT, name)
            painter.setClipping(False)

    def _paint_folder(self, painter: QPainter, box: QRect, opened: bool) -> None:
        name = "folder-open" if opened else "folder"
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(box, pixmap(name, self._theme.color("muted"), SYMBOL, ratio))

    def _paint_dot(self, painter: QPainter, box: QRect, running: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent" if running else "muted"))
        painter.setBrush(self._theme.color("accent") if running else Qt.BrushStyle.NoBrush)
        inset = 4 if running else 5
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))


def marks(name: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """First and last place of each of the words in a name, ascending; where two overlap, as one."""
    lower, found = name.lower(), []
    if len(lower) != len(name):  # a letter that has no single small one: places would not fit
        return []
    for word in words:
        start = lower.find(word)
        while word and start >= 0:
            found.append((start, start + len(word)))
            start = lower.find(word, start + 1)
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
