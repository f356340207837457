"""CSV and its kin: values with commas, tabs or semicolons between them, of any size."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from runfolio.core.errors import CannotShow
from runfolio.previews.encodings import encoding_of, is_binary
from runfolio.previews.files import opened_to_stay, stamp_of
from runfolio.previews.table.heading import is_heading
from runfolio.previews.table.row_index import RowIndex
from runfolio.previews.table.source import Cell, Column, kind_of
from runfolio.previews.work import Work

SAMPLE = 256 * 1024
#: So many rows tell what the columns are.
TYPED_ROWS = 200
SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
#: No more columns are told apart, and no longer row is taken to pieces, in bytes.
MOST_COLUMNS, LONGEST_ROW = 20_000, 8 * 1024 * 1024
#: Rows are read together while they lie within so many bytes, and whole columns in pieces of so many rows.
TOGETHER, PIECE_ROWS = 1024 * 1024, 4096

csv.field_size_limit(LONGEST_ROW)


class Separated:
    """An open CSV file; `heading` says whether its first row is one, where somebody knows."""

    def __init__(self, path: str, heading: bool | None = None) -> None:
        self._wanted = heading
        with opened_to_stay(path) as self._stream:
            self._open(path)

    def _open(self, path: str) -> None:
        size = stamp_of(path, self._stream).size
        sample = self._stream.read(SAMPLE)
        if not sample:
            raise CannotShow("This file is empty.")
        if is_binary(sample):
            raise CannotShow("This is no table of texts: it has bytes that are no letters.")
        self._encoding = encoding_of(sample)
        text = self._encoding.text(sample[self._encoding.mark :])
        stop = "\n" if "\n" in text or "\r" not in text else "\r"
        self._separator = separator_of(text, path)
        unit = self._encoding.unit
        self._index = RowIndex(self._stream, self._encoding.mark, size, unit(stop), unit('"'))
        self._counting = Work(self._index.count())
        self._counting.go_on(0)
        self._columns, self._header = self._read_columns()

    @property
    def title(self) -> str:
        """How it is written."""
        between = SEPARATORS.get(self._separator, repr(self._separator))
        return f"{self._encoding.title}, separated by {between}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not as it should be."""
        if not self._index.quoted:
            return ("A quotation mark is never closed, so that quotes are taken for letters.",)
        return ()

    @property
    def columns(self) -> Sequence[Column]:
        """By the first row, if that is a heading."""
        return self._columns

    @property
    def heading(self) -> bool:
        """Whether the first row is taken for one."""
        return bool(self._header)

    @property
    def rows(self) -> int:
        """Without the heading."""
        return max(self._index.lines - self._header, 0)

    @property
    def complete(self) -> bool:
        """Whether all rows are counted."""
        return self._index.complete

    @property
    def share(self) -> float:
        """How much is counted."""
        return self._counting.share

    def count(self, seconds: float) -> None:
        """Count on."""
        self._counting.go_on(seconds)

    def cells(self, rows: Sequence[int], first_column: int, count: int) -> list[tuple[Cell, ...]]:
        """Rows side by side are read at once."""
        found: list[tuple[Cell, ...]] = []
        for first, last in runs_of(rows):
            for row in self._parsed(first, last):
                there = row[first_column : first_column + count]
                found.append((*there, *[None] * (min(count, len(self._columns) - first_column) - len(there))))
        return found

    def values(self, column: int) -> Iterator[tuple[float, Sequence[Cell]]]:
        """All of them, once all rows are counted."""
        while not self.complete:
            self.count(0)
            yield self.share / 4, ()
        for first in range(0, self.rows, PIECE_ROWS):
            last = min(first + PIECE_ROWS, self.rows)
            yield 0.25 + 0.75 * last / self.rows, self._cells_of(first, last, column)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def _cells_of(self, first: int, last: int, column: int) -> list[Cell]:
        """One column of some rows. Without quotes, a row is nothing but its parts, and told apart much faster."""
        start, end = self._index.place(first + self._header), self._index.place(last + self._header)
        if end - start <= TOGETHER:
            text = self._encoding.text(self._read_bytes(start, end))
            lines = text.removesuffix("\n").split("\n")
            if len(lines) == last - first and '"' not in text and "\r" not in text:
                parts = [line.split(self._separator, column + 1) for line in lines]
                return [part[column] if column < len(part) else None for part in parts]
        return [row[column] if column < len(row) else None for row in self._parsed(first, last)]

    def _parsed(self, first: int, last: int) -> list[list[str]]:
        """Rows from `first` to before `last`, as many as asked for, whatever is in them."""
        shift = self._header
        if last - first == 1:
            return [self._parsed_one(first + shift)]
        start, end = self._index.place(first + shift), self._index.place(last + shift)
        if end - start > TOGETHER:
            middle = (first + last) // 2
            return self._parsed(first, middle) + self._parsed(middle, last)
        rows = self._read(start, end)
        if len(rows) == last - first:
            return rows
        return [self._parsed_one(row + shift) for row in range(first, last)]

    def _parsed_one(self, line: int) -> list[str]:
        start, end = self._index.place(line), self._index.place(line + 1)
        if end - start > LONGEST_ROW:
            return [self._encoding.text(self._read_bytes(start, start + SAMPLE // 8))]
        rows = self._read(start, end)
        return rows[0] if rows else []

    def _read(self, start: int, end: int) -> list[list[str]]:
        text = self._encoding.text(self._read_bytes(start, end))
        lines = io.StringIO(text, newline="")
        try:
            if self._index.quoted:
                return list(csv.reader(lines, delimiter=self._separator))
            return list(csv.reader(lines, delimiter=self._separator, quoting=csv.QUOTE_NONE))
        except csv.Error:  # a carriage return in the middle of a row, or a cell of megabytes
            return []

    def _read_bytes(self, start: int, end: int) -> bytes:
        self._stream.seek(start)
        return self._stream.read(end - start)

    def _read_columns(self) -> tuple[list[Column], int]:
        self._header = 0
        rows = self._parsed(0, min(TYPED_ROWS, self._index.lines))
        width = max(map(len, rows), default=0)
        if width > MOST_COLUMNS:
            raise CannotShow(f"This table has more than {MOST_COLUMNS:,} columns.", "Its text can be looked at.")
        heading, body = (rows[0], rows[1:]) if rows else ([], [])
        named = is_heading(heading, body) if self._wanted is None else self._wanted and bool(rows)
        kinds = [kind_of([row[place] for row in body if place < len(row)]) for place in range(width)]
        if not named:
            kinds = [kind_of([row[place] for row in rows if place < len(row)]) for place in range(width)]
            return [Column(f"Column {place + 1}", kind) for place, kind in enumerate(kinds)], 0
        names = [*heading, *[""] * (width - len(heading))]
        return [Column(name or f"Column {place + 1}", kinds[place]) for place, name in enumerate(names)], 1


def separator_of(text: str, path: str) -> str:
    """What stands between values: what occurs in most lines, and in all of these as often."""
    if path.lower().endswith((".tsv", ".tab")) and "\t" in text:
        return "\t"
    lines = [line for line in text.splitlines()[:100] if line.strip()]
    if len(lines) > 2:
        lines = lines[:-1]  # which may have been cut

    def judged(separator: str) -> tuple[int, int]:
        rows = csv.reader(lines, delimiter=separator)
        try:
            widths = [len(row) for row in rows]
        except csv.Error:
            return 0, 0
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max(SEPARATORS, key=judged)


def runs_of(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Numbers as stretches that follow each other: the first, and the one behind the last."""
    start = end = -1
    for row in rows:
        if row != end:
            if end >= 0:
                yield start, end
            start = row
        end = row + 1
    if end >= 0:
        yield start, end
