"""Short lists of things as tables: what their columns say, and what they are sorted by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QColor

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import LEFT, RIGHT, heading
from runfolio.gui.viewers.window_model import one_line

T = TypeVar("T")
THING_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class ListColumn(Generic[T]):
    """A column.

    Attributes:
        title: its heading.
        text: what it says of a thing.
        key: what it is sorted by; without, its text.
        right: whether it is a figure.
        role: the colour of its text, by its thing.
    """

    title: str
    text: Callable[[T], str]
    key: Callable[[T], Any] | None = None
    right: bool = False
    role: Callable[[T], str] | None = None


class ListModel(QAbstractTableModel, Generic[T]):
    """A row for each thing."""

    def __init__(
        self, columns: Sequence[ListColumn[T]], color: Callable[[str], QColor], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns, self._color = columns, color
        self._given: Sequence[T] = ()
        self._things: list[T] = []
        self._order: tuple[int, bool] | None = None

    @property
    def things(self) -> Sequence[T]:
        """In the order they are shown."""
        return self._things

    def show_things(self, things: Sequence[T]) -> None:
        """Show these in place of all others."""
        self.beginResetModel()
        self._given = things
        self._things = self._sorted(things)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; -1 for the order in which they were given."""
        self._order = (column, order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        self._things = self._sorted(self._given)
        self.layoutChanged.emit()

    def _sorted(self, things: Sequence[T]) -> list[T]:
        if self._order is None:
            return list(things)
        column = self._columns[self._order[0]]
        return sorted(things, key=column.key or column.text, reverse=self._order[1])

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._things)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        right = [at for at, column in enumerate(self._columns) if column.right]
        return heading([column.title for column in self._columns], section, orientation, role, right)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Texts, in their colour."""
        if not index.isValid():
            return None
        thing, column = self._things[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(column.text(thing))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(column.text(thing))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(thing)}"
        if role == Qt.ItemDataRole.ForegroundRole and column.role is not None:
            return self._color(column.role(thing))
        return thing if role == THING_ROLE else None
