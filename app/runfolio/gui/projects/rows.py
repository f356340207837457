"""The list of projects in the navigator: chosen from, with keys of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from runfolio.gui.aliases import Index
from runfolio.gui.icons import pixmap
from runfolio.gui.navigator.rows import RowTree
from runfolio.gui.projects.listed import KIND_ROLE, PINNED_ROLE, ProjectsModel
from runfolio.gui.theme import Theme

SYMBOL, GAP, PADDING = 16, 8, 10
#: Of more projects the list is scrolled.
MOST_ROWS = 6


class ProjectDelegate(QStyledItemDelegate):
    """A symbol, the title, and what kind of address it is. The list paints what lies behind."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), option.fontMetrics.height() + PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect.adjusted(8, 0, -8, 0)
        symbol = QRect(area.left(), area.center().y() - SYMBOL // 2 + 1, SYMBOL, SYMBOL)
        name, color = ("pin", "accent") if index.data(PINNED_ROLE) else ("play", "muted")
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(symbol, pixmap(name, self._theme.color(color), SYMBOL, ratio))
        middle = Qt.AlignmentFlag.AlignVCenter
        kind, width = str(index.data(KIND_ROLE)), option.fontMetrics.horizontalAdvance
        if width(f"{index.data()} {kind}") + SYMBOL + 2 * GAP > area.width():
            kind = ""  # the title says more
        painter.setPen(self._theme.color("muted"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, kind)
        painter.setPen(self._theme.color("text"))
        room = area.adjusted(SYMBOL + GAP, 0, -width(kind) - GAP, 0)
        shown = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, shown)
        painter.restore()


class ProjectRows(RowTree):
    """The list itself.

    Signals:
        used(str): the user wants to see the project of this address.
        unwanted(ListedProject): the user pressed Delete on it.
        menu_asked(ListedProject, QPoint): its context menu is wanted, at this place of the screen.
    """

    used = Signal(str)
    unwanted = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self, theme: Theme, projects: ProjectsModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._projects = projects
        self.setModel(projects)
        self.setItemDelegate(ProjectDelegate(theme, self))
        self.setAccessibleName("Projects")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._use)
        projects.modelReset.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """As high as its rows, up to a few."""
        rows = min(max(self._projects.rowCount(), 1), MOST_ROWS)
        return QSize(super().sizeHint().width(), rows * (self.fontMetrics().height() + PADDING) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Deleting means the project here, not a run."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == Qt.Key.Key_Delete)
            if event.isAccepted():
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens, Delete takes out of the list."""
        project = self._projects.thing_at(self.currentIndex())
        if project is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.used.emit(project.uri)
        elif project is not None and event.key() == Qt.Key.Key_Delete:
            self.unwanted.emit(project)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By keyboard it opens at the row."""
        index, place = self.indexAt(event.pos()), event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        if (project := self._projects.thing_at(index)) is not None:
            self.menu_asked.emit(project, place)

    @Slot("QModelIndex")
    def _use(self, index: Index) -> None:
        if (project := self._projects.thing_at(index)) is not None:
            self.used.emit(project.uri)
