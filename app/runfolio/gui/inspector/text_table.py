"""Names and values in two columns, to be looked at, searched, selected, followed and copied; as high as its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from runfolio.gui.aliases import Index
from runfolio.gui.chrome.scrolling import page_around
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.inspector.rows import TableRow, matching
from runfolio.gui.inspector.spans import PADDING, SpanDelegate
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.text_model import FULL_ROLE, NAME, TARGET_ROLE, TREND, VALUE, TextModel

# Shares of the width in percent: of a name, of one beside short values, and the curve's, of the value's part.
NAME_WIDTH, LONG_NAME_WIDTH, TREND_WIDTH = 38, 70, 16
# In less room, in letters, no curve is drawn.
CURVE_LETTERS = 34
# So many rows tell how wide the column of names is; where there are more, all are as high as the highest of these.
MEASURED = 60


class TextTable(QTableView):
    """The page around it scrolls, so that it needs no bars of its own.

    Args:
        title: what assistive tools call it.
        color: the theme's colour of a role.
        sparks: the curves of the rows that have one; without, there is no column for them.
        tight: whether names take no more room than they need, which figures have use for.

    Signals:
        followed(object): the user wants to go where a row leads to.
    """

    followed = Signal(object)

    def __init__(
        self,
        title: str,
        color: Callable[[str], QColor],
        sparks: Sparks | None = None,
        parent: QWidget | None = None,
        *,
        tight: bool = False,
    ) -> None:
        super().__init__(parent)
        self._tight = tight or sparks is not None
        self.rows = TextModel(self, trends=sparks is not None)
        self._all: Sequence[TableRow] = ()
        self._words = ""
        self._sparks = sparks
        self.setModel(self.rows)
        set_up_table(self, title)
        self._delegate = SpanDelegate(color, sparks, self)
        self.setItemDelegate(self._delegate)
        self.setProperty("role", "rows")
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.rows.modelReset.connect(self._fit)
        self.rows.dataChanged.connect(self._fit_rows)
        if sparks is not None:
            sparks.came.connect(self.recolor)
        self._add_actions()
        self._fit()

    def _add_actions(self) -> None:
        for title, slot in (
            ("Copy", self.copy_selected),
            ("Copy Value", self.copy_value),
            ("Copy All Rows", self.copy_all),
        ):
            action = QAction(title, self)
            action.triggered.connect(slot)
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Show these rows, as far as they fit what is searched for."""
        self._all = rows
        self.rows.set_rows(matching(rows, self._words) if self._words else rows)

    @Slot(str)
    def set_words(self, words: str) -> None:
        """Show only the rows in whose name or value these words occur."""
        self._words = words.strip()
        self.rows.set_rows(matching(self._all, self._words))

    @Slot()
    def copy_selected(self) -> None:
        """Put the whole texts of the selected cells on the clipboard, with tabs and line breaks between them."""
        self._copy(sorted(self.selectedIndexes()))

    @Slot()
    def copy_value(self) -> None:
        """Put the value of the current row on the clipboard."""
        if self.currentIndex().isValid():
            self._copy([self.currentIndex().siblingAtColumn(VALUE)])

    @Slot()
    def copy_all(self) -> None:
        """Put all rows that are shown on the clipboard."""
        count = self.rows.rowCount()
        self._copy([self.rows.index(row, column) for row in range(count) for column in (NAME, VALUE)])

    def _copy(self, indexes: Sequence[QModelIndex]) -> None:
        lines: dict[int, list[str]] = {}
        for index in indexes:
            if index.column() != TREND:
                lines.setdefault(index.row(), []).append(index.data(FULL_ROLE))
        if lines:
            QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))

    @Slot()
    def recolor(self) -> None:
        """Another theme, or other curves."""
        self.viewport().update()

    def _fit(self) -> None:
        self._fit_columns()
        self._fit_rows()

    def _follow(self, index: QModelIndex) -> bool:
        target = index.data(TARGET_ROLE) if index.isValid() else None
        if target is not None:
            self.followed.emit(target)
        return target is not None

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
        """Return follows a row. Of a copy, Qt would take the shortened text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not self._follow(self.currentIndex()):
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what leads elsewhere."""
        super().mouseMoveEvent(event)
        leads = self.indexAt(event.position().toPoint()).data(TARGET_ROLE) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on what leads elsewhere goes there, unless it ends a selection of several."""
        super().mouseReleaseEvent(event)
        plain_click = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        if plain_click and len(self.selectedIndexes()) <= 1:
            self._follow(self.indexAt(event.position().toPoint()))

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The page shows the row."""
        page = page_around(self)
        inner = page.widget() if page is not None else None
        if page is not None and inner is not None and index.isValid():
            place = self.viewport().mapTo(inner, self.visualRect(index).center())
            page.ensureVisible(0, place.y(), 0, self.verticalHeader().defaultSectionSize())

    def minimumSizeHint(self) -> QSize:
        """Any width will do, for texts are cut off."""
        return QSize(80, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit_columns(self) -> None:
        width = self.viewport().width()
        # Figures are worth more than a curve of a few pixels.
        drawn = self._sparks is not None and width >= CURVE_LETTERS * self.fontMetrics().averageCharWidth()
        trend = width * TREND_WIDTH // 100 if drawn else 0
        name = self._name_width(width, width - trend)
        self.setColumnWidth(NAME, name)
        self.setColumnWidth(VALUE, width - name - trend)
        if self._sparks is not None:
            self.setColumnHidden(TREND, not drawn)
            self.setColumnWidth(TREND, trend)

    @Slot()
    def _fit_rows(self) -> None:
        """Each row is as high as its value takes: figures are rather put below each other than cut off."""
        header, count, width = self.verticalHeader(), self.rows.rowCount(), self.columnWidth(VALUE)
        measured = [self.rows.index(row, VALUE) for row in range(min(count, MEASURED))]
        lines = [self._delegate.lines(index, width, self.font()) for index in measured]
        usual = max(lines, default=1) if count > MEASURED else 1
        header.setDefaultSectionSize(self._height(usual))
        for row, number in enumerate(lines if count <= MEASURED else ()):
            header.resizeSection(row, self._height(number))
        self.setFixedHeight(header.length())

    def _height(self, lines: int) -> int:
        apart = 2 * PADDING if lines > 1 else 0
        return self.fontMetrics().lineSpacing() * lines + 2 * PADDING + apart

    def _name_width(self, width: int, room: int) -> int:
        """A share of the width, as in all tables; beside figures no more than the names need."""
        most = width * NAME_WIDTH // 100
        if not self._tight:
            return most
        metrics, rows = self.fontMetrics(), range(min(self.rows.rowCount(), MEASURED))
        names = [str(self.rows.index(row, NAME).data()) for row in rows]
        if self._sparks is not None:  # all values are figures, before which names give way
            figures = [self._delegate.least_width(self.rows.index(row, VALUE), self.font()) for row in rows]
            most = min(most, max(room - max(figures, default=0), most // 2))
        else:  # what short values leave is for the names
            values = [metrics.horizontalAdvance(str(self.rows.index(row, VALUE).data())) for row in rows]
            most = max(most, min(room * LONG_NAME_WIDTH // 100, room - max(values, default=0) - 4 * PADDING))
        return min(most, max(map(metrics.horizontalAdvance, names), default=0) + 4 * PADDING)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is around it scrolls."""
        event.ignore()
