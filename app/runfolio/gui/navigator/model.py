"""The tree of experiments as Qt's item model. Knows no widgets and no store."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from runfolio.core.entities import Experiment
from runfolio.core.numbers import counted
from runfolio.core.states import NOTE, LifecycleStage
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.tree import Node, Place, Tree, build, matches, place_of

RUNS_ROLE = Qt.ItemDataRole.UserRole + 1
RUNNING_ROLE = Qt.ItemDataRole.UserRole + 2
FOLDER_ROLE = Qt.ItemDataRole.UserRole + 3
# Made once, for a view asks for them of each row.
USUAL = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
CHANGING = USUAL | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled
# More changes than these at once are shown by making the tree anew.
FEW = 200
# As much of a description as a tool tip holds.
NOTE_LETTERS = 300


class ExperimentTreeModel(QAbstractItemModel):
    """Folders and experiments.

    Attributes:
        known: all experiments in use by their numbers, whether or not the filter lets them be seen.
        words: what the names that are shown have, in lower case.
        rename: called with a path and the new one when the user has typed another name.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rename: Callable[[str, str], None] | None = None
        self.known: dict[int, Experiment] = {}
        self._order: list[tuple[Place, int]] = []
        self.words: Sequence[str] = ()
        self._folders: set[str] = set()
        self._tree = Tree()

    # What is shown

    def set_experiments(self, experiments: Iterable[Experiment]) -> None:
        """Show these and no others."""
        fresh = {one.id: one for one in experiments}
        self.follow(fresh.values(), fresh)

    def follow(self, changed: Collection[Experiment], present: Collection[int]) -> None:
        """Take experiments that are others than they were; those that are not `present` are gone."""
        gone = [number for number in self.known if number not in present]
        gone += [one.id for one in changed if one.lifecycle_stage is LifecycleStage.DELETED and one.id in self.known]
        here = [one for one in changed if one.lifecycle_stage is LifecycleStage.ACTIVE]
        moved = [one for one in here if one.id not in self.known or self.known[one.id].name != one.name]
        left = gone + [one.id for one in moved if one.id in self.known]
        few = len(left) + len(moved) <= FEW
        for number in left if few else ():
            del self._order[bisect_left(self._order, (place_of(self.known[number].name), number))]
        for one in moved if few else ():
            insort(self._order, (place_of(one.name), one.id))
        for number in gone:
            del self.known[number]
        self.known.update((one.id, one) for one in here)
        if not few:
            self._order = sorted((place_of(one.name), one.id) for one in self.known.values())
            self._make_anew()
            return
        for number in left:
            self._take_out(number)
        for one in here:
            if matches(one.name, self.words):
                self._put(one)

    def set_filter(self, text: str) -> None:
        """Show only experiments whose names have all words of a text."""
        words = text.lower().split()
        if words != self.words:
            self.words = words
            self._make_anew()

    def set_folders(self, folders: Collection[str]) -> None:
        """Show these folders though nothing is in them, while the filter is empty."""
        old, self._folders = self._folders, set(folders)
        if self.words:
            return
        for path in old - self._folders:
            node = self._tree.at(path)
            if node is not None:
                node.kept = False
                self._tidy(node)
        for path in self._folders - old:
            self._add(path).kept = True

    def _make_anew(self) -> None:
        self.beginResetModel()
        seen = (one for one in self.in_order() if matches(one.name, self.words))
        self._tree = build(seen, () if self.words else self._folders)
        self.endResetModel()

    def _put(self, experiment: Experiment) -> None:
        node = self._add(experiment.name, experiment)
        while node.parent is not None:
            index = self.index_of(node)
            self.dataChanged.emit(index, index)
            node = node.parent

    def _add(self, path: str, experiment: Experiment | None = None) -> Node:
        """The node of a path, with an experiment if there is one, made where it is missing."""
        found = self._tree.at(path)
        if found is None:
            parent, row = self._tree.gap(path)
            self.beginInsertRows(self.index_of(parent), row, row)
            node = self._tree.add(path)
            if experiment is not None:
                self._tree.put(node, experiment)
            self.endInsertRows()
            return node
        if experiment is not None:
            self._tree.put(found, experiment)
        return found

    def _take_out(self, number: int) -> None:
        node = self._tree.home(number)
        if node is not None:
            self._tree.put(node, None)
            self._tidy(node)

    def _tidy(self, node: Node) -> None:
        """Take out what is there for nothing."""
        top = self._tree.loose(node)
        if top is None:
            index = self.index_of(node)
            self.dataChanged.emit(index, index)
            return
        self.beginRemoveRows(self.index_of(top.parent or self._tree.root), top.row, top.row)
        self._tree.remove(top)
        self.endRemoveRows()

    # Where things are

    def in_order(self) -> list[Experiment]:
        """All experiments in the order of the tree."""
        return [self.known[number] for _, number in self._order]

    @property
    def seen(self) -> int:
        """How many experiments the filter lets be seen."""
        return self._tree.count

    @property
    def root(self) -> Node:
        """What all else is below."""
        return self._tree.root

    def node(self, index: Index) -> Node:
        """What is at an index."""
        node = index.internalPointer() if index.isValid() else self._tree.root
        assert isinstance(node, Node)
        return node

    def index_of(self, node: Node) -> QModelIndex:
        """Where a node is."""
        return QModelIndex() if node.parent is None else self.createIndex(node.row, 0, node)

    def find(self, path: str) -> QModelIndex:
        """Where a name is; invalid if nowhere."""
        return self.index_of(self._tree.at(path) or self._tree.root)

    def find_experiment(self, experiment: int) -> QModelIndex:
        """Where an experiment is; invalid if nowhere."""
        return self.index_of(self._tree.home(experiment) or self._tree.root)

    def holds(self, path: str) -> bool:
        """Whether an experiment, be it seen or not, is at a path or below it."""
        return any(one.name == path or one.name.startswith(f"{path}/") for one in self.known.values())

    # Qt's questions

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        children = self.node(parent).children
        if column != 0 or not 0 <= row < len(children) or parent.column() > 0:
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent if index.isValid() else None
        return self.index_of(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return len(self.node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self.node(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return node.name
        if role == RUNS_ROLE:
            return node.runs
        if role == RUNNING_ROLE:
            return node.all_running if node.experiment is None else node.experiment.running
        if role == FOLDER_ROLE:
            return node.experiment is None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip("\n".join([node.path, _told(node), _note(node)]).strip())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            kind = "folder" if node.experiment is None else "experiment"
            return f"{node.name}, {kind}, {_told(node)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if role == Qt.ItemDataRole.EditRole and index.isValid() and self.rename is not None and name:
            path = self.node(index).path
            folder = path.rpartition("/")[0]
            new = f"{folder}/{name}" if folder else name
            if new != path:
                self.rename(path, new)
        return False  # the new name shows once the store has it

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return CHANGING if self.rename is not None else USUAL


def _told(node: Node) -> str:
    """The counts in words."""
    running = node.all_running if node.experiment is None else node.experiment.running
    return f"{counted(node.runs, 'run')}, {running:,} running"


def _note(node: Node) -> str:
    text = node.experiment.tags.get(NOTE, "") if node.experiment is not None else ""
    return text if len(text) <= NOTE_LETTERS else f"{text[: NOTE_LETTERS - 1]}…"
