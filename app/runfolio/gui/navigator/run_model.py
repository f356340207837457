"""The tree of experiments with the runs below those that are open. Knows no widgets and no store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from runfolio.core.entities import Experiment
from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.navigator.model import USUAL, ExperimentTreeModel
from runfolio.gui.navigator.run_rows import RunRow, fresh, gone, rows_of
from runfolio.gui.navigator.tree import Node
from runfolio.store.nested import BranchLines

RUN_ROLE = Qt.ItemDataRole.UserRole + 4


class RunTreeModel(ExperimentTreeModel):
    """Folders, experiments and, behind what is in an experiment's folder, its runs.

    Runs are put in when somebody has read them; until then an experiment that has some can be opened all the same.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tops: dict[int, list[RunRow]] = {}

    def follow(self, changed: Collection[Experiment], present: Collection[int]) -> None:
        super().follow(changed, present)
        for number in self._tops.keys() - self.known.keys():
            del self._tops[number]

    def put_runs(self, experiment: int, above: RunRow | None, lines: BranchLines) -> None:
        """Show these runs below an experiment, or below one of its runs; rows that stay keep what is below them."""
        old = self._tops.setdefault(experiment, []) if above is None else above.below
        new = rows_of(lines, experiment, above)
        for place in gone(old, new):
            self._remove(experiment, above, old, place, place)
        there = {row.key: row for row in new}
        for row in old:
            if not row.shows(there[row.key]):
                row.take(there[row.key])
                self._tell(row)
        for first, last in fresh(old, new):
            self._insert(experiment, above, old, new[first : last + 1], first)

    def top_runs(self, experiment: int) -> list[RunRow]:
        """The rows of the runs that are nested in none, as far as they were read."""
        return self._tops.get(experiment, [])

    def find_run(self, run: int, experiments: Iterable[int]) -> QModelIndex:
        """Where a run of these experiments is among those that were read; invalid if nowhere."""
        waiting = [row for one in experiments for row in self.top_runs(one)]
        while waiting:
            row = waiting.pop()
            if row.key == run:
                return self.index_of_run(row)
            waiting += row.below
        return QModelIndex()

    def row_at(self, index: Index) -> RunRow | None:
        """The run, or the line that tells of more, at an index; None for an experiment or a folder."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, RunRow) else None

    def node(self, index: Index) -> Node:
        """What is at an index; of a run the experiment."""
        row = self.row_at(index)
        home = None if row is None else self._tree.home(row.experiment)
        return home or (self.root if row is not None else super().node(index))

    def index_of_run(self, row: RunRow) -> QModelIndex:
        """Where a run's row is; invalid while its experiment is not seen."""
        home = self._tree.home(row.experiment)
        if home is None:
            return QModelIndex()
        return self.createIndex(row.row if row.above is not None else len(home.children) + row.row, 0, row)

    # Changes

    def _take_out(self, number: int) -> None:
        rows = self._tops.get(number, [])
        if rows:
            self._remove(number, None, rows, 0, len(rows) - 1)
        super()._take_out(number)

    def _remove(self, experiment: int, above: RunRow | None, rows: list[RunRow], first: int, last: int) -> None:
        parent, before = self._above(experiment, above)
        if parent.isValid():
            self.beginRemoveRows(parent, before + first, before + last)
        del rows[first : last + 1]
        _number(rows)
        if parent.isValid():
            self.endRemoveRows()

    def _insert(self, experiment: int, above: RunRow | None, rows: list[RunRow], new: list[RunRow], first: int) -> None:
        parent, before = self._above(experiment, above)
        if parent.isValid():
            self.beginInsertRows(parent, before + first, before + first + len(new) - 1)
        rows[first:first] = new
        _number(rows)
        if parent.isValid():
            self.endInsertRows()

    def _above(self, experiment: int, above: RunRow | None) -> tuple[QModelIndex, int]:
        """What rows stand below, invalid while it is not seen; and how many others stand before them there."""
        if above is not None:
            return self.index_of_run(above), 0
        home = self._tree.home(experiment)
        return (QModelIndex(), 0) if home is None else (self.index_of(home), len(home.children))

    def _tell(self, row: RunRow) -> None:
        index = self.index_of_run(row)
        if index.isValid():
            self.dataChanged.emit(index, index)

    # Qt's questions

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        rows = self._rows_below(parent)
        place = row if self.row_at(parent) is not None else row - len(self.node(parent).children)
        if place < 0 or column != 0 or parent.column() > 0:
            return super().index(row, column, parent)
        return self.createIndex(row, column, rows[place]) if place < len(rows) else QModelIndex()

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        row = self.row_at(index)
        if row is None:
            return super().parent(index)
        return self._above(row.experiment, row.above)[0]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        runs = len(self._rows_below(parent)) if parent.column() <= 0 else 0
        return runs + (super().rowCount(parent) if self.row_at(parent) is None else 0)

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        """Whether a row can be opened: an experiment with runs can before these have been read."""
        row = self.row_at(parent)
        if row is not None:
            return row.opens
        node = self.node(parent)
        return bool(node.children) or (node.experiment is not None and node.experiment.runs > 0)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return super().data(index, role)
        texts = {Qt.ItemDataRole.DisplayRole: row.text, Qt.ItemDataRole.AccessibleTextRole: row.told, RUN_ROLE: row}
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(row.told)
        return texts.get(role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_at(index)
        if row is None:
            return super().flags(index)
        drag = self.rename is not None and row.run is not None
        return USUAL | Qt.ItemFlag.ItemIsDropEnabled | (Qt.ItemFlag.ItemIsDragEnabled if drag else USUAL)

    def _rows_below(self, parent: Index) -> list[RunRow]:
        """The rows of runs right below an index."""
        row = self.row_at(parent)
        if row is not None:
            return row.below
        experiment = self.node(parent).experiment
        return [] if experiment is None else self.top_runs(experiment.id)


def _number(rows: list[RunRow]) -> None:
    for place, row in enumerate(rows):
        row.row = place
