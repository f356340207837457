"""The table of jobs: rows that wait can be dragged to another place among those that wait."""

from __future__ import annotations

import json

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from runfolio.core.numbers import counted
from runfolio.gui import dragging
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.queue.delegate import JobDelegate
from runfolio.gui.queue.model import JobsModel
from runfolio.gui.queue.rows import TITLES, JobColumn, full_text
from runfolio.gui.queue.state import Chosen
from runfolio.gui.runs import selecting
from runfolio.gui.runs.cells import one_line
from runfolio.gui.runs.dragged_rows import DraggedRows
from runfolio.gui.theme import Theme

MIME = "application/x-runfolio-jobs"
#: Widths in letters; of the title and the reason the least, for they take what is left.
WIDTHS = {
    JobColumn.STATE: 18,
    JobColumn.TITLE: 24,
    JobColumn.KIND: 10,
    JobColumn.EXPERIMENT: 22,
    JobColumn.PROGRESS: 26,
    JobColumn.DURATION: 12,
    JobColumn.STARTED: 14,
    JobColumn.NEEDS: 22,
    JobColumn.REASON: 22,
}
#: Where there is no room for all, these are left out first: what is selected tells them.
GIVEN_UP = (JobColumn.NEEDS, JobColumn.KIND, JobColumn.STARTED, JobColumn.EXPERIMENT, JobColumn.REASON)


