"""The list of registered models in the navigator: chosen from, dropped on, and with keys of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.aliases import Index
from runfolio.gui.icons import pixmap
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.registry.arrivals import Arrival
from runfolio.gui.registry.models import COUNT_ROLE, ModelsModel
from runfolio.gui.theme import Theme

SYMBOL, GAP, PADDING = 16, 8, 10
#: Of more models the list is scrolled.
MOST_ROWS = 7
#: What is dragged opens the model's board when it has stayed over it so long, in milliseconds.
OPEN_AFTER_MS = 700
OWN_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_F2)


class ModelDelegate(QStyledItemDelegate):
    """A diamond, the name, and the number of versions. The list paints what lies behind."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), option.fontMetrics.height() + PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect.adjusted(8, 0, -8, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(symbol, pixmap("model", self._theme.color("muted"), SYMBOL, ratio))
        middle = Qt.AlignmentFlag.AlignVCenter
        count = f"{index.data(COUNT_ROLE):,}"
        painter.setPen(self._theme.color("muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, count)
        painter.setPen(self._theme.color("text"))
        room = area.adjusted(SYMBOL + GAP, 0, -option.fontMetrics.horizontalAdvance(count) - GAP, 0)
        shown = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, shown)
        painter.restore()


class ModelRows(RowTree):
    """The list itself.

    Signals:
        used(str): the user wants to see the model of this name.
        arrived(str, Arrival): this is to be registered under the name.
        rename_asked(str), unwanted(str): the user pressed F2, or Delete, on the model of this name.
        menu_asked(str, QPoint): the context menu of a model is wanted, at this place of the screen.
    """

    used = Signal(str)
    arrived = Signal(str, object)
    rename_asked = Signal(str)
    unwanted = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(
        self, theme: Theme, models: ModelsModel, weighed: Callable[[QDropEvent], Arrival | None], parent: QWidget
    ) -> None:
        super().__init__(theme, parent)
        self._models, self._weighed = models, weighed
        self._target = ""
        self._open = QTimer(self, singleShot=True, interval=OPEN_AFTER_MS)
        self._open.timeout.connect(lambda: self.used.emit(self._target))
        self.setAcceptDrops(True)
        self.setModel(models)
        self.setItemDelegate(ModelDelegate(theme, self))
        self.setAccessibleName("Registered models")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._use)
        models.modelReset.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """As high as its rows, up to a few."""
        rows = min(max(self._models.rowCount(), 1), MOST_ROWS)
        return QSize(super().sizeHint().width(), rows * (self.fontMetrics().height() + PADDING) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Renaming and deleting mean the model here, not a run."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in OWN_KEYS:
            event.accept()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the model that the keyboard is on, F2 renames it and Delete puts it into the trash."""
        model = self._models.thing_at(self.currentIndex())
        if model is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.used.emit(model.name)
        elif model is not None and event.key() in OWN_KEYS:
            (self.rename_asked if event.key() == Qt.Key.Key_F2 else self.unwanted).emit(model.name)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By keyboard it opens at the row."""
        index, place = self.indexAt(event.pos()), event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        if (model := self._models.thing_at(index)) is not None:
            self.menu_asked.emit(model.name, place)

    # What is dropped here is registered; what stays over a model opens its board, to be dropped there

    def is_target(self, index: Index) -> bool:
        return bool(self._target) and index.data() == self._target

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._aim(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._aim(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._set_target("")

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(event)
        name, what = self._target, self._weighed(event)
        self._set_target("")
        if name and what is not None:
            self.arrived.emit(name, what)

    def _aim(self, event: QDropEvent) -> None:
        model, what = self._models.thing_at(self.indexAt(event.position().toPoint())), self._weighed(event)
        self._set_target(model.name if model is not None and what is not None else "")
        event.setDropAction(Qt.DropAction.CopyAction)
        # Of what is not let in where it comes in, Qt tells no moves.
        event.setAccepted(bool(self._target) or (what is not None and isinstance(event, QDragEnterEvent)))

    def _set_target(self, name: str) -> None:
        if name != self._target:
            self._target = name
            if name:
                self._open.start()
            else:
                self._open.stop()
            self.viewport().update()

    @Slot("QModelIndex")
    def _use(self, index: Index) -> None:
        if (model := self._models.thing_at(index)) is not None:
            self.used.emit(model.name)
