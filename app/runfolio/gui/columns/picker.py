"""A searchable list of columns, to choose axes, colours and sizes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from runfolio.core.columns import Column, Kind, Source, headings
from runfolio.gui.chrome.labels import SMALL, muted, scaled
from runfolio.gui.columns.choices import COLUMN_ROLE
from runfolio.gui.columns.popup import Popup
from runfolio.gui.columns.search_keys import SearchKeys

LINES, LINE_ROOM, GAP = 12, 8, 4
#: More lines than these nobody reads; words narrow them down.
MOST = 300
#: Stands in a list for no column at all.
NOTHING = Column(Source.ATTRIBUTE, "", Kind.TEXT, title="Nothing")


class ColumnPicker(Popup):
    """Calls `choose` with a column; with `several` it stays open, and shows which ones are chosen.

    Attributes:
        field: the words that are looked for.
        list: the columns with these in their names.
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        chosen: Callable[[], Iterable[Column]],
        choose: Callable[[Column], None],
        parent: QWidget,
        *,
        several: bool = False,
    ) -> None:
        super().__init__(title, parent)
        self._columns = columns
        self._chosen, self._choose, self._several = chosen, choose, several
        self.field = QLineEdit(placeholderText="Search columns")
        self.field.setAccessibleName("Search columns")
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(LINES * (self.fontMetrics().height() + LINE_ROOM))
        self.add_row(self.field)
        self.body.addWidget(self.list)
        self._note = muted()
        self._note.setFont(scaled(self._note.font(), SMALL))
        self.body.addWidget(self._note)
        self._keys = SearchKeys(self.field, self.list, self.choose, lambda _column, _by: None)
        self.field.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._on_clicked)
        self._fill()

    def choose(self, column: Column) -> None:
        """Take a column."""
        self._choose(column)
        if self._several:
            self._fill()
        else:
            self.close()

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.choose(item.data(COLUMN_ROLE))

    @Slot()
    def _fill(self) -> None:
        words = self.field.text().lower().split()
        names, chosen, current = headings(self._columns), set(self._chosen()), self._keys.current
        found = [one for one in self._columns if all(word in f"{names[one]} {one.id}".lower() for word in words)]
        found.sort(key=lambda one: one not in chosen)
        self.list.clear()
        for column in found[:MOST]:
            item = QListWidgetItem(names[column])
            item.setData(COLUMN_ROLE, column)
            item.setToolTip(column.id)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + LINE_ROOM))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if column in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        left = len(found) - MOST
        self._note.setText(f"{left:,} more: type a part of the name" if left > 0 else "Enter chooses")
        self._keys.go_to(found.index(current) if current in found[:MOST] else 0)


def open_picker(picker: ColumnPicker, button: QWidget) -> ColumnPicker:
    """Show a picker below its button, ready to type."""
    picker.open_at(button.mapToGlobal(button.rect().bottomLeft()) + QPoint(0, GAP))
    picker.field.setFocus()
    return picker
