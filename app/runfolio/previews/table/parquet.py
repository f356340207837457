"""Parquet files: the rows in sight are read out of their row group; whole columns one group after another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain
from runfolio.previews.table.arrow_values import column_of, reading, texts
from runfolio.previews.table.separated import runs_of
from runfolio.previews.table.source import Cell, Column

#: Rows that are decoded together.
BATCH = 2048
#: How many columns of row groups are kept as far as they are decoded, and the most bytes of them.
MOST_GROUPS, MOST_KEPT = 256, 256 * 1024 * 1024


class Parquet:
    """An open Parquet file."""

    complete, share = True, 1.0

    def __init__(self, path: str) -> None:
        with open_plain(path) as stream:
            if not stream.read(1):
                raise CannotShow("This file is empty.")
        with reading() as arrow:
            self._file = arrow.parquet.ParquetFile(path, memory_map=True)
            metadata = self._file.metadata
            groups = range(metadata.num_row_groups)
            self._starts: list[int] = [0, *accumulate(metadata.row_group(group).num_rows for group in groups)]
            self._columns = [column_of(field) for field in self._file.schema_arrow]
            self._made_by = str(metadata.created_by or "")
        self._groups: dict[tuple[int, str], _Group] = {}

    @property
    def title(self) -> str:
        """Its format and how it is divided."""
        groups = len(self._starts) - 1
        return f"Parquet, {groups:,} row group{'' if groups == 1 else 's'}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Who has written it."""
        return (f"Written by {self._made_by[:100]}.",) if self._made_by else ()

    @property
    def columns(self) -> Sequence[Column]:
        """As the schema has them."""
        return self._columns

    @property
    def rows(self) -> int:
        """Those of all groups."""
        return self._starts[-1]

    def count(self, seconds: float) -> None:
        """They are known."""

    def cells(self, rows: Sequence[int], first_column: int, count: int) -> list[tuple[Cell, ...]]:
        """Rows side by side are read together."""
        places = range(first_column, min(first_column + count, len(self._columns)))
        found: dict[int, tuple[Cell, ...]] = {}
        for first, last in runs_of(sorted(set(rows))):
            columns = [self._stretch(first, last, place) for place in places]
            found.update(zip(range(first, last), zip(*columns, strict=True), strict=True))
        return [found[row] for row in rows] if len(places) else [() for _ in rows]

    def values(self, column: int) -> Iterator[tuple[float, Sequence[Cell]]]:
        """All of a column, batch by batch."""
        done = 0
        with reading():
            for batch in self._file.iter_batches(BATCH * 8, columns=[self._path(column)]):
                done += len(batch)
                yield done / max(self.rows, 1), texts(batch.column(0))

    def close(self) -> None:
        """Let go of the file."""
        self._groups.clear()
        self._file.close()

    def _stretch(self, first: int, last: int, place: int) -> list[Cell]:
        found: list[Cell] = []
        while first < last:
            group = bisect_right(self._starts, first) - 1
            start, end = self._starts[group], min(self._starts[group + 1], last)
            found += self._group(group, place).texts(first - start, end - start)
            first = end
        return found

    def _group(self, group: int, place: int) -> _Group:
        key = (group, self._path(place))
        if key not in self._groups:
            while len(self._groups) >= MOST_GROUPS or sum(kept.size for kept in self._groups.values()) > MOST_KEPT:
                self._groups.pop(next(iter(self._groups)))
            with reading():
                self._groups[key] = _Group(self._file.iter_batches(BATCH, row_groups=[group], columns=[key[1]]))
        return self._groups[key]

    def _path(self, place: int) -> str:
        return self._columns[place].name


class _Group:
    """One column of one row group, decoded as far as it has been looked at.

    Attributes:
        size: bytes that are kept of it.
    """

    def __init__(self, batches: Iterator[Any]) -> None:
        self._batches = batches
        self._arrays: list[Any] = []
        self._ends: list[int] = []
        self.size = 0

    def texts(self, first: int, last: int) -> list[Cell]:
        """Cells of some rows of the group."""
        with reading():
            while not self._ends or self._ends[-1] < last:
                batch = next(self._batches, None)
                if batch is None:
                    raise CannotShow("The file is damaged: it has fewer rows than it says.")
                array = batch.column(0)
                self._arrays.append(array)
                self._ends.append((self._ends[-1] if self._ends else 0) + len(array))
                self.size += array.nbytes
            found: list[Cell] = []
            while first < last:
                place = bisect_right(self._ends, first)
                start = self._ends[place] - len(self._arrays[place])
                piece = self._arrays[place].slice(first - start, min(last, self._ends[place]) - first)
                found += texts(piece)
                first += len(piece)
            return found
