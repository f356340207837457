"""JSON and YAML as a tree, opened node by node, with a search and the chosen value in full."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.errors import CannotShow
from runfolio.gui.chrome.labels import fixed_font, muted
from runfolio.gui.icons import icon
from runfolio.gui.session import Session
from runfolio.gui.viewers.aside import ask_aside
from runfolio.gui.viewers.node_model import PART, Item, NodeModel
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.tree.questions import AskBelow, AskNode, AskValue, FindNodes, FoundNodes, Node

Place = tuple[int, ...]
VALUE_LINES = 8


class TreeViewer(Viewer):
    """A document.

    Attributes:
        tree: its nodes.
        model: what is known of them.
        search: what is looked for in keys and values.
        value: the chosen node in full.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.model = NodeModel(session.theme, self)
        self.tree, self.value = QTreeView(), QPlainTextEdit()
        self.search = QLineEdit(placeholderText="Find in keys and values")
        self._found_label = muted()
        self._next, self._previous = QPushButton(), QPushButton()
        self._found: list[Place] = []
        self._at = -1
        self._over = True
        self._going: Place | None = None
        self._arrange()
        self.model.wanted.connect(self._on_wanted)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.search.returnPressed.connect(self.find_next)
        self.search.textChanged.connect(self._on_words)

    def _arrange(self) -> None:
        self.tree.setModel(self.model)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(False)
        self.tree.setFrameShape(QTreeView.Shape.NoFrame)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.tree.header().resizeSection(0, self.fontMetrics().averageCharWidth() * 36)
        self.value.setReadOnly(True)
        self.value.setTabChangesFocus(True)
        self.value.setFont(fixed_font(self.font()))
        self.value.setAccessibleName("The chosen value in full")
        self.search.setAccessibleName("Find in keys and values")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        for button, symbol, name, slot in (
            (self._previous, "chevron-up", "Previous place (Shift+F3)", self.find_previous),
            (self._next, "chevron-down", "Next place (F3)", self.find_next),
        ):
            button.setIcon(icon(symbol, "muted"))
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setProperty("narrow", "true")
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addWidget(self._found_label, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.value)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([1000, self.fontMetrics().lineSpacing() * VALUE_LINES])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(splitter, 1)
        self.setFocusProxy(self.tree)

    # What there is

    def show_file(self, file: ViewedFile) -> None:
        """Ask for the root."""
        self.model.begin(None)
        self.value.setPlainText("")
        self.tree.setAccessibleName(f"Tree of {file.name}")
        self._on_words()
        self.ask(AskNode(self._path), self._on_root, "root")

    @property
    def _path(self) -> str:
        assert self.file is not None
        return str(self.file.file)

    def _on_root(self, root: Node) -> None:
        self.model.begin(root)
        self.told.emit(root.text if root.count else root.kind)
        assert self.model.root is not None
        top = self.model.index_of(self.model.root)
        self.tree.setCurrentIndex(top)
        self.tree.expand(top)

    @Slot(object, int, int)
    def _on_wanted(self, item: Item, first: int, count: int) -> None:
        question = AskBelow(self._path, item.place, first, count)
        self.ask(question, partial(self._on_below, item), f"below {item.place}")

    def _on_below(self, item: Item, nodes: tuple[Node, ...]) -> None:
        self.model.put(item, nodes)
        if self._going is not None:
            self._go(self._going)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        item = self.model.item_at(current)
        if item is not None and self.file is not None:
            ask_aside(self, AskValue(self._path, item.place), self._on_value, "value")

    def _on_value(self, text: str | CannotShow) -> None:
        self.value.setPlainText(text.message if isinstance(text, CannotShow) else text)

    # Finding

    @Slot()
    def _on_words(self) -> None:
        self._found, self._at, self._over, self._going = [], -1, True, None
        self._found_label.setText("")

    @Slot()
    def find_next(self) -> None:
        """Go to the next node with the words; the first time they are looked for."""
        self._step(1)

    @Slot()
    def find_previous(self) -> None:
        """Go to the one before."""
        self._step(-1)

    def _step(self, way: int) -> None:
        if not self.search.text() or self.file is None:
            return
        if not self._found:
            if self._over:
                self._over = False
                self._found_label.setText("Looking…")
                self._look()
            return
        self._at = (self._at + way) % len(self._found)
        self._tell_found()
        self._go(self._found[self._at])

    def _look(self) -> None:
        words = self.search.text()
        ask_aside(self, FindNodes(self._path, words, len(self._found)), partial(self._on_found, words), "find")

    def _on_found(self, words: str, found: FoundNodes | CannotShow) -> None:
        if words != self.search.text():
            return
        if isinstance(found, CannotShow):
            self._over = True
            self._found_label.setText(found.message)
            return
        first = not self._found
        self._found += found.places
        self._over = found.over
        if not found.over:
            self._look()
        if first and self._found:
            self._step(1)
        self._tell_found()

    def _tell_found(self) -> None:
        more = "" if self._over else "+"
        none = "It is not there." if self._over else "Looking…"
        self._found_label.setText(f"{self._at + 1:,} of {len(self._found):,}{more}" if self._found else none)

    def _go(self, place: Place) -> None:
        """Show a node; as long as it is not known, the nodes on the way to it are asked for."""
        known = self.model.known(place)
        if known is None:
            return
        item, depth = known
        index = self.model.index_of(item)
        if depth < len(place):
            self._going = place
            if not item.asked:
                item.asked = True
                first = len(item.below)
                self.model.wanted.emit(item, first, max(min(place[depth] + 1 - first, 1000), PART))
            return
        self._going = None
        self.tree.scrollTo(index)
        self.tree.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F, F3 and Shift+F3; Ctrl+C copies the value; Escape goes back to the tree."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.search.setFocus()
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self.find_next()
        elif event.matches(QKeySequence.StandardKey.FindPrevious):
            self.find_previous()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.value.toPlainText())
        elif event.key() == Qt.Key.Key_Escape and not self.tree.hasFocus():
            self.tree.setFocus()
        else:
            super().keyPressEvent(event)
