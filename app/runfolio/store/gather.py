"""Whole columns of numbers out of the database, as arrays.

A million rows that are handed over one by one take seconds, and the interpreter's lock each time. As one text, that the
database writes by itself, they take a fraction of one, and the window meanwhile goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, SelectBase, select

from runfolio.store import dialect

Numbers: TypeAlias = NDArray[np.int64]

# So many characters are read as numbers at once: no other thread can go on in between.
PIECE = 200_000


def gathered(connection: Connection, query: SelectBase) -> list[Numbers]:
    """The rows of a query of whole numbers, none of them NULL, in its order: an array for each of its columns."""
    return read_texts(connection, as_texts(query))


def as_texts(query: SelectBase) -> Select[Any]:
    """The statement that reads a query for `read_texts`, which one that is asked often is made into once."""
    texts: list[Any] = [dialect.as_one_text(column) for column in query.subquery().c]
    return select(*texts)


def read_texts(connection: Connection, statement: Select[Any], **given: object) -> list[Numbers]:
    """What `gathered` says, of a statement of `as_texts`; `given` are its values that differ with each use."""
    return [_numbers(text or "") for text in connection.execute(statement, given).one()]


def gathered_params(connection: Connection, query: SelectBase) -> tuple[Numbers, NDArray[np.float64]]:
    """The rows of a query of a whole number and a param that is a number, as it was written, in any order."""
    whole, written = (text or "" for text in connection.execute(as_texts(query)).one())
    parts = [np.array(list(map(float, piece.split(",")))) for piece in _pieces(written)]
    return _numbers(whole), np.concatenate(parts) if parts else np.empty(0)


def _numbers(text: str) -> Numbers:
    parts = [np.fromstring(piece, np.int64, sep=",") for piece in _pieces(text)]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find(",", start + PIECE)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1
