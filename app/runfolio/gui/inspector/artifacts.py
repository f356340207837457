"""The files of a run: a tree, and below it what the chosen file looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QSizePolicy, QTreeView, QVBoxLayout, QWidget

from runfolio.core.entities import Artifact
from runfolio.core.picture_series import is_picture
from runfolio.gui.artifacts.model import NAME, PATH_ROLE, SIZE, ArtifactModel
from runfolio.gui.inspector.highlight import CODE_ROLES
from runfolio.gui.inspector.preview import Preview, read_preview
from runfolio.gui.inspector.preview_pane import PreviewPane
from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.previews.records import Question
from runfolio.store.artifacts import artifact_file

T = TypeVar("T")
MOST_ROWS = 12
# So many files are shown with their folders open.
FEW_FILES = 30


class ArtifactTree(QTreeView):
    """As high as its open rows, up to `MOST_ROWS`; more scroll."""

    def __init__(self, model: ArtifactModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName("Artifacts")
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(10)
        self.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        # Sizes have a few letters at most; Qt would ask for the texts of a thousand rows to find that out.
        self.header().setSectionResizeMode(SIZE, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(SIZE, self.fontMetrics().horizontalAdvance("9999.9 kB"))
        self.expanded.connect(self.fit)
        self.collapsed.connect(self.fit)

    @Slot()
    def fit(self) -> None:
        """Take the height that the rows need."""
        index, rows = self.model().index(0, NAME), 0
        row = self.sizeHintForRow(0) if index.isValid() else 0
        while index.isValid() and rows < MOST_ROWS:
            rows, index = rows + 1, self.indexBelow(index)
        self.setFixedHeight(rows * row + 2 * self.frameWidth() + 2)


class ArtifactsView(QWidget):
    """Tree and preview of one run's files."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run: int | None = None
        self._files: tuple[Artifact, ...] = ()
        self._open_before: Iterable[str] = ()
        self._shown: tuple[int, Artifact] | None = None
        self.model = ArtifactModel(self)
        self.tree = ArtifactTree(self.model, self)
        self.pane = PreviewPane(session.theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.tree)
        layout.addWidget(self.pane)
        layout.addStretch()
        self.model.modelAboutToBeReset.connect(self._remember_open)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.activated.connect(self._on_activated)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        session.theme.theme_changed.connect(self._on_theme)

    def show_files(self, run: int, files: tuple[Artifact, ...]) -> None:
        """Show a run's files; folders stay open and the chosen file stays chosen where the run has it."""
        if run == self._run and files == self._files:
            return
        chosen, fresh = self.chosen(), not self._files
        scrolled = self.tree.verticalScrollBar().value() if run == self._run else 0
        self._run, self._files = run, files
        self.model.set_files(files)
        self._open(self._open_before if not fresh else self.model.folders() if len(files) <= FEW_FILES else ())
        self._open_before = ()
        self._choose(chosen, files)
        self.tree.fit()
        self.tree.verticalScrollBar().setValue(scrolled)
        self._read()

    def chosen(self) -> str:
        """The path of the chosen file or folder; empty for none."""
        return str(self.tree.currentIndex().data(PATH_ROLE) or "")

    @Slot()
    def _remember_open(self) -> None:
        """A new tree has all folders closed."""
        self._open_before = [path for path in self.model.folders() if self.tree.isExpanded(self.model.index_of(path))]

    def _open(self, folders: Iterable[str]) -> None:
        self.tree.expanded.disconnect(self.tree.fit)
        for path in folders:
            index = self.model.index_of(path)
            if index.isValid():
                self.tree.expand(index)
        self.tree.expanded.connect(self.tree.fit)

    def _choose(self, chosen: str, files: tuple[Artifact, ...]) -> None:
        """What was chosen, else the first picture: it says most at a glance."""
        index = self.model.index_of(chosen) if chosen else QModelIndex()
        if not index.isValid():
            picture = next((file.path for file in files if is_picture(file.path)), "")
            index = self.model.index_of(picture) if picture else QModelIndex()
        if index.isValid() and index != self.tree.currentIndex().siblingAtColumn(NAME):
            self.tree.setCurrentIndex(index)

    def _read(self, *, again: bool = False) -> None:
        """Read the chosen file if it is not what is shown already."""
        path = self.chosen()
        file = self.model.file(path)
        wanted = (self._run, file) if self._run is not None and file is not None else None
        if wanted is None:
            self._shown = None
            self.pane.clear()
        elif wanted != self._shown or again:
            self._shown = wanted
            colors = {role: self._session.theme.color(role).name() for role in CODE_ROLES}
            work = partial(self._preview, wanted[0], path, colors)
            done, failed = partial(self._on_read, wanted), partial(self._on_failed, wanted, path)
            channel, title = f"preview.{id(self)}", f"Reading {path}"
            self._session.jobs.read_long(work, done, channel=channel, failed=failed, title=title)

    def _preview(self, run: int, path: str, colors: Mapping[str, str], job: Job) -> Preview:
        """On a worker: pictures are read in the process apart, until nobody waits any more."""

        def ask(question: Question[T], /) -> T:
            return self._session.previews.ask(question, lambda: job.cancelled)

        return read_preview(self._session.store, run, path, colors, ask)

    def _on_read(self, asked: tuple[int, Artifact], preview: Preview) -> None:
        if asked == self._shown:
            self.pane.show_preview(preview)

    def _on_failed(self, asked: tuple[int, Artifact], path: str, error: Exception) -> None:
        """In place of the preview, where it was looked for."""
        self._on_read(asked, Preview(path, note=str(error)))

    @Slot()
    def _on_current(self) -> None:
        self._read()

    @Slot()
    def _on_theme(self) -> None:
        self._read(again=True)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        """Open a file in the viewer."""
        path = str(index.data(PATH_ROLE))
        if self.model.file(path) is not None:
            self._session.file_wanted.emit(path)

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        path = str(self.tree.indexAt(place).data(PATH_ROLE) or "")
        if self._run is None or self.model.file(path) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open in the Viewer", partial(self._session.file_wanted.emit, path))
        work = partial(artifact_file, self._session.store, self._run, path)
        menu.addAction("Open With the System's Program", partial(self._session.jobs.read, work, _open_outside))
        menu.popup(self.tree.viewport().mapToGlobal(place))


def _open_outside(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
