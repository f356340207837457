"""The saved views as the navigator lists them: a click applies one, a menu does the rest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import muted, section_label
from runfolio.gui.icons import icon, pixmap
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.theme import Theme
from runfolio.gui.views.model import APPLIED_ROLE, NOTE_ROLE, SavedViewsModel
from runfolio.gui.views.saved import SavedViews
from runfolio.store.views import StoredView

SYMBOL, GAP, PADDING = 16, 8, 10
# Of more views the list is scrolled.
MOST_ROWS = 7
OWN_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_F2)
NOTHING = "Filter, sort and group the runs, then save how you look at them."


class ViewDelegate(QStyledItemDelegate):
    """A star, the name, and whether the view was changed since it was applied. The list paints what lies behind."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        applied, note = bool(index.data(APPLIED_ROLE)), str(index.data(NOTE_ROLE))
        area = option.rect.adjusted(8, 0, -8, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        color = self._theme.color("accent" if applied else "muted")
        name = "star-full" if applied else "star"
        painter.drawPixmap(symbol, pixmap(name, color, SYMBOL, painter.device().devicePixelRatioF()))
        width = option.fontMetrics.horizontalAdvance
        if note and width(f"{index.data()} {note}") + SYMBOL + 2 * GAP > area.width():
            note = "•"
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.color("muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, note)
        painter.setPen(self._theme.color("text"))
        taken = width(note) + GAP if note else 0
        room = area.adjusted(SYMBOL + GAP, 0, -taken, 0)
        shown = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, shown)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(SYMBOL + GAP, 1, -2, -1))


class ViewList(RowTree):
    """The list itself.

    Signals:
        used(StoredView): the user wants to look at the runs that way.
        unwanted(StoredView): the user pressed Delete on it.
    """

    used = Signal(object)
    unwanted = Signal(object)

    def __init__(self, theme: Theme, model: SavedViewsModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._views = model
        self.setModel(model)
        self.setItemDelegate(ViewDelegate(theme, self))
        self.setAccessibleName("Saved views")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._use)
        model.modelReset.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """As high as its rows, up to a few."""
        rows = min(max(self._views.rowCount(), 1), MOST_ROWS)
        return QSize(super().sizeHint().width(), rows * (self.fontMetrics().height() + PADDING) + 2)

    def event(self, event: QEvent) -> bool:
        """Renaming and deleting mean the view here, not a run."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in OWN_KEYS:
            event.accept()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return applies, Delete deletes."""
        # The editor of a name lets Return through.
        editing = self.state() == QAbstractItemView.State.EditingState
        view = None if editing else self._views.view_at(self.currentIndex())
        if view is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.used.emit(view)
        elif view is not None and event.key() == Qt.Key.Key_Delete:
            self.unwanted.emit(view)
        else:
            super().keyPressEvent(event)

    @Slot("QModelIndex")
    def _use(self, index: Index) -> None:
        view = self._views.view_at(index)
        if view is not None:
            self.used.emit(view)


class SavedViewsSection(QWidget):
    """Heading, list, and the menu of a view.

    Signals:
        save_asked(): the user wants to save how the runs are looked at.
        export_asked(StoredView): the user wants a view as a file.
    """

    save_asked = Signal()
    export_asked = Signal(object)

    def __init__(self, views: SavedViews, theme: Theme, *, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = views
        self._writable = writable
        self.model = SavedViewsModel(self)
        self.model.rename = views.rename if writable else None
        self.list = ViewList(theme, self.model, self)
        self._nothing = muted(NOTHING, self)
        self._add = QToolButton(self)
        self._place()
        self.list.used.connect(views.apply)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._add.clicked.connect(self.save_asked)
        views.changed.connect(self._show)
        if writable:
            self.list.unwanted.connect(lambda view: views.delete(view.id))
        self._show()

    def _place(self) -> None:
        self._add.setIcon(icon("plus", "muted"))
        self._add.setAccessibleName("Save the view")
        self._add.setToolTip("Save how the runs are looked at now")
        self._add.setEnabled(self._writable)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(8, 0, 8, 4)
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 2, 0)
        top.addWidget(section_label("Saved views"), 1)
        top.addWidget(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)

    @Slot()
    def _show(self) -> None:
        applied = self._views.applied.id if self._views.applied is not None else None
        self.model.show_views(self._views.views, applied, self._views.modified)
        self.list.setVisible(bool(self._views.views))
        self._nothing.setVisible(not self._views.views)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        view = self.model.view_at(self.list.indexAt(place))
        if view is not None:
            menu = self.menu_of(view)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(place))

    def menu_of(self, view: StoredView) -> QMenu:
        """What can be done with a view."""
        menu = QMenu(self)
        views = self._views
        mine = views.applied is not None and views.applied.id == view.id
        self._put(menu, "Apply", lambda: views.apply(view))
        self._put(menu, "Revert", views.revert, mine and views.modified)
        menu.addSeparator()
        self._put(
            menu, "Update with How Runs Are Looked at Now", views.update, mine and views.modified and self._writable
        )
        self._put(menu, "Rename", lambda: self.list.edit(self.list.currentIndex()), self._writable)
        self._put(menu, "Export…", lambda: self.export_asked.emit(view))
        self._put(menu, "Delete", lambda: views.delete(view.id), self._writable)
        return menu

    def _put(self, menu: QMenu, title: str, function: Callable[[], object], enabled: bool = True) -> None:
        action = menu.addAction(title)
        action.triggered.connect(lambda: function())
        action.setEnabled(enabled)
