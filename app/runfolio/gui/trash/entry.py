"""The way into the trash, at the foot of the navigator, with the number of things in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from runfolio.core.entities import Changes
from runfolio.core.numbers import counted
from runfolio.gui.chrome.foot_entry import FootEntry
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.trashed import count_trashed

PACE = 250


class TrashEntry(FootEntry):
    """Follows the trash.

    Attributes:
        count: how many things are in it.

    Signals:
        count_changed(): there are more or fewer things in it.
    """

    count_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Trash", "trash", session.theme, parent)
        self._session = session
        self.count = 0
        self._refresh: Refresh[int] = Refresh(
            session, self._job, self._on_read, "The trash could not be counted.", self, PACE
        )
        session.changed.connect(self._on_changed)
        self._refresh.ask_now()

    def _job(self) -> Callable[[], int]:
        return partial(_count, self._session.store)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.moved or changes.removed or changes.experiments or changes.registry:
            self._refresh.ask()

    def _on_read(self, count: int) -> None:
        self.count = count
        self.set_note(f"{count:,}" if count else "", f"Trash, {counted(count, 'item')}")
        self.count_changed.emit()


def _count(store: Store) -> int:
    with store.reading() as connection:
        return count_trashed(connection)
