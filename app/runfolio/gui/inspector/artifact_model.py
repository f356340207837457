"""The item model of a run's files: a tree of folders and files that grows without being built anew."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from runfolio.core import numbers
from runfolio.core.entities import Artifact
from runfolio.gui.icons import icon
from runfolio.gui.inspector.preview import is_picture

Index = QModelIndex | QPersistentModelIndex
PATH_ROLE = int(Qt.ItemDataRole.UserRole) + 1
NAME, SIZE = range(2)
TEXT_ENDINGS = frozenset("txt md py yaml yml json csv tsv toml log html xml cfg ini sh ipynb".split())


@dataclass(eq=False)
class Node:
    """A file, or a folder with what is in it."""

    name: str
    path: str
    parent: Node | None = None
    file: Artifact | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def order(self) -> tuple[bool, str]:
        """Folders first, then by name."""
        return self.file is not None, self.name

    @property
    def size(self) -> int:
        """Bytes, of a folder those of everything in it."""
        return self.file.size if self.file is not None else sum(child.size for child in self.children)

    @property
    def row(self) -> int:
        """The place in its folder."""
        return self.parent.children.index(self) if self.parent is not None else 0

    def child(self, name: str) -> Node | None:
        """What is in the folder under a name."""
        return next((child for child in self.children if child.name == name), None)


class ArtifactModel(QAbstractItemModel):
    """Two columns, name and size. Indexes hold a node, which the model keeps alive."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Node("", "")
        self._files: dict[str, Node] = {}

    def set_files(self, files: Sequence[Artifact]) -> None:
        """Show these files; new ones are put in their places, changed ones told of. Lost ones make a new tree."""
        wanted = {file.path: file for file in files}
        if self._files.keys() - wanted.keys():
            self.beginResetModel()
            self._root, self._files = Node("", ""), {}
            self.endResetModel()
        for path, file in wanted.items():
            node = self._files.get(path)
            if node is None:
                self._add(file)
            elif node.file != file:
                node.file = file
                self._tell_sizes(node)

    def index_of(self, path: str) -> QModelIndex:
        """The index of a file or folder; invalid if it is not there."""
        node: Node | None = self._root
        for name in path.split("/"):
            node = node.child(name) if node is not None else None
        return self._index(node) if node is not None and node is not self._root else QModelIndex()

    def files(self) -> Iterator[Artifact]:
        """The files as last set."""
        return (node.file for node in self._files.values() if node.file is not None)

    def _add(self, file: Artifact) -> None:
        folder = self._root
        *folders, name = file.path.split("/")
        for depth, part in enumerate(folders, 1):
            inner = folder.child(part)
            if inner is None or inner.file is not None:
                inner = self._insert(folder, Node(part, "/".join(folders[:depth]), folder))
            folder = inner
        self._files[file.path] = node = self._insert(folder, Node(name, file.path, folder, file))
        self._tell_sizes(node)

    def _insert(self, folder: Node, node: Node) -> Node:
        place = sum(child.order < node.order for child in folder.children)
        self.beginInsertRows(self._index(folder), place, place)
        insort(folder.children, node, key=lambda child: child.order)
        self.endInsertRows()
        return node

    def _tell_sizes(self, node: Node) -> None:
        above: Node | None = node
        while above is not None and above is not self._root:
            index = self._index(above, SIZE)
            self.dataChanged.emit(index, index)
            above = above.parent

    def _index(self, node: Node, column: int = NAME) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.row, column, node)

    def _node(self, index: Index) -> Node:
        found = index.internalPointer() if index.isValid() else self._root
        assert isinstance(found, Node)
        return found

    # Qt's questions

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The cell at a place in a folder."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self._node(parent).children[row])

    def parent(self, child: Index = QModelIndex()) -> Any:  # noqa: B008
        """The folder something is in."""
        above = self._node(child).parent if child.isValid() else None
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many things are in a folder."""
        return 0 if parent.column() > NAME else len(self._node(parent).children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
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
            return f"{node.path}\n{node.size:,} bytes"
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


def _symbol(node: Node) -> str:
    if node.file is None:
        return "folder"
    if is_picture(node.name):
        return "image"
    return "file-text" if node.name.rsplit(".", 1)[-1].lower() in TEXT_ENDINGS else "file"
