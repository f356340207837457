"""Many rows for or from one statement, and long lists of ids in pieces that one statement can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select

from runfolio.store.connection import Transaction

T = TypeVar("T")
SIZE = 500
# From so many rows on a statement is compiled for the driver.
MANY = 20


def execute_many(transaction: Transaction, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Execute a statement once for all rows, if there are any."""
    if len(rows) < MANY:
        if rows:
            transaction.connection.execute(statement, rows)
        return
    # SQLAlchemy looks at each value of each row, which costs more than to store it; the driver need not.
    connection = transaction.connection
    compiled = statement.compile(connection.engine, column_keys=list(rows[0]))
    names, constants = compiled.positiontup, compiled.params
    values = [tuple(row[name] if name in row else constants[name] for name in names) for row in rows]
    connection.exec_driver_sql(str(compiled), values)


def in_batches(items: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """The items in order, `size` at a time."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


def raw_rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """A query's answer as the driver gives it, which is several times faster than SQLAlchemy's rows."""
    result = connection.execute(query)
    assert result.cursor is not None
    rows = result.cursor.fetchall()
    result.close()
    return list(rows)
