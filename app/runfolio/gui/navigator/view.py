"""The navigator: a filter box over the tree of experiments; choosing some lists their runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QVBoxLayout, QWidget

from runfolio.core.entities import Experiment
from runfolio.gui.chrome.labels import section_label
from runfolio.gui.icons import icon
from runfolio.gui.navigator.delegate import ExperimentDelegate
from runfolio.gui.navigator.model import ExperimentTreeModel
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.navigator.tree import experiments_below
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Selection, Session
from runfolio.store.experiments import list_experiments
from runfolio.store.operations import rename_experiment

# Counts that move faster, in milliseconds, cannot be read.
PACE = 250


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
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.experiments: list[Experiment] = []
        self.model = ExperimentTreeModel(self)
        self._session = session
        self._closed: set[str] = set()
        self._marking = False
        self._filter = QLineEdit(self)
        self._tree = RowTree(session.theme, self)
        self._build()
        self._refresh: Refresh[list[Experiment]] = Refresh(
            session, self._job, self._on_read, "The experiments could not be read.", self, PACE
        )
        session.changed.connect(self._refresh.ask)
        session.selection_changed.connect(self._on_selection)
        if not session.store.read_only:
            self.model.rename = self._rename
        self.read()

    def read(self) -> None:
        """Read the experiments anew."""
        self._refresh.ask_now()

    def add_section(self, section: QWidget) -> None:
        """Put something else that one can go to below the experiments."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(section)

    def rename_current(self) -> None:
        """Edit the name of the experiment that the keyboard is on, in place."""
        index = self._tree.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._tree.edit(index)

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
        self._tree.expanded.connect(lambda index: self._remember(index, closed=False))
        self._tree.collapsed.connect(lambda index: self._remember(index, closed=True))
        self._tree.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._filter)
        title = section_label("Experiments")
        title.setContentsMargins(8, 6, 0, 0)
        layout.addWidget(title)
        layout.addWidget(self._tree, 1)
        self.setFocusProxy(self._tree)

    def _job(self) -> Callable[[], list[Experiment]]:
        return partial(list_experiments, self._session.store)

    @Slot()
    def _show(self) -> None:
        """Put the experiments into the tree, keeping what is chosen and, unless something is looked for, closed."""
        text = self._filter.text()
        if self.model.set_experiments(self.experiments, text):
            self._tree.expandAll()
            if not text:
                for path in tuple(self._closed):
                    self._tree.collapse(self.model.find(path))
            self._mark(self._session.selection.experiments)

    def _remember(self, index: QModelIndex, closed: bool) -> None:
        """The user has opened or closed a folder."""
        if not self._filter.text():
            path = self.model.node(index).path
            self._closed.add(path) if closed else self._closed.discard(path)

    def _mark(self, experiments: Sequence[int]) -> None:
        """Show these as chosen, without choosing them again."""
        found = [index for index in map(self.model.find_experiment, experiments) if index.isValid()]
        marked = QItemSelection()
        for index in found:
            marked.select(index, index)
        self._marking = True
        choice, flags = self._tree.selectionModel(), QItemSelectionModel.SelectionFlag
        if found:
            choice.setCurrentIndex(found[0], flags.NoUpdate)
        choice.select(marked, flags.ClearAndSelect)
        self._marking = False

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
        if nodes and not self._marking:
            self._session.select_experiments(experiments_below(nodes))

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        chosen = [self.model.node(index) for index in self._tree.selectionModel().selectedIndexes()]
        if set(experiments_below(chosen)) != set(selection.experiments):
            self._mark(selection.experiments)
