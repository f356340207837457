"""Whole columns of numbers out of the database, as arrays.

A million rows that are handed over one by one take seconds, and the interpreter's lock each time. As one text, that the
database writes by itself, they take a fraction of one, and the window meanwhile goes on.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, SelectBase, select

from runfolio.store import dialect

Numbers: TypeAlias = NDArray[np.int64]

# So many characters are read as numbers at once: no other thread can go on in between.
PIECE = 200_000


def gathered(connection: Connection, query: SelectBase) -> list[Numbers]:
    """The rows of a query of whole numbers, none of them NULL, in its order: an array for each of its columns."""
    rows = query.subquery()
    texts = connection.execute(select(*map(dialect.as_one_text, rows.c))).one()
    return [_numbers(text or "") for text in texts]


def _numbers(text: str) -> Numbers:
    parts, start = [], 0
    while start < len(text):
        end = text.find(",", start + PIECE)
        end = len(text) if end < 0 else end
        parts.append(np.fromstring(text[start:end], np.int64, sep=","))
        start = end + 1
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
