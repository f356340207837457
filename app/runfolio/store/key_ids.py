"""Names of params, tags and metrics as the numbers that the tables hold."""

from __future__ import annotations

from sqlalchemy import select

from runfolio.store.batches import in_batches
from runfolio.store.connection import Transaction
from runfolio.store.dialect import insert_or_ignore
from runfolio.store.schema import keys


def ids_of_keys(transaction: Transaction, names: list[str]) -> dict[str, int]:
    """The numbers of key names, made where missing."""
    if not names:
        return {}
    found: dict[str, int] = {}
    for _ in range(2):
        for part in in_batches(names):
            query = select(keys.c.name, keys.c.id).where(keys.c.name.in_(part))
            found.update((row.name, row.id) for row in transaction.connection.execute(query))
        missing = [{"name": name} for name in names if name not in found]
        if not missing:
            break
        transaction.connection.execute(insert_or_ignore(keys), missing)
    return found
