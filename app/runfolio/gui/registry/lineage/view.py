"""The graph of lineage: clicked, gone through with the keys, moved and made larger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView

from runfolio.core.registry.lineage import Lineage, Node, places
from runfolio.gui.registry.lineage.items import EdgeItem, NodeItem, Sizes
from runfolio.gui.registry.stages import stage_role
from runfolio.gui.theme import Theme

LEAST, MOST, STEP = 0.25, 3.0, 1.2
#: What does not fit is made no smaller than this by itself: it could not be read.
READABLE = 0.6
MARGIN = 24
TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
UPDOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class LineageView(QGraphicsView):
    """Tab and the arrows go through the nodes, Return or a double click opens one; Ctrl with the wheel, or + and -,
    makes the graph larger or smaller.

    Attributes:
        items_by_key: the boxes.
        current: the key of the node that the keyboard is on; "" for none.

    Signals:
        chosen(Node): the keyboard or a click is on this node.
        opened(Node): the user wants to go there.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._graph = Lineage()
        self._places: Mapping[str, tuple[int, float]] = {}
        self.items_by_key: dict[str, NodeItem] = {}
        self._edges: list[EdgeItem] = []
        self.current = ""
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setAccessibleName("Lineage")
        theme.theme_changed.connect(self._on_theme)
        self._on_theme()

    def show_graph(self, graph: Lineage, stages: Sequence[str]) -> None:
        """Draw a graph; where the keyboard was it stays, if that node is there still."""
        before, first_time = self.current, not self.items_by_key
        if graph == self._graph and not first_time:
            return
        self._graph, self._places = graph, places(graph)
        scene, sizes = self.scene(), Sizes(self.font())
        scene.clear()
        self.items_by_key = {}
        for key, node in graph.nodes.items():
            item = NodeItem(node, sizes, self._theme, stage_role(node.stage, stages))
            column, row = self._places[key]
            item.setPos(column * sizes.across, row * sizes.down)
            self.items_by_key[key] = item
            scene.addItem(item)
        boxes = self.items_by_key
        self._edges = [EdgeItem(boxes[one], boxes[other], self._theme) for one, other in graph.edges]
        for edge in self._edges:
            scene.addItem(edge)
        scene.setSceneRect(scene.itemsBoundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        self.current = ""
        if before in boxes:
            self.go_to(before, tell=False)
        if before not in boxes or first_time:
            self.fit()

    @property
    def order(self) -> list[str]:
        """The nodes as Tab goes through them: column by column, from the top down."""
        return sorted(self.items_by_key, key=lambda key: self._places[key])

    def node(self, key: str) -> Node:
        """What a box stands for."""
        return self.items_by_key[key].node

    def go_to(self, key: str, *, tell: bool = True) -> None:
        """Put the keyboard on a node; what it comes from and what came of it is lit."""
        self.current = key
        lit = {key, *self._beyond(key, forward=True), *self._beyond(key, forward=False)} if key else set[str]()
        for name, item in self.items_by_key.items():
            item.current, item.lit = name == key, name in lit
            item.update()
        for edge in self._edges:
            edge.lit = edge.first.lit and edge.second.lit
            edge.update()
        if key:
            node = self.node(key)
            self.setAccessibleDescription(", ".join(filter(None, (f"{node.kind} {node.title}", node.detail))))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            self.ensureVisible(self.items_by_key[key])
            if tell:
                self.chosen.emit(node)

    def _beyond(self, key: str, *, forward: bool) -> set[str]:
        """All that comes of a node, or all that it comes from."""
        found, new = set[str](), {key}
        while new:
            new = {end for start, end in self._arrows(forward) if start in new} - found
            found |= new
        return found

    def _arrows(self, forward: bool) -> Iterable[tuple[str, str]]:
        return self._graph.edges if forward else [(second, first) for first, second in self._graph.edges]

    # Larger and smaller

    @Slot()
    def fit(self) -> None:
        """All of it, as far as it can be read then."""
        self.resetTransform()
        area: QRectF = self.sceneRect()
        if area.isEmpty():
            return
        room = self.viewport().rect()
        wanted = min(room.width() / area.width(), room.height() / area.height(), 1.0)
        self.scale(max(wanted, READABLE), max(wanted, READABLE))
        self.centerOn(area.center())

    @Slot()
    def larger(self) -> None:
        """One step."""
        self.zoom(STEP)

    @Slot()
    def smaller(self) -> None:
        """One step."""
        self.zoom(1 / STEP)

    def zoom(self, factor: float) -> None:
        """Make it larger by a factor, within what can be seen."""
        now = self.transform().m11()
        factor = min(max(now * factor, LEAST), MOST) / now
        self.scale(factor, factor)

    # Qt's events

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it is made larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a node."""
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and (key := self._key_at(event.position().toPoint())):
            self.go_to(key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens a node."""
        if key := self._key_at(event.position().toPoint()):
            self.opened.emit(self.node(key))

    def _key_at(self, place: QPoint) -> str:
        item = self.itemAt(place)
        return item.node.key if isinstance(item, NodeItem) else ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is on a node from the beginning."""
        super().focusInEvent(event)
        if not self.current and self.items_by_key:
            backwards = event.reason() is Qt.FocusReason.BacktabFocusReason
            self.go_to(self.order[-1 if backwards else 0], tell=False)

    def event(self, event: QEvent) -> bool:
        """Qt would have the scene go from item to item with Tab."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in TABS:
            return self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the nodes, and on from the last."""
        order = self.order
        at = order.index(self.current) + (1 if forward else -1) if self.current in order else 0
        if 0 <= at < len(order):
            self.go_to(order[at])
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows follow the curves and the columns; Return opens."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current:
            self.opened.emit(self.node(self.current))
        elif key in SIDEWAYS and self.current:
            self._along(forward=SIDEWAYS[key] > 0)
        elif key in UPDOWN and self.current:
            self._beside(UPDOWN[key])
        elif event.text() in ("+", "="):
            self.larger()
        elif event.text() == "-":
            self.smaller()
        elif event.text() == "0":
            self.fit()
        else:
            event.ignore()

    def _along(self, *, forward: bool) -> None:
        """To the node at the other end of a curve, the one that is least up or down from here."""
        row = self._places[self.current][1]
        found = [end for start, end in self._arrows(forward) if start == self.current]
        if found:
            self.go_to(min(found, key=lambda key: abs(self._places[key][1] - row)))

    def _beside(self, by: int) -> None:
        """To the next node of the column."""
        column = [key for key in self.order if self._places[key][0] == self._places[self.current][0]]
        at = column.index(self.current) + by
        if 0 <= at < len(column):
            self.go_to(column[at])

    @Slot()
    def _on_theme(self) -> None:
        self.setBackgroundBrush(self._theme.color("window"))
        self.scene().update()
