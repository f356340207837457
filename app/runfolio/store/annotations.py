"""What people have noted at stretches of runs' curves, and changes to that, each with its inverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from sqlalchemy import delete, insert, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.store import dialect
from runfolio.store.connection import Store, Transaction
from runfolio.store.operations import Outcome, moved_on, short
from runfolio.store.schema import curve_notes, runs

#: The longest note, in characters.
LONGEST = 2000
#: Steps are whole numbers of 64 bits.
LEAST_STEP, GREATEST_STEP = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note at the steps from `first_step` to `last_step` of a run's metric. Times are epoch milliseconds."""

    id: int
    run_id: int
    metric: str
    first_step: int
    last_step: int
    text: str
    creation_time: int
    last_update_time: int


def annotations_of(store: Store, numbers: Sequence[int]) -> list[Annotation]:
    """All notes at curves of these runs, by run, metric and steps."""
    query = select(curve_notes).where(dialect.among(curve_notes.c.run_id, numbers))
    with store.reading() as connection:
        found = [Annotation(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda one: (one.run_id, one.metric, one.first_step, one.last_step, one.id))


def add_annotation(store: Store, run: int, metric: str, first: int, last: int, text: str) -> Outcome:
    """Note something at the steps from `first` to `last` of a run's metric, in either order.

    Raises:
        InvalidValue: there is no text, or it is too long, or a step is no number of 64 bits.
        NotFound: the run is gone.
    """
    now = now_ms()
    said = check_annotation(first, last, text)
    return _put(store, Annotation(0, run, rules.key(metric, "metric"), *said, now, now), "Annotated")


def change_annotation(store: Store, number: int, first: int, last: int, text: str) -> Outcome:
    """Have a note say something else, or at other steps. Raises InvalidValue, NotFound."""
    first, last, text = check_annotation(first, last, text)
    with store.writing() as transaction:
        old = _there(transaction, number)
        new = replace(old, first_step=first, last_step=last, text=text, last_update_time=now_ms())
        return _change(transaction, old, new, "Changed")


def delete_annotation(store: Store, number: int) -> Outcome:
    """Remove a note. Raises NotFound."""
    with store.writing() as transaction:
        return _remove(transaction, _there(transaction, number))


def _put(store: Store, one: Annotation, done: str) -> Outcome:
    """A new note, or one that was deleted, which has its number."""
    with store.writing() as transaction:
        _touch(transaction, one.run_id)
        stored = one if one.id else replace(one, id=transaction.revision)
        transaction.connection.execute(insert(curve_notes).values(asdict(stored)))
    return Outcome(f"{done}: {short(one.text)}", partial(_take_back, expected=stored))


def _take_back(store: Store, expected: Annotation) -> Outcome:
    with store.writing() as transaction:
        _check_same(transaction, expected)
        return _remove(transaction, expected)


def _remove(transaction: Transaction, one: Annotation) -> Outcome:
    _touch(transaction, one.run_id)
    transaction.connection.execute(delete(curve_notes).where(curve_notes.c.id == one.id))
    return Outcome(
        f"Removed the annotation: {short(one.text)}", partial(_put, one=one, done="Brought back the annotation")
    )


def _put_back(store: Store, expected: Annotation, old: Annotation) -> Outcome:
    with store.writing() as transaction:
        _check_same(transaction, expected)
        return _change(transaction, expected, old, "Put back")


def _change(transaction: Transaction, old: Annotation, new: Annotation, done: str) -> Outcome:
    _touch(transaction, old.run_id)
    transaction.connection.execute(update(curve_notes).where(curve_notes.c.id == old.id).values(asdict(new)))
    return Outcome(f"{done} the annotation: {short(new.text)}", partial(_put_back, expected=new, old=old))


def _touch(transaction: Transaction, run: int) -> None:
    """Whoever shows the run reads it again. Raises NotFound."""
    stamped = update(runs).where(runs.c.id == run).values(revision=transaction.revision)
    if not transaction.connection.execute(stamped).rowcount:
        raise NotFound("The run of this annotation is gone.")


def _there(transaction: Transaction, number: int) -> Annotation:
    found = transaction.connection.execute(select(curve_notes).where(curve_notes.c.id == number)).one_or_none()
    if found is None:
        raise NotFound("This annotation is not there any more.")
    return Annotation(*found)


def _check_same(transaction: Transaction, expected: Annotation) -> None:
    if _there(transaction, expected.id) != expected:
        raise moved_on(f"The annotation has been changed since: {short(expected.text)}.")


def check_annotation(first: int, last: int, text: str) -> tuple[int, int, str]:
    """What is kept of an annotation: its steps in order, and its text without blanks around. Raises InvalidValue."""
    if not (LEAST_STEP <= first <= GREATEST_STEP and LEAST_STEP <= last <= GREATEST_STEP):
        raise InvalidValue("A step is a whole number of at most 64 bits.")
    text = rules.text(text.strip())
    if not text:
        raise InvalidValue("An annotation needs some words.")
    if len(text) > LONGEST:
        raise InvalidValue(f"An annotation has at most {LONGEST:,} characters; this one has {len(text):,}.")
    return min(first, last), max(first, last), text
