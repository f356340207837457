"""The item model of a run's files: a tree of folders and files that grows without being built anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from shiboken6 import getCppPointer

from runfolio.core import numbers
from runfolio.core.entities import Artifact
from runfolio.core.picture_series import is_picture, short_name
from runfolio.gui.aliases import Index
from runfolio.gui.artifacts.tree import Column, FileTree, Node, Order, ending, number
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.chrome.tables import heading
from runfolio.gui.icons import icon

PATH_ROLE = int(Qt.ItemDataRole.UserRole) + 1
NAME, SIZE, KIND, TIME = Column
HEADINGS = ("Name", "Size", "Kind", "Logged")
TEXT_ENDINGS = frozenset("txt md py yaml yml json csv tsv toml log html xml cfg ini sh ipynb".split())
# More new files than these make a new tree: that is quicker than as many insertions.
MOST_INSERTED = 100


class ArtifactModel(QStandardItemModel):
    """Name and size, and with `columns` of four the kind and the time.

    Qt asks about every row of a folder that is opened, which takes Python half a second for 100,000: it is answered by
    Qt's own model, which has an item for each folder, with as many places as things are in it, and none for a file.
    What cells show is said here.

    Attributes:
        tree: what is shown.
        folder: where the files are on the disk; without it, none can be dragged away.
    """

    def __init__(self, parent: QObject | None = None, columns: int = 2) -> None:
        super().__init__(0, columns, parent)
        self._columns = columns
        self.tree = FileTree()
        self.folder: Path | None = None
        # The folders by what indexes of what is in them have for a number: the addresses of their items.
        self._folders = {_address(self.invisibleRootItem()): self.tree.root}
        self._coming: list[Node] = []
        # Before any view hears of places that were made, there are nodes for them.
        self.rowsInserted.connect(self._on_inserted)

    def set_files(self, files: Sequence[Artifact]) -> None:
        """Show these files, by name."""
        wanted = {file.path: file for file in files}
        if self._can_follow(wanted, self.tree.order):
            self._update(wanted)
        elif wanted or self.tree.files:
            self._reset(FileTree(wanted.values(), self.tree.order))

    def set_tree(self, tree: FileTree) -> None:
        """Show a tree. Few new files are put in their places, changed ones told of; all else resets the model."""
        few = 0 <= len(tree.files) - len(self.tree.files) <= MOST_INSERTED
        wanted = {path: node.file for path, node in tree.files.items() if node.file is not None} if few else {}
        if few and self._can_follow(wanted, tree.order):
            self._update(wanted)
        else:
            self._reset(tree)

    def _reset(self, tree: FileTree) -> None:
        root = self.invisibleRootItem()
        self.beginResetModel()
        told = self.blockSignals(True)  # what happens to items is part of the reset
        root.removeRows(0, root.rowCount())
        self.tree = tree
        self._folders = {_address(root): tree.root}
        self._fill(root, tree.root)
        self.blockSignals(told)
        self.endResetModel()

    def _fill(self, item: QStandardItem, folder: Node) -> None:
        """Give an empty item places for what is in its folder, and items for the folders, which stand first."""
        item.setRowCount(len(folder.children))
        for node in folder.children:
            if node.file is not None:
                return
            item.setChild(node.row, self._item(node))

    def _item(self, folder: Node) -> QStandardItem:
        item = QStandardItem(0, self._columns)
        self._folders[_address(item)] = folder
        self._fill(item, folder)
        return item

    def index_of(self, path: str) -> QModelIndex:
        """The index of a file or folder; invalid if it is not there."""
        node = self.tree.find(path)
        return QModelIndex() if node is None else self._index(node)

    def file(self, path: str) -> Artifact | None:
        """The file at a path; None for a folder, or for what is not there."""
        node = self.tree.files.get(path)
        return None if node is None else node.file

    def folders(self) -> list[str]:
        """The paths of all folders, outer ones first."""
        return sorted(path for path in self.tree.folders if path)

    def _can_follow(self, wanted: dict[str, Artifact], order: Order) -> bool:
        """Whether few files have come to those that are there."""
        files = self.tree.files
        few = 0 <= len(wanted) - len(files) <= MOST_INSERTED
        return bool(files) and few and order == self.tree.order and files.keys() <= wanted.keys()

    def _update(self, wanted: dict[str, Artifact]) -> None:
        changed: dict[Node, None] = {}
        added = [file for path, file in wanted.items() if path not in self.tree.files]
        for path, node in self.tree.files.items():
            file = wanted[path]
            if node.file != file:
                node.file = file
                node.grow(file.size - node.size, file.time)
                changed |= _upwards(node)
        known = {*self.tree.folders.values()}
        newcomers = self.tree.grow(added)
        for folder in newcomers.keys() - known:
            folder.children = self.tree.order.arrange(newcomers[folder])
        for folder in newcomers.keys() & known:
            self._insert(folder, newcomers[folder])
            changed |= _upwards(folder)
        for node in changed:
            self.dataChanged.emit(self._index(node, SIZE), self._index(node, self._columns - 1))

    def _insert(self, folder: Node, nodes: list[Node]) -> None:
        """Put nodes into a folder that is shown: neighbours together, from the end so that places stay true."""
        item, here, order = self._item_of(folder), folder.children, self.tree.order
        places = groupby(order.arrange(nodes), lambda node: (order.place(here, node), node.file is None))
        for (place, are_folders), group in reversed([(where, list(group)) for where, group in places]):
            self._coming = group
            if are_folders:
                item.insertRows(place, [self._item(node) for node in group])
            else:
                item.insertRows(place, len(group))

    @Slot(QModelIndex, int, int)
    def _on_inserted(self, parent: QModelIndex, first: int, _last: int) -> None:
        here = self._folders[_address(self.itemFromIndex(parent) if parent.isValid() else self.invisibleRootItem())]
        here.children[first:first] = self._coming
        number(here.children)

    def _item_of(self, folder: Node) -> QStandardItem:
        return self.invisibleRootItem() if folder is self.tree.root else self.itemFromIndex(self._index(folder))

    def _index(self, node: Node, column: int = NAME) -> QModelIndex:
        return QModelIndex() if node.parent is None else self.index(node.row, column, self._index(node.parent))

    def node(self, index: Index) -> Node:
        """What stands at an index; the folder around all for none."""
        return self._folders[index.internalId()].children[index.row()] if index.isValid() else self.tree.root

    # Qt's questions

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Nothing: a view asks for it whose trees come in order."""

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Nothing is edited here."""
        return False

    def mimeTypes(self) -> list[str]:
        """Files, as all programs know them."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files and folders that are dragged away; what a link leads out of the run's folder to is none of them."""
        data = QMimeData()
        nodes = {id(node): node for node in map(self.node, indexes)}.values()
        if self.folder is not None:
            root = self.folder.resolve()
            places = [(root / node.path).resolve() for node in nodes if node.path]
            data.setUrls([QUrl.fromLocalFile(str(one)) for one in places if one.is_relative_to(root)])
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        """Whoever takes a file gets a copy: the run keeps its own."""
        return Qt.DropAction.CopyAction

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        node = self.node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(node, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == NAME:
            return icon(_symbol(node), "muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            time = f"\n{numbers.full_time(node.time)}" if node.time else ""
            return tool_tip(f"{node.path}\n{numbers.counted(node.size, 'byte')}{time}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{'folder' if node.file is None else 'file'} {node.name}, {numbers.size(node.size)}"
        return node.path if role == PATH_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The columns' names; the inspector hides them, but assistive tools ask."""
        return heading(HEADINGS[: self._columns], section, orientation, role, right=(SIZE,))


def _address(item: QStandardItem) -> int:
    return int(getCppPointer(item)[0])


def _text(node: Node, column: int) -> str:
    """What a cell says."""
    if column == NAME:
        return node.name if node.file is None else short_name(node.name)
    if column == SIZE:
        return numbers.size(node.size)
    if column == KIND:
        return node.kind
    return numbers.full_time(node.time)[: len("2026-01-01")] if node.time else ""


def _upwards(node: Node) -> dict[Node, None]:
    """A node and the folders around it, for their sizes follow."""
    found: dict[Node, None] = {}
    while node.parent is not None:
        found[node] = None
        node = node.parent
    return found


def _symbol(node: Node) -> str:
    if node.file is None:
        return "folder"
    if is_picture(node.name):
        return "image"
    return "file-text" if ending(node.name) in TEXT_ENDINGS else "file"
