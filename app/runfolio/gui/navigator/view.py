"""The navigator: a filter box over the tree of experiments; choosing some lists their runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from runfolio.core.entities import Changes, Experiment
from runfolio.gui.chrome.labels import section_label
from runfolio.gui.dragging import Load
from runfolio.gui.icons import icon
from runfolio.gui.middle import RUNS, TRASH
from runfolio.gui.navigator import commands, moves
from runfolio.gui.navigator.branches import Branches
from runfolio.gui.navigator.delegate import ExperimentDelegate
from runfolio.gui.navigator.experiment_tree import ExperimentTree
from runfolio.gui.navigator.heirs import Heirs
from runfolio.gui.navigator.moves import Move
from runfolio.gui.navigator.openness import Openness
from runfolio.gui.navigator.run_model import RunTreeModel
from runfolio.gui.navigator.tree import Node, experiments_below
from runfolio.gui.refresh import Refresh
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session
from runfolio.gui.trash.entry import TrashEntry
from runfolio.store import Store
from runfolio.store.listing import Listing, experiments_since

# Counts that move faster, in milliseconds, cannot be read.
PACE = 250
# Nobody looks through more than these.
MOST_OPENED = 1_000
# Of experiments that were chosen elsewhere, as many are marked.
MOST_MARKED = 500


class Navigator(QWidget):
    """The left zone.

    Attributes:
        session: what all parts share.
        model, tree: the experiments and their runs, and the view of them.
        branches: reads the runs of those that are open.
        experiments: all experiments in the order of the tree, as last read.
        heirs: what is chosen when experiments go, and when they come back.
        openness: which folders are open, and which there are though nothing is in them.
        trash: the way into the trash.

    Signals:
        shown(list[Experiment]): they were read anew.
        chosen_changed(): other rows are selected.
        used(): the user has pointed at a row, be it one that is chosen already.
        table_asked(): the user wants to see the runs that the tree leaves out.
        menu_asked(QPoint): the user wants the context menu of the chosen rows, at this place of the screen.
    """

    shown = Signal(object)
    chosen_changed = Signal()
    used = Signal()
    table_asked = Signal()
    menu_asked = Signal(object)

    def __init__(self, session: Session, kept: QSettings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigator")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.experiments: list[Experiment] = []
        self.openness = Openness(session.store.path, kept)
        self.heirs = Heirs()
        self.model = RunTreeModel(self)
        self.filter = QLineEdit(self)
        self.tree = ExperimentTree(session, self.model, self._meaning, self)
        self.branches = Branches(session, self.model, self.tree)
        self._delegate = ExperimentDelegate(session.theme, self.tree)
        self.trash = TrashEntry(session, self)
        self._rows = QVBoxLayout(self)
        self._revision = -1
        self._marking = self._reading = False
        self._page = RUNS
        self._expected = ""
        self._paths: tuple[str, ...] = ()
        self._place()
        self._connect()
        self.model.set_folders(self.openness.folders)
        job, complaint = lambda: partial(_read, session.store, self._revision), "The experiments could not be read."
        self._refresh: Refresh[Listing] = Refresh(session, job, self._on_read, complaint, self, PACE)
        session.changed.connect(self._on_changed)
        self.read()

    def read(self) -> None:
        """Read what is new of the experiments."""
        self._refresh.ask_now()

    def add_section(self, section: QWidget) -> None:
        """Put something else that one can go to below the experiments."""
        self._rows.insertWidget(self._rows.count() - 1, section)

    def chosen(self) -> list[Node]:
        """The folders and experiments that are selected, from the top."""
        return self.tree.chosen()

    def is_taken(self, name: str) -> bool:
        """Whether there is an experiment of that name."""
        return any(one.name == name for one in self.experiments)

    def rename_current(self) -> None:
        """Edit the name of what the keyboard is on, in place."""
        index = self.tree.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.tree.edit(index)

    def edit_name(self, path: str, text: str) -> None:
        """Go on editing a name, of which this was typed."""
        index = self.model.find(path)
        if index.isValid():
            self._delegate.typed = text
            self.tree.setCurrentIndex(index)
            self.tree.edit(index)

    def expect(self, name: str) -> None:
        """Choose the experiment of that name as soon as it is there."""
        self._expected = name

    def set_folders(self, folders: tuple[str, ...]) -> None:
        """Have these empty folders."""
        self.openness.set_folders(folders)
        self.model.set_folders(folders)

    def set_page(self, page: str) -> None:
        """Another page is shown in the middle: only with the runs are experiments what is looked at."""
        self._page = page
        self.trash.setChecked(page == TRASH)
        with self._by_itself():
            self.tree.clearSelection()
        if page == RUNS:
            self._mark(self.session.selection.experiments)
        self.chosen_changed.emit()

    def reveal(self, path: str) -> None:
        """Go to a row, wherever it is."""
        self.filter.clear()
        index = self.model.find(path)
        if index.isValid():
            self.tree.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.tree.scrollTo(index)
            self.tree.setFocus()

    def _place(self) -> None:
        self.filter.setPlaceholderText("Filter tree")
        self.filter.setAccessibleName("Filter experiments")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.tree.setItemDelegate(self._delegate)
        self.tree.setAccessibleName("Experiments")
        self.tree.setIndentation(14)
        self.tree.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        self._rows.setContentsMargins(8, 12, 8, 8)
        self._rows.setSpacing(8)
        title = section_label("Experiments")
        title.setContentsMargins(8, 6, 0, 0)
        for widget in (self.filter, title, self.tree, self.trash):
            self._rows.addWidget(widget)
        self._rows.setStretchFactor(self.tree, 1)
        self.setFocusProxy(self.tree)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._on_filter)
        self.filter.returnPressed.connect(self.tree.setFocus)
        tree = self.tree
        tree.selectionModel().selectionChanged.connect(self._on_chosen)
        tree.expanded.connect(lambda index: self._remember(index, is_open=True))
        tree.collapsed.connect(lambda index: self._remember(index, is_open=False))
        for used in (tree.clicked, tree.activated):
            used.connect(self._on_used)
        self.branches.taken.connect(self._mark_again)
        tree.dropped.connect(lambda move: commands.carry_out(self, move))
        tree.menu_asked.connect(self.menu_asked)
        self.model.modelReset.connect(self._on_reset)
        self.model.rowsInserted.connect(self._on_inserted)
        self.session.selection_changed.connect(self._on_selection)
        if not self.session.store.read_only:
            self.model.rename = partial(commands.rename, self)

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        """What is opened, closed or selected meanwhile is not the user's doing."""
        before, self._marking = self._marking, True
        try:
            yield
        finally:
            self._marking = before

    # Reading

    @Slot(object)
    def _on_changed(self, _changes: Changes) -> None:
        self._refresh.ask()

    def _on_read(self, listing: Listing) -> None:
        first = not self.model.known
        self._revision = listing.revision
        with self._by_itself():  # where rows go, Qt chooses their neighbours
            self.model.follow(listing.changed, listing.present)
        self.experiments = self.model.in_order()
        self._forget_used_folders()
        self.shown.emit(self.experiments)
        self._reading = True
        self._choose(first)
        self._reading = False

    def _forget_used_folders(self) -> None:
        """A folder that the user has made lives on by what is in it."""
        folders = self.openness.folders
        empty = tuple(path for path in folders if not self.model.holds(path))
        if len(empty) < len(folders):
            self.set_folders(empty)

    def _choose(self, first: bool) -> None:
        """Of the first ones there are, where something goes on; later what was made, or what is left of the chosen."""
        known, chosen = self.model.known, self.session.selection.experiments
        made = next((one.id for one in self.experiments if one.name == self._expected), None)
        if made is not None:
            self._expected = ""
            self.session.select_experiments([made])
        elif first and known and not chosen:
            latest = max(known.values(), key=lambda e: (e.running, e.last_update_time, e.id))
            self.session.select_experiments([latest.id])
        elif chosen and not known.keys() >= set(chosen):
            index = self.tree.currentIndex()
            near = experiments_below([self.model.node(index)]) if index.isValid() else []
            self.session.select_experiments(self.heirs.instead(chosen, known, near or list(known)[:1]))
        elif before := self.heirs.back(chosen, known):
            self.session.select_experiments(before)

    # The tree

    @Slot(str)
    def _on_filter(self, text: str) -> None:
        self._delegate.words = text.lower().split()
        self.model.set_filter(text)

    @Slot()
    def _on_reset(self) -> None:
        """Open what is to be open, and mark what is chosen."""
        self._open(self.model.root.children)
        if self._page == RUNS:
            self._mark(self.session.selection.experiments)

    @Slot(QModelIndex, int, int)
    def _on_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        node = self.model.node(parent)
        new = node.children[first : last + 1] if self.model.row_at(parent) is None else []
        self._open([node, *new] if parent.isValid() and new else new)
        self._mark_again()

    @Slot()
    def _mark_again(self) -> None:
        """Show what is chosen, where rows that showed it are gone."""
        if self._page == RUNS and not self.tree.selectionModel().hasSelection():
            self._mark(self.session.selection.experiments)

    def _open(self, nodes: Sequence[Node]) -> None:
        """Open or close folders as they are to be; all of them while something is looked for and few have it."""
        rows, looked_for = len(self.model.known), bool(self.model.words) and self.model.seen <= MOST_OPENED
        with self._by_itself():
            for part in (part for node in nodes for part in node.folders()):
                is_open = looked_for or self.openness.is_open(part.path, rows)
                self.tree.setExpanded(self.model.index_of(part), is_open)

    def _remember(self, index: QModelIndex, is_open: bool) -> None:
        """The user has opened or closed a folder."""
        if not self._marking and not self.model.words and self.model.row_at(index) is None:
            self.openness.set_open(self.model.node(index).path, is_open)

    def _meaning(self, load: Load, target: Node, merge: bool) -> Move | None:
        """What dropping something on a row does."""
        if load.runs:
            return moves.runs_to(load.runs, target, self.session.selection.experiments)
        indexes = [self.model.find(path) for path in load.paths]
        nodes = [self.model.node(index) for index in indexes if index.isValid()]
        return moves.into_experiment(nodes, target) if merge else moves.to_folder(nodes, target.folder)

    # What is chosen

    @Slot()
    def _on_chosen(self) -> None:
        if self._marking:
            return
        self._paths = tuple(node.path for node in self.chosen())
        found = experiments_below(self.tree.meant())
        if found:
            self.session.select_experiments(found)
            runs = [row.run.id for row in self.tree.chosen_runs() if row.run is not None]
            if runs and not self._paths:
                self.session.select_runs(runs, runs[-1])
            self.used.emit()
        self.chosen_changed.emit()

    @Slot(QModelIndex)
    def _on_used(self, index: QModelIndex) -> None:
        row = self.model.row_at(index)
        (self.used if row is None or row.run is not None else self.table_asked).emit()

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        if self._page != RUNS:
            return
        runs = {row.key for row in self.tree.chosen_runs()}
        others = bool(runs) and 0 not in runs and not np.isin([*runs], selection.ids).any()
        if set(experiments_below(self.tree.meant())) != set(selection.experiments):
            self._mark(selection.experiments, reveal=not self._reading)
        elif others or self.branches.chosen_in_sight().isValid():
            self._mark(selection.experiments)

    def _mark(self, experiments: Sequence[int], *, reveal: bool = False) -> None:
        """Show these as chosen, without choosing them again: by the rows that the user chose, if these are they.

        With `reveal`, folders are opened so that the first of them is seen.
        """
        rows = [index for index in map(self.model.find, self._paths) if index.isValid()]
        if set(experiments_below(map(self.model.node, rows))) != set(experiments):
            found = map(self.model.find_experiment, experiments[:MOST_MARKED])
            rows = [index for index in found if index.isValid()]
        run = self.branches.chosen_in_sight()
        rows = [run] if run.isValid() else rows
        marked = QItemSelection()
        for index in rows:
            marked.select(index, index)
        choice, flags = self.tree.selectionModel(), QItemSelectionModel.SelectionFlag
        with self._by_itself():
            if rows:  # going to a row opens the folders that it is in
                choice.setCurrentIndex(rows[0] if reveal else self.tree.in_sight(rows[0]), flags.NoUpdate)
            choice.select(marked, flags.ClearAndSelect)
        self.chosen_changed.emit()


def _read(store: Store, revision: int) -> Listing:
    with store.reading() as connection:
        return experiments_since(connection, revision)
