"""The item model of a run's files: a tree of folders and files that grows without being built anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from runfolio.core import numbers
from runfolio.core.entities import Artifact
from runfolio.core.picture_series import is_picture
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.icons import icon

PATH_ROLE = int(Qt.ItemDataRole.UserRole) + 1
NAME, SIZE = range(2)
TEXT_ENDINGS = frozenset("txt md py yaml yml json csv tsv toml log html xml cfg ini sh ipynb".split())


@dataclass(eq=False, slots=True)
class Node:
    """A file, or a folder with what is in it. `size` is in bytes, of a folder those of everything in it."""

    name: str
    path: str
    parent: Node | None = None
    file: Artifact | None = None
    size: int = 0
    # Ten thousand empty lists would make Python's garbage collector go through everything: files share one.
    children: list[Node] = field(default_factory=lambda: NO_CHILDREN)

    @property
    def row(self) -> int:
        """The place in its folder."""
        return bisect_left(self.parent.children, _order(self), key=_order) if self.parent is not None else 0

    def grow(self, more: int) -> None:
        """Count more bytes, or fewer, here and in the folders around."""
        node: Node | None = self
        while node is not None:
            node.size += more
            node = node.parent


NO_CHILDREN: list[Node] = []
FOLDER_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
FILE_FLAGS = FOLDER_FLAGS | Qt.ItemFlag.ItemNeverHasChildren
# More new files than these make a new tree: that is quicker than as many insertions.
MOST_INSERTED = 100
Newcomers = dict[Node, list[Node]]


class ArtifactModel(QAbstractItemModel):
    """Two columns, name and size. Indexes hold a node, which the model keeps alive."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Node("", "", children=[])
        self._folders = {"": self._root}
        self._files: dict[str, Node] = {}

    def set_files(self, files: Sequence[Artifact]) -> None:
        """Show these files. Few new ones are put in their places, changed ones told of; all else makes a new tree."""
        wanted = {file.path: file for file in files}
        few = 0 <= len(wanted) - len(self._files) <= MOST_INSERTED
        if self._files and few and self._files.keys() <= wanted.keys():
            self._update(wanted)
        elif wanted or self._files:
            self.beginResetModel()
            self._root = Node("", "", children=[])
            self._folders, self._files = {"": self._root}, {}
            for folder, nodes in self._grow(wanted.values()).items():
                folder.children = sorted(nodes, key=_order)
            self.endResetModel()

    def index_of(self, path: str) -> QModelIndex:
        """The index of a file or folder; invalid if it is not there."""
        node = self._files.get(path) or self._folders.get(path)
        return QModelIndex() if node is None else self._index(node)

    def file(self, path: str) -> Artifact | None:
        """The file at a path; None for a folder, or for what is not there."""
        node = self._files.get(path)
        return None if node is None else node.file

    def folders(self) -> list[str]:
        """The paths of all folders, outer ones first."""
        return sorted(path for path in self._folders if path)

    def _update(self, wanted: dict[str, Artifact]) -> None:
        changed: dict[Node, None] = {}
        for path, node in self._files.items():
            file = wanted[path]
            if node.file != file:
                node.file = file
                node.grow(file.size - node.size)
                changed |= _upwards(node)
        added = [file for path, file in wanted.items() if path not in self._files]
        known = {*self._folders.values()}
        newcomers = self._grow(added)
        for folder in newcomers.keys() - known:
            folder.children = sorted(newcomers[folder], key=_order)
        for folder in newcomers.keys() & known:
            self._insert(folder, newcomers[folder])
            changed |= _upwards(folder)
        for node in changed:
            index = self._index(node, SIZE)
            self.dataChanged.emit(index, index)

    def _grow(self, files: Iterable[Artifact]) -> Newcomers:
        """Nodes for new files and for the folders that they need, by the folder they belong in; not yet in there."""
        newcomers: Newcomers = {}
        for file in files:
            above, _, name = file.path.rpartition("/")
            folder = self._folder(above, newcomers)
            self._files[file.path] = node = Node(name, file.path, folder, file)
            node.grow(file.size)
            newcomers.setdefault(folder, []).append(node)
        return newcomers

    def _folder(self, path: str, newcomers: Newcomers) -> Node:
        folder = self._folders.get(path)
        if folder is None:
            above, _, name = path.rpartition("/")
            parent = self._folder(above, newcomers)
            self._folders[path] = folder = Node(name, path, parent, children=[])
            newcomers.setdefault(parent, []).append(folder)
        return folder

    def _insert(self, folder: Node, nodes: list[Node]) -> None:
        """Put nodes into a folder that is shown: neighbours together, from the end so that places stay true."""
        index, here = self._index(folder), folder.children
        places = groupby(sorted(nodes, key=_order), lambda node: bisect_left(here, _order(node), key=_order))
        for place, group in reversed([(place, list(group)) for place, group in places]):
            self.beginInsertRows(index, place, place + len(group) - 1)
            here[place:place] = group
            self.endInsertRows()

    def _index(self, node: Node, column: int = NAME) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.row, column, node)

    def _node(self, index: Index) -> Node:
        found: Node | None = index.internalPointer()
        return found or self._root

    # Qt's questions

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """The cell at a place in a folder."""
        inside = self._node(parent).children if parent.column() <= NAME else []
        if not (0 <= row < len(inside) and NAME <= column <= SIZE):
            return QModelIndex()
        return self.createIndex(row, column, inside[row])

    def parent(self, child: Index = NOWHERE) -> Any:
        """The folder something is in."""
        above = self._node(child).parent if child.isValid() else None
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many things are in a folder."""
        return 0 if parent.column() > NAME else len(self._node(parent).children)

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        """Asked by the view for every row."""
        return parent.column() <= NAME and bool(self._node(parent).children)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Told what can never be opened, a view keeps no track of it."""
        node = self._node(index)
        if node.file is not None:
            return FILE_FLAGS
        return Qt.ItemFlag.NoItemFlags if node is self._root else FOLDER_FLAGS

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Name and size."""
        return 2

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        node = self._node(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return node.name if index.column() == NAME else numbers.size(node.size)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == NAME:
            return icon(_symbol(node), "muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{node.path}\n{numbers.counted(node.size, 'byte')}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{'folder' if node.file is None else 'file'} {node.name}, {numbers.size(node.size)}"
        return node.path if role == PATH_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """The columns' names, for assistive tools; the header is hidden."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Name", "Size")[section]
        return None


def _order(node: Node) -> tuple[bool, str]:
    """Folders first, then by name."""
    return node.file is not None, node.name


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
    return "file-text" if node.name.rsplit(".", 1)[-1].lower() in TEXT_ENDINGS else "file"
