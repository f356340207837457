"""The tree of a run's files on the page of artifacts, and the line that filters it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QVBoxLayout, QWidget

from runfolio.core.entities import Artifact
from runfolio.gui.artifacts.model import PATH_ROLE, ArtifactModel
from runfolio.gui.artifacts.tree import Column, FileTree, Order, file_beside, files_in
from runfolio.gui.artifacts.tree_view import FileTreeView
from runfolio.gui.icons import icon

# So many files are shown with their folders open; as many as these, where they are what is searched for.
FEW_FILES, FEW_FOUND = 30, 200
#: The column of kinds has room for this.
WIDEST_KIND = "SAFETENSORS"


class FilesView(QWidget):
    """Shows a tree that a worker has made.

    Attributes:
        filter: what the paths must hold.
        tree, model: what is shown.

    Signals:
        chosen_changed(): another file or folder is the current one.
        arranging(): another filter or order is wanted, of which a tree is to be made.
        menu_asked(QPoint): the context menu is wanted there, in the screen's coordinates.
        dropped(list, str): files from elsewhere were dropped, by their paths, on a folder of the run.
    """

    chosen_changed = Signal()
    arranging = Signal()
    menu_asked = Signal(QPoint)
    dropped = Signal(list, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # What the user chose last: in a run that lacks it, something else is shown, but it is not forgotten.
        self._wanted = ""
        self._silent = False
        self._open: set[str] = set()
        self._fresh = True
        self.setAcceptDrops(True)
        self.filter = QLineEdit(placeholderText="Filter files")
        self.model = ArtifactModel(self, len(Column))
        self.tree = FileTreeView(self)
        self._set_up_tree()
        self._place()
        self.filter.textChanged.connect(self._on_arranging)
        self.filter.returnPressed.connect(self.tree.setFocus)
        self.tree.header().sortIndicatorChanged.connect(self._on_arranging)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        # A new tree has all folders closed, of which nothing is told.
        self.tree.expanded.connect(lambda index: self._open.add(str(index.data(PATH_ROLE))))
        self.tree.collapsed.connect(lambda index: self._open.discard(str(index.data(PATH_ROLE))))
        self.tree.customContextMenuRequested.connect(self._on_menu)

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setModel(self.model)
        tree.setAccessibleName("Files of the run")
        tree.setIndentation(14)
        tree.setUniformRowHeights(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.setSortingEnabled(True)
        tree.setDragEnabled(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        header, letter = tree.header(), self.fontMetrics().averageCharWidth()
        header.setSortIndicator(Column.NAME, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(letter * 4)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        kind = self.fontMetrics().horizontalAdvance(WIDEST_KIND) + 3 * letter
        for column, width in ((Column.SIZE, letter * 10), (Column.KIND, kind), (Column.TIME, letter * 14)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)

    def _place(self) -> None:
        self.filter.setAccessibleName("Filter files")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        QWidget.setTabOrder(self.filter, self.tree)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little room, names come first."""
        super().resizeEvent(event)
        letters = self.tree.width() // max(self.fontMetrics().averageCharWidth(), 1)
        for column, least in ((Column.SIZE, 34), (Column.KIND, 60), (Column.TIME, 80)):
            self.tree.setColumnHidden(column, letters < least)

    def order(self) -> Order:
        """What the tree is to be ordered by."""
        header = self.tree.header()
        return Order(Column(header.sortIndicatorSection()), header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder)

    def show_tree(self, tree: FileTree, *, other_run: bool, whole: bool = True) -> None:
        """Show a tree; folders stay open and what is selected stays so, of another run where it has them.

        While it is not whole, nothing is opened and chosen by itself.
        """
        scrolled = 0 if other_run else self.tree.verticalScrollBar().value()
        selected = set() if other_run else set(self.selected_paths())
        before = self.model.tree
        self._silent = True
        self.model.set_tree(tree)
        if whole and self.model.tree is not before:
            self._open_folders()
        if whole or (self._wanted and tree.find(self._wanted) is not None):
            self._choose(selected)
        self._silent = False
        if not other_run:
            self.tree.verticalScrollBar().setValue(scrolled)
        self.chosen_changed.emit()

    def choose(self, path: str) -> None:
        """Go to a file or folder, now or as soon as it is there."""
        self._wanted = path
        index = self.model.index_of(path)
        if index.isValid():
            self._go_to(index)

    def _go_to(self, index: QModelIndex) -> None:
        """Make something current and select it alone, whatever keys are held: Qt's own way heeds Ctrl and Shift."""
        flags = QItemSelectionModel.SelectionFlag
        self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def chosen(self) -> str:
        """The path of the current file or folder; empty for none."""
        return str(self.tree.currentIndex().data(PATH_ROLE) or "")

    def selected_paths(self) -> list[str]:
        """The paths of what is selected, from the top."""
        return [str(index.data(PATH_ROLE)) for index in self.tree.selectionModel().selectedRows()]

    def selected(self) -> list[Artifact]:
        """The files that are selected, with all that are in selected folders, each once."""
        nodes = [self.model.node(index) for index in self.tree.selectionModel().selectedRows()]
        return list({file.path: file for node in nodes for file in files_in(node)}.values())

    def step(self, step: int) -> None:
        """Go to the next file (1) or the one before (-1), into folders and out of them."""
        node = self.model.tree.find(self.chosen()) or self.model.tree.root
        if node is self.model.tree.root:
            first = next(iter(node.children), None)
            found = first if first is None or first.file is not None else file_beside(first, step)
        else:
            found = file_beside(node, step)
        if found is not None:
            self._go_to(self.model.index_of(found.path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files from elsewhere; those of this tree are in the run already."""
        if event.source() is not self.tree and dropped_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Wherever they are dropped, they are copied."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Into the folder that they are dropped on, or that the file there is in."""
        place = self.tree.viewport().mapFrom(self, event.position().toPoint())
        node = self.model.node(self.tree.indexAt(place))
        folder = node if node.file is None or node.parent is None else node.parent
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(dropped_paths(event.mimeData()), folder.path)

    def _open_folders(self) -> None:
        tree = self.model.tree
        few = len(tree.files) <= (FEW_FOUND if self.filter.text().strip() else FEW_FILES)
        if few and (self._fresh or self.filter.text().strip()):
            self.tree.expandAll()
            self._open |= tree.folders.keys()
        else:
            for path in sorted(self._open & tree.folders.keys()):
                self.tree.expand(self.model.index_of(path))
        self._fresh = self._fresh and not tree.files

    def _choose(self, selected: Iterable[str]) -> None:
        """What was chosen, else the first picture: it says most at a glance."""
        tree = self.model.tree
        path = self._wanted if tree.find(self._wanted) and self._wanted else tree.telling
        index = self.model.index_of(path)
        if not index.isValid():
            return
        if index != self.tree.currentIndex().siblingAtColumn(Column.NAME):
            self._go_to(index)
        for other in selected:
            also = self.model.index_of(other)
            if also.isValid():
                flags = QItemSelectionModel.SelectionFlag
                self.tree.selectionModel().select(also, flags.Select | flags.Rows)

    @Slot(QModelIndex)
    def _on_current(self, _index: QModelIndex) -> None:
        if not self._silent:
            self._wanted = self.chosen()
            self.chosen_changed.emit()

    @Slot()
    def _on_arranging(self) -> None:
        self.arranging.emit()

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        self.menu_asked.emit(self.tree.viewport().mapToGlobal(place))


def dropped_paths(data: QMimeData) -> list[str]:
    """The files and folders on this machine that are dragged."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
