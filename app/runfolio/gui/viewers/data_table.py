"""The view of a table of any size: rows of one height, numbered, with columns as wide as what they show first."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from runfolio.gui.chrome.tables import set_up_table

#: No column takes more letters than this by itself, none less; so many rows tell how wide it is.
WIDEST, NARROWEST, MEASURED = 40, 6, 100
#: So many cells are copied at once.
MOST_COPIED = 100_000


@dataclass(frozen=True, slots=True)
class Area:
    """Cells in a rectangle: the first row and how many, the first column and how many."""

    first_row: int
    rows: int
    first_column: int
    columns: int


class DataTable(QTableView):
    """Cells can be selected and copied, with the keyboard too.

    Args:
        windowed: whether only some of the cells are here; then whoever has all of them copies.

    Signals:
        copying(Area): the user wants to copy cells, not all of which may be here.
    """

    copying = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None, *, windowed: bool = False) -> None:
        super().__init__(parent)
        self._windowed = windowed
        set_up_table(self, title)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows = self.verticalHeader()
        rows.show()
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setSectionsClickable(True)
        self.set_row_height()

    def set_row_height(self, pixels: int = 0) -> None:
        """Have rows of so many pixels; without, as high as a line takes."""
        height = pixels or self.fontMetrics().lineSpacing() + 8
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def fit_columns(self) -> None:
        """Make columns as wide as their names and the first cells need."""
        model = self.model()
        letter = self.fontMetrics().averageCharWidth()
        rows = range(min(model.rowCount(), MEASURED))
        for column in range(min(model.columnCount(), MEASURED)):
            texts = [str(model.index(row, column).data() or "") for row in rows]
            heading = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            # Bold when sorted, and with an arrow.
            widest = max([len(heading) + 4, *map(len, texts)])
            pixels = max([self.fontMetrics().horizontalAdvance(text[:WIDEST]) for text in texts], default=0)
            head = self.fontMetrics().horizontalAdvance(heading[:WIDEST]) + 4 * letter
            wide = max(pixels + 3 * letter, head, NARROWEST * letter)
            self.setColumnWidth(column, min(wide, (min(widest, WIDEST) + 3) * letter * 2))

    def copy_selected(self) -> None:
        """Put the selected cells on the clipboard, with tabs and line breaks between them."""
        selection = self.selectionModel().selection()
        if selection.isEmpty():
            return
        area = selection.first()
        if self._windowed:
            self.copying.emit(Area(area.top(), area.height(), area.left(), area.width()))
            return
        columns = range(area.left(), area.right() + 1)
        last = min(area.bottom(), area.top() + MOST_COPIED // max(len(columns), 1))
        model = self.model()
        lines = (
            "\t".join(str(model.index(row, column).data() or "") for column in columns)
            for row in range(area.top(), last + 1)
        )
        QGuiApplication.clipboard().setText("\n".join(lines))

    def event(self, event: QEvent) -> bool:
        """With the keyboard here, the keys for copying are meant for these cells."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll):
                event.accept()
                return True
        elif event.type() == QEvent.Type.FontChange:
            self.set_row_height()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Of a copy, Qt would take the text of one cell. Sideways, the arrows stay in the table at its edges."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()
