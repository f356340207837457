"""A tab of the registry's page that reads something of the model, and reads it again when the registry changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent

from runfolio.core.entities import Changes
from runfolio.core.errors import NotFound
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.tabs import RegistryTab
from runfolio.gui.session import Session
from runfolio.store import Store

T = TypeVar("T")
#: What other processes change is read no more often; milliseconds.
PACE = 100


class FollowingTab(RegistryTab, Generic[T]):
    """Nothing is read for a tab that is not seen.

    Attributes:
        session: what all parts share.
        model: the name of the registered model; "" for none.
        refresh: asks for what is to be read anew.
    """

    complaint = "The registry could not be read."

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.model = ""
        self.refresh: Refresh[tuple[str, T | None]] = Refresh(
            session, self._job, self._take, self.complaint, self, PACE
        )
        session.changed.connect(self._on_changed)

    @property
    def settled(self) -> bool:
        """True when what is shown is what was asked for last."""
        return self.refresh.idle

    def show_model(self, name: str) -> None:
        """Show a registered model, which may be gone by now."""
        if name != self.model:
            self.model = name
            self.forget()
        self.refresh.ask_now()

    def forget(self) -> None:
        """Another model is to be shown: what is known of the one before is of no use."""

    @abstractmethod
    def question(self) -> Callable[[Store], T]:
        """What reads, on a worker, all that is shown of the model; NotFound means that it is gone."""

    @abstractmethod
    def show_answer(self, answer: T) -> None:
        """Show what was read."""

    def registry_changed(self) -> None:
        """Something in the registry is other now."""
        self.refresh.ask()

    def _job(self) -> Callable[[], tuple[str, T | None]] | None:
        if not self.model or not self.isVisible():
            return None
        return partial(_read, self.session.store, self.model, self.question())

    def _take(self, found: tuple[str, T | None]) -> None:
        name, answer = found
        if name != self.model:
            self.refresh.read_again()
        elif answer is not None:
            self.show_answer(answer)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.registry:
            self.registry_changed()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is read now."""
        super().showEvent(event)
        self.refresh.ask_now()


def _read(store: Store, name: str, question: Callable[[Store], T]) -> tuple[str, T | None]:
    try:
        return name, question(store)
    except NotFound:  # the page lets go of a model that is gone
        return name, None
