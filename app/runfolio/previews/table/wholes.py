"""Whole columns: what all their values come to, and the order that they put the rows in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.previews.table.source import Cell, Kind, Source

Floats = npt.NDArray[np.float64]
#: A column of more rows is not read as a whole, and one of more letters is not sorted.
MOST_ROWS, MOST_LETTERS = 50_000_000, 200_000_000
#: So many different values are counted, and the most frequent of them told.
MOST_DISTINCT, TOLD = 100_000, 12
BINS = 40
#: A text stands for itself in its place in an order by so many letters.
KEY = 100


@dataclass(frozen=True, slots=True)
class Summary:
    """What the values of a column come to.

    Attributes:
        rows, missing: how many cells there are, and how many of them are empty.
        kind: what all of them are.
        distinct: how many differ; None where there are too many to be counted.
        frequent: the most frequent ones, each with its number.
        least, greatest, mean, deviation: of numbers, without those that are not finite; None of others.
        quartiles: the lower one, the median and the upper one, likewise.
        not_finite: how many are NaN or infinite.
        bins: how many values lie in each of as many equal stretches from the least to the greatest one.
        shortest, longest: least and greatest number of letters, of texts.
    """

    rows: int
    missing: int
    kind: Kind
    distinct: int | None
    frequent: tuple[tuple[str, int], ...]
    least: float | None = None
    greatest: float | None = None
    mean: float | None = None
    deviation: float | None = None
    quartiles: tuple[float, ...] = ()
    not_finite: int = 0
    bins: tuple[int, ...] = ()
    shortest: int = 0
    longest: int = 0


class _Values:
    """The values of a column as numbers, as long as all of them are, and how often each occurs."""

    def __init__(self) -> None:
        self.rows = self.missing = 0
        self.pieces: list[Floats] | None = []
        self.counts: Counter[str] | None = Counter()
        self.shortest, self.longest = 10**9, 0

    def add(self, cells: list[str], rows: int) -> None:
        self.rows += rows
        self.missing += rows - len(cells)
        if not cells:
            return
        if self.counts is not None:
            self.counts.update(cells)
            if len(self.counts) > MOST_DISTINCT:
                self.counts = None
        self.shortest = min(self.shortest, min(map(len, cells)))
        self.longest = max(self.longest, max(map(len, cells)))
        if self.pieces is not None:
            try:
                self.pieces.append(as_numbers(cells))
            except ValueError:
                self.pieces = None


def as_numbers(cells: list[str]) -> Floats:
    """Texts as numbers. Raises ValueError if one is none."""
    return np.fromiter(map(float, cells), np.float64, len(cells))


def summary(source: Source, column: int) -> Generator[float, None, Summary]:
    """Sum up a column, piece by piece; yields the share."""
    values = _Values()
    for share, cells in source.values(column):
        values.add([cell for cell in cells if cell], len(cells))
        _check(values.rows)
        yield share
    kind = source.columns[column].kind
    counts = values.counts
    frequent = tuple((text[:KEY], number) for text, number in counts.most_common(TOLD)) if counts is not None else ()
    distinct = len(counts) if counts is not None else None
    told = Summary(values.rows, values.missing, kind, distinct, frequent)
    if kind in ("number", "text") and values.pieces:
        return _of_numbers(np.concatenate(values.pieces), told)
    shortest = values.shortest if values.longest else 0
    kind = "text" if kind == "number" and values.rows > values.missing else kind
    return replace(told, kind=kind, shortest=shortest, longest=values.longest)


def _of_numbers(values: Floats, told: Summary) -> Summary:
    finite = values[np.isfinite(values)]
    not_finite = len(values) - len(finite)
    if not len(finite):
        return replace(told, kind="number", not_finite=not_finite)
    low, high = float(finite.min()), float(finite.max())
    # In halves, for the distance between the largest floats is none.
    unit = (finite / 2 - low / 2) / (high / 2 - low / 2) if high > low else np.zeros(len(finite))
    bins, _ = np.histogram(np.clip(unit, 0, 1), BINS, (0.0, 1.0))
    quartiles = tuple(np.quantile(finite, [0.25, 0.5, 0.75]).tolist())
    scale = max(abs(low), abs(high)) or 1.0
    mean, deviation = float((finite / scale).mean()) * scale, float((finite / scale).std()) * scale
    return replace(
        told,
        kind="number",
        least=low,
        greatest=high,
        mean=mean,
        deviation=deviation,
        quartiles=quartiles,
        not_finite=not_finite,
        bins=tuple(bins.tolist()),
    )


def order(source: Source, column: int, descending: bool) -> Generator[float, None, npt.NDArray[np.int64]]:
    """The order of the rows by a column: numbers by size, others by letters.

    Empty cells and what is no number come last, and rows that are equal stay as they are.
    """
    if source.columns[column].kind in ("number", "text"):
        figures = yield from _figures(source, column)
        if figures is not None:
            return _by_size(figures, descending)
    cells = yield from _letters(source, column)
    return _by_letters(cells, descending)


def _figures(source: Source, column: int) -> Generator[float, None, Floats | None]:
    """All values as numbers, NaN for empty cells; None as soon as one is none."""
    pieces = [np.empty(0)]
    rows = 0
    for share, cells in source.values(column):
        rows += len(cells)
        _check(rows)
        try:
            pieces.append(np.array([float(cell) if cell else np.nan for cell in cells], np.float64))
        except ValueError:
            return None
        yield share * 0.9
    return np.concatenate(pieces)


def _letters(source: Source, column: int) -> Generator[float, None, list[Cell]]:
    """The beginnings of all values."""
    found: list[Cell] = []
    letters = 0
    for share, cells in source.values(column):
        found += [cell[:KEY] if cell else None for cell in cells]
        letters += sum(len(cell) for cell in found[-len(cells) :] if cell) if cells else 0
        _check(len(found))
        if letters > MOST_LETTERS:
            raise CannotShow(f"A column of more than {numbers.size(MOST_LETTERS)} of text is not sorted.")
        yield share * 0.9
    return found


def _by_size(values: Floats, descending: bool) -> npt.NDArray[np.int64]:
    return np.argsort(-values if descending else values, kind="stable").astype(np.int64)  # NaN comes last


def _by_letters(cells: list[Cell], descending: bool) -> npt.NDArray[np.int64]:
    there = [row for row, cell in enumerate(cells) if cell is not None]
    there.sort(key=lambda row: cells[row] or "", reverse=descending)
    gone = [row for row, cell in enumerate(cells) if cell is None]
    return np.array(there + gone, np.int64)


def _check(rows: int) -> None:
    if rows > MOST_ROWS:
        raise CannotShow(f"Columns of more than {numbers.count(MOST_ROWS)} rows are not read as a whole.")
