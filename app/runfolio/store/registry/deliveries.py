"""What is to be told of moves, noted in the transaction that makes them: it is told later, and holds nothing up.

Who tells it is a process of its own (`runfolio registry deliver`, `runfolio.events`), which is started here.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from runfolio.core.environment import is_on
from runfolio.core.folder import REGISTRY
from runfolio.core.registry.chain import Entry
from runfolio.core.registry.policy import Policy
from runfolio.journal.locks import acquire
from runfolio.store import detached
from runfolio.store.connection import Store, Transaction, note_registry
from runfolio.store.registry.allowed import is_allowed
from runfolio.store.registry.audit import numbered
from runfolio.store.registry.tables import deliveries

log = logging.getLogger("runfolio")
WAITING, DONE, FAILED = "waiting", "done", "failed"
#: What is locked as long as a process tells what is due.
LOCK = ".sending.lock"
#: What an attempt can tell at most, in characters.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something to be told of a move.

    Attributes:
        entry: the move, as the audit log has it.
        target: whom to tell, as the policy writes it.
        state: `waiting`, `done` or `failed`.
        attempts: how often it was tried. next_time: when to try again, epoch milliseconds.
        told: what came of each attempt, a line for each.
    """

    id: int
    entry: Entry
    target: dict[str, Any]
    state: str
    attempts: int
    next_time: int
    told: str


def note_deliveries(transaction: Transaction, entry: Entry, policy: Policy) -> None:
    """Note what the policy says of a move that was logged."""
    rows = [
        {"entry": entry.number, "target": json.dumps(event.written()), "state": WAITING, "attempts": 0}
        | {"next_time": entry.time, "told": ""}
        for event in policy.events_on(str(entry.new))
    ]
    if rows:
        transaction.connection.execute(insert(deliveries), rows)


def list_deliveries(store: Store, due: int | None = None) -> list[Delivery]:
    """All of them, the oldest first; those that wait and are due at a time, if one is given."""
    query = select(deliveries).order_by(deliveries.c.id)
    if due is not None:
        query = query.where(deliveries.c.state == WAITING, deliveries.c.next_time <= due)
    with store.reading() as connection:
        rows = connection.execute(query).all()
        moves = numbered(connection, {row.entry for row in rows})
    return [
        Delivery(row.id, moves[row.entry], json.loads(row.target), row.state, row.attempts, row.next_time, row.told)
        for row in rows
    ]


def next_due(store: Store) -> int | None:
    """When the next of those that wait is due, in epoch milliseconds; None if none waits."""
    with store.reading() as connection:
        found = connection.execute(select(func.min(deliveries.c.next_time)).where(deliveries.c.state == WAITING))
        return found.scalar()


def note_attempt(store: Store, delivery: int, state: str, told: str, next_time: int) -> None:
    """Note what came of an attempt, and when the next one is due."""
    line = " ".join(told.split())[:LONGEST] + "\n"
    with store.writing() as transaction:
        values = {"state": state, "told": deliveries.c.told + line, "next_time": next_time}
        values["attempts"] = deliveries.c.attempts + 1
        transaction.connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(values))
        note_registry(transaction)


def try_again(store: Store, now: int) -> int:
    """Have all that failed tried again, as if for the first time; how many there are."""
    with store.writing() as transaction:
        values = {"state": WAITING, "next_time": now, "attempts": 0}
        done = transaction.connection.execute(update(deliveries).where(deliveries.c.state == FAILED).values(values))
        note_registry(transaction)
        return int(done.rowcount)


def start_if_due(store: Store, now: int) -> bool:
    """Start that process if something is due at a time that is allowed here; whether there is something."""
    if store.read_only:
        return False
    due = any(is_allowed(store, one.target) for one in list_deliveries(store, now))
    if due:
        start_sender(store)
    return due


@contextmanager
def alone_sending(store: Store) -> Iterator[bool]:
    """Whether no other process is at it; none is until the end."""
    folder = store.path / REGISTRY
    folder.mkdir(exist_ok=True)
    lock = acquire(folder / LOCK)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def start_sender(store: Store) -> None:
    """Start a process that tells what is due. Nothing waits for it, and nothing fails by it.

    `RUNFOLIO_EVENTS=0` starts none.
    """
    if not is_on("EVENTS") or not sys.executable:
        return
    with alone_sending(store) as alone:
        if not alone:  # who is at it looks once more when it has let go
            return
    try:
        detached.start(store, ("registry", "deliver"), "sender")
    except OSError as error:
        log.warning("Nobody is told of this move yet: %s. `runfolio registry deliver` does it.", error)
