"""What is to be told of moves, noted in the transaction that makes them: it is told later, and holds nothing up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from runfolio.core.registry.chain import Entry
from runfolio.core.registry.policy import Policy
from runfolio.store.connection import Store, Transaction, note_registry
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.tables import deliveries

WAITING, DONE, FAILED = "waiting", "done", "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something to be told of a move.

    Attributes:
        entry: the move, as the audit log has it.
        target: whom to tell, as the policy writes it.
        state: `waiting`, `done` or `failed`.
        attempts: how often it was tried. next_time: when to try again, epoch milliseconds.
        told: what came of the last attempt.
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
    by_number = {one.number: one for one in read_entries(store)} if rows else {}
    return [
        Delivery(row.id, by_number[row.entry], json.loads(row.target), row.state, row.attempts, row.next_time, row.told)
        for row in rows
    ]


def note_attempt(store: Store, delivery: int, state: str, told: str, next_time: int) -> None:
    """Note what came of an attempt, and when the next one is due."""
    with store.writing() as transaction:
        values = {"state": state, "told": told[:1000], "next_time": next_time, "attempts": deliveries.c.attempts + 1}
        transaction.connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(values))
        note_registry(transaction)
