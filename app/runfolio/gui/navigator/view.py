"""The navigator: a filter box over the tree of experiments; choosing some lists their runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from runfolio.core.entities import Changes, Experiment
from runfolio.gui.chrome.labels import section_label
from runfolio.gui.icons import icon
from runfolio.gui.navigator.delegate import ExperimentDelegate
from runfolio.gui.navigator.model import ExperimentTreeModel
from runfolio.gui.navigator.tree import experiments_below
from runfolio.gui.session import Selection, Session
from runfolio.store.experiments import list_experiments
from runfolio.store.operations import rename_experiment


class Navigator(QWidget):
    """The left zone.

    Attributes:
        model: the tree.
        experiments: all experiments, as last read.

    Signals:
        shown(list[Experiment]): they were read anew.
    """

    shown = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigator")
        self.experiments: list[Experiment] = []
        self.model = ExperimentTreeModel(self)
        self._session = session
        self._filter = QLineEdit(self)
        self._tree = QTreeView(self)
        self._build()
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)
        session.theme.theme_changed.connect(self._tree.viewport().update)
        if not session.store.read_only:
            self.model.rename = self._rename
        self.read()

    def read(self) -> None:
        """Read the experiments anew."""
        self._session.jobs.read(
            partial(list_experiments, self._session.store), self._on_read, channel="navigator", title="Experiments"
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._tree.setFocus()

    def _build(self) -> None:
        self._filter.setPlaceholderText("Filter tree")
        self._filter.setAccessibleName("Filter experiments")
        self._filter.setClearButtonEnabled(True)
        self._filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._filter.textChanged.connect(self._show)
        self._tree.setModel(self.model)
        self._tree.setItemDelegate(ExperimentDelegate(self._session.theme, self._tree))
        self._tree.setHeaderHidden(True)
        self._tree.setAccessibleName("Experiments")
        self._tree.setIndentation(16)
        self._tree.setUniformRowHeights(True)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self._tree.selectionModel().selectionChanged.connect(self._on_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._filter)
        layout.addSpacing(4)
        layout.addWidget(section_label("Experiments"))
        layout.addWidget(self._tree, 1)

    def _show(self) -> None:
        """Put the experiments into the tree, keeping what is open and chosen."""
        closed = {self.model.node(i).path for i in self._indexes() if not self._tree.isExpanded(i)}
        if self.model.set_experiments(self.experiments, self._filter.text()):
            for index in self._indexes():
                self._tree.setExpanded(index, self.model.node(index).path not in closed)
            self._mark(self._session.selection.experiments)

    def _indexes(self) -> list[QModelIndex]:
        root = self.model.node(self._tree.rootIndex())
        return [self.model.index_of(node) for node in root.walk() if node.children and node.parent is not None]

    def _mark(self, experiments: Sequence[int]) -> None:
        """Show these as chosen, without choosing them again."""
        choice = self._tree.selectionModel()
        choice.blockSignals(True)
        choice.clear()
        for experiment in experiments:
            index = self.model.find_experiment(experiment)
            if index.isValid():
                choice.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)
        choice.blockSignals(False)
        self._tree.viewport().update()

    def _rename(self, experiment: int, name: str) -> None:
        self._session.run(lambda store: rename_experiment(store, experiment, name))

    def _on_read(self, experiments: list[Experiment]) -> None:
        first = not self.experiments
        self.experiments = experiments
        self._show()
        self.shown.emit(experiments)
        if first and experiments and not self._session.selection.experiments:
            latest = max(experiments, key=lambda e: (e.running, e.last_update_time, e.id))
            self._session.select_experiments([latest.id])

    @Slot()
    def _on_chosen(self) -> None:
        nodes = [self.model.node(index) for index in self._tree.selectionModel().selectedIndexes()]
        if nodes:
            self._session.select_experiments(experiments_below(nodes))

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        chosen = [self.model.node(index) for index in self._tree.selectionModel().selectedIndexes()]
        if tuple(experiments_below(chosen)) != selection.experiments:
            self._mark(selection.experiments)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        self.read()


