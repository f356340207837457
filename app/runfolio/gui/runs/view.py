"""The view of the run table: what stays in place when the rows beneath it change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPoint,
    QSettings,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from runfolio.core.columns import NAME, Source
from runfolio.core.grouping import NOTHING
from runfolio.gui.aliases import Ids, Index
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.runs import selecting
from runfolio.gui.runs.arranging import Arrangement
from runfolio.gui.runs.delegate import CellRoom, PaintRow, RunDelegate
from runfolio.gui.runs.editing import RETURNS
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.runs.fold_keys import FoldKeys
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.looking import Looking
from runfolio.gui.runs.pinned import PinnedTable
from runfolio.gui.session import Session

EDITING = QAbstractItemView.State.EditingState
MOVES = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown


class RunView(PinnedTable):
    """A table of runs. Selection, current row and scroll position belong to runs, not to row numbers.

    Attributes:
        arrangement: gives the columns their widths.
        looking: keeps it true to the session's view.

    Signals:
        pointed(int | None): the run or group under the mouse.
        copy_asked(): the user pressed the keys for copying.
        eye_asked(str): the dot of the run of this public id was clicked.
        group_eye_asked(int): the swatch of this group was clicked.
        menu_asked(QPoint): the user wants the context menu of the selected runs, at this place of the screen.
    """

    pointed = Signal(object)
    copy_asked = Signal()
    eye_asked = Signal(str)
    group_eye_asked = Signal(object)  # such numbers are too large for Qt's
    menu_asked = Signal(object)

    def __init__(
        self, feed: RunFeed, session: Session, look: TableLook, settings: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(feed.model.column_at, look, parent)
        self.runs = feed.model
        self._folding = feed.folding
        self._kept: tuple[int | None, int | None] | None = None
        self._pointed: int | None = None
        self.delegate = RunDelegate(feed.model, feed.trends, look, self)
        self.delegate.folding = feed.folding
        self.fold_keys = FoldKeys(self, feed.model, feed.folding)
        self.arrangement = Arrangement(self.header, feed, session, settings, self.rolling)
        self._set_up()
        self.looking = Looking(self, feed, session, self.arrangement)
        self._connect()

    def _set_up(self) -> None:
        self.setObjectName("runTable")
        self.setHorizontalHeader(self.header)
        self.setModel(self.runs)
        self.setItemDelegate(self.delegate)
        set_up_table(self, "Runs")
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        usual = triggers.EditKeyPressed | triggers.DoubleClicked
        self.setEditTriggers(usual)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.arrangement.arrange()

    def _connect(self) -> None:
        self.header.sectionResized.connect(self.viewport().update)
        self.runs.modelAboutToBeReset.connect(self._keep)
        self.runs.modelReset.connect(self._restore)
        self.runs.rowsAboutToBeInserted.connect(self._keep)
        self.runs.rowsInserted.connect(self._hold_still)
        self.runs.rowsAboutToBeRemoved.connect(self._keep)
        self.runs.rowsRemoved.connect(self._hold_still)
        self.runs.dataChanged.connect(self.update_pinned)

    def set_look(self, look: TableLook) -> None:
        """Another theme."""
        self.delegate.look = look
        self.header.set_look(look)
        self.looking.set_row_height()
        self.viewport().update()

    def row_ids(self) -> Ids:
        """The model's."""
        return self.runs.ids

    def listed_ids(self) -> Ids:
        """The model's, and those of which it could show more."""
        return self._folding.lines.rows

    def current_row(self) -> int | None:
        """The run with the keyboard's focus, selected or not; below 0 for a group."""
        index = self.currentIndex()
        return int(self.runs.ids[index.row()]) if index.isValid() else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The header shows in which column the keyboard is."""
        super().currentChanged(current, previous)
        self.header.set_current(current.column())

    # Staying in place

    @Slot()
    def _keep(self) -> None:
        """Note by run what is current and at the top of the window."""
        ids = self.runs.ids
        top = self.rowAt(0)
        anchor = int(ids[top]) if top > 0 else None
        index = self.currentIndex()
        current = int(ids[index.row()]) if index.isValid() else None
        self._kept = current, anchor
        self._restoring = True

    @Slot()
    def _restore(self) -> None:
        """Find the same runs in the new order."""
        self.arrangement.follow()
        if self._kept is not None:
            self.make_current(selecting.place_of(self.runs.ids, self._kept[0]))
            self._hold_still()

    @Slot()
    def _hold_still(self) -> None:
        """Rows came or went: what was being read stays where it was, unless the top was in sight."""
        if self._kept is not None:
            self.scroll_to(selecting.place_of(self.runs.ids, self._kept[1]))
            self._kept, self._restoring = None, False

    def scroll_to(self, place: int) -> None:
        """Bring a row to the top; nothing happens for -1."""
        if place >= 0:
            self.scrollTo(self.runs.index(place, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def row_painter(self, rooms: Sequence[CellRoom]) -> PaintRow:
        """The delegate's."""
        return self.delegate.row_painter(rooms)

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A run's dot is a button: it hides the run's curves, and shows them again; a group's swatch those of all its
        runs. They select nothing.
        """
        index = self.indexAt(event.position().toPoint())
        is_dot = self._is_dot(index, event)
        row, number = (self.runs.row(index.row()), int(self.runs.ids[index.row()])) if is_dot else (None, 0)
        if row is not None:
            self.eye_asked.emit(row.run_id)
        elif number < 0 and self.runs.groups is not None and self.runs.groups.color(number) != NOTHING:
            self.group_eye_asked.emit(number)
        else:
            super().mousePressEvent(event)

    def _is_dot(self, index: QModelIndex, event: QMouseEvent) -> bool:
        if not index.isValid() or self.runs.column_at(index.column()) != NAME or event.modifiers():
            return False
        area = self.delegate.dot_area(self.visualRect(index), int(self.runs.ids[index.row()]))
        return event.button() is Qt.MouseButton.LeftButton and area.contains(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which run or group is under the mouse."""
        super().mouseMoveEvent(event)
        self._point(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        """No run is under the mouse any more."""
        super().leaveEvent(event)
        self._point(QPoint(-1, -1))

    def _point(self, place: QPoint) -> None:
        row = self.rowAt(place.y()) if place.y() >= 0 else -1
        run = int(self.runs.ids[row]) if row >= 0 else None
        if run != self._pointed:
            self._pointed = run
            self.pointed.emit(run)

    def light(self, run: int | None) -> None:
        """Show that the mouse is on a run, here or in a chart."""
        if run != self.delegate.lit:
            before, self.delegate.lit = self.delegate.lit, run
            for row in self.rows_in(self.viewport().rect()):
                if self.runs.ids[row] in (before, run):
                    self.update_rows(row, row)
            self.header.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rows are copied from the store, not as they are on screen; Return edits a tag; an arrow always selects."""
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in RETURNS and index.isValid() and self.state() is not EDITING and self._is_tag(index):
            self.edit(index)
        else:
            super().keyPressEvent(event)
            if event.key() in MOVES and not self.choice.flags.any():
                # Qt selects what the keyboard comes to: not the row where it is already, and can go no further.
                self.selectRow(self.currentIndex().row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu is made where the commands are known; by keyboard, without a run, it is that of the column."""
        place, header = event.globalPos(), self.header
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            if not self.choice.flags.any():
                section = max(self.currentIndex().column(), 0)
                self.scrollTo(self.runs.index(0, section))
                below = QPoint(header.left_of(section), header.names_height)
                header.menu_asked.emit(section, header.viewport().mapToGlobal(below))
                return
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_asked.emit(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The header's groups are painted across columns, so that a new width concerns all of it."""
        super().resizeEvent(event)
        self.header.viewport().update()

    def edit_current(self) -> None:
        """Edit the tag that the keyboard is on, else the current run's name, in place."""
        index = self.currentIndex()
        section = self.runs.section_of(NAME)
        if index.isValid() and self._is_tag(index):
            self.edit(index)
        elif index.isValid() and section >= 0:
            name = self.runs.index(index.row(), section)
            self.setCurrentIndex(name)
            if self.runs.flags(name) & Qt.ItemFlag.ItemIsEditable:  # not of a group
                self.edit(name)

    def _is_tag(self, index: QModelIndex) -> bool:
        tag = self.runs.column_at(index.column()).source is Source.TAG
        usual = self.editTriggers() != QAbstractItemView.EditTrigger.NoEditTriggers
        return tag and usual and bool(self.runs.flags(index) & Qt.ItemFlag.ItemIsEditable)