class JobsTable(DraggedRows):
    """Selection, current row and scroll position belong to jobs, not to row numbers.

    Attributes:
        jobs: what is shown.

    Signals:
        dropped(int | None): the selected jobs that wait are to stand before this job, or at the end.
        menu_asked(QPoint): the user wants the context menu, at this place of the screen.
        looked(): other rows are in sight.
    """

    dropped = Signal(object)
    menu_asked = Signal(object)
    looked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kept: tuple[int, int] | None = None
        self._drop: int | None = None
        self.movable = True
        self.jobs = JobsModel(self)
        self.setObjectName("runTable")
        self.setModel(self.jobs)
        set_up_table(self, "Jobs")
        self.setItemDelegate(JobDelegate(theme, self.jobs, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)  # our own is between rows alone
        self.verticalHeader().setDefaultSectionSize(max(28, self.fontMetrics().height() + 12))
        self.horizontalHeader().setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 6)
        self.drag_asked.connect(self._drag)
        self.jobs.modelAboutToBeReset.connect(self._keep)
        self.jobs.modelReset.connect(self._restore)
        theme.theme_changed.connect(self.viewport().update)

    def row_ids(self) -> Ids:
        """The model's."""
        return self.jobs.ids

    def listed_ids(self) -> Ids:
        """The same."""
        return self.jobs.ids

    @property
    def sight(self) -> range:
        """The rows that are seen."""
        return self.rows_in(self.viewport().rect())

    def current_job(self) -> int | None:
        """The job that the keyboard is on, or the first selected one."""
        current = self.current_run()
        chosen = self.chosen_ids()
        return current if current is not None else int(chosen[0]) if len(chosen) else None

    def chosen_jobs(self) -> Chosen:
        """What is selected, by the parts of the list; there may be thousands."""
        rows, waits = np.flatnonzero(self.choice.flags), self.jobs.waits
        waiting, over = (rows >= waits.start) & (rows < waits.stop), rows >= waits.stop
        row = self.jobs.of(int(self.jobs.ids[rows[0]])) if len(rows) == 1 else None
        jobs, *parts = (tuple(self.jobs.ids[part].tolist()) for part in (rows, rows[waiting], rows[over]))
        return Chosen(jobs, parts[0], parts[1], row.job.run_uuid if row is not None else "")

    # Staying in place

    @Slot()
    def _keep(self) -> None:
        ids, top, current = self.jobs.ids, self.rowAt(0), self.currentIndex()
        of = [int(ids[row]) if row >= 0 else 0 for row in (current.row() if current.isValid() else -1, top)]
        self._kept = of[0], of[1] if top > 0 else 0
        self._restoring = True

    @Slot()
    def _restore(self) -> None:
        """The same jobs stay current and at the top, unless the top was in sight."""
        current, anchor = self._kept or (0, 0)
        self.make_current(selecting.place_of(self.jobs.ids, current))
        if (place := selecting.place_of(self.jobs.ids, anchor)) >= 0:
            self.scrollTo(self.jobs.index(place, 0), QAbstractItemView.ScrollHint.PositionAtTop)
        self._kept, self._restoring = None, False

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dy:
            self.looked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More rows are seen, and columns have another room."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_columns()
        self.looked.emit()

    def _fit_columns(self) -> None:
        letter, room = self.fontMetrics().averageCharWidth(), self.viewport().width()
        widths = {column: letters * letter for column, letters in WIDTHS.items()}
        for column in GIVEN_UP:
            if sum(widths.values()) > room:
                del widths[column]
        spare = max(room - sum(widths.values()), 0)
        wide = [column for column in (JobColumn.TITLE, JobColumn.REASON) if column in widths]
        for column in JobColumn:
            self.setColumnHidden(column, column not in widths)
            if column in widths:
                share = spare // len(wide) if column in wide else 0
                self.setColumnWidth(column, widths[column] + share)

    # Keyboard, copy and menu

    def event(self, event: QEvent) -> bool:
        """Copying is the table's own: the window's would copy runs."""
        override = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Of a copy, Qt would take the text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    @Slot()
    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, as far as they are here, with headings and tabs."""
        found = [row for number in self.chosen_ids().tolist() if (row := self.jobs.of(number)) is not None]
        lines = [[one_line(full_text(row, column, self.jobs.now)) for column in JobColumn] for row in found]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in [list(TITLES), *lines]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By keyboard it opens at the current row."""
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_asked.emit(place)

    # Dragging

    def chosen_waiting(self) -> list[int]:
        """The selected jobs that wait, in their order."""
        return list(self.chosen_jobs().waiting)

    @Slot()
    def _drag(self) -> None:
        moved = self.chosen_waiting()
        if moved and self.movable:
            data = QMimeData()
            data.setData(MIME, json.dumps(moved).encode())
            dragging.drag(self, self._theme, data, counted(len(moved), "job"))

    def _place(self, event: QDropEvent) -> int | None:
        """The row before which something would be dropped; None where it cannot be."""
        waits = self.jobs.waits
        if event.source() is not self or not event.mimeData().hasFormat(MIME) or not waits or not self.movable:
            return None
        y = round(event.position().y())
        row = self.rowAt(y)
        if row < 0:
            return waits.stop
        below = y > self.visualRect(self.jobs.index(row, 0)).center().y()
        return min(max(row + below, waits.start), waits.stop)

    def _show_drop(self, place: int | None) -> None:
        self._drop = place
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go; near an edge, the rows beyond it come into sight."""
        self._show_drop(self._place(event))
        if self._drop is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        self._scroll_at_edge(round(event.position().y()))

    def _scroll_at_edge(self, y: int) -> None:
        high = self.verticalHeader().defaultSectionSize()
        step = -1 if y < high // 2 else 1 if y > self.viewport().height() - high // 2 else 0
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_drop(None)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Those that are dropped stand before the first one behind the place that is not one of them."""
        place = self._place(event)
        self._show_drop(None)
        if place is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)  # the store moves them: the view has nothing to take out
        event.accept()
        rows = range(place, self.jobs.waits.stop)
        before = next((int(self.jobs.ids[row]) for row in rows if not self.is_chosen(row)), None)
        self.dropped.emit(before)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where something would be dropped."""
        super().paintEvent(event)
        if self._drop is None:
            return
        last = self._drop >= self.jobs.rowCount()
        beside: QRect = self.visualRect(self.jobs.index(min(self._drop, self.jobs.rowCount() - 1), 0))
        y = beside.bottom() if last else beside.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawLine(QPoint(0, y), QPoint(self.viewport().width(), y))
        painter.end()
