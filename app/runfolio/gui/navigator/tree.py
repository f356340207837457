"""The experiments as a tree: `/` in a name makes a folder. Plain Python, so that it is tested without Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from runfolio.core.entities import Experiment


@dataclass(slots=True, eq=False)
class Node:
    """A folder, an experiment, or both when an experiment's name is also the beginning of another's.

    Attributes:
        name: the last part of the path.
        path: the whole name, `a/b/c`; empty for the root.
        row: its place among its parent's children.
        experiment: the experiment of that name, if there is one.
    """

    name: str
    path: str
    parent: Node | None = None
    row: int = 0
    experiment: Experiment | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def runs(self) -> int:
        """Runs of the experiment itself or, for a mere folder, of all below."""
        if self.experiment is not None:
            return self.experiment.runs
        return sum(child.runs for child in self.children)

    @property
    def running(self) -> int:
        """Runs under way, here and below."""
        own = self.experiment.running if self.experiment is not None else 0
        return own + sum(child.running for child in self.children)

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def build(experiments: Iterable[Experiment], text: str = "") -> Node:
    """The tree of the experiments whose names contain all words of `text`; folders in the order of their names."""
    root = Node("", "")
    places = {"": root}
    words = text.lower().split()
    for experiment in sorted(experiments, key=lambda e: [part.lower() for part in e.name.split("/")]):
        if all(word in experiment.name.lower() for word in words):
            _place(places, experiment.name).experiment = experiment
    return root


def shape(root: Node) -> tuple[tuple[str, int | None], ...]:
    """What a tree is made of, without counts: two trees of one shape differ in numbers only."""
    return tuple((node.path, node.experiment.id if node.experiment else None) for node in root.walk())


def experiments_below(nodes: Sequence[Node]) -> list[int]:
    """The ids of an experiment that was chosen, or of all in a folder that was; each once."""
    chosen: dict[int, None] = {}
    for node in nodes:
        parts = [node] if node.experiment is not None else node.walk()
        chosen.update(dict.fromkeys(part.experiment.id for part in parts if part.experiment is not None))
    return list(chosen)


def _place(places: dict[str, Node], path: str) -> Node:
    """The node of a path, made with all its folders where they are missing."""
    node = places.get(path)
    if node is None:
        folder, _, name = path.rpartition("/")
        parent = _place(places, folder)
        node = places[path] = Node(name, path, parent, len(parent.children))
        parent.children.append(node)
    return node
