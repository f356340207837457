"""Tables: CSV, Parquet, Arrow and what scripts log; of any size, sorted and summed up on request."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.gui.viewers.aside import ask_aside
from runfolio.gui.viewers.cell_copier import Asking, CellCopier
from runfolio.gui.viewers.cell_pictures import CellPictures
from runfolio.gui.viewers.column_panel import ColumnPanel
from runfolio.gui.viewers.data_table import Area, DataTable
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.gui.viewers.window_model import COLUMNS, MOST_ROWS, ROWS, Page, WindowModel
from runfolio.previews.table.questions import AskCell, AskCells, AskTable, Sorted, SortRows, Summed, SumUp, TableFacts
from runfolio.previews.table.source import Cell

#: The first look at a table counts its rows for so long, in seconds: a screen of them is enough.
FIRST_LOOK = 0.01
#: In less room than so many letters the column stands below the cells, once it is asked for.
NARROW = 75


class TableViewer(Viewer):
    """A table, with what its current column comes to beside it.

    Attributes:
        table: the cells.
        model: what is known of them.
        panel: the column.
        heading: whether the first row of a text table names its columns; kept for each file that it is told of.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model = WindowModel(self)
        self.table = DataTable("Table", windowed=True)
        self.table.setModel(self.model)
        self.panel = ColumnPanel(session.theme)
        self._pictures = CellPictures(self)
        self.table.setItemDelegate(self._pictures.delegate)
        self._state = muted()
        self.heading = QCheckBox("First row is a heading")
        self._headings: dict[str, bool] = {}
        # Whether the column is shown in much room, and in little.
        self._shows_panel = {True: True, False: False}
        self._facts: TableFacts | None = None
        self._asking = self._fitted = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._buttons = self._make_buttons()
        self._copier = CellCopier(self, self.table, self._asking_cells)
        self._place()
        self._soon.timeout.connect(self._ask_cells)
        self.model.missing.connect(self._soon.start)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        self.table.horizontalHeader().sectionClicked.connect(self._on_heading)
        self.table.horizontalHeader().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.horizontalHeader().customContextMenuRequested.connect(self._on_menu)

    def _make_buttons(self) -> list[QPushButton]:
        found = []
        for title, keys, slot in (
            ("Sort Up", "Alt+Up", self.sort_up),
            ("Sort Down", "Alt+Down", self.sort_down),
            ("File's Order", "Alt+Home", self.file_order),
        ):
            button = QPushButton(title)
            button.setProperty("kind", "small")
            button.setToolTip(f"{title}, by the column of the current cell ({keys})")
            action = QAction(title, self, shortcut=QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(slot)
            self.addAction(action)
            button.clicked.connect(slot)
            found.append(button)
        return found

    def _place(self) -> None:
        self.column_button = QPushButton("Column")
        self.column_button.setProperty("kind", "small")
        self.column_button.setIcon(icon("info", "muted"))
        self.column_button.setCheckable(True)
        self.column_button.setChecked(True)
        self.column_button.setToolTip("Show what the current column comes to")
        self.column_button.toggled.connect(self.panel.setVisible)
        self.column_button.toggled.connect(self._share_room)
        self.column_button.toggled.connect(self._sum_up)
        self.column_button.clicked.connect(self._on_panel_wanted)
        self.heading.setToolTip("Its cells are the names of the columns, and no values")
        self.heading.clicked.connect(self._on_heading_told)
        self.heading.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self._buttons:
            row.addWidget(button)
        row.addWidget(self._state, 1)
        row.addWidget(self.column_button)
        self._splitter = splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.heading)
        self.setFocusProxy(self.table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cells have at least half of the room; in little of it they have all, until the column is asked for."""
        super().resizeEvent(event)
        wide = self._is_wide
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if way is not self._splitter.orientation() or event.oldSize().width() < 0:
            self._splitter.setOrientation(way)
            self.column_button.setChecked(self._shows_panel[wide])
            self._share_room()
        elif wide and self._splitter.sizes()[1] > self.width() // 2:
            self._share_room()

    @Slot()
    def _share_room(self) -> None:
        wide = self._is_wide
        whole = self.width() if wide else self._splitter.height()
        panel = min(self.panel.sizeHint().width(), whole // 3) if wide else whole * 2 // 5
        self._splitter.setSizes([whole - panel, panel])

    @property
    def _is_wide(self) -> bool:
        return self.width() >= NARROW * self.fontMetrics().averageCharWidth()

    @Slot()
    def _on_panel_wanted(self) -> None:
        self._shows_panel[self._is_wide] = self.column_button.isChecked()

    @Slot()
    def _on_heading_told(self) -> None:
        """The table is another one: with other names, and one row more or less."""
        if self.file is not None:
            self._headings[self._path] = self.heading.isChecked()
            self.open(self.file)

    # What there is

    def show_file(self, file: ViewedFile) -> None:
        """Count its rows, and show those that are known meanwhile."""
        self._facts, self._asking, self._fitted = None, False, False
        self.model.begin(())
        self._pictures.begin(file)
        self.panel.clear()
        self.table.setAccessibleName(f"Table {file.name}")
        self.ask(AskTable(self._path, FIRST_LOOK, self._told_heading), self._on_facts, "count")

    @property
    def _path(self) -> str:
        assert self.file is not None
        return str(self.file.file)

    @property
    def _told_heading(self) -> bool | None:
        """What the user said of it; None where nothing was said."""
        return self._headings.get(self._path)

    def _on_facts(self, facts: TableFacts) -> None:
        self.heading.setVisible(facts.heading is not None)
        self.heading.setChecked(bool(facts.heading))
        if self._facts is None:
            self.model.begin(facts.columns)
            self._pictures.set_columns(self.table, facts.columns)
        self._facts = facts
        self.model.set_rows(facts.rows)
        self._tell()
        if not facts.complete:
            self.ask(AskTable(self._path, heading=self._told_heading), self._on_facts, "count")

    def _tell(self) -> None:
        facts = self._facts
        assert facts is not None
        rows = f"{facts.rows:,} rows" if facts.complete else f"{facts.rows:,} rows so far, {facts.share:.0%} counted"
        more = [f"the first {MOST_ROWS:,} are shown"] if facts.rows > MOST_ROWS else []
        columns = f"{len(facts.columns):,} column{'' if len(facts.columns) == 1 else 's'}"
        self.told.emit(" · ".join([facts.title, rows, columns, *more, *facts.notes]))

    # Cells

    @Slot()
    def _ask_cells(self) -> None:
        """One question at a time: what came into sight meanwhile is asked for after it."""
        wanted = self.model.wanted
        if wanted is None or self._asking or self.file is None:
            return
        self._asking = True
        column, descending = self.model.order or (-1, False)
        where = wanted.down * ROWS, ROWS, wanted.across * COLUMNS, COLUMNS
        question = AskCells(self._path, *where, column, descending, self._told_heading)
        self.ask(question, partial(self._on_cells, wanted, self.model.order), "cells")

    def _asking_cells(self) -> Asking | None:
        """Asks for cells in the order of now."""
        order = self.model.order or (-1, False)
        return None if self.file is None else partial(_cells, self._path, order, self._told_heading)

    def _on_cells(self, page: Page, order: tuple[int, bool] | None, cells: tuple[tuple[Cell, ...], ...]) -> None:
        self._asking = False
        if order == self.model.order:
            self.model.put(page, cells)
            if not self._fitted and page == Page(0, 0):
                self._fitted = True
                self.table.fit_columns()
                self._pictures.fit_columns()
        self._soon.start()

    # The current column and cell

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if not current.isValid() or self.file is None:
            return
        column, descending = self.model.order or (-1, False)
        question = AskCell(self._path, current.row(), current.column(), column, descending, self._told_heading)
        ask_aside(self, question, self._on_cell, "cell")
        if current.column() != previous.column() or not previous.isValid():
            self._sum_up()

    def _on_cell(self, cell: Cell | CannotShow) -> None:
        self.panel.cell.setPlainText(cell.message if isinstance(cell, CannotShow) else cell or "")

    @Slot()
    def _sum_up(self) -> None:
        """Begin with the current column, if anybody looks."""
        column = self.table.currentIndex().column()
        if not self.column_button.isChecked() or column < 0 or self.file is None:
            return
        self.panel.begin(self.model.columns[column])
        self._ask_sum(column)

    def _ask_sum(self, column: int) -> None:
        ask_aside(self, SumUp(self._path, column, self._told_heading), partial(self._on_sum, column), "sum")

    def _on_sum(self, column: int, found: Summed | CannotShow) -> None:
        if column != self.table.currentIndex().column():
            return
        if isinstance(found, CannotShow):
            self.panel.refuse(str(found))
        elif found.summary is not None:
            self.panel.show_summary(self.model.columns[column], found.summary)
        else:
            self.panel.set_share(self.model.columns[column], found.share)
            if self.column_button.isChecked():
                self._ask_sum(column)

    # Order

    @Slot()
    def sort_up(self) -> None:
        """Put the rows in the order of the current column."""
        self.sort(max(self.table.currentIndex().column(), 0), descending=False)

    @Slot()
    def sort_down(self) -> None:
        """The same, downwards."""
        self.sort(max(self.table.currentIndex().column(), 0), descending=True)

    @Slot()
    def file_order(self) -> None:
        """Show the rows as they are in the file."""
        self._state.setText("")
        self.model.set_order(None)
        self._show_arrow()

    def sort(self, column: int, *, descending: bool) -> None:
        """Put the rows in an order; they stay as they are until that is done."""
        if self._facts is not None and 0 <= column < len(self._facts.columns):
            self._ask_sorted(column, descending)

    def _ask_sorted(self, column: int, descending: bool) -> None:
        question = SortRows(self._path, column, descending, self._told_heading)
        ask_aside(self, question, partial(self._on_sorted, column, descending), "sort")

    def _on_sorted(self, column: int, descending: bool, found: Sorted | CannotShow) -> None:
        if isinstance(found, CannotShow):
            self._state.setText(str(found))
        elif found.share < 1:
            self._state.setText(f"Sorting, {found.share:.0%}")
            self._ask_sorted(column, descending)
        else:
            self._state.setText("")
            self._asking = False
            self.model.set_order((column, descending))
            self._show_arrow()

    def _show_arrow(self) -> None:
        header, order = self.table.horizontalHeader(), self.model.order
        header.setSortIndicatorShown(order is not None)
        if order is not None:
            way = Qt.SortOrder.DescendingOrder if order[1] else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(order[0], way)

    @Slot(int)
    def _on_heading(self, column: int) -> None:
        """Up, down, and as in the file again."""
        self._show_arrow()
        if self.model.order == (column, True):
            self.file_order()
        else:
            self.sort(column, descending=self.model.order == (column, False))

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        header = self.table.horizontalHeader()
        column = header.logicalIndexAt(place)
        menu = QMenu(self)
        menu.addAction("Sort Up", partial(self.sort, column, descending=False))
        menu.addAction("Sort Down", partial(self.sort, column, descending=True))
        menu.addAction("File's Order", self.file_order)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(header.mapToGlobal(place))


def _cells(path: str, order: tuple[int, bool], heading: bool | None, area: Area) -> AskCells:
    return AskCells(path, area.first_row, area.rows, area.first_column, area.columns, *order, heading)
