"""The audit log in the tables: every change of the registry adds to it, in its own transaction."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, LargeBinary, cast, insert, select

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.people import user_name
from runfolio.core.registry.chain import GENESIS, Entry, canonical_text, hash_of
from runfolio.core.registry.history import of_model
from runfolio.core.registry.names import composed
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction, note_registry
from runfolio.store.dialect import insert_or_update
from runfolio.store.registry.tables import audit, audit_head

# The keys of what an entry tells; one that is not known would else count as one that is missing, and that as nothing.
TOLD = frozenset(["from", "to", "reason", "evidence"])
# The texts are read as bytes: of a damaged one SQLite's driver would give none of the rows.
TEXTS = "user_name", "action", "model", "data", "previous", "hash"
ROWS = select(
    audit.c.number, audit.c.time, audit.c.version, *(cast(audit.c[name], LargeBinary).label(name) for name in TEXTS)
)


def append(
    transaction: Transaction,
    action: str,
    model: str,
    version: int | None = None,
    *,
    old: Any = None,
    new: Any = None,
    reason: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> Entry:
    """Add what is done in a transaction to the log; the times of entries never go back, whatever the clock does.

    A reason is kept as the text that it is read as: a hash of anything else would never fit again.
    """
    connection, reason = transaction.connection, rules.text(reason or "", "reason")
    last = connection.execute(select(audit_head.c.number, audit_head.c.hash)).first()
    before = 0
    if last is not None:
        before = connection.execute(select(audit.c.time).where(audit.c.number == last.number)).scalar() or 0
    told = json.loads(canonical_text({"from": old, "to": new, "reason": reason, "evidence": dict(evidence or {})}))
    entry = Entry(
        number=1 if last is None else last.number + 1,
        time=max(now_ms(), before),
        user=user_name(),
        action=action,
        model=composed(model),
        version=version,
        old=told["from"],
        new=told["to"],
        reason=reason,
        evidence=told["evidence"],
        previous=GENESIS if last is None else last.hash,
    )
    entry = replace(entry, hash=hash_of(entry))
    row = {"number": entry.number, "time": entry.time, "user_name": entry.user, "action": action, "model": entry.model}
    row |= {"version": version, "data": canonical_text(told), "previous": entry.previous, "hash": entry.hash}
    connection.execute(insert(audit), [row])
    connection.execute(insert_or_update(audit_head), [{"id": 1, "number": entry.number, "hash": entry.hash}])
    note_registry(transaction)
    return entry


def entries(connection: Connection, model: str | None = None, after: int = 0) -> list[Entry]:
    """The log, or what it has of a model under its present name and those it had; entries after a number.

    Others that have had one of its names, before it or after it, are not among them. A row that holds no JSON or no
    text any more is given as it can be: its hash will not fit.
    """
    query = ROWS.where(audit.c.number > after).order_by(audit.c.number)
    if model is None:
        return [_entry(row) for row in connection.execute(query)]
    query = query.where(audit.c.model.in_(_names(connection, composed(model))))
    return of_model([_entry(row) for row in connection.execute(query)], composed(model))


def read_entries(store: Store, model: str | None = None, after: int = 0) -> list[Entry]:
    """The same of a store."""
    with store.reading() as connection:
        return entries(connection, model, after)


def numbered(connection: Connection, numbers: Iterable[int]) -> dict[int, Entry]:
    """Entries by their numbers."""
    found: dict[int, Entry] = {}
    for part in in_batches(sorted(numbers)):
        rows = connection.execute(ROWS.where(audit.c.number.in_(part)))
        found.update((row.number, _entry(row)) for row in rows)
    return found


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the entry that was written last."""
    row = connection.execute(select(audit_head.c.number, audit_head.c.hash)).first()
    return (0, GENESIS) if row is None else (row.number, row.hash)


def _names(connection: Connection, model: str) -> set[str]:
    """A model's name and all that it may have had."""
    names = {model}
    renames = ROWS.where(audit.c.action == "rename_model").order_by(audit.c.number.desc())
    for row in connection.execute(renames):
        entry = _entry(row)
        if str(entry.new) in names:
            names.add(entry.model)
    return names


def _entry(row: Any) -> Entry:
    user, action, model, data, previous, own = (_text(row._mapping[column]) for column in TEXTS)
    try:
        told = json.loads(data)
        whole = isinstance(told, dict) and told.keys() == TOLD and canonical_text(told) == data
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        told = {"evidence": {"damaged": data}}
    evidence = told.get("evidence")
    return Entry(
        number=row.number,
        time=row.time,
        user=user,
        action=action,
        model=model,
        version=row.version,
        old=told.get("from"),
        new=told.get("to"),
        reason=str(told.get("reason", "")),
        evidence=evidence if isinstance(evidence, dict) else {"damaged": evidence},
        previous=previous,
        hash=own,
    )


def _text(stored: bytes) -> str:
    """A text of the log; of one that is none any more, as much as can be read."""
    return stored.decode(errors="replace")


def make_durable(store: Store) -> None:
    """Have the disk hold what was committed: the write-ahead log is forced out to it.

    Elsewhere a loss of power may take the last seconds with it; a version that is in Production must be there after it.
    """
    log = store.database.with_name(f"{store.database.name}-wal")
    try:
        descriptor = os.open(log, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:  # all of it is in the database, which SQLite forces out itself
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
