"""The view of the run table: what stays in place when the rows beneath it change."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSettings,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from runfolio.core.columns import CREATED, DURATION, NAME, NEWEST_FIRST, Column, Kind, SortKey, Source, sortable
from runfolio.core.direction import lower_is_better
from runfolio.gui.aliases import Ids, Index
from runfolio.gui.runs import selecting
from runfolio.gui.runs.delegate import ROW_HEIGHT, RunDelegate
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.runs.header import RunHeader
from runfolio.gui.runs.layout import ColumnLayout, default_width
from runfolio.gui.runs.look import TableLook

# So many rows tell how wide a param's column should be.
MEASURED = 60
WIDEN_MS = 250


def first_order(column: Column) -> SortKey:
    """The order of a first click: the best, the newest, the longest first; settings and names ascending."""
    if column.source is Source.METRIC:
        return SortKey(column, not lower_is_better(column.key))
    return SortKey(column, column.kind in (Kind.TIME, Kind.DURATION) or column in (CREATED, DURATION))


def next_order(order: tuple[SortKey, ...], column: Column, *, alone: bool = False) -> tuple[SortKey, ...]:
    """The order after another click on a column: sorted by it, then the other way round, then not any more."""
    first = first_order(column)
    now = next((key for key in order if key.column == column), None)
    if now is None:
        return (first,) if alone or order == (NEWEST_FIRST,) else (*order, first)
    if now == first:
        return tuple(SortKey(column, not first.descending) if key is now else key for key in order)
    rest = tuple(key for key in order if key is not now)
    return rest if rest or column != CREATED else (first,)


class RunView(QTableView):
    """A table of runs. Selection, current row and scroll position belong to runs, not to row numbers.

    Signals:
        chosen(): the user has selected other rows or made another row current.
        pointed(int | None): the run under the mouse.
        copy_asked(): the user pressed the keys for copying.
        menu_asked(QPoint): the user wants the context menu of the selected runs, at this place of the screen.
    """

    chosen = Signal()
    pointed = Signal(object)
    copy_asked = Signal()
    menu_asked = Signal(object)

    def __init__(self, feed: RunFeed, look: TableLook, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = feed.model
        self._feed = feed
        self._layout = ColumnLayout(settings)
        self._kept: tuple[Ids, int | None, int | None] | None = None
        self._pointed: int | None = None
        self._arranging = False
        self._restoring = False
        self.delegate = RunDelegate(feed.model, feed.trends, look, self)
        self.header = RunHeader(feed.model.column_at, look, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell)
        self._widening = QTimer(self, singleShot=True, interval=WIDEN_MS)
        self._widening.timeout.connect(self._widen)
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        self.setAccessibleName("Runs")
        self.setObjectName("runTable")
        self.setHorizontalHeader(self.header)
        self.setModel(self.runs)
        self.setItemDelegate(self.delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        self.header.set_order(self._feed.order)
        self._arrange()

    def _connect(self) -> None:
        self.header.sectionClicked.connect(self._on_header_clicked)
        self.header.sectionResized.connect(self._on_section_resized)
        self.header.sectionMoved.connect(self._on_section_moved)
        self._feed.sorted.connect(self._on_sorted)
        self.runs.modelAboutToBeReset.connect(self._keep)
        self.runs.modelReset.connect(self._restore)
        self.runs.rowsAboutToBeInserted.connect(self._keep)
        self.runs.rowsInserted.connect(self._hold_still)
        self.runs.columnsInserted.connect(self._arrange)
        self.runs.dataChanged.connect(self._on_data_changed)
        self.selectionModel().selectionChanged.connect(self._on_chosen)
        self.selectionModel().currentRowChanged.connect(self._on_chosen)

    def set_look(self, look: TableLook) -> None:
        """Another theme."""
        self.delegate.look = look
        self.header.set_look(look)
        self.viewport().update()

    # Selection

    def selected_spans(self) -> list[tuple[int, int]]:
        """First and last row of each range of selected rows."""
        return selecting.spans(self.selectionModel().selection())

    def current_run(self) -> int | None:
        """The run with the keyboard's focus, if it is selected."""
        index = self.currentIndex()
        chosen = index.isValid() and self.selectionModel().isRowSelected(index.row(), QModelIndex())
        return int(self.runs.ids[index.row()]) if chosen else None

    def show_selection(self, runs: tuple[int, ...], current: int | None) -> None:
        """Select what was selected elsewhere."""
        self._restoring = True
        self._select(selecting.spans_of(self.runs.ids, runs), selecting.place_of(self.runs.ids, current))
        self._restoring = False

    def _select(self, ranges: list[tuple[int, int]], current: int) -> None:
        model = self.selectionModel()
        chosen = selecting.selection_of(self.runs, ranges)
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if current >= 0:
            section = max(self.currentIndex().column(), 0)
            model.setCurrentIndex(self.runs.index(current, section), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _on_chosen(self) -> None:
        if not self._restoring:
            self._soon.start()

    @Slot()
    def _tell(self) -> None:
        self.chosen.emit()

    # Staying in place

    @Slot()
    def _keep(self) -> None:
        """Note by run what is selected, current and at the top of the window."""
        ids, ranges = self.runs.ids, self.selected_spans()
        top = self.rowAt(0)
        anchor = int(ids[top]) if top > 0 else None
        index = self.currentIndex()
        current = int(ids[index.row()]) if index.isValid() else None
        self._kept = selecting.runs_of(ids, ranges), current, anchor
        self._restoring = True

    @Slot()
    def _restore(self) -> None:
        """Find the same runs in the new order."""
        self._arrange()
        if self._kept is not None:
            selected, current, anchor = self._kept
            ids = self.runs.ids
            everything = len(selected) and len(selected) == len(ids)
            ranges = [(0, len(ids) - 1)] if everything else selecting.spans_of(ids, selected)
            self._select(ranges, selecting.place_of(ids, current))
            self._scroll_to(selecting.place_of(ids, anchor))
            self._kept, self._restoring = None, False
            if selecting.size(ranges) != len(selected):
                self._soon.start()

    @Slot()
    def _hold_still(self) -> None:
        """Rows were put on top: what was being read stays where it was, unless the top was in sight."""
        if self._kept is not None:
            self._scroll_to(selecting.place_of(self.runs.ids, self._kept[2]))
            self._kept, self._restoring = None, False

    def _scroll_to(self, place: int) -> None:
        if place >= 0:
            self.scrollTo(self.runs.index(place, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll rows only: walking down a wide table must not throw it sideways."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        if hint is not QAbstractItemView.ScrollHint.EnsureVisible or index.column() == 0:
            self.horizontalScrollBar().setValue(across)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows run on to the edge of the window."""
        super().paintEvent(event)
        left = self.header.length() - self.header.offset()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0 or left >= self.viewport().width():
            return
        painter = QPainter(self.viewport())
        for row in range(first, (last if last >= 0 else self.runs.rowCount() - 1) + 1):
            area = QRect(left, self.rowViewportPosition(row), self.viewport().width() - left, self.rowHeight(row))
            chosen = self.selectionModel().isRowSelected(row, QModelIndex())
            self.delegate.paint_background(painter, area, int(self.runs.ids[row]), chosen)

    # Columns

    @Slot()
    def _arrange(self) -> None:
        """Give the columns their widths and their order."""
        self._arranging = True
        columns = self._columns()
        for section, column in enumerate(columns):
            self.header.resizeSection(section, self._width_of(column))
        for visual, column in enumerate(self._layout.ordered(columns)):
            self.header.moveSection(self.header.visualIndex(columns.index(column)), visual)
        self._arranging = False

    @Slot()
    def _widen(self) -> None:
        """Make room for longer values that came meanwhile, in columns that the user has left alone."""
        self._arranging = True
        for section, column in enumerate(self._columns()):
            self.header.resizeSection(section, max(self._width_of(column), self.header.sectionSize(section)))
        self._arranging = False

    def _columns(self) -> list[Column]:
        return [self.runs.column_at(section) for section in range(self.runs.columnCount())]

    def _width_of(self, column: Column) -> int:
        width = self.fontMetrics().horizontalAdvance
        texts = self.runs.sample(column, MEASURED) if column.source is Source.PARAM else []
        content = max(map(width, texts), default=0)
        return self._layout.width(column) or default_width(column, width("0"), width(column.heading), content)

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if last.column() > first.column():  # whole rows, and not only the time that goes on
            self._widening.start()

    @Slot(int, int, int)
    def _on_section_resized(self, section: int, _old: int, new: int) -> None:
        if not self._arranging and new > 0:
            self._layout.set_width(self.runs.column_at(section), new)
        self.header.viewport().update()

    @Slot(int, int, int)
    def _on_section_moved(self, _section: int, _old: int, _new: int) -> None:
        if not self._arranging:
            shown = (self.header.logicalIndex(visual) for visual in range(self.header.count()))
            self._layout.set_order(self.runs.column_at(section) for section in shown)
        self.header.viewport().update()

    # Sorting

    @Slot(int)
    def _on_header_clicked(self, section: int) -> None:
        """A first click sorts, a second one turns the order round, a third goes back to the newest first.

        With Shift, the column becomes one more key of the order, or the same happens to the key that it is.
        """
        column, order = sortable(self.runs.column_at(section)), self._feed.order
        more = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._feed.order_by(*next_order(order, column) if more else next_order(order[:1], column, alone=True))

    @Slot()
    def _on_sorted(self) -> None:
        self.header.set_order(self._feed.order)

    # Mouse and keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which run is under the mouse."""
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
            self.delegate.lit = run
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes the rows from the store, not the texts on screen."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu is made where the commands are known."""
        self.menu_asked.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The header's groups are painted across columns, so that a new width concerns all of it."""
        super().resizeEvent(event)
        self.header.viewport().update()

    def edit_name(self) -> None:
        """Edit the current run's name in place."""
        index = self.currentIndex()
        section = self.runs.section_of(NAME)
        if index.isValid() and section >= 0:
            name = self.runs.index(index.row(), section)
            self.setCurrentIndex(name)
            self.edit(name)
