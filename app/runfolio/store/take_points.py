"""Points of a journal into the tables: chunks, and the summary of their series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from runfolio.store import chunks, schema, summaries
from runfolio.store.batches import execute_many
from runfolio.store.connection import Transaction
from runfolio.store.dialect import pairs_among

Row = dict[str, Any]
Place = tuple[int, int]


def add_points(transaction: Transaction, places: Sequence[Place], groups: summaries.Grouped) -> None:
    """Append points to the series of those places, and bring the summaries up to date."""
    if not places:
        return
    told = summaries.summarised(groups)
    before = _summaries(transaction, places)
    fresh: dict[Place, Row] = {}
    for where, row in zip(places, told, strict=True):
        if where not in before:
            fresh.setdefault(where, row)  # a journal may have two numbers for one series
    known = before | _create_series(transaction, fresh)
    counts: list[int] = []
    changed: list[Row] = []
    growing: list[int] = []
    for where, new in zip(places, told, strict=True):
        old = known[where]
        if fresh.pop(where, None) is not None:
            counts.append(0)
            continue
        counts.append(old["count"])
        old = known[where] = summaries.added(old, new) | {"appends": old["appends"] + 1}
        changed.append({f"_{name}": value for name, value in old.items() if name not in ("run_id", "key_id")})
        if old["appends"] % chunks.MERGE_EVERY == 0:
            growing.append(old["id"])
    numbers = [known[where]["id"] for where in places]
    chunks.add_chunks(transaction.connection, groups.points, groups.starts, numbers, counts)
    _update_series(transaction, changed)
    for number in growing:
        chunks.merge_tail(transaction.connection, number)


def _summaries(transaction: Transaction, places: Sequence[Place]) -> dict[Place, Row]:
    table = schema.series
    found: dict[Place, Row] = {}
    logged = [one for one in table.c if one.computed is None]
    query = select(*logged).where(pairs_among((table.c.run_id, table.c.key_id), places))
    for row in transaction.connection.execute(query).mappings():
        found[row["run_id"], row["key_id"]] = dict(row)
    return found


def _create_series(transaction: Transaction, fresh: dict[Place, Row]) -> dict[Place, Row]:
    """Their rows, whose numbers follow the last one: nobody else can make any during a transaction that writes."""
    if not fresh:
        return {}
    last = transaction.connection.execute(select(func.max(schema.series.c.id))).scalar() or 0
    rows = {
        (run, key): {"id": number, "run_id": run, "key_id": key, "appends": 1, "revision": transaction.revision, **row}
        for number, ((run, key), row) in enumerate(fresh.items(), last + 1)
    }
    execute_many(transaction, insert(schema.series), list(rows.values()))
    return rows


def _update_series(transaction: Transaction, changed: list[Row]) -> None:
    if not changed:
        return
    table = schema.series
    names = [name[1:] for name in changed[0] if name not in ("_id", "_revision")]
    statement = update(table).where(table.c.id == bindparam("_id"))
    values: dict[str, Any] = {name: bindparam(f"_{name}") for name in names}
    execute_many(transaction, statement.values(revision=transaction.revision, **values), changed)
