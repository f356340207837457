"""The rows that were read lately, by run, and where in the table each was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from runfolio.core.columns import Column
from runfolio.store.table import Row

PAGE = 256
PAGES = 16
# To compare more rows with those that are here would take longer than to paint them.
COMPARED = 64


class RowCache:
    """Up to `PAGES * PAGE` rows; the ones put in first go first. Keyed by run, it outlives any re-sorting.

    A row gives way to one that was asked for in the same or a later turn only: every change is asked about after it has
    been made, so that the last to be asked for has seen all of them, whenever it comes.
    """

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._turns: dict[int, int] = {}
        self._places: dict[int, int] = {}

    def __contains__(self, run: int) -> bool:
        return run in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __reversed__(self) -> Iterator[Row]:
        """Those that were read last come first."""
        return reversed(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, run: int, place: int) -> Row | None:
        """The row of a run that is being shown at a place, which is remembered."""
        self._places[run] = place
        return self._rows.get(run)

    def get(self, run: int) -> Row | None:
        """The row of a run if it is here."""
        return self._rows.get(run)

    def places(self, runs: Iterable[int]) -> list[int]:
        """Where these runs were last seen, ascending; those never shown are left out."""
        return sorted(self._places[run] for run in runs if run in self._places)

    def put(self, rows: Mapping[int, Row], turn: int = 0) -> None:
        """Take rows in that were asked for in this turn, and let the oldest go."""
        for run, row in rows.items():
            if turn >= self._turns.get(run, 0):
                self._rows.pop(run, None)
                self._rows[run], self._turns[run] = row, turn
        for run in list(self._rows)[: max(len(self._rows) - PAGES * PAGE, 0)]:
            del self._rows[run], self._turns[run]
        if len(self._places) > 4 * PAGES * PAGE:
            self._places = {run: place for run, place in self._places.items() if run in self._rows}

    def differing(self, rows: Mapping[int, Row]) -> range:
        """The first to the last of the cells in which these rows, of the same columns, are others than those here."""
        found: set[int] = set()
        for run, row in rows.items():
            old = self._rows.get(run)
            if old == row:
                continue
            if old is None or len(rows) > COMPARED or replace(old, cells=row.cells) != row:
                return range(len(row.cells))
            found.update(at for at, (one, other) in enumerate(zip(old.cells, row.cells, strict=True)) if one != other)
        return range(min(found), max(found) + 1) if found else range(0)

    def shift(self, first: int, rows: int) -> None:
        """So many rows were put in at a place, or if negative, taken out there."""
        gone = range(first, first - rows)
        self._places = {
            run: place if place < first else place + rows for run, place in self._places.items() if place not in gone
        }

    def forget_places(self) -> None:
        """The order is a new one."""
        self._places.clear()

    def rearrange(self, old: tuple[Column, ...], new: tuple[Column, ...]) -> None:
        """Columns came or went: bring the cells into their order until the rows have been read again."""
        where = {column: index for index, column in enumerate(old)}
        picks = [where.get(column) for column in new]
        for run, row in self._rows.items():
            cells = tuple(None if pick is None else row.cells[pick] for pick in picks)
            self._rows[run] = replace(row, cells=cells)
