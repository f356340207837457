"""Many rows for one statement, and long lists of ids in pieces that one statement can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from runfolio.store.connection import Transaction

T = TypeVar("T")
SIZE = 500


def execute_many(transaction: Transaction, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Execute a statement once for all rows, if there are any."""
    if rows:
        transaction.connection.execute(statement, rows)


def in_batches(items: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """The items in order, `size` at a time."""
    for at in range(0, len(items), size):
        yield items[at : at + size]
