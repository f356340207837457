"""Names and values in two columns, to be looked at, selected and copied; as high as its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from runfolio.gui.inspector.rows import Span, TableRow
from runfolio.gui.inspector.text_model import FULL_ROLE, NAME, SPANS_ROLE, VALUE, TextModel

Index = QModelIndex | QPersistentModelIndex
NAME_WIDTH = 38
PADDING = 2


class TextTable(QTableView):
    """The page around it scrolls, so that it needs no bars of its own."""

    def __init__(self, title: str, color: Callable[[str], QColor], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TextModel(self)
        self.setModel(self.rows)
        self.setAccessibleName(title)
        self.setItemDelegate(SpanDelegate(color, self))
        self.setStyleSheet("QTableView { background: transparent; border: none; padding: 0; }")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.rows.modelReset.connect(self._fit)
        copy = QAction("Copy", self)
        copy.triggered.connect(self.copy_selected)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._fit()

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Show these rows."""
        self.rows.set_rows(rows)

    def copy_selected(self) -> None:
        """Put the whole texts of the selected cells on the clipboard, with tabs and line breaks between them."""
        lines: dict[int, list[str]] = {}
        for index in sorted(self.selectedIndexes()):
            lines.setdefault(index.row(), []).append(index.data(FULL_ROLE))
        if lines:
            QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))

    def recolor(self) -> None:
        """Another theme."""
        self.viewport().update()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 2 * PADDING)
        self.setFixedHeight(self.verticalHeader().length())

    # Qt's events

    def event(self, event: QEvent) -> bool:
        """With the keyboard here, the keys for copying and for selecting all are meant for these rows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll):
                event.accept()
                return True
        elif event.type() == QEvent.Type.FontChange:
            self._fit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt would copy the shortened text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        else:
            super().keyPressEvent(event)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The page shows the row."""
        page = self.parentWidget()
        while page is not None and not isinstance(page, QScrollArea):
            page = page.parentWidget()
        inner = page.widget() if page is not None else None
        if page is not None and inner is not None and index.isValid():
            place = self.viewport().mapTo(inner, self.visualRect(index).center())
            page.ensureVisible(0, place.y(), 0, self.verticalHeader().defaultSectionSize())

    def minimumSizeHint(self) -> QSize:
        """Any width will do, for texts are cut off."""
        return QSize(80, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.setColumnWidth(NAME, width * NAME_WIDTH // 100)
        self.setColumnWidth(VALUE, width - width * NAME_WIDTH // 100)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is around it scrolls."""
        event.ignore()


class SpanDelegate(QStyledItemDelegate):
    """Draws a cell's spans in their colours, figures in one width, with an ellipsis where there is no more room."""

    def __init__(self, color: Callable[[str], QColor], parent: QWidget) -> None:
        super().__init__(parent)
        self._color = color

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._color("selection"))
        font = QFont(option.font)
        font.setFeature(QFont.Tag("tnum"), 1)
        metrics = QFontMetrics(font)
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        spans: tuple[Span, ...] = index.data(SPANS_ROLE)
        # Names often differ in their last part only.
        mode = Qt.TextElideMode.ElideMiddle if index.column() == NAME else Qt.TextElideMode.ElideRight
        painter.setFont(font)
        for role, text in spans:
            shown = metrics.elidedText(text, mode, area.width())
            painter.setPen(self._color(role))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
            area.setLeft(area.left() + metrics.horizontalAdvance(shown))
            if shown != text:
                break
