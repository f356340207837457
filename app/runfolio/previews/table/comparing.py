"""The rows of a table that is compared with others: from the beginning, as many as can be laid on each other."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from runfolio.core.table_cells import Table
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.table.questions import opened
from runfolio.previews.table.source import LONGEST_CELL, Cell

#: No more cells of a table are compared; and no table has more columns.
MOST_CELLS, MOST_COLUMNS = 60_000, 2_000


@dataclass(frozen=True, slots=True)
class AskRows(Question[Table]):
    """The first rows of a table, with the number of all that are known by then."""

    seconds: ClassVar[float] = 20.0

    path: str

    def answer(self, kept: Kept) -> Table:
        """The rows."""
        source = opened(kept, self.path).source
        columns = source.columns[:MOST_COLUMNS]
        most = MOST_CELLS // max(len(columns), 1)
        while not source.complete and source.rows <= most:
            source.count(0.1)
        rows = source.cells(range(min(source.rows, most)), 0, len(columns))
        named = bool(columns) and columns[0].kind == "text"
        texts = tuple(tuple(map(_text, row)) for row in rows)
        return Table(tuple(column.name for column in columns), texts, source.rows, named)


def _text(cell: Cell) -> Cell:
    """The beginning of a long one, with what tells it from others that begin alike."""
    if cell is None or len(cell) <= LONGEST_CELL:
        return cell
    digest = sha256(cell.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{cell[: LONGEST_CELL - 10]}… ({digest})"
