"""Reads the runs below the experiments and runs that are open in the tree, and follows them while they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot

from runfolio.core.entities import Changes
from runfolio.gui.aliases import Index
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.navigator.run_model import RunTreeModel
from runfolio.gui.navigator.run_rows import RunRow
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.nested import Branch, BranchLines, read_branches

# The newest runs of a branch; the table has the others.
SHOWN = 50
# Nobody looks at more branches at once: what was opened before is not followed any more.
MOST = 100
PACE = 500


class Branches(QObject):
    """The open branches of one tree.

    Signals:
        taken(): runs were read.
    """

    taken = Signal()

    def __init__(self, session: Session, model: RunTreeModel, tree: RowTree) -> None:
        super().__init__(tree)
        self._session = session
        self._model = model
        self._tree = tree
        # An experiment, and the run below which its runs are shown; the one opened last comes last.
        self._open: dict[tuple[int, int | None], None] = {}
        self._refresh: Refresh[dict[Branch, BranchLines]] = Refresh(
            session, self._job, self._take, "The runs could not be read.", self, PACE
        )
        tree.expanded.connect(self._on_expanded)
        tree.collapsed.connect(self._on_collapsed)
        model.modelReset.connect(self._open_again)
        model.rowsInserted.connect(self._on_inserted)
        session.changed.connect(self._on_changed)

    @property
    def settled(self) -> bool:
        """True when everything that is open has been read."""
        return self._refresh.idle

    def chosen_in_sight(self) -> QModelIndex:
        """The row of the run that is selected, while it alone is and can be seen; else invalid."""
        chosen = self._session.selection
        if len(chosen.ids) != 1 or len(chosen.experiments) != 1:
            return QModelIndex()
        index = self._model.find_run(int(chosen.ids[0]), chosen.experiments)
        return index if self._tree.in_sight(index) == index else QModelIndex()

    def _job(self) -> Callable[[], dict[Branch, BranchLines]] | None:
        asked = [Branch(experiment, run, SHOWN) for experiment, run in self._open if experiment in self._model.known]
        return partial(_read, self._session.store, asked) if asked else None

    def _take(self, found: dict[Branch, BranchLines]) -> None:
        for branch, lines in found.items():
            above = self._row(branch.experiment, branch.parent)
            if branch.parent is None or above is not None:
                self._model.put_runs(branch.experiment, above, lines)
        self.taken.emit()

    def _row(self, experiment: int, run: int | None) -> RunRow | None:
        return None if run is None else self._model.row_at(self._model.find_run(run, [experiment]))

    def _place(self, index: Index) -> tuple[int, int | None] | None:
        """What is open when an index is; None for a mere folder."""
        row, experiment = self._model.row_at(index), self._model.node(index).experiment
        if row is not None:
            return row.experiment, row.key
        return None if experiment is None else (experiment.id, None)

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        place = self._place(index)
        if place is not None:
            self._open.pop(place, None)
            self._open[place] = None
            for oldest in list(self._open)[:-MOST]:
                del self._open[oldest]
            self._refresh.ask_now()

    @Slot(QModelIndex)
    def _on_collapsed(self, index: QModelIndex) -> None:
        place = self._place(index)
        if place is not None:
            self._open.pop(place, None)

    @Slot()
    def _open_again(self) -> None:
        """A tree that was made anew has everything closed."""
        for experiment, run in list(self._open):
            row = self._row(experiment, run)
            found = self._model.find_experiment(experiment) if row is None else self._model.index_of_run(row)
            if found.isValid() and (row is not None or run is None):
                self._tree.expand(found)

    @Slot(QModelIndex, int, int)
    def _on_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        """An experiment that has another name is a row of its own, and so is a run that is nested elsewhere now."""
        for row in range(first, last + 1):
            index = self._model.index(row, 0, parent)
            if self._place(index) in self._open and not self._tree.isExpanded(index):
                self._tree.expand(index)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._open and (changes.runs or changes.moved or changes.removed):
            self._refresh.ask()


def _read(store: Store, asked: Sequence[Branch]) -> dict[Branch, BranchLines]:
    with store.reading() as connection:
        return read_branches(connection, asked)
