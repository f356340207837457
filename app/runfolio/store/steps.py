"""Operations that take long go in steps: between them they say how far they are, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runfolio.store.connection import Store
from runfolio.store.operations import Operation, Outcome


@dataclass(frozen=True, slots=True)
class Steps:
    """Who waits for a long operation.

    Attributes:
        progress: is told how much is done, and of how much.
        stop: says whether the rest is to stay as it is.
    """

    progress: Callable[[int, int], None] = lambda done, total: None
    stop: Callable[[], bool] = lambda: False


TO_THE_END = Steps()


@dataclass(frozen=True, slots=True)
class InSteps:
    """An operation that goes in steps; called like any other, it takes them all.

    Attributes:
        operation: carries it out; what was done when it was stopped is its outcome.
        title: what a user is told it does.
        stoppable: whether a user may stop it.
    """

    operation: Callable[[Store, Steps], Outcome]
    title: str = "Saving"
    stoppable: bool = True

    def __call__(self, store: Store) -> Outcome:
        return self.operation(store, TO_THE_END)


def carried_out(operation: Operation, store: Store, steps: Steps) -> Outcome:
    """The outcome of any operation, in steps if it goes in such."""
    return operation.operation(store, steps) if isinstance(operation, InSteps) else operation(store)
