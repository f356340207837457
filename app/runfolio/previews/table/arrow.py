"""Arrow's own files, also called Feather: batches that are mapped into memory, not read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain
from runfolio.previews.table.arrow_values import column_of, reading, texts
from runfolio.previews.table.separated import runs_of
from runfolio.previews.table.source import Cell, Column
from runfolio.previews.work import Work

FILE, OLD = b"ARROW1", b"FEA1"
#: Whole columns are told in pieces of so many rows.
PIECE = 16 * 1024
#: A stream can be read only from its beginning, and is kept: up to so many bytes, be they mapped or not.
MOST_STREAM = 1024 * 1024 * 1024


class Arrow:
    """An open Arrow file, or a stream that was written into a file."""

    def __init__(self, path: str) -> None:
        with open_plain(path) as stream:
            start = stream.read(8)
        if not start:
            raise CannotShow("This file is empty.")
        if start.startswith(OLD):
            raise CannotShow("This is Feather of its first version, which is not read.", "Write it anew, as Arrow.")
        self._kept: dict[int, Any] = {}
        self._ends: list[int] = []
        self._size = 0
        with reading() as arrow:
            self._map = arrow.memory_map(path)
            self._is_file = start.startswith(FILE)
            opener = arrow.ipc.open_file if self._is_file else arrow.ipc.open_stream
            self._reader = opener(self._map)
            self._columns = [column_of(field) for field in self._reader.schema]
        self._counting = Work(self._count())
        self._counting.go_on(0)

    @property
    def title(self) -> str:
        """Its format."""
        return "Arrow file" if self._is_file else "Arrow stream"

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    @property
    def columns(self) -> Sequence[Column]:
        """As the schema has them."""
        return self._columns

    @property
    def rows(self) -> int:
        """As many as have been counted."""
        return self._ends[-1] if self._ends else 0

    @property
    def complete(self) -> bool:
        """Whether all batches are counted."""
        return self._counting.over

    @property
    def share(self) -> float:
        """How many of them."""
        return self._counting.share

    def count(self, seconds: float) -> None:
        """Count on."""
        self._counting.go_on(seconds)

    def cells(self, rows: Sequence[int], first_column: int, count: int) -> list[tuple[Cell, ...]]:
        """Rows side by side are read together."""
        found: dict[int, tuple[Cell, ...]] = {}
        for first, last in runs_of(sorted(set(rows))):
            found.update(zip(range(first, last), self._stretch(first, last, first_column, count), strict=True))
        return [found[row] for row in rows]

    def values(self, column: int) -> Iterator[tuple[float, Sequence[Cell]]]:
        """All of a column, some rows at a time."""
        while not self.complete:
            self.count(0)
            yield 0.0, ()
        for first in range(0, self.rows, PIECE):
            last = min(first + PIECE, self.rows)
            yield last / self.rows, [row[0] for row in self._stretch(first, last, column, 1)]

    def close(self) -> None:
        """Let go of the file."""
        self._kept.clear()
        self._map.close()

    def _count(self) -> Generator[float, None, bool]:
        """The rows of each batch; those of a stream can be read once, and stay."""
        with reading():
            if self._is_file:
                total = self._reader.num_record_batches
                for number in range(total):
                    self._add(len(self._reader.get_batch(number)))
                    yield (number + 1) / total
                return True
            for batch in self._reader:
                self._kept[len(self._ends)] = batch
                self._size += batch.nbytes
                if self._size > MOST_STREAM:
                    raise CannotShow(f"A stream of more than {numbers.size(MOST_STREAM)} is not shown.")
                self._add(len(batch))
                yield 0.5
        return True

    def _add(self, rows: int) -> None:
        self._ends.append(self.rows + rows)

    def _stretch(self, first: int, last: int, column: int, count: int) -> list[tuple[Cell, ...]]:
        found: list[tuple[Cell, ...]] = []
        places = range(column, min(column + count, len(self._columns)))
        while first < last:
            number = bisect_right(self._ends, first)
            start = self._ends[number - 1] if number else 0
            length = min(last, self._ends[number]) - first
            with reading():
                piece = self._batch(number).slice(first - start, length)
                columns = [texts(piece.column(place)) for place in places]
            found += zip(*columns, strict=True) if columns else [()] * length
            first += length
        return found

    def _batch(self, number: int) -> Any:
        if self._is_file and number not in self._kept:
            if len(self._kept) >= 4:
                self._kept.pop(next(iter(self._kept)))
            self._kept[number] = self._reader.get_batch(number)
        return self._kept[number]
