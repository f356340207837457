"""The view of the tree of experiments: what is dragged out of it and onto it, said before it is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from runfolio.gui import dragging
from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.dragging import Load
from runfolio.gui.navigator.moves import Move
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.navigator.run_model import RunTreeModel
from runfolio.gui.navigator.run_rows import RunRow
from runfolio.gui.navigator.tree import Node
from runfolio.gui.session import Session

OPEN_AFTER_MS = 700
# What a drop would do: given what is dragged, where to, and whether it is to be merged.
Meaning = Callable[[Load, Node, bool], Move | None]


class ExperimentTree(RowTree):
    """Says what a drop would do; what is done is for others.

    Signals:
        dropped(Move): something was dropped that means this.
        menu_asked(QPoint): the user wants the context menu of the chosen rows, at this place of the screen.
    """

    dropped = Signal(object)
    menu_asked = Signal(object)

    def __init__(self, session: Session, tree: RunTreeModel, meaning: Meaning, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, parent)
        self._session = session
        self._nodes, self._meaning = tree, meaning
        self._target: Node | None = None
        self.hint: QLabel = plain_label("", self.viewport())
        self.hint.setProperty("role", "badge")
        self.hint.setWordWrap(True)
        self.hint.hide()
        self.setModel(tree)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setExpandsOnDoubleClick(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)  # a line between two rows would promise an order
        self.setAutoExpandDelay(OPEN_AFTER_MS)

    def chosen(self) -> list[Node]:
        """The folders and experiments that are selected, from the top."""
        indexes = self.selectionModel().selectedIndexes()
        return [self._nodes.node(index) for index in indexes if self._nodes.row_at(index) is None]

    def chosen_runs(self) -> list[RunRow]:
        """The rows of runs that are."""
        found = map(self._nodes.row_at, self.selectionModel().selectedIndexes())
        return [row for row in found if row is not None]

    def meant(self) -> list[Node]:
        """The folders and experiments whose runs are to be listed: of runs that are selected, their experiments."""
        indexes = self.selectionModel().selectedIndexes()
        return list(dict.fromkeys(self._nodes.node(index) for index in indexes))

    # Painting

    def is_target(self, index: Index) -> bool:
        here = self._target is not None and self._nodes.node(index) is self._target
        return here and self._nodes.row_at(index) is None

    def paintEvent(self, event: QPaintEvent) -> None:
        """With the top of the tree as the place to drop at, all of it is marked."""
        super().paintEvent(event)
        if self._target is not None and self._target is self._nodes.root:
            painter = QPainter(self.viewport())
            self.outline(painter, self.viewport().rect())
            painter.end()

    # Dragging

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """The rows that are chosen: experiments and folders by their paths, or runs."""
        nodes = self.chosen()
        runs = [row.run for row in self.chosen_runs() if row.run is not None and not nodes]
        load = Load(tuple(run.id for run in runs), tuple(node.path for node in nodes))
        if load:
            names = [*(node.name for node in nodes), *(run.name for run in runs)]
            text = names[0] if len(names) == 1 else f"{len(names):,} {'runs' if runs else 'rows'}"
            dragging.drag(self, self._theme, dragging.pack(self._session.store.path, load), text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """What is ours is let in wherever it comes in, such as over itself: of what is not, Qt tells no moves."""
        super().dragEnterEvent(event)
        self._weigh(event)
        event.setAccepted(self._is_ours(event))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls, and opens the folder that one stays on
        self._weigh(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._show_target(None, None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Nothing is done to the model: what is shown follows the store."""
        move = self._weigh(event)
        self._show_target(None, None)
        self.setState(QAbstractItemView.State.NoState)
        if move is not None:
            self.dropped.emit(move)

    def _is_ours(self, event: QDropEvent) -> bool:
        return self._nodes.rename is not None and bool(dragging.unpack(self._session.store.path, event.mimeData()))

    def _weigh(self, event: QDropEvent) -> Move | None:
        """Take it if it means something here, and say what."""
        load = dragging.unpack(self._session.store.path, event.mimeData())
        target = self._nodes.node(self.indexAt(event.position().toPoint()))
        merge = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        writable = self._nodes.rename is not None
        move = self._meaning(load, target, merge) if load and writable else None
        if move is None:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        self._show_target(move, target if load.runs or merge else self._nodes.node(self._nodes.find(target.folder)))
        return move

    def _show_target(self, move: Move | None, target: Node | None) -> None:
        self._target = target if move is not None else None
        self.hint.setText(move.text if move is not None else "")
        self.hint.setVisible(move is not None)
        self._place_hint()
        self.viewport().update()

    def _place_hint(self) -> None:
        width = self.viewport().width()
        height = self.hint.heightForWidth(width)
        self.hint.setGeometry(0, self.viewport().height() - height, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu is made where the commands are known; by keyboard it opens at the row."""
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_asked.emit(place)
