"""Many rows for or from one statement, and long lists of ids in pieces that one statement can take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, Table, insert

from runfolio.store.connection import Transaction

T = TypeVar("T")
SIZE = 500
# From so many rows on a statement is compiled for the driver.
MANY = 20
# So many rows go into one INSERT: each has up to about 20 values, and SQLite takes 32,766.
TOGETHER = 100
# And so many rows are held as Python's objects before they are put into an array.
AT_ONCE = 20_000


def execute_many(transaction: Transaction, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Execute a statement once for all rows, if there are any."""
    if len(rows) < MANY:
        if rows:
            transaction.connection.execute(statement, rows)
        return
    # SQLAlchemy looks at each value of each row, which costs more than to store it; the driver need not.
    text, names, constants = _compiled(statement, transaction.connection.engine, tuple(rows[0]))
    whole = rows if rows[0].keys() >= set(names) else [constants | row for row in rows]
    values = list(map(itemgetter(*names), whole)) if len(names) > 1 else [(row[names[0]],) for row in whole]
    _send(transaction.connection, text, values)


def insert_tuples(
    transaction: Transaction, statement: Any, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Execute an INSERT for rows that are values of the columns with those names, all that the table has."""
    text, order, _ = _compiled(statement, transaction.connection.engine, names)
    places = [names.index(name) for name in order]
    in_order = places == list(range(len(names)))
    _send(transaction.connection, text, rows if in_order else list(map(itemgetter(*places), rows)))


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows that are given column by column."""
    text, names, _ = _compiled(_insert(table), connection.engine, tuple(columns))
    _send(connection, text, list(zip(*(columns[name] for name in names), strict=True)))


def _send(connection: Connection, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Execute a statement for all rows; an INSERT takes many at once.

    The driver lets go of the interpreter's lock and takes it back for each statement it executes, which beside a busy
    training loop costs more than to store a row; and a row of many is stored in half the time of one alone.
    """
    one = f"({', '.join('?' * len(rows[0]))})" if rows else ""
    whole = len(rows) - len(rows) % TOGETHER if text.startswith("INSERT") and f"VALUES {one}" in text else 0
    together = text.replace(one, ", ".join([one] * TOGETHER), 1) if whole else text
    for part in in_batches(rows[:whole], TOGETHER):
        connection.exec_driver_sql(together, tuple(chain.from_iterable(part)))
    if whole < len(rows):
        connection.exec_driver_sql(text, rows[whole:])


_insert = cache(insert)


@lru_cache(maxsize=64)
def _compiled(statement: Any, engine: Engine, given: tuple[str, ...]) -> tuple[str, list[str], dict[str, Any]]:
    """A statement as the driver takes it, the names of its values in their order, and those of them that are fixed."""
    compiled = statement.compile(engine, column_keys=list(given))
    return str(compiled), compiled.positiontup, dict(compiled.params)


def in_batches(items: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """The items in order, `size` at a time."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


def in_portions(sizes: Mapping[T, int], most: int) -> list[list[T]]:
    """Things in order, in portions that come to no more than `most` together, but for a single thing that is more."""
    portions: list[list[T]] = []
    total = 0
    for thing, size in sizes.items():
        if not portions or total + size > most:
            portions.append([])
            total = 0
        portions[-1].append(thing)
        total += size
    return portions


def raw_rows(connection: Connection, query: Select[Any], **given: object) -> list[tuple[Any, ...]]:
    """A query's answer as the driver gives it, which is several times faster than SQLAlchemy's rows.

    A statement that is made once has names in place of some values, which are `given` with each use.
    """
    result = connection.execute(query, given)
    assert result.cursor is not None
    rows = result.cursor.fetchall()
    result.close()
    return list(rows)


def raw_numbers(connection: Connection, query: Select[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The answer to a query of a whole number and a number, as arrays; NULL is NaN.

    As text, that the database would write with all digits, numbers take twice as long.
    """
    result = connection.execute(query)
    assert result.cursor is not None
    parts = []
    while rows := result.cursor.fetchmany(AT_ONCE):
        parts.append(np.array(list(chain.from_iterable(rows)), np.float64).reshape(-1, 2))
    result.close()
    found = np.concatenate(parts) if parts else np.empty((0, 2))
    return found[:, 0].astype(np.int64), found[:, 1]
