"""The experiments as a tree: `/` in a name makes a folder. Plain Python, so that it is tested without Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from runfolio.core.entities import Experiment

Place = tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class Node:
    """A folder, an experiment, or both when an experiment's name is also the beginning of another's.

    Attributes:
        name: the last part of the path.
        path: the whole name, `a/b/c`; empty for the root.
        row: its place among its parent's children.
        experiment: the experiment of that name, if there is one.
        kept: True for a folder that the user has made, which is there while nothing is in it.
        all_runs, all_running: runs, and those under way, of all experiments here and below.
    """

    name: str
    path: str
    parent: Node | None = None
    row: int = 0
    experiment: Experiment | None = None
    kept: bool = False
    all_runs: int = 0
    all_running: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def runs(self) -> int:
        """Runs of the experiment itself, those that are nested included, or, for a mere folder, of all below."""
        return self.all_runs if self.experiment is None else self.experiment.runs

    @property
    def folder(self) -> str:
        """The path of the folder that this stands for, or is in."""
        return self.path if self.experiment is None or self.children else self.path.rpartition("/")[0]

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def folders(self) -> Iterator[Node]:
        """Those of them that have children."""
        waiting = [self] if self.children else []
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if child.children]


class Tree:
    """Nodes by their paths and by their experiments; changed one node at a time, so that a view can follow."""

    def __init__(self) -> None:
        self.root = Node("", "")
        self._places = {"": self.root}
        self._homes: dict[int, Node] = {}

    @property
    def count(self) -> int:
        """How many experiments there are."""
        return len(self._homes)

    def at(self, path: str) -> Node | None:
        """The node of a path."""
        return self._places.get(path)

    def home(self, experiment: int) -> Node | None:
        """The node of an experiment."""
        return self._homes.get(experiment)

    def gap(self, path: str) -> tuple[Node, int]:
        """Where the first of the missing nodes of a path would go: its parent, and its place there."""
        parent, name = self._above(path)
        return parent, bisect_left(parent.children, _order(name), key=lambda child: _order(child.name))

    def add(self, path: str) -> Node:
        """The node of a path, made with all its folders where they are missing."""
        while (node := self._places.get(path)) is None:
            parent, row = self.gap(path)
            name = path[len(parent.path) :].lstrip("/").partition("/")[0]
            made = Node(name, f"{parent.path}/{name}" if parent.path else name, parent)
            parent.children.insert(row, made)
            _number(parent.children, row)
            self._places[made.path] = made
        return node

    def append(self, path: str) -> Node:
        """The node of a path, made as the last of its siblings where it is missing; so are its folders."""
        node = self._places.get(path)
        if node is None:
            folder, _, name = path.rpartition("/")
            parent = self.append(folder) if folder else self.root
            node = self._places[path] = Node(name, path, parent, len(parent.children))
            parent.children.append(node)
        return node

    def put(self, node: Node, experiment: Experiment | None) -> None:
        """Have an experiment, or none, at a node."""
        old, node.experiment = node.experiment, experiment
        now, before = _counts(experiment), _counts(old)
        if old is not None and self._homes.get(old.id) is node:
            del self._homes[old.id]
        if experiment is not None:
            self._homes[experiment.id] = node
        above: Node | None = node if now != before else None
        while above is not None:
            above.all_runs += now[0] - before[0]
            above.all_running += now[1] - before[1]
            above = above.parent

    def loose(self, node: Node) -> Node | None:
        """The highest node that would be there for nothing, if this one is; None if this one is needed."""
        top = None
        while node.parent is not None and node.experiment is None and not node.kept:
            if len(node.children) > (0 if top is None else 1):
                break
            top, node = node, node.parent
        return top

    def remove(self, node: Node) -> None:
        """Take a node without experiments out, with all below it."""
        assert node.parent is not None
        del node.parent.children[node.row]
        _number(node.parent.children, node.row)
        for gone in node.walk():
            del self._places[gone.path]

    def _above(self, path: str) -> tuple[Node, str]:
        """The lowest node there is above a path, and the name of what is missing just below it."""
        above = path.rpartition("/")[0]
        while above not in self._places:
            above = above.rpartition("/")[0]
        return self._places[above], path[len(above) :].lstrip("/").partition("/")[0]


def build(experiments: Iterable[Experiment], folders: Iterable[str] = ()) -> Tree:
    """The tree of experiments, which come in the order of their places, and of folders that are there by themselves."""
    tree = Tree()
    for experiment in experiments:
        tree.put(tree.append(experiment.name), experiment)
    for path in folders:
        tree.add(path).kept = True
    return tree


def place_of(name: str) -> Place:
    """What names are sorted by: each comes after what is above it, and among its siblings without regard to case."""
    return tuple(map(_order, name.split("/")))


def matches(name: str, words: Sequence[str]) -> bool:
    """Whether a name has all the words, which are in lower case."""
    if not words:
        return True
    lower = name.lower()
    return all(word in lower for word in words)


def experiments_below(nodes: Iterable[Node]) -> list[int]:
    """The ids of an experiment that was chosen, or of all in a folder that was; each once."""
    chosen: dict[int, None] = {}
    for node in nodes:
        parts = [node] if node.experiment is not None else node.walk()
        chosen.update(dict.fromkeys(part.experiment.id for part in parts if part.experiment is not None))
    return list(chosen)


def topmost(nodes: Iterable[Node]) -> list[Node]:
    """Those that are below none of the others: moving a folder takes along what is in it."""
    found = {node.path: node for node in nodes}
    return [node for path, node in found.items() if not any(above in found for above in _folders(path))]


def _folders(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        if path:
            yield path


def _order(name: str) -> tuple[str, str]:
    return name.lower(), name


def _number(children: list[Node], start: int) -> None:
    for row in range(start, len(children)):
        children[row].row = row


def _counts(experiment: Experiment | None) -> tuple[int, int]:
    return (0, 0) if experiment is None else (experiment.runs, experiment.running)
