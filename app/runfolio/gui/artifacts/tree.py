"""The files of a run as a tree of folders, in an order. Plain records, so that a worker can make it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Any, TypeAlias

from runfolio.core.entities import Artifact
from runfolio.core.picture_series import is_picture


class Column(IntEnum):
    """What is known of a file, and what a tree can be ordered by."""

    NAME = 0
    SIZE = 1
    KIND = 2
    TIME = 3


class Node:
    """A file, or a folder with what is in it.

    Attributes:
        size: in bytes, of a folder those of everything in it.
        time: when it was logged in epoch milliseconds, of a folder the newest of everything in it.
        row: its place in its folder.
    """

    __slots__ = ("children", "file", "name", "parent", "path", "row", "size", "time")

    def __init__(self, name: str, path: str, parent: Node | None = None, file: Artifact | None = None) -> None:
        self.name, self.path, self.parent, self.file = name, path, parent, file
        self.size = self.time = self.row = 0
        # A hundred thousand empty lists would make Python's garbage collector go through everything: files share one.
        self.children: list[Node] = [] if file is None else NO_CHILDREN
        if file is not None:
            self.size, self.time = file.size, file.time

    @property
    def kind(self) -> str:
        """What its name says it is, such as PNG; empty for a folder."""
        return "" if self.file is None else ending(self.name).upper()

    def grow(self, more: int, time: int = 0) -> None:
        """Count more bytes, or fewer, here and in the folders around; one of them is from this time."""
        node: Node | None = self
        while node is not None:
            node.size += more
            node.time = max(node.time, time)
            node = node.parent


#: A folder with more is opened by the user alone.
MOST_OPENED = 2_000
NO_CHILDREN: list[Node] = []
Newcomers: TypeAlias = dict[Node, list[Node]]


@dataclass(frozen=True, slots=True)
class Order:
    """What the files of each folder are ordered by; folders stand before files, and equals by name."""

    column: Column = Column.NAME
    descending: bool = False

    def arrange(self, nodes: Iterable[Node]) -> list[Node]:
        """Nodes of one folder in this order, each with its place."""
        listed = sorted(nodes, key=attrgetter("name"))
        if self.column is not Column.NAME or self.descending:
            listed.sort(key=attrgetter(NAMES[self.column]), reverse=self.descending)
        found = [node for node in listed if node.file is None]
        found += [node for node in listed if node.file is not None]
        number(found)
        return found

    def place(self, nodes: Sequence[Node], new: Node) -> int:
        """Where a new node belongs among those of a folder."""
        folders = next((at for at, node in enumerate(nodes) if node.file is not None), len(nodes))
        first, last = (0, folders) if new.file is None else (folders, len(nodes))
        key: Callable[[Node], Any] = attrgetter(NAMES[self.column], "name")
        if not self.descending:
            return bisect_left(nodes, key(new), first, last, key=key)
        backwards = nodes[first:last][::-1]
        return last - bisect_left(backwards, key(new), key=key)


NAMES = {Column.NAME: "name", Column.SIZE: "size", Column.KIND: "kind", Column.TIME: "time"}


class FileTree:
    """Folders and files by their paths.

    Attributes:
        order: that of every folder.
        root: the folder around all.
        folders, files: all nodes by path; the root's is empty.
        telling: the path of the file that says most at a glance: the first picture, else the first file.
    """

    def __init__(self, files: Iterable[Artifact] = (), order: Order = Order()) -> None:
        self.order = order
        self.root = Node("", "")
        self.folders = {"": self.root}
        self.files: dict[str, Node] = {}
        for folder, nodes in self.grow(files).items():
            folder.children = order.arrange(nodes)
        self.telling = self._telling()

    def _telling(self) -> str:
        """In a folder that is shown at once: to open one with very many files takes a while."""
        first = ""
        for path, node in self.files.items():
            if node.parent is not None and len(node.parent.children) <= MOST_OPENED:
                first = first or path
                if is_picture(path):
                    return path
        return first

    def find(self, path: str) -> Node | None:
        """The file or folder at a path."""
        return self.files.get(path) or self.folders.get(path)

    def grow(self, files: Iterable[Artifact]) -> Newcomers:
        """Nodes for new files and for the folders that they need, by the folder they belong in; not yet in there."""
        newcomers: Newcomers = {}
        gained: dict[Node, list[int]] = {}
        for file in files:
            above, _, name = file.path.rpartition("/")
            folder = self.folders.get(above) or self._folder(above, newcomers)
            self.files[file.path] = node = Node(name, file.path, folder, file)
            newcomers.setdefault(folder, []).append(node)
            gain = gained.setdefault(folder, [0, 0])
            gain[0] += file.size
            gain[1] = max(gain[1], file.time)
        for folder, (size, time) in gained.items():
            folder.grow(size, time)
        return newcomers

    def _folder(self, path: str, newcomers: Newcomers) -> Node:
        folder = self.folders.get(path)
        if folder is None:
            above, _, name = path.rpartition("/")
            parent = self._folder(above, newcomers)
            self.folders[path] = folder = Node(name, path, parent)
            newcomers.setdefault(parent, []).append(folder)
        return folder


def file_beside(node: Node, step: int) -> Node | None:
    """The file after this one (1) or before it (-1), as they stand when every folder is open; None at the end."""
    folder = node.parent
    while folder is not None:
        row = node.row + step
        if 0 <= row < len(folder.children):
            found = folder.children[row]
            while found.file is None:
                found = found.children[0 if step > 0 else -1]
            return found
        node, folder = folder, folder.parent
    return None


def files_in(node: Node) -> list[Artifact]:
    """A file, or all that are in a folder, in their order."""
    if node.file is not None:
        return [node.file]
    return [file for child in node.children for file in files_in(child)]


def number(nodes: Sequence[Node]) -> None:
    """Tell the nodes of a folder their places."""
    for row, node in enumerate(nodes):
        node.row = row


def ending(path: str) -> str:
    """What comes after the last dot of a file's name, in lower case; empty where there is none."""
    name = path.rpartition("/")[2]
    before, _, after = name.rpartition(".")
    return after.lower() if before else ""


def matching(files: Sequence[Artifact], text: str) -> Sequence[Artifact]:
    """The files whose paths hold all words of a text, in whatever case."""
    words = text.lower().split()
    return [file for file in files if all(word in file.path.lower() for word in words)] if words else files
