"""The tree of experiments as Qt's item model. Knows no widgets and no store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from runfolio.core.entities import Experiment
from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.tree import Node, build, shape

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
RUNS_ROLE = Qt.ItemDataRole.UserRole + 1
RUNNING_ROLE = Qt.ItemDataRole.UserRole + 2
FOLDER_ROLE = Qt.ItemDataRole.UserRole + 3


class ExperimentTreeModel(QAbstractItemModel):
    """Folders and experiments.

    Attributes:
        rename: called with an experiment's id and its new whole name when the user has typed one.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rename: Callable[[int, str], None] | None = None
        self._root = Node("", "")

    def set_experiments(self, experiments: Sequence[Experiment], text: str = "") -> bool:
        """Show these; True if the tree was made anew, False if only numbers moved."""
        fresh = build(experiments, text)
        if shape(fresh) == shape(self._root):
            for old, new in zip(self._root.walk(), fresh.walk(), strict=True):
                old.experiment = new.experiment
            for parent in self._root.walk():
                if parent.children:
                    here = self.index_of(parent)
                    self.dataChanged.emit(self.index(0, 0, here), self.index(len(parent.children) - 1, 0, here))
            return False
        self.beginResetModel()
        self._root = fresh
        self.endResetModel()
        return True

    def node(self, index: Index) -> Node:
        """What is at an index."""
        node = index.internalPointer() if index.isValid() else self._root
        assert isinstance(node, Node)
        return node

    def index_of(self, node: Node) -> QModelIndex:
        """Where a node is."""
        return QModelIndex() if node.parent is None else self.createIndex(node.row, 0, node)

    def find(self, path: str) -> QModelIndex:
        """Where a name is; invalid if nowhere."""
        found = next((node for node in self._root.walk() if node.path == path), self._root)
        return self.index_of(found)

    def find_experiment(self, experiment: int) -> QModelIndex:
        """Where an experiment is; invalid if nowhere."""
        nodes = (node for node in self._root.walk() if node.experiment and node.experiment.id == experiment)
        return self.index_of(next(nodes, self._root))

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self.node(parent).children[row])

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
        if role == Qt.ItemDataRole.DisplayRole:
            return node.name
        if role == Qt.ItemDataRole.EditRole:
            return node.path
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{node.path}\n{counted(node.runs, 'run')}, {node.running:,} running")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{node.name}, {counted(node.runs, 'run')}, {node.running:,} running"
        answers = {RUNS_ROLE: node.runs, RUNNING_ROLE: node.running, FOLDER_ROLE: node.experiment is None}
        return answers.get(role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        experiment = self.node(index).experiment if index.isValid() else None
        if role != Qt.ItemDataRole.EditRole or experiment is None or self.rename is None:
            return False
        if str(value).strip() != experiment.name:
            self.rename(experiment.id, str(value))
        return False  # the new name shows once the store has it

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = self.node(index).experiment is not None and self.rename is not None
        return usual | Qt.ItemFlag.ItemIsEditable if editable else usual
