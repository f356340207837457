"""How each metric's column writes its numbers and how far its bars reach."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from runfolio.core.columns import Column, Source, is_trend
from runfolio.core.numbers import NumberFormat, column_format
from runfolio.gui.runs.cache import RowCache

Ranges = Mapping[Column, tuple[float, float]]

SAMPLE = 300
PLAIN = NumberFormat()


class ColumnFormats:
    """Ranges as the store knows them, and formats chosen from them and from a sample of the rows."""

    def __init__(self, rows: RowCache) -> None:
        self._rows = rows
        self._ranges: dict[Column, tuple[float, float]] = {}
        self._formats: dict[Column, NumberFormat] = {}

    def set_ranges(self, ranges: Ranges) -> bool:
        """Take new ranges; False if they are the old ones."""
        if ranges == self._ranges:
            return False
        self._ranges = dict(ranges)
        self.choose_again()
        return True

    def choose_again(self) -> None:
        """The rows are others: formats are chosen when they are next asked for."""
        self._formats.clear()

    def range_of(self, column: Column) -> tuple[float, float] | None:
        """The least and greatest value of a metric's column; None if it has none."""
        return self._ranges.get(column)

    def of(self, column: Column, sections: Mapping[Column, int]) -> NumberFormat:
        """The format of one of the columns, whose cells are where `sections` says."""
        if column.source not in (Source.METRIC, Source.FORMULA) or is_trend(column):
            return PLAIN
        if column not in self._formats:
            index = sections[column]
            sample = (row.cells[index] for row in islice(self._rows, SAMPLE))
            seen = [value for value in sample if isinstance(value, (int, float))]
            if not seen and column not in self._ranges:
                return PLAIN  # its values are still to come
            self._formats[column] = column_format([*seen, *self._ranges.get(column, ())])
        return self._formats[column]
