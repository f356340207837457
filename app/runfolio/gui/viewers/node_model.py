"""A document as an item model: the nodes below one are asked for when it is opened, some at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.theme import Theme
from runfolio.gui.viewers.window_model import one_line
from runfolio.previews.tree.questions import Node

#: Nodes are asked for so many at a time.
PART = 500
LABEL, VALUE = range(2)
HEADINGS = ("name", "value")
ROLES = {
    "text": "code_string",
    "number": "code_number",
    "truth": "code_keyword",
    "null": "code_keyword",
    "alias": "code_name",
    "object": "muted",
    "list": "muted",
}


@dataclass(eq=False, slots=True)
class Item:
    """A node that is known, its parent and its number there, and the nodes below it that are known."""

    node: Node
    parent: Item | None
    number: int
    below: list[Item] = field(default_factory=list)
    asked: bool = False

    @property
    def place(self) -> tuple[int, ...]:
        """The numbers that lead to it from the root."""
        return () if self.parent is None else (*self.parent.place, self.number)


class NodeModel(QAbstractItemModel):
    """The root is the only item at the top.

    Signals:
        wanted(object, int, int): so many nodes below an Item, from the second number on.
    """

    wanted = Signal(object, int, int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.root: Item | None = None
        theme.theme_changed.connect(self._on_theme)

    def begin(self, root: Node | None) -> None:
        """Show another document, of which only the root is known; or none."""
        self.beginResetModel()
        self.root = Item(root, None, 0) if root is not None else None
        self.endResetModel()

    def put(self, item: Item, nodes: tuple[Node, ...]) -> None:
        """Add nodes that were asked for."""
        item.asked = False
        if nodes:
            first = len(item.below)
            self.beginInsertRows(self.index_of(item), first, first + len(nodes) - 1)
            item.below += [Item(node, item, first + number) for number, node in enumerate(nodes)]
            self.endInsertRows()

    def index_of(self, item: Item, column: int = LABEL) -> QModelIndex:
        """Where an item is."""
        return self.createIndex(item.number if item.parent is not None else 0, column, item)

    def item_at(self, index: Index) -> Item | None:
        """What is there."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, Item) else None

    def known(self, place: tuple[int, ...]) -> tuple[Item, int] | None:
        """The item of a place as far as it is known, and how many of the numbers that is."""
        item = self.root
        if item is None:
            return None
        for depth, number in enumerate(place):
            if number >= len(item.below):
                return item, depth
            item = item.below[number]
        return item, len(place)

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """The item of a row."""
        if not parent.isValid():
            return self.createIndex(0, column, self.root) if self.root is not None and row == 0 else QModelIndex()
        item = self.item_at(parent)
        if item is None or not 0 <= row < len(item.below):
            return QModelIndex()
        return self.createIndex(row, column, item.below[row])

    def parent(self, index: QModelIndex | QPersistentModelIndex = NOWHERE) -> Any:
        """The item around it."""
        item = self.item_at(index)
        return QModelIndex() if item is None or item.parent is None else self.index_of(item.parent)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        if not parent.isValid():
            return 0 if self.root is None else 1
        item = self.item_at(parent)
        return len(item.below) if item is not None and parent.column() == LABEL else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return len(HEADINGS)

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        """Whether it can be opened, be they known or not."""
        item = self.item_at(parent)
        return self.root is not None if item is None else item.node.count > 0

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are some that are not known."""
        item = self.item_at(parent)
        return item is not None and not item.asked and len(item.below) < item.node.count

    def fetchMore(self, parent: Index) -> None:
        """Ask for some more."""
        item = self.item_at(parent)
        if item is not None and self.canFetchMore(parent):
            item.asked = True
            self.wanted.emit(item, len(item.below), PART)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Labels, and values in the colour of their kind."""
        item = self.item_at(index)
        if item is None:
            return None
        node = item.node
        if role == Qt.ItemDataRole.DisplayRole:
            label = node.label if item.parent is not None else "document"
            return one_line(label or "(empty)")[:200] if index.column() == LABEL else one_line(node.text)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == VALUE:
            return self._theme.color(ROLES[node.kind])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{node.label or 'document'}: {node.text or 'empty text'}, {node.kind}"
        return tool_tip(node.text) if role == Qt.ItemDataRole.ToolTipRole and index.column() == VALUE else None

    def _on_theme(self) -> None:
        if self.root is not None:
            self.dataChanged.emit(self.index_of(self.root), self.index_of(self.root, VALUE))
