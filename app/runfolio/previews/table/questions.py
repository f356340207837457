"""What one can ask of a table in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from runfolio.core.errors import CannotShow
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.table.source import LONGEST_CELL, Cell, Column, Source
from runfolio.previews.table.wholes import Summary, order, summary
from runfolio.previews.tree.questions import cut
from runfolio.previews.work import SLICE, Work

#: No page has more cells, and no more orders of a table are kept.
MOST_CELLS, MOST_ORDERS = 50_000, 4


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What is known of a table.

    Attributes:
        title: what it is.
        notes: what one should know of how it was read.
        columns: its columns.
        rows: how many are known so far.
        complete: whether these are all.
        share: how much has been counted, 0 to 1.
        heading: whether the first row is taken for the columns' names; None where the format has names.
    """

    title: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int
    complete: bool
    share: float
    heading: bool | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """How far the rows are sorted: 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True)
class Summed:
    """How far a column is summed up, 0 to 1, and what it came to once that is 1."""

    share: float
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class AskTable(Question[TableFacts]):
    """What is a table? Each time it is asked, more rows are counted."""

    path: str
    seconds_of_work: float = SLICE
    heading: bool | None = None

    def answer(self, kept: Kept) -> TableFacts:
        """What is known now."""
        table = opened(kept, self.path, self.heading)
        if not table.source.complete:
            table.source.count(self.seconds_of_work)
        source = table.source
        columns, heading = tuple(source.columns), getattr(source, "heading", None)
        return TableFacts(source.title, source.notes, columns, source.rows, source.complete, source.share, heading)


@dataclass(frozen=True, slots=True)
class AskCells(Question[tuple[tuple[Cell, ...], ...]]):
    """Some cells, shortened, of rows that have been counted; of sorted rows, once they are."""

    path: str
    first_row: int
    rows: int
    first_column: int
    columns: int
    sort_by: int = -1
    descending: bool = False
    heading: bool | None = None

    def answer(self, kept: Kept) -> tuple[tuple[Cell, ...], ...]:
        """These cells."""
        table = opened(kept, self.path, self.heading)
        last = min(self.first_row + min(self.rows, MOST_CELLS // max(self.columns, 1) + 1), table.source.rows)
        wanted = table.rows(self.first_row, last, self.sort_by, self.descending)
        found = table.source.cells(wanted, self.first_column, self.columns)
        return tuple(tuple(None if cell is None else shortened(cell) for cell in row) for row in found)


@dataclass(frozen=True, slots=True)
class AskCell(Question[Cell]):
    """One cell in full, up to 20,000 letters."""

    path: str
    row: int
    column: int
    sort_by: int = -1
    descending: bool = False
    heading: bool | None = None

    def answer(self, kept: Kept) -> Cell:
        """This cell."""
        table = opened(kept, self.path, self.heading)
        rows = table.rows(self.row, self.row + 1, self.sort_by, self.descending)
        cell = table.source.cells(rows, self.column, 1)[0][0]
        return cut(cell) if cell else cell


@dataclass(frozen=True, slots=True)
class SortRows(Question[Sorted]):
    """Put the rows in the order of a column: asked again until it is done."""

    path: str
    column: int
    descending: bool
    heading: bool | None = None

    def answer(self, kept: Kept) -> Sorted:
        """How far it is."""
        table = opened(kept, self.path, self.heading)
        work = table.ordering(self.column, self.descending)
        work.go_on()
        return Sorted(work.share)


@dataclass(frozen=True, slots=True)
class SumUp(Question[Summed]):
    """What the values of a column come to: asked again until it is done."""

    path: str
    column: int
    heading: bool | None = None

    def answer(self, kept: Kept) -> Summed:
        """How far it is."""
        table = opened(kept, self.path, self.heading)
        work = table.summing(self.column)
        return Summed(work.share, work.go_on())


@dataclass(slots=True)
class Opened:
    """An open table with what has been worked out of it."""

    source: Source
    orders: dict[tuple[int, bool], Work[npt.NDArray[np.int64]]] = field(default_factory=dict)
    sums: dict[int, Work[Summary]] = field(default_factory=dict)

    def close(self) -> None:
        """Let go of the file."""
        self.source.close()

    def rows(self, first: int, last: int, sort_by: int, descending: bool) -> list[int]:
        """Numbers of rows in the file, by where they stand in an order."""
        if sort_by < 0:
            return list(range(first, last))
        found = self.ordering(sort_by, descending).result
        if found is None:
            raise CannotShow("The rows are not sorted yet.")
        return [int(row) for row in found[first:last]]

    def ordering(self, column: int, descending: bool) -> Work[npt.NDArray[np.int64]]:
        """The work of sorting."""
        key = (self._checked(column), descending)
        if key not in self.orders:
            self.orders[key] = Work(order(self.source, column, descending))
            for old in list(self.orders)[:-MOST_ORDERS]:
                del self.orders[old]
        return self.orders[key]

    def summing(self, column: int) -> Work[Summary]:
        """The work of summing up."""
        if self._checked(column) not in self.sums:
            self.sums[column] = Work(summary(self.source, column))
        return self.sums[column]

    def _checked(self, column: int) -> int:
        if not 0 <= column < len(self.source.columns):
            raise CannotShow("The table has no such column.")
        return column


def opened(kept: Kept, path: str, heading: bool | None = None) -> Opened:
    """A table as it is now, open; `heading` says of a text table whether it has one. Raises CannotShow."""
    return kept.get(_open, path, heading)


def _open(path: str, heading: bool | None) -> Opened:
    opener = _opener(path.lower())
    return Opened(opener(path) if heading is None or opener is not separated() else opener(path, heading))


def _opener(name: str) -> Callable[..., Any]:
    """By the ending of a name: what reads such files, which is loaded only now."""
    if name.endswith((".parquet", ".pq")):
        from runfolio.previews.table.parquet import Parquet

        return Parquet
    if name.endswith((".arrow", ".feather", ".ipc")):
        from runfolio.previews.table.arrow import Arrow

        return Arrow
    if name.endswith(".json"):
        from runfolio.previews.table.logged import Logged

        return Logged
    return separated()


def separated() -> Callable[..., Any]:
    """What reads text tables, which alone leave open whether they have a heading."""
    from runfolio.previews.table.separated import Separated

    return Separated


def shortened(cell: str) -> str:
    """The beginning of a long text."""
    return cell if len(cell) <= LONGEST_CELL else f"{cell[: LONGEST_CELL - 1]}…"
