"""The page of artifacts: the files of the run that is looked at, and beside them the viewer of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.collecting import without_collections
from runfolio.core.entities import Artifact, Changes
from runfolio.core.errors import NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.numbers import counted, size
from runfolio.gui.artifacts.beside import SideBySide
from runfolio.gui.artifacts.commands import OF_FILES, FileCommands
from runfolio.gui.artifacts.files_view import FilesView
from runfolio.gui.artifacts.tree import FileTree, Order, matching
from runfolio.gui.chrome.labels import heading, muted
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.icons import icon
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.cells import one_line
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.viewer import ViewedFile, look_at
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.runs import get_run

PACE = 300
#: The viewer has room for so many letters at least.
VIEWER_LETTERS = 66
#: Of very many files, so many are shown before the rest, which is read when they have had so many milliseconds to be
#: painted: reading would take Python's lock away from that again and again.
FIRST, PAINTED = 1_000, 60
MODEL_FILE = "MLmodel"
NO_RUN = "Select a run to see the files that were logged with it."
NO_FILES = "Files of any kind can be logged with a run; they appear here while it goes on."
SNIPPET = 'import runfolio\nwith runfolio.start_run():\n    runfolio.log_artifact("picture.png")'
NONE, EMPTY, FILES = range(3)


@dataclass(frozen=True, eq=False)
class Listing:
    """The files of a run, as they were read.

    Attributes:
        run: the store's number of it.
        name: what it is called; None if it is gone.
        files: all of them.
        size: their bytes.
        tree: those that are searched for.
        folder: where they are on the disk.
        whole: whether these are all files; of very many the first ones come before the rest.
    """

    run: int
    name: str | None
    files: tuple[Artifact, ...]
    size: int
    tree: FileTree
    folder: Path | None = None
    whole: bool = True


class ArtifactsPage(QWidget):
    """Follows the selection and the store.

    Attributes:
        files: the tree.
        stage: the viewer.
        beside: the file beside that of other runs.
        commands: what is done with the selected files.
        run: the run whose files are shown; None for none.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.run: int | None = None
        self._known: Listing | None = None
        self._stale = True
        self._looked_at: tuple[int, Artifact] | None = None
        self.files, self.stage = FilesView(), Stage(session)
        self.beside = SideBySide(session, self)
        self.beside.hide()
        self.commands = FileCommands(self)
        self._title, self._summary = heading("Artifacts"), muted()
        self._stack = QStackedLayout()
        self._place()
        self._add_buttons()
        complaint = "The files of the run could not be read."
        self._refresh: Refresh[Listing] = Refresh(session, self._job, self._on_read, complaint, self, PACE)
        self.files.arranging.connect(self._refresh.ask_now)
        self.files.chosen_changed.connect(self._on_chosen)
        self.files.tree.removing.connect(self.commands.remove)
        self.files.tree.copying.connect(self.commands.copy_path)
        self.files.dropped.connect(self.commands.add)
        self.files.menu_asked.connect(self._show_menu)
        self.files.tree.activated.connect(self._on_activated)
        session.selection_changed.connect(self._on_selection)
        session.changed.connect(self._on_changed)
        self._on_selection(session.selection)

    def _place(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(self._title)
        title.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBottom)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        beside = QWidget()
        inner = QVBoxLayout(beside)
        inner.setContentsMargins(12, 0, 0, 0)
        inner.addWidget(self.stage)
        # Of its own, whatever a viewer would like: the files keep their room while one goes from one to the next.
        beside.setMinimumWidth(self.fontMetrics().averageCharWidth() * VIEWER_LETTERS)
        splitter.addWidget(self.files)
        splitter.addWidget(beside)
        self.files.setMinimumWidth(self.fontMetrics().averageCharWidth() * 28)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setSizes([2000, 3000])
        for widget in (
            Notice("No run is selected", NO_RUN),
            Notice("This run has no files", NO_FILES, SNIPPET),
            splitter,
        ):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 8)
        layout.setSpacing(10)
        layout.addLayout(title)
        layout.addLayout(self._stack, 1)
        self.setFocusProxy(self.files)

    def _add_buttons(self) -> None:
        for one in OF_FILES:
            if one.button:
                self.stage.tools.addWidget(_button(one.title, one.symbol, getattr(self.commands, one.name)))
        self.beside_button = QPushButton("Side by Side")
        self.beside_button.setCheckable(True)
        self.beside_button.setToolTip("Beside the same file of the other selected runs")
        self.beside_button.toggled.connect(self._on_beside)
        self.more = _button("More", "more", self._show_more)
        self.stage.tools.addWidget(self.beside_button)
        self.stage.tools.addWidget(self.more)

    def choose(self, path: str) -> None:
        """Show a file of the run, now or as soon as the run's files are there."""
        self.files.choose(path)

    def menu(self) -> QMenu:
        """What can be done with the selected files."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in OF_FILES:
            text = f"{one.title}\t{one.key}" if one.key else one.title
            item = menu.addAction(icon(one.symbol, "muted"), text, getattr(self.commands, one.name))
            item.setEnabled(bool(self.files.chosen()))
        return menu

    def shown(self) -> ViewedFile | None:
        """The file that is looked at."""
        return self.stage.file

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows that a viewer has no use for go from file to file."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.files.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self.menu().popup(place)

    @Slot()
    def _show_more(self) -> None:
        self._show_menu(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    @Slot(QModelIndex)
    def _on_activated(self, _index: QModelIndex) -> None:
        """Enter gives the keyboard to the viewer."""
        if self.stage.viewer is not None:
            self.stage.viewer.setFocus()

    @Slot()
    def _on_beside(self) -> None:
        self.stage.set_cover(self.beside if self.beside_button.isChecked() else None)
        self._show_beside()

    def _show_beside(self) -> None:
        """Several runs are selected, and the user wants to see the file of all of them."""
        self.beside_button.setEnabled(self.beside_button.isChecked() or len(self.session.selection.ids) > 1)
        if not self.isVisible():  # what is selected elsewhere meanwhile is read when somebody looks
            return
        if self._looked_at is not None and self.beside_button.isChecked():
            run, file = self._looked_at
            self.beside.show_path(run, file.path)
        else:
            self.beside.leave()

    # Reading

    def _job(self) -> Callable[[], Listing] | None:
        if self.run is None:
            return None
        there = self._known if self._known is not None and self._known.run == self.run else None
        known = None if self._stale else there
        self._stale = False
        text, order, most = self.files.filter.text(), self.files.order(), FIRST if there is None else None
        return partial(read_listing, self.session.store, self.run, known, text, order, most)

    def _on_read(self, listing: Listing) -> None:
        if listing.run != self.run:
            return
        other = self._known is None or self._known.run != listing.run
        self._known = listing
        if not listing.whole:
            self._stale = True
            self._refresh.ask_after(PAINTED)
        total = size(listing.size)
        told = counted(len(listing.files), "file")
        if len(listing.tree.files) != len(listing.files):
            told = f"{len(listing.tree.files):,} of {told}"
        if not listing.whole:
            told, total = f"the first {told}", "the others are being read…"
        self._summary.setText(" · ".join((one_line(listing.name or ""), told, total)))
        self.files.model.folder = listing.folder
        self.files.show_tree(listing.tree, other_run=other, whole=listing.whole)
        self._stack.setCurrentIndex(FILES if listing.files else EMPTY)

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        self._show_beside()
        if selection.current == self.run and self._known is not None:
            return
        self.run, self._stale = selection.current, True
        if self.run is None:
            self._summary.setText("")
            self._stack.setCurrentIndex(NONE)
            self._known = None
            self._show(None)
        elif self.isVisible():
            self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self.run in changes.runs or changes.removed:
            self._stale = True
            if self.isVisible():
                self._refresh.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        self.session.jobs.read(self.session.previews.warm, lambda _done: None)
        self._show_beside()
        if self._stale and self.run is not None:
            self._refresh.ask_now()

    # The chosen file

    @Slot()
    def _on_chosen(self) -> None:
        chosen = self.files.chosen()
        file = self.files.model.file(chosen)
        self._show(file or self.files.model.file(f"{chosen}/{MODEL_FILE}"))

    def _show(self, file: Artifact | None) -> None:
        """Look at a file; one that is shown already stays, unless it has changed."""
        wanted = (self.run, file) if self.run is not None and file is not None else None
        if wanted is None:
            self._looked_at = None
            self.stage.clear("" if not self.files.chosen() else "A folder", "Choose a file in it to see what it holds.")
        elif wanted != self._looked_at:
            self._looked_at = wanted
            self._show_beside()
            work = partial(look_at, self.session.store, *wanted)
            done, failed = partial(self._on_looked, wanted), partial(self._on_not_looked, wanted)
            self.session.jobs.read(work, done, channel=f"artifacts.{id(self)}", failed=failed)

    def _on_looked(self, wanted: tuple[int, Artifact], file: ViewedFile) -> None:
        if wanted == self._looked_at:
            self.stage.show_file(file)

    def _on_not_looked(self, wanted: tuple[int, Artifact], error: Exception) -> None:
        """In place of the viewer, where it was looked for."""
        if wanted == self._looked_at:
            self.stage.refuse(wanted[1].path, error)


def read_listing(
    store: Store, run: int, known: Listing | None, text: str, order: Order, most: int | None = None
) -> Listing:
    """The files of a run whose paths hold a text, in an order; for workers.

    `known` is what need not be read again; of more than `most` files, these are the first ones.
    """
    whole = True
    if known is not None:
        name, files, folder = known.name, known.files, known.folder
    else:
        try:
            found = get_run(store, run)
            listed = list_artifacts(store, run, most=None if most is None else most + 1)
            whole = most is None or len(listed) <= most
            name, files, folder = found.name, tuple(listed[:most]), store.path / ARTIFACTS / found.run_id
        except NotFound:
            name, files, folder = None, (), None
    with without_collections():
        tree = FileTree(matching(files, text), order)
    return Listing(run, name, files, sum(file.size for file in files), tree, folder, whole)


def _button(title: str, symbol: str, slot: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(icon(symbol, "muted"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(title)
    button.setAccessibleName(title)
    button.clicked.connect(slot)
    return button
