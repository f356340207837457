"""What viewers of lists have in common: a line of what is known, warnings, and a table that can be filtered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.icons import icon
from runfolio.gui.theme import Theme
from runfolio.gui.viewers.data_table import DataTable
from runfolio.gui.viewers.list_model import ListColumn, ListModel

T = TypeVar("T")


class Listing(QWidget, Generic[T]):
    """A table of things with a line to filter them.

    Attributes:
        table: the things that are shown.
        model: what they are.
        filter: only things whose text has all of these words are shown.
        banner: what has to be known before anything else.
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[ListColumn[T]],
        theme: Theme,
        text: Callable[[T], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._things: Sequence[T] = ()
        self.model: ListModel[T] = ListModel(columns, theme.color, self)
        self.table, self.filter = DataTable(title), QLineEdit(placeholderText="Filter")
        self.banner = banner()
        self.table.setModel(self.model)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.filter.setAccessibleName(f"Filter of {title.lower()}")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("filter", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._on_filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.banner, self.filter, self.table):
            layout.addWidget(widget)
        layout.setStretchFactor(self.table, 1)
        self.setFocusProxy(self.table)

    def show_things(self, things: Sequence[T], warning: str = "") -> None:
        """Show these, and say what has to be known."""
        first = not self._things
        self._things = things
        tell(self.banner, warning)
        self._on_filter()
        if first:
            self.table.fit_columns()

    @Slot()
    def _on_filter(self) -> None:
        words = self.filter.text().casefold().split()
        found = [one for one in self._things if all(word in self._text(one).casefold() for word in words)]
        self.model.show_things(found)


def banner() -> QLabel:
    """A line that warns; hidden while it has nothing to say."""
    label = plain_label()
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.hide()
    return label


def tell(label: QLabel, text: str) -> None:
    """Say something, or nothing."""
    label.setText(text)
    label.setVisible(bool(text))
