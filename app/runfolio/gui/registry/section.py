"""The registered models as the navigator lists them: choosing one shows its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from runfolio.core.entities import Changes
from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import section_label
from runfolio.gui.icons import pixmap
from runfolio.gui.middle import REGISTRY
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.arrivals import Arrival, arrival
from runfolio.gui.registry.models import COUNT_ROLE, ModelsModel
from runfolio.gui.registry.register import register_arrival
from runfolio.gui.session import Session
from runfolio.gui.theme import Theme
from runfolio.store.registry.reading import list_models

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

SYMBOL, GAP, PADDING = 16, 8, 10
#: Of more models the list is scrolled.
MOST_ROWS = 7
PACE = 100
OPEN_AFTER_MS = 700


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
    """

    used = Signal(str)
    arrived = Signal(str, object)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the model that the keyboard is on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use(self.currentIndex())
        else:
            super().keyPressEvent(event)

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
        model, what = self._models.model_at(self.indexAt(event.position().toPoint())), self._weighed(event)
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
        if (model := self._models.model_at(index)) is not None:
            self.used.emit(model.name)


class ModelsSection(QWidget):
    """Heading and list; there only while there are models.

    Attributes:
        model, list: the models, and the view of them.

    Signals:
        shown(): they were read anew.
    """

    shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = ""
        self.model = ModelsModel(self)
        self.list = ModelRows(session.theme, self.model, self._arrival, self)
        title = section_label("Models")
        title.setContentsMargins(8, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self.list)
        self.hide()
        complaint = "The registered models could not be read."
        self._refresh: Refresh[Sequence[RegisteredModel]] = Refresh(
            session, self._job, self._on_read, complaint, self, PACE
        )
        self.list.used.connect(session.registry.go_to)
        self.list.arrived.connect(lambda name, what: register_arrival(session, self, what, name))
        session.registry.model_changed.connect(self._mark)
        session.changed.connect(self._on_changed)
        self._refresh.ask_now()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Show the models that are searched for."""
        self.model.set_filter(text)
        self._mark()

    @Slot(str)
    def set_page(self, page: str) -> None:
        """Another page is shown in the middle: only with that of the registry is a model what is looked at."""
        self._page = page
        self._mark()

    def _arrival(self, event: QDropEvent) -> Arrival | None:
        return None if self._session.read_only else arrival(self._session.store.path, event.mimeData())

    def _job(self) -> Callable[[], Sequence[RegisteredModel]]:
        return partial(list_models, self._session.store)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.registry:
            self._refresh.ask()

    def _on_read(self, found: Sequence[RegisteredModel]) -> None:
        self.model.show_models(found)
        self._mark()
        self.shown.emit()

    @Slot()
    def _mark(self) -> None:
        """Show which model is looked at."""
        self.setVisible(self.model.rowCount() > 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        index = self.model.find(self._session.registry.model)
        if self._page != REGISTRY or not index.isValid():
            self.list.clearSelection()
        elif not self.list.selectionModel().isSelected(index):
            self.list.selectionModel().setCurrentIndex(index, flags)


def add_models(window: MainWindow) -> None:
    """Put the registered models below the experiments of a window."""
    section = ModelsSection(window.session)
    window.navigator.filter.textChanged.connect(section.set_filter)
    window.middle.page_changed.connect(section.set_page)
    window.session.registry.wanted.connect(partial(window.middle.go_to, REGISTRY))
    window.navigator.add_section(section)
