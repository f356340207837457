"""Undo for operations on a store that others write to as well: each step checks that its data is as it left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from runfolio.core.errors import RunStateError
from runfolio.gui.messages import Message
from runfolio.store import Store
from runfolio.store.operations import Operation, Outcome

if TYPE_CHECKING:
    from runfolio.gui.session import Session


class OperationCommand(QUndoCommand):
    """An operation that was carried out. Undoing runs its inverse, redoing the inverse of that."""

    def __init__(self, session: Session, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self._session = session
        self._next: Operation | None = outcome.inverse
        self._pushed = False

    def redo(self) -> None:
        """Do it again; the first call, by the stack, follows the doing and does nothing."""
        if self._pushed:
            self._session.perform(self._step, self._on_done, self._on_failed)
        self._pushed = True

    def undo(self) -> None:
        """Take it back."""
        self._session.perform(self._step, self._on_done, self._on_failed)

    def _step(self, store: Store) -> Outcome:
        """On the writing thread, where each step finds the inverse that the one before it has left."""
        if self._next is None:
            raise RunStateError(f"“{self.text()}” cannot be undone or done again any more.", "Left as it is.")
        outcome = self._next(store)
        self._next = outcome.inverse
        return outcome

    def _on_done(self, outcome: Outcome) -> None:
        self._session.message.emit(Message(outcome.text))

    def _on_failed(self, error: Exception) -> None:
        """The data has moved on: say so, and let this step of the history go."""
        self._next = None
        self.setObsolete(True)
        self._session.message.emit(Message.of_error(error))
