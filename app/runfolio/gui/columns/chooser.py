"""The column chooser: which columns the run table has, in which order, and which of them stay in sight."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from runfolio.core import view_edits
from runfolio.core.columns import STATISTICS, TREND, Column
from runfolio.core.views import columns_in_order
from runfolio.gui.aliases import Index
from runfolio.gui.chrome.labels import SMALL, muted, scaled
from runfolio.gui.columns.choices import COLUMN_ROLE, PINNED_ROLE, ChoiceModel, choices
from runfolio.gui.columns.popup import Popup
from runfolio.gui.columns.search_keys import SearchKeys
from runfolio.gui.columns.vary import show_varying
from runfolio.gui.icons import icon
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.session import Session
from runfolio.store.column_choice import tag_columns

LINES = 18
PIN = 16
KEYS = "Enter shows or hides · Ctrl+↑ ↓ moves · Ctrl+P pins"


class ColumnChooser(Popup):
    """Every choice is a change of the view, in force at once and taken back with Undo.

    Attributes:
        field: the words that are looked for.
        list: the columns.
        statistic: by which statistic metrics are offered.
        add, only, reset: the buttons for those that vary, those only, and what would be there by itself.
    """

    def __init__(self, session: Session, feed: RunFeed, parent: QWidget) -> None:
        super().__init__("Columns", parent)
        self._session = session
        self._feed = feed
        self._tags: tuple[Column, ...] = ()
        self.model = ChoiceModel(self.toggle, self._on_dropped, self)
        self.field = QLineEdit(placeholderText="Search columns")
        self.field.setAccessibleName("Search columns")
        self.field.setClearButtonEnabled(True)
        self.statistic = QComboBox()
        self.list = QListView()
        self.add = QPushButton("Add All That Vary")
        self.only = QPushButton("Only Those")
        self.reset = QPushButton("Reset")
        self._build()
        self._connect()
        self._show()
        work = partial(tag_columns, session.store, session.selection.experiments)
        session.jobs.read(work, self._on_tags, channel="columns.tags", until=self.finished)

    def _build(self) -> None:
        self.statistic.addItems([*STATISTICS, TREND])
        self.statistic.setAccessibleName("Statistic of the metrics that are offered")
        self.statistic.setToolTip("By which statistic metrics are offered")
        self.list.setModel(self.model)
        self.list.setAccessibleName("Columns")
        self.list.setItemDelegate(_Lines(self._session.theme.color("muted"), self.list))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFixedHeight(LINES * _line_height(self))
        self.add.setToolTip("Show the params and tags in which the runs that are listed differ")
        self.only.setToolTip("Show these, and hide the params and tags that are the same in all runs that are listed")
        self.reset.setToolTip("Show what the runs have values for, in their own order")
        for button in (self.add, self.only, self.reset):
            button.setProperty("kind", "small")
            button.setAutoDefault(False)
        self.add_row(self.field, self.statistic)
        self.body.addWidget(self.list)
        self.add_buttons(self.add, self.only, self.reset)
        keys = muted(KEYS)
        keys.setFont(scaled(keys.font(), SMALL))
        self.body.addWidget(keys)
        self.field.setFocus()

    def _connect(self) -> None:
        self._keys = SearchKeys(self.field, self.list, self.toggle, self.shift, {Qt.Key.Key_P: self.pin})
        self.field.textChanged.connect(self._show)
        self.statistic.currentIndexChanged.connect(self._show)
        self.list.clicked.connect(self._on_clicked)
        self.add.clicked.connect(partial(show_varying, self._session, self._feed, only=False))
        self.only.clicked.connect(partial(show_varying, self._session, self._feed, only=True))
        self.reset.clicked.connect(self._on_reset)
        self._session.view_changed.connect(self._show)

    # What is chosen

    @property
    def current(self) -> Column | None:
        """The column that the keyboard is on."""
        return self._keys.current

    def toggle(self, column: Column) -> None:
        """Show or hide a column."""
        view, natural = self._session.view, self._feed.natural
        shown = column in columns_in_order(view, natural)
        changed = view_edits.hide(view, (column,), natural) if shown else view_edits.show(view, column, natural)
        self._session.set_view(changed, "Hide Column" if shown else "Show Column")

    def shift(self, column: Column, by: int) -> None:
        """Move one of the columns that are shown, and keep the keyboard on it."""
        if column in columns_in_order(self._session.view, self._feed.natural):
            self._session.set_view(view_edits.move(self._session.view, column, by, self._feed.natural), "Move Column")
            self._keys.go_to(self.model.row_of(column))

    def pin(self, column: Column) -> None:
        """Keep a column in sight, or let it go; the keyboard stays on it."""
        view = view_edits.show(self._session.view, column, self._feed.natural)
        self._session.set_view(view_edits.pin(view, column), "Pin Column")
        self._keys.go_to(self.model.row_of(column))

    def _on_dropped(self, column: Column, below: Column | None) -> None:
        order = [one for one in columns_in_order(self._session.view, self._feed.natural) if one != column]
        order.insert(order.index(below) if below in order else len(order), column)
        view = view_edits.arrange(self._session.view, order, self._feed.natural, column)
        self._session.set_view(view, "Move Column")

    @Slot()
    def _on_reset(self) -> None:
        self._session.set_view(view_edits.reset_columns(self._session.view), "Reset Columns")

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        """On the pin or on the name; on the box it is Qt that checks it."""
        column = index.data(COLUMN_ROLE)
        place = self.list.viewport().mapFromGlobal(self.cursor().pos())
        if isinstance(column, Column) and _pin_area(self.list.visualRect(index)).contains(place):
            self.pin(column)

    # What is listed

    def _on_tags(self, tags: list[Column]) -> None:
        self._tags = tuple(tags)
        self._show()

    @Slot()
    def _show(self) -> None:
        row = self.list.currentIndex().row()
        statistic, search = self.statistic.currentText(), self.field.text()
        self.model.set_choices(choices(self._session.view, self._feed.natural, self._tags, statistic, search))
        self._keys.go_to(max(row, 0))


class _Lines(QStyledItemDelegate):
    """Paints headings as such, and at the right edge of a column whether it is pinned."""

    def __init__(self, muted: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._muted = muted

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _line_height(self.parent()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(COLUMN_ROLE) is None:
            painter.save()
            painter.setFont(scaled(option.font, SMALL))
            painter.setPen(self._muted)
            place = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            painter.drawText(option.rect.adjusted(4, 0, -4, -4), place, str(index.data()))
            painter.restore()
            return
        super().paint(painter, option, index)
        pinned = bool(index.data(PINNED_ROLE))
        if pinned or option.state & QStyle.StateFlag.State_Selected:
            icon("pin", "accent" if pinned else "muted").paint(painter, _pin_area(option.rect))


def _pin_area(line: QRect) -> QRect:
    return QRect(line.right() - PIN - 6, line.center().y() - PIN // 2 + 1, PIN, PIN)


def _line_height(widget: QObject | None) -> int:
    return (widget.fontMetrics().height() if isinstance(widget, QWidget) else PIN) + 8


def open_chooser(session: Session, feed: RunFeed, button: QWidget) -> ColumnChooser:
    """Open the chooser under a button."""
    chooser = ColumnChooser(session, feed, button.window())
    corner = button.mapToGlobal(button.rect().bottomRight())
    corner.setX(corner.x() - chooser.width())
    corner.setY(corner.y() + 4)
    chooser.open_at(corner)
    chooser.field.setFocus()
    return chooser
