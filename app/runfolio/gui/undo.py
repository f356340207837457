"""Undo for operations on a store that others write to as well: each step checks that its data is as it left it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtGui import QUndoCommand

from runfolio.core.errors import NotFound, RunStateError, UserError
from runfolio.core.views import View
from runfolio.gui.messages import Message
from runfolio.store import Store
from runfolio.store.operations import Operation, Outcome
from runfolio.store.steps import InSteps, Steps, carried_out

if TYPE_CHECKING:
    from runfolio.gui.session import Session

# What says that the data has moved on. After anything else, such as a busy store, a step can be tried again.
MOVED_ON = (RunStateError, NotFound)
# A command by itself, as Qt says it.
NO_BURST = -1
NOTHING_TO_DO = Outcome("")
# Experiments, and how their runs are looked at: others have views of their own.
Look: TypeAlias = tuple[tuple[int, ...], View]


class OperationCommand(QUndoCommand):
    """An operation. The first step carries it out, undoing runs its inverse, redoing the inverse of that.

    The stack moves at once and the data follows, one step after another: what is undone before it is done is done and
    then undone. Where the data cannot follow now, the stack goes back to where the data is.
    """

    def __init__(
        self,
        session: Session,
        operation: Operation,
        then: Callable[[bool], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._first: Operation | None = operation  # until it is asked for
        self._next: Operation | None = operation
        self._then, self._refused = then, failed
        self._name: str | None = None  # until it has been done once
        self._done = False
        self._answered = False

    def redo(self) -> None:
        """Do it, or do it again."""
        self._ask(done=True)

    def undo(self) -> None:
        """Take it back."""
        self._ask(done=False)

    def _ask(self, *, done: bool) -> None:
        told, failed = partial(self._on_done, done), partial(self._on_failed, done)
        first, self._first = self._first, None
        # Undone or done again it goes to its end: what it had not come to would be in no step.
        step = partial(self._step, done=done)
        operation = replace(first, operation=step) if isinstance(first, InSteps) else InSteps(step, stoppable=False)
        self._session.perform(operation, told, failed)

    def _step(self, store: Store, steps: Steps, *, done: bool) -> Outcome:
        """On the writing thread, where each step finds the inverse that the one before it has left."""
        operation, first = self._next, self._name is None
        if self._done is done or (operation is None and first):
            return NOTHING_TO_DO
        if operation is None:
            raise RunStateError(f"“{self._name}” cannot be undone or done again any more.", "Left as it is.")
        if first:  # refused, it is not tried again for who has undone it meanwhile, and then done it again
            self._next = None
        outcome = carried_out(operation, store, steps)
        if outcome.rest is not None and not first:
            self._next = outcome.rest
            raise UserError(f"{outcome.text.rstrip('.')}.", "The same once more goes on with the rest.")
        self._next, self._done = outcome.inverse, done
        self._name = outcome.text if first else self._name
        return outcome

    def _place(self) -> int | None:
        """Where it is in the stack; None once another has taken its place, and Qt has deleted it."""
        stack = self._session.undo
        return next((at for at in range(stack.count()) if stack.command(at) is self), None)

    def _on_done(self, done: bool, outcome: Outcome) -> None:
        first, self._answered = not self._answered, True
        if self._then is not None and outcome is not NOTHING_TO_DO:
            self._then(done)
        if first and outcome.inverse is None:
            self._let_go()
        elif first and self._place() is not None:
            self.setText(outcome.text)
            stack = self._session.undo  # Qt does not tell of it
            stack.undoTextChanged.emit(stack.undoText())
        if outcome.text:
            self._session.message.emit(Message(outcome.text, command=self if first else None))

    def _on_failed(self, done: bool, error: Exception) -> None:
        """Say so; let the step go if it can never be done, else have it before us again."""
        stack, place = self._session.undo, self._place()
        first, self._answered = not self._answered, True
        if first:
            self._let_go()
        elif isinstance(error, MOVED_ON):
            self._next = None
            self._let_go()
        elif place is not None and (stack.index() > place) is done:
            self._go_to(place if done else place + 1)
        if first and self._refused is not None:
            self._refused(error)
        else:
            self._session.message.emit(Message.of_error(error))

    def _go_to(self, index: int) -> None:
        """Have the stack where the data is; but no look at the runs is taken again that a user has left meanwhile."""
        stack = self._session.undo
        passed = range(*sorted((index, stack.index())))
        if not any(isinstance(stack.command(at), ViewCommand) for at in passed):
            stack.setIndex(index)

    def _let_go(self) -> None:
        """There is nothing to undo. Qt forgets it in passing, without having it do anything."""
        place, stack = self._place(), self._session.undo
        if place is not None:
            self.setObsolete(True)
            if place == stack.index() - 1:
                stack.undo()
            elif place == stack.index():
                stack.redo()
                stack.indexChanged.emit(place)  # Qt tells nobody that there may be nothing to do again any more


class ViewCommand(QUndoCommand):
    """Another look at the runs, which was taken already; nothing in the store has changed by it.

    Those of one burst, such as the letters typed into a filter, are one step.
    """

    def __init__(self, session: Session, before: Look, after: Look, why: str, burst: int = NO_BURST) -> None:
        super().__init__(why)
        self._burst = burst
        self._session = session
        self._before, self._after = before, after

    def id(self) -> int:
        """What Qt merges by."""
        return self._burst

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take the next step of the burst in."""
        if not isinstance(other, ViewCommand) or other._before[0] != self._after[0]:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        """Look at the runs that way again."""
        self._look(*self._after)

    def undo(self) -> None:
        """Look at them as before."""
        self._look(*self._before)

    def _look(self, experiments: tuple[int, ...], view: View) -> None:
        """Where no experiment was chosen, at those that are now."""
        self._session.look_at(experiments or self._session.selection.experiments, view)
