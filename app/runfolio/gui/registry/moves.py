"""Moves of cards as operations of the store, and where the cards are until it has answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from runfolio.core.errors import RunfolioError
from runfolio.core.numbers import counted
from runfolio.core.registry.names import ARCHIVED
from runfolio.gui.registry.cards import Shown
from runfolio.gui.registry.weighing import Weighed
from runfolio.store import Store
from runfolio.store.operations import Operation, Outcome
from runfolio.store.registry.transitions import transition
from runfolio.store.registry.versions import delete_version
from runfolio.store.restoring import together


def moving(name: str, weighed: Weighed, reason: str = "", signed_off_by: str = "") -> Operation:
    """The operation that a weighed move is."""
    done = partial(transition, name=name, stage=weighed.stage, reason=reason, signed_off_by=signed_off_by)
    what = f"Moved {counted(len(weighed.versions), 'version')} of {name} to {weighed.stage}"
    return one_after_another([partial(done, version=one) for one in weighed.versions], what)


def deleting(name: str, versions: Sequence[int]) -> Operation:
    """The operation that puts versions into the trash."""
    what = f"Moved {counted(len(versions), 'version')} of {name} to the trash"
    return one_after_another([partial(delete_version, name=name, version=one) for one in versions], what)


def one_after_another(operations: Sequence[Operation], what: str) -> Operation:
    """Several operations as one; where one of them is refused, those before it are taken back."""

    def carried_out(store: Store) -> Outcome:
        done: list[Outcome] = []
        for operation in operations:
            try:
                done.append(operation(store))
            except RunfolioError:
                for outcome in reversed(done):
                    if outcome.inverse is not None:
                        outcome.inverse(store)
                raise
        whole = together(done)
        return whole if len(done) == 1 else Outcome(what, whole.inverse)

    return carried_out


class Places:
    """Where cards are shown: as the store has them, but those that were moved a moment ago where they were moved to.

    A move that the store has carried out is forgotten with the first reading that was begun after it.
    """

    def __init__(self) -> None:
        self._moves: dict[int, dict[int, str]] = {}
        self._settled: set[int] = set()
        self._last = 0

    def move(self, weighed: Weighed) -> int:
        """Show a move as made; returns its number."""
        self._last += 1
        to = dict.fromkeys(weighed.archived, ARCHIVED) | dict.fromkeys(weighed.versions, weighed.stage)
        self._moves[self._last] = to
        return self._last

    def settle(self, number: int) -> None:
        """The store has carried it out."""
        self._settled.add(number)

    def take_back(self, number: int) -> None:
        """The store has refused it."""
        self._moves.pop(number, None)

    def settled(self) -> frozenset[int]:
        """The moves that a reading which begins now will have."""
        return frozenset(self._settled)

    def forget(self, numbers: frozenset[int]) -> None:
        """A reading that has these is shown."""
        self._settled -= numbers
        for number in numbers:
            self._moves.pop(number, None)

    def clear(self) -> None:
        """Another model is shown."""
        self._moves.clear()
        self._settled.clear()

    def stages(self, shown: Shown) -> dict[int, str]:
        """The stage of each version."""
        found = {card.number: card.version.stage for card in shown.cards}
        for moved in self._moves.values():
            found.update({version: stage for version, stage in moved.items() if version in found})
        return found
