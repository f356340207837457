"""What people do with the queue: each is one function that returns what it did and how to take it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue, RunStateError
from runfolio.core.numbers import counted
from runfolio.core.queue.records import AT_WORK, OVER, JobKind, JobState, Slots
from runfolio.store import dialect
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction, note_queue
from runfolio.store.operations import Outcome, moved_on, short
from runfolio.store.queue.own import mark_of
from runfolio.store.queue.reading import settings_row
from runfolio.store.queue.tables import jobs, queue_settings

Row = dict[str, Any]


def enqueue(store: Store, kind: JobKind, title: str, request: Mapping[str, Any]) -> tuple[int, Outcome]:
    """Put a job at the end of the queue; its id, and what was done."""
    numbers, outcome = enqueue_many(store, [(kind, title, request)])
    return numbers[0], outcome


def enqueue_many(store: Store, wanted: Sequence[tuple[JobKind, str, Mapping[str, Any]]]) -> tuple[list[int], Outcome]:
    """Put jobs at the end of the queue, in their order; their ids, and what was done.

    Raises:
        EnvironmentProblem: the key by which they are known for this person's cannot be kept.
    """
    with store.writing() as transaction:
        last = float(transaction.connection.execute(select(func.max(jobs.c.place))).scalar() or 0.0)
        rows = [_new_row(one, last + number) for number, one in enumerate(wanted, start=1)]
        # The database counts, and gives no number twice.
        rows = [{**row, "id": number} for row, number in zip(rows, _insert(transaction, rows), strict=True)]
    return [row["id"] for row in rows], _put(rows)


def cancel(store: Store, numbers: Sequence[int]) -> Outcome:
    """End jobs: those that wait do so no more, those at work are told to end; those that are over stay as they are.

    Only what has not begun can be taken back.
    """
    with store.writing() as transaction:
        rows = _rows(transaction.connection, numbers)
        waiting = [row["id"] for row in rows if row["state"] == JobState.WAITING]
        at_work = [row["id"] for row in rows if row["state"] in AT_WORK]
        now = now_ms()
        _change(transaction, waiting, state=JobState.CANCELLED, ended=now, reason="Cancelled before it began.")
        _change(transaction, at_work, cancelling=True)
    done = f"Cancelled {_named(rows, [*waiting, *at_work])}"
    return Outcome(done, partial(_wait_again, numbers=waiting, at=now) if waiting else None)


def _wait_again(store: Store, numbers: Sequence[int], at: int) -> Outcome:
    with store.writing() as transaction:
        rows = _rows(transaction.connection, numbers)
        if len(rows) < len(numbers) or any(row["state"] != JobState.CANCELLED or row["ended"] != at for row in rows):
            raise moved_on("These jobs have been changed since.")
        _change(transaction, numbers, state=JobState.WAITING, ended=None, reason="")
    return Outcome(f"Put {_named(rows, numbers)} back into the queue", lambda s: cancel(s, numbers))


def run_again(store: Store, numbers: Sequence[int]) -> Outcome:
    """Put new jobs like those at the end of the queue."""
    with store.reading() as connection:
        found = _rows(connection, numbers)
    wanted = [(JobKind(row["kind"]), row["title"], json.loads(row["request"])) for row in found]
    return enqueue_many(store, wanted)[1]


def move(store: Store, numbers: Sequence[int], before: int | None) -> Outcome:
    """Put waiting jobs, in the order that they have, before another one, or at the end.

    Raises:
        RunStateError: one of them waits no more.
    """
    with store.writing() as transaction:
        connection = transaction.connection
        query = select(jobs.c.id, jobs.c.place, jobs.c.title).where(jobs.c.state == JobState.WAITING)
        order = connection.execute(query.order_by(jobs.c.place, jobs.c.id)).all()
        there = {row.id for row in order}
        if not there.issuperset(numbers) or (before is not None and before not in there):
            raise RunStateError("Only jobs that wait can be moved, before others that wait.")
        wanted = set(numbers)
        moved = [row for row in order if row.id in wanted]
        others = [row for row in order if row.id not in wanted]
        at = next((i for i, row in enumerate(others) if row.id == before), len(others))
        low = others[at - 1].place if at else others[0].place - len(moved) - 1 if others else 0.0
        high = others[at].place if at < len(others) else low + len(moved) + 1
        places = {row.id: low + (high - low) * i / (len(moved) + 1) for i, row in enumerate(moved, start=1)}
        if len({low, high, *places.values()}) < len(places) + 2:  # halved so often that no number is left between
            ordered = [row.id for row in (*others[:at], *moved, *others[at:])]
            places = dict(zip(ordered, map(float, range(1, len(ordered) + 1)), strict=True))
        _place(transaction, places)
    old = {row.id: row.place for row in order if row.id in places}
    return Outcome(f"Moved {_named([row._asdict() for row in moved], numbers)}", lambda s: _move_back(s, old))


def _move_back(store: Store, places: Mapping[int, float]) -> Outcome:
    with store.writing() as transaction:
        rows = _rows(transaction.connection, list(places))
        if len(rows) < len(places) or any(row["state"] != JobState.WAITING for row in rows):
            raise moved_on("Some of these jobs wait no more.")
        now = {row["id"]: row["place"] for row in rows}
        _place(transaction, places)
    return Outcome("Moved them back", lambda s: _move_back(s, now))


def remove(store: Store, numbers: Sequence[int]) -> Outcome:
    """Take jobs that are over, or wait, out of the list; their runs stay.

    Raises:
        RunStateError: one of them is at work.
    """
    with store.writing() as transaction:
        rows = _rows(transaction.connection, numbers)
        if any(row["state"] in AT_WORK for row in rows):
            raise RunStateError("A job that is at work cannot be removed.", "Cancel it first.")
        for part in in_batches([row["id"] for row in rows]):
            transaction.connection.execute(delete(jobs).where(jobs.c.id.in_(part)))
        note_queue(transaction)
    return Outcome(f"Removed {_named(rows, numbers)}", lambda s: _bring_back(s, rows))


def remove_over(store: Store) -> Outcome:
    """Take all jobs that are over out of the list."""
    with store.reading() as connection:
        numbers = connection.execute(select(jobs.c.id).where(jobs.c.state.in_(sorted(OVER)))).scalars().all()
    return remove(store, numbers)


def pause(store: Store, paused: bool) -> Outcome:
    """Have no job started until told otherwise, or have them started again; those at work go on."""
    with store.writing() as transaction:
        _settle(transaction, paused=paused)
    return Outcome("Paused the queue" if paused else "The queue goes on", lambda s: pause(s, not paused))


def set_slots(store: Store, slots: Slots) -> Outcome:
    """Choose what jobs may hold at one time.

    Raises:
        InvalidValue: no job could ever run.
    """
    if slots.jobs < 1 or min(slots.cpu, slots.memory_gb, slots.gpu) < 0:
        raise InvalidValue("At least one job runs at one time; processors, memory and graphics cards are 0 or more.")
    with store.writing() as transaction:
        row = settings_row(transaction.connection)
        old = Slots() if row is None else Slots(row.jobs, row.cpu, row.memory_gb, row.gpu)
        _settle(transaction, **asdict(slots))
    return Outcome(f"The queue runs {counted(slots.jobs, 'job')} at one time", lambda s: set_slots(s, old))


def _settle(transaction: Transaction, **values: Any) -> None:
    row = settings_row(transaction.connection)
    known = {"id": 1, "paused": False, **asdict(Slots())} if row is None else row._asdict()
    transaction.connection.execute(dialect.insert_or_update(queue_settings), [{**known, **values}])
    note_queue(transaction)


def _new_row(wanted: tuple[JobKind, str, Mapping[str, Any]], place: float) -> Row:
    kind, title, request = wanted
    row: Row = {"kind": kind, "title": title, "state": JobState.WAITING, "request": json.dumps(request)}
    return {
        **row,
        "mark": mark_of(kind, request),
        "place": place,
        "created": now_ms(),
        "run_uuid": "",
        "reason": "",
        "attempts": 0,
        "cancelling": False,
    }


def _put(rows: list[Row]) -> Outcome:
    numbers = [row["id"] for row in rows]
    return Outcome(f"Put {_named(rows, numbers)} into the queue", lambda s: _take_out(s, numbers))


def _take_out(store: Store, numbers: Sequence[int]) -> Outcome:
    """Undo of what puts jobs into the queue: those that have not begun."""
    with store.writing() as transaction:
        rows = _rows(transaction.connection, numbers)
        if not rows or any(row["state"] != JobState.WAITING for row in rows):
            raise moved_on("A job of these has begun.")
        for part in in_batches(list(numbers)):
            transaction.connection.execute(delete(jobs).where(jobs.c.id.in_(part)))
        note_queue(transaction)
    return Outcome(f"Took {_named(rows, numbers)} out of the queue", lambda s: _bring_back(s, rows))


def _bring_back(store: Store, rows: list[Row]) -> Outcome:
    with store.writing() as transaction:
        if _rows(transaction.connection, [row["id"] for row in rows]):
            raise moved_on("These jobs are there again.")
        _insert(transaction, rows)
    numbers = [row["id"] for row in rows]
    return Outcome(f"Brought back {_named(rows, numbers)}", lambda s: remove(s, numbers))


def _insert(transaction: Transaction, rows: Sequence[Row]) -> Sequence[int]:
    """Put jobs into the table, with their numbers if they had some; returns these, in the same order."""
    note_queue(transaction)
    if not rows:
        return ()
    done = insert(jobs).returning(jobs.c.id, sort_by_parameter_order=True)
    stamped = [{**row, "revision": transaction.revision} for row in rows]
    return transaction.connection.execute(done, stamped).scalars().all()


def _rows(connection: Connection, numbers: Sequence[int]) -> list[Row]:
    found = [
        row._asdict()
        for part in in_batches(list(numbers))
        for row in connection.execute(select(jobs).where(jobs.c.id.in_(part)))
    ]
    return sorted(found, key=lambda row: row["place"])


def _change(transaction: Transaction, numbers: Sequence[int], **values: Any) -> None:
    for part in in_batches(list(numbers)):
        change = update(jobs).where(jobs.c.id.in_(part)).values(revision=transaction.revision, **values)
        transaction.connection.execute(change)
    note_queue(transaction)


def _place(transaction: Transaction, places: Mapping[int, float]) -> None:
    if places:
        change = update(jobs).where(jobs.c.id == bindparam("job"))
        change = change.values(place=bindparam("to"), revision=transaction.revision)
        transaction.connection.execute(change, [{"job": number, "to": place} for number, place in places.items()])
    note_queue(transaction)


def _named(rows: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> str:
    """A job by its title, several by their number."""
    wanted = set(numbers)
    concerned = [row for row in rows if row["id"] in wanted]
    return short(str(concerned[0]["title"])) if len(concerned) == 1 else counted(len(concerned), "job")
