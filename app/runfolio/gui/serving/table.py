"""The table of servers, of which one is selected."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QPalette, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from runfolio.gui.chrome.tables import set_up_rows
from runfolio.gui.serving.model import ServersModel
from runfolio.gui.serving.rows import ServerColumn, ServerRow
from runfolio.gui.theme import Theme

#: Widths in letters; of the model the least, for it takes what is left.
WIDTHS = {
    ServerColumn.STATE: 18,
    ServerColumn.MODEL: 24,
    ServerColumn.VERSION: 11,
    ServerColumn.ADDRESS: 25,
    ServerColumn.RATE: 9,
    ServerColumn.P50: 11,
    ServerColumn.P99: 11,
    ServerColumn.REQUESTS: 13,
    ServerColumn.ERRORS: 10,
    ServerColumn.RESTARTS: 12,
    ServerColumn.MEMORY: 12,
}
#: Where there is no room for all, these are left out first.
GIVEN_UP = (ServerColumn.RESTARTS, ServerColumn.REQUESTS, ServerColumn.MEMORY, ServerColumn.P50, ServerColumn.ERRORS)


class ColoredCells(QStyledItemDelegate):
    """Cells that keep their colours in a selected row, for these mean something."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """What a cell is painted with."""
        super().initStyleOption(option, index)
        color = index.data(Qt.ItemDataRole.ForegroundRole)
        palette = option.palette
        palette.setColor(QPalette.ColorRole.HighlightedText, color)
        option.palette = palette


class ServersTable(QTableView):
    """The selection belongs to a server, not to a row.

    Attributes:
        servers: what is shown.

    Signals:
        chosen(object): this `ServerRow`, or None, is selected now.
        menu_asked(QPoint): the user wants the context menu, at this place of the screen.
        copy_asked(): the user wants the address of the selected one.
    """

    chosen = Signal(object)
    menu_asked = Signal(QPoint)
    copy_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.servers = ServersModel(theme, self)
        self.setModel(self.servers)
        self.setItemDelegate(ColoredCells(self))
        set_up_rows(self, "Servers")
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().setDefaultSectionSize(max(28, self.fontMetrics().height() + 12))
        self.horizontalHeader().setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 6)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        theme.theme_changed.connect(self.viewport().update)

    @property
    def current(self) -> ServerRow | None:
        """The server that is selected."""
        row = self.currentIndex().row()
        return self.servers.rows[row] if 0 <= row < len(self.servers.rows) else None

    def show_rows(self, rows: tuple[ServerRow, ...]) -> None:
        """Show these; the same one stays selected, and else the first is."""
        before = self.current
        known = {one.info.id for one in self.servers.rows}
        new = next((one.info.id for one in rows if known and one.info.id not in known), "")
        self.servers.show_rows(rows)
        self.choose(new or (before.info.id if before is not None else ""))
        self.chosen.emit(self.current)

    def choose(self, server: str) -> None:
        """Select a server, or the first one if it is not there."""
        if self.servers.rows:
            self.selectRow(max(self.servers.row_of(server), 0))

    @Slot()
    def _on_current(self) -> None:
        self.chosen.emit(self.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns have another room."""
        super().resizeEvent(event)
        letter, room = self.fontMetrics().averageCharWidth(), self.viewport().width()
        widths = {column: letters * letter for column, letters in WIDTHS.items()}
        for column in GIVEN_UP:
            if sum(widths.values()) > room:
                del widths[column]
        spare = max(room - sum(widths.values()), 0)
        for column in ServerColumn:
            self.setColumnHidden(column, column not in widths)
            if column in widths:
                self.setColumnWidth(column, widths[column] + (spare if column is ServerColumn.MODEL else 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes the address; of a copy, Qt would take the text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By keyboard it opens at the current row."""
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_asked.emit(place)
