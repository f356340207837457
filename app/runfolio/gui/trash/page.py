"""The page of the trash: what was deleted, when and from where; searched, taken back, or gone for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
from runfolio.core.numbers import counted, size
from runfolio.gui.aliases import Ids
from runfolio.gui.chrome.labels import heading, muted
from runfolio.gui.chrome.tables import set_up_table
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.icons import icon
from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs import selecting
from runfolio.gui.session import Session
from runfolio.gui.trash.emptying import EmptyBar
from runfolio.gui.trash.model import BYTES, DELETED, FROM, NAME, RUNS, TrashModel, arranged
from runfolio.store import Store
from runfolio.store.restoring import restore_trashed
from runfolio.store.steps import InSteps
from runfolio.store.trashed import Kind, Trashed, list_trashed

PACE = 250
NOTHING = "Runs, experiments, files and models that you delete stay here until you empty the trash."
#: From these numbers on, rows of the table are of that kind; those of experiments are below 0.
FIRST = {Kind.RUN: 0, Kind.FILES: 1 << 40, Kind.MODEL: 1 << 41, Kind.VERSION: 1 << 42}

#: What is due to be read again.
STORE = "store"


@dataclass(frozen=True, eq=False)
class Answer:
    """What is in the trash.

    Attributes:
        everything: whatever is searched for.
        rows, numbers: those that are searched for, in their order, and the number of each.
        bytes: of all files.
        same: whether nothing is other than was known.
    """

    everything: list[Trashed]
    rows: Sequence[Trashed]
    numbers: Ids = field(default_factory=lambda: np.empty(0, np.int64))
    bytes: int = 0
    same: bool = False


class TrashPage(QWidget):
    """Follows the store.

    Attributes:
        search, table, model: what is looked for, and what is shown.
        restore, restore_all, empty: the buttons.
        bar: what emptying asks and tells.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._everything: list[Trashed] = []
        # Whether the store is to be asked again, and not only what is known of it put into another order.
        self._due: Pending[str] = Pending()
        self._waiting: list[Callable[[], object]] = []
        self.search = QLineEdit(placeholderText="Search the trash")
        self.model = TrashModel(self)
        self.table = QTableView(self)
        self.restore = QPushButton("Restore")
        self.restore_all = QPushButton("Restore All")
        self.empty = QPushButton("Empty Trash…")
        self.bar = EmptyBar(session, self)
        self._summary = muted()
        self._stack = QStackedLayout()
        self._set_up_table()
        self._place()
        self._connect()
        complaint = "The trash could not be read."
        self._refresh: Refresh[Answer] = Refresh(
            session, self._job, self._on_read, complaint, self, PACE, pending=self._due
        )
        session.changed.connect(self._on_changed)
        self._due.add([STORE])
        self._refresh.ask_now()

    def _set_up_table(self) -> None:
        table = self.table
        table.setObjectName("runTable")
        set_up_table(table, "Trash")
        table.setModel(self.model)
        table.setSortingEnabled(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.verticalHeader().setDefaultSectionSize(max(28, self.fontMetrics().height() + 10))
        header, letter = table.horizontalHeader(), self.fontMetrics().averageCharWidth()
        header.setSortIndicator(DELETED, Qt.SortOrder.DescendingOrder)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, letters in ((FROM, 30), (DELETED, 18), (RUNS, 10), (BYTES, 12)):
            header.resizeSection(column, letter * letters)

    def _place(self) -> None:
        self.search.setAccessibleName("Search the trash")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.restore.setProperty("kind", "primary")
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(heading("Trash"))
        title.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBottom)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        for button in (self.empty, self.restore_all, self.restore):
            tools.addWidget(button)
        shown = QWidget()
        inner = QVBoxLayout(shown)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table)
        self._stack.addWidget(shown)
        self._stack.addWidget(Notice("The trash is empty", NOTHING))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 8)
        layout.setSpacing(10)
        layout.addLayout(title)
        layout.addLayout(tools)
        layout.addWidget(self.bar)
        layout.addLayout(self._stack, 1)
        self.setFocusProxy(self.table)
        QWidget.setTabOrder(self.search, self.table)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._refresh_order)
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._refresh_order)
        self.table.selectionModel().selectionChanged.connect(self._show_state)
        self.table.activated.connect(self.restore_chosen)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.model.modelReset.connect(self._show_state)
        self.restore.clicked.connect(self.restore_chosen)
        self.restore_all.clicked.connect(self.restore_everything)
        self.empty.clicked.connect(self.bar.count)
        self.bar.closed.connect(self.table.setFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape keeps what is asked about, or is still being counted; else it leaves the page, which others do."""
        if event.key() == Qt.Key.Key_Escape and not self.bar.isHidden():
            self.bar.cancel()
        else:
            super().keyPressEvent(event)

    def chosen(self) -> list[Trashed]:
        """The rows that are selected."""
        spans = selecting.spans(self.table.selectionModel().selection())
        return [one for first, last in spans for one in self.model.rows[first : last + 1]]

    @Slot()
    def restore_chosen(self) -> None:
        """Take the selected rows out of the trash."""
        self._restore(self.chosen())

    def when_read(self, function: Callable[[], object]) -> None:
        """Call something once it is known what is in the trash."""
        if self.model.now and not list(self._due):
            function()
        else:
            self._waiting.append(function)

    @Slot()
    def restore_everything(self) -> None:
        """Take everything out of the trash, whatever is searched for."""
        self._restore(self._everything)

    def _restore(self, those: list[Trashed]) -> None:
        if those and not self._session.store.read_only:
            self._session.run(InSteps(lambda store, steps: restore_trashed(store, those, steps), "Restoring"))

    # Reading

    def _job(self) -> Callable[[], Answer]:
        header = self.table.horizontalHeader()
        known = Answer(self._everything, self.model.rows)
        descending = header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        order = partial(arranged, text=self.search.text(), column=header.sortIndicatorSection(), descending=descending)
        return partial(_read, self._session.store if self._due.take() else None, known, order)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.moved or changes.removed or changes.experiments or changes.registry:
            self._due.add([STORE])
            if self.isVisible():
                self._refresh.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        if self._due.waiting:
            self._refresh.ask_now()

    @Slot()
    def _refresh_order(self) -> None:
        """Something else is searched for, or another order wanted."""
        self._refresh.ask_now()

    def _on_read(self, answer: Answer) -> None:
        found, self._everything = answer.everything, answer.everything
        if not answer.same or not self.model.now:
            self._show_rows(answer)
        files = f" · {size(answer.bytes)} of files" if answer.bytes else ""
        self._summary.setText(f"{counted(len(found), 'item')}{files}" if found else "")
        self._stack.setCurrentIndex(0 if found else 1)
        while self._waiting:
            self._waiting.pop()()

    def _show_rows(self, answer: Answer) -> None:
        """What is selected stays so."""
        kept = [_number(one) for one in self.chosen()]
        self.model.show_rows(answer.rows, now_ms())
        # At once: row by row, each would be merged with all before it.
        spans = selecting.spans_of(answer.numbers, kept)
        chosen = selecting.selection_of(self.model, spans)
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)

    @Slot()
    def _show_state(self) -> None:
        writable = not self._session.store.read_only
        self.restore.setEnabled(writable and self.table.selectionModel().hasSelection())
        self.restore_all.setEnabled(writable and bool(self._everything))
        self.empty.setEnabled(writable and bool(self._everything))

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (self.restore, self.restore_all, self.empty):
            item = menu.addAction(button.text())
            item.setEnabled(button.isEnabled())
            item.triggered.connect(button.click)
        menu.popup(self.table.viewport().mapToGlobal(place))


def _number(one: Trashed) -> int:
    """A number that nothing else in the trash has."""
    return -one.id if one.kind is Kind.EXPERIMENT else FIRST[one.kind] + one.id


def _read(store: Store | None, known: Answer, order: Callable[[list[Trashed]], list[Trashed]]) -> Answer:
    """On a worker: there may be very many. Without a store, what is known of it is put in order."""
    everything = known.everything
    if store is not None:
        with store.reading() as connection:
            everything = list_trashed(connection)
    rows = order(everything)
    same = rows == known.rows and everything == known.everything
    numbers = np.array([_number(one) for one in rows], np.int64)
    return Answer(everything, rows, numbers, sum(one.bytes for one in everything), same)
