"""A section of the navigator with a list that is read from the store: choosing something there shows its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, Signal, Slot
from PySide6.QtWidgets import QTreeView, QWidget

from runfolio.core.entities import Changes
from runfolio.gui.navigator.searched_list import SearchedList
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store

#: Milliseconds between two readings.
PACE = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """What a section lists.

    Attributes:
        page: in the middle, on which one of them is looked at.
        read: reads all of them.
        concerns: whether a change of the store does.
        current: the key of the one that is looked at.
        complaint: told where they cannot be read.
    """

    page: str
    read: Callable[[Store], Sequence[T]]
    concerns: Callable[[Changes], bool]
    current: Callable[[], object]
    complaint: str


class ListedSection(QWidget):
    """A section that reads what it lists, and marks what is looked at. A subclass places the parts, and calls `begin`.

    Attributes:
        model, list: what is listed, and the view of it.

    Signals:
        shown(): it was read anew.
    """

    shown = Signal()

    def __init__(self, session: Session, listed: Listed[Any], model: SearchedList[Any], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._session, self._listed, self._page = session, listed, ""
        self.model = model
        model.setParent(self)
        self.list: QTreeView
        self._refresh: Refresh[Sequence[Any]] = Refresh(session, self._job, self._on_read, listed.complaint, self, PACE)

    def begin(self) -> None:
        """Read, now and after changes."""
        self._session.changed.connect(self._on_changed)
        self._refresh.ask_now()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Show those that are searched for."""
        self.model.set_filter(text)
        self.mark()

    @Slot(str)
    def set_page(self, page: str) -> None:
        """Another page is shown in the middle: only with its own is one of these what is looked at."""
        self._page = page
        self.mark()

    @Slot()
    def mark(self) -> None:
        """Show which one is looked at."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        index = self.model.find(self._listed.current())
        if self._page != self._listed.page or not index.isValid():
            self.list.clearSelection()
        elif not self.list.selectionModel().isSelected(index):
            self.list.selectionModel().setCurrentIndex(index, flags)

    def _job(self) -> Callable[[], Sequence[Any]]:
        return partial(self._listed.read, self._session.store)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._listed.concerns(changes):
            self._refresh.ask()

    def _on_read(self, found: Sequence[Any]) -> None:
        self.model.show_all(found)
        self.mark()
        self.shown.emit()
