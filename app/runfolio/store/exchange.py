"""One value for another in many runs, some of them in a transaction: what others have changed since stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, select

from runfolio.core.errors import UserError
from runfolio.core.numbers import counted
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import runs
from runfolio.store.steps import InSteps, Steps

V = TypeVar("V")
# So many go in one transaction, which takes about a tenth of a second, and others write between.
TOGETHER = 2_000


@dataclass(frozen=True, slots=True)
class Kind(Generic[V]):
    """What is exchanged.

    Attributes:
        there: the values that some of the runs have now, without those that are gone.
        write: gives runs values; returns those given, be it to others too, which had none.
        told: one sentence of the runs that were done, of those that were to be.
        back: the operation that takes it back, given the values that there must be and those to be given.
    """

    there: Callable[[Connection, Sequence[int]], Mapping[int, V | None]]
    write: Callable[[Transaction, dict[int, V | None]], Mapping[int, V | None]]
    told: Callable[[Mapping[int, V | None], Collection[int]], str]
    back: Callable[[Store, Steps, dict[int, V | None], dict[int, V | None]], Outcome]


def exchange(
    store: Store,
    steps: Steps,
    kind: Kind[V],
    old: Mapping[int, V | None],
    new: Mapping[int, V | None],
    done: Mapping[int, tuple[V | None, V | None]] | None = None,
) -> Outcome:
    """Give runs new values, in this order, where they have the old ones; those `done` before belong to it.

    Raises RunStateError if none of them has.
    """
    gone, before = dict(done or {}), len(done or {})
    left: list[int] = []
    trouble = ""
    for part in in_batches(list(new), TOGETHER):
        if steps.stop():
            break
        try:
            written = _step(store, kind, {one: old[one] for one in part}, new)
        except UserError as error:
            if len(gone) == before:
                raise
            trouble = f", but no more: {error.message}"
            break
        left += [one for one in part if one not in written]
        gone |= {one: (old.get(one), value) for one, value in written.items()}
        steps.progress(len(gone), before + len(new) - len(left))
    if left and not gone:
        raise moved_on(f"{_named(store, left)} {'has' if len(left) == 1 else 'have'} been changed since.")
    over = {*gone, *left}
    to_come = {one: value for one, value in new.items() if one not in over}
    text = kind.told({one: value for one, (_, value) in gone.items()}, {*gone, *to_come}) + trouble
    text += stays(_named(store, left), len(left))
    if not gone:
        return Outcome(text)
    was, then = ({one: gone[one][at] for one in reversed(gone)} for at in (1, 0))
    back = InSteps(lambda store, steps: kind.back(store, steps, was, then))
    rest = InSteps(lambda store, steps: exchange(store, steps, kind, old, to_come, gone))
    return Outcome(text, back, rest if trouble else None)


def stays(what: str, number: int) -> str:
    """The end of a sentence: that something, so many of them, has been left as it is; nothing if there is none."""
    verbs = ("has", "stays as it is") if number == 1 else ("have", "stay as they are")
    return f"; {what} {verbs[0]} been changed since and {verbs[1]}" if number else ""


def some_of(done: int, asked: int, what: str = "run") -> str:
    """Such as "3 runs", or "3 of 5 runs" where it was to be more."""
    return counted(done, what) if done >= asked else f"{done:,} of {counted(asked, what)}"


def _step(
    store: Store, kind: Kind[V], old: Mapping[int, V | None], new: Mapping[int, V | None]
) -> Mapping[int, V | None]:
    """One transaction; without those that have other values by now."""
    with store.writing() as transaction:
        there = kind.there(transaction.connection, list(old))
        same = {one: new[one] for one in old if one in there and there[one] == old[one]}
        return kind.write(transaction, same) if same else {}


def _named(store: Store, left: Sequence[int]) -> str:
    """A single run by name, as far as there is one."""
    if len(left) != 1:
        return counted(len(left), "run")
    with store.reading() as connection:
        return str(connection.execute(select(runs.c.name).where(runs.c.id == left[0])).scalar() or "1 run")
