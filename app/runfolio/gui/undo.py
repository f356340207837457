"""Undo for operations on a store that others write to as well: each step checks that its data is as it left it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from runfolio.core.errors import NotFound, RunStateError, UserError
from runfolio.core.views import View
from runfolio.gui.history import Step
from runfolio.gui.messages import Message
from runfolio.store.operations import Operation, Outcome
from runfolio.store.steps import InSteps

if TYPE_CHECKING:
    from runfolio.gui.session import Session

# What says that the data has moved on. After anything else, such as a busy store, a step can be tried again.
MOVED_ON = (RunStateError, NotFound)
# A step by itself.
NO_BURST = -1
# Experiments, and how their runs are looked at: others have views of their own.
Look: TypeAlias = tuple[tuple[int, ...], View]


class OperationStep(Step):
    """An operation: it is carried out, its inverse when it is undone, the inverse of that when it is done again.

    The data follows, one writing after another: what is undone before it is done is done and then undone. Where the
    data cannot follow now, the step is again what the data is.
    """

    def __init__(
        self,
        session: Session,
        operation: Operation,
        then: Callable[[bool], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        show: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._next = operation
        self._then, self._refused, self._show = then, failed, show
        self._is_done = self._writing = False

    def follow(self) -> None:
        if self._writing or self.done is self._is_done:
            return
        self._writing, operation = True, self._next
        if self.text and isinstance(operation, InSteps):  # what it had not come to would be in no step
            operation = replace(operation, stoppable=False)
        self._session.perform(operation, self._on_done, self._on_failed)

    def _on_done(self, outcome: Outcome) -> None:
        self._writing, first = False, not self.text
        if outcome.rest is not None and not first:
            self._next = outcome.rest
            self._stay(UserError(f"{outcome.text.rstrip('.')}.", "The same once more goes on with the rest."))
            return
        self._is_done = not self._is_done
        if self._then is not None:
            self._then(self._is_done)
        if outcome.inverse is None:
            self._session.undo.forget(self)
        elif first:
            self.text = outcome.text
            self._session.undo.complete(self)
        show = self._show if self._is_done else None
        self._session.message.emit(Message(outcome.text, step=self if first else None, show=show))
        if outcome.inverse is not None:
            self._next = outcome.inverse
            self.follow()

    def _on_failed(self, error: Exception) -> None:
        """Say so, and let the step go if it can never be done."""
        self._writing, first = False, not self.text
        if first or isinstance(error, MOVED_ON):
            self._session.undo.forget(self)
        if first and self._refused is not None:
            self._refused(error)
        else:
            self._stay(error)

    def _stay(self, error: Exception) -> None:
        self.done = self._is_done
        self._session.undo.changed.emit()
        self._session.message.emit(Message.of_error(error))


class ViewStep(Step):
    """Another look at the runs, which was taken already; nothing in the store has changed by it.

    Those of one burst, such as the letters typed into a filter, are one step.
    """

    def __init__(self, session: Session, before: Look, after: Look, why: str, burst: int = NO_BURST) -> None:
        super().__init__(why)
        self._session = session
        self._before, self._after = before, after
        self._burst = burst

    def follow(self) -> None:
        """Where no experiment was chosen, look at those that are now."""
        experiments, view = self._after if self.done else self._before
        self._session.look_at(experiments or self._session.selection.experiments, view)

    def and_then(self, later: Step) -> tuple[Step, ...]:
        if not isinstance(later, ViewStep) or not self._burst == later._burst != NO_BURST:
            return self, later
        if later._before[0] != self._after[0]:
            return self, later
        if later._after == self._before:
            return ()
        return (ViewStep(self._session, self._before, later._after, self.text, self._burst),)
