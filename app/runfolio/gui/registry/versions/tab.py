"""The tab of versions: filter, columns and order; several of them beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core.columns import Column
from runfolio.core.numbers import counted, counted_of
from runfolio.core.registry.card import card_metrics
from runfolio.core.registry.records import ModelVersion
from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.columns.picker import ColumnPicker, open_picker
from runfolio.gui.icons import icon
from runfolio.gui.registry.following import FollowingTab
from runfolio.gui.registry.versions.columns import Look, arranged, columns_of, usual_columns
from runfolio.gui.registry.versions.compare import MOST, Compared, ComparePane
from runfolio.gui.registry.versions.table import VersionsTable
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.policies import policy_of
from runfolio.store.registry.reading import list_versions

TABLE, COMPARED, NOTHING = range(3)
EMPTY = "Register the model of a run from the run's menu, drag one onto the board, or use these lines."
SNIPPET = 'import runfolio\nrunfolio.register_model("runs:/<run id>/model", "{name}")'


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was read.

    Attributes:
        look: as it was asked for.
        versions: all of the model. rows: those that are looked for, in their order.
        columns: what can be shown. usual: what is, as long as nobody has chosen.
        compared: those that are compared, if any are.
    """

    look: Look
    versions: Sequence[ModelVersion]
    rows: Sequence[ModelVersion]
    stages: Sequence[str]
    columns: Sequence[Column]
    usual: Sequence[Column]
    compared: Compared | None


class VersionsTab(FollowingTab[Answer]):
    """Follows the versions of a model.

    Attributes:
        look: how they are looked at.
        filter, table, compared: its parts.
        choose, compare: the buttons.
    """

    complaint = "The versions could not be read."

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.look = Look()
        self._answer: Answer | None = None
        self.filter = QLineEdit(placeholderText="Filter versions by words")
        self.choose = QPushButton(icon("columns", "muted"), "Columns")
        self.compare = QPushButton(icon("compare", "muted"), "Compare")
        self.summary = muted()
        self.table = VersionsTable(session.theme, session.registry, self)
        self.compared = ComparePane(session)
        self._notice = QVBoxLayout()
        self._stack = QStackedLayout()
        self._place()
        self._connect()
        self._enable()

    def _place(self) -> None:
        self.filter.setAccessibleName("Filter versions")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.choose.setAccessibleName("Choose columns")
        self.compare.setToolTip(f"Put the selected versions, 2 to {MOST}, beside each other (Return)")
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.filter, 1)
        for widget in (self.summary, self.choose, self.compare):
            tools.addWidget(widget)
        listed, nothing = QWidget(), QWidget()
        inner = QVBoxLayout(listed)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(tools)
        inner.addWidget(self.table, 1)
        nothing.setLayout(self._notice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 8)
        layout.addLayout(self._stack, 1)
        for part in (listed, self.compared, nothing):
            self._stack.addWidget(part)
        self.setFocusProxy(self.filter)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._on_words)
        self.filter.returnPressed.connect(self.table.setFocus)
        self.choose.clicked.connect(self.choose_columns)
        self.compare.clicked.connect(self.compare_chosen)
        self.table.compare_asked.connect(self.compare_chosen)
        self.table.order_changed.connect(self._on_order)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self.table.model_of_versions.modelReset.connect(self._enable)
        self.compared.left.connect(self.show_table)
        self.compared.changed.connect(self.refresh.ask_now)

    # Reading

    def forget(self) -> None:
        """Columns and compared versions are those of another model."""
        self._answer = None
        self.look = replace(self.look, columns=(), order=Look().order, descending=True)
        self.show_table()

    def question(self) -> Callable[[Store], Answer]:
        """What reads the versions, and those that are compared."""
        compare = self.compared.question() if self._stack.currentIndex() == COMPARED else None
        return partial(_read, self.model, self.look, compare)

    def show_answer(self, answer: Answer) -> None:
        """Show what was read, unless something else is asked for by now."""
        if answer.look != self.look:
            self.refresh.read_again()
            return
        self._answer = answer
        self.table.show_versions(answer.rows, self.columns, answer.stages, self.look)
        found, everything = len(answer.rows), len(answer.versions)
        self.summary.setText(counted_of(None if found == everything else found, everything, "version"))
        if answer.compared is not None:
            self.compared.show_compared(answer.compared)
        elif not answer.versions:
            self._show_notice()
        elif self._stack.currentIndex() == NOTHING:
            self._stack.setCurrentIndex(TABLE)
        self._enable()

    def _show_notice(self) -> None:
        while (item := self._notice.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._notice.addWidget(Notice("No version yet", EMPTY, SNIPPET.format(name=self.model)))
        self._stack.setCurrentIndex(NOTHING)

    @property
    def columns(self) -> Sequence[Column]:
        """What is shown."""
        return self.look.columns or (self._answer.usual if self._answer is not None else ())

    # What the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back from what is compared."""
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == COMPARED:
            self.show_table()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    @Slot()
    def show_table(self) -> None:
        """Go back to the table."""
        self._stack.setCurrentIndex(TABLE)

    @Slot()
    def compare_chosen(self) -> None:
        """Put the selected versions beside each other."""
        chosen = self.session.registry.versions
        if 1 < len(chosen) <= MOST:
            self.compared.set_versions(chosen)
            self._stack.setCurrentIndex(COMPARED)
            self.compared.setFocus()
            self.refresh.ask_now()

    @Slot()
    def choose_columns(self) -> None:
        """Ask which columns are to be shown."""
        if self._answer is not None:
            columns = self._answer.columns
            picker = ColumnPicker(
                "Columns", columns, lambda: self.columns, self.toggle_column, self.choose, several=True
            )
            open_picker(picker, self.choose)

    def toggle_column(self, column: Column) -> None:
        """Show a column, or hide it; one is left in any case."""
        shown = [one for one in self.columns if one != column]
        if len(shown) == len(self.columns):
            shown.append(column)
        if shown and self._answer is not None:
            self.look = replace(self.look, columns=tuple(shown))
            self.table.show_versions(self._answer.rows, shown, self._answer.stages, self.look)
            self.refresh.ask_now()

    @Slot(str)
    def _on_words(self, words: str) -> None:
        self.look = replace(self.look, words=words)
        self.refresh.ask_now()

    @Slot(object, bool)
    def _on_order(self, column: Column, descending: bool) -> None:
        self.look = replace(self.look, order=column, descending=descending)
        self.refresh.ask_now()

    @Slot()
    def _enable(self) -> None:
        chosen = len(self.table.chosen)
        self.compare.setEnabled(1 < chosen <= MOST)
        self.compare.setText(f"Compare {counted(chosen, 'Version')}" if chosen > 1 else "Compare")


def _read(name: str, look: Look, compare: Callable[[str, Store], Compared] | None, store: Store) -> Answer:
    versions, policy = list_versions(store, name), policy_of(store, name)
    columns = columns_of(versions)
    usual = usual_columns(columns, card_metrics(policy.card, [one.metrics for one in versions]))
    compared = compare(name, store) if compare is not None else None
    return Answer(look, versions, arranged(versions, look, policy.stages), policy.stages, columns, usual, compared)
