"""What a table in a file is to those who show, sort and sum it up: rows of texts, and whole columns in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["number", "text", "truth", "time", "nested", "picture"]
#: A cell as it is shown; None where there is nothing.
Cell = str | None
#: A row's letters of one cell; the rest is read on its own.
LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: as the file has it.
        kind: what its cells are, as far as that is known.
        type: as the file calls it; empty where it says nothing.
    """

    name: str
    kind: Kind
    type: str = ""


class Source(Protocol):
    """An open table."""

    @property
    def title(self) -> str:
        """What it is, in words: `CSV, UTF-8, separated by commas`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What one should know of how it was read."""

    @property
    def columns(self) -> Sequence[Column]:
        """Its columns."""

    @property
    def rows(self) -> int:
        """How many rows are known."""

    @property
    def complete(self) -> bool:
        """Whether these are all."""

    @property
    def share(self) -> float:
        """How much of it has been counted, 0 to 1."""

    def count(self, seconds: float) -> None:
        """Count more rows, for so long."""

    def cells(self, rows: Sequence[int], first_column: int, count: int) -> list[tuple[Cell, ...]]:
        """Cells of some rows, in whatever order, in full."""

    def values(self, column: int) -> Iterator[tuple[float, Sequence[Cell]]]:
        """All cells of a column, in pieces; with how far that is, 0 to 1."""

    def close(self) -> None:
        """Let go of the file."""


def kind_of(cells: Sequence[Cell]) -> Kind:
    """What texts without types seem to be: numbers if all that are there read as such."""
    there = [cell for cell in cells if cell]
    if there and all(cell.lower() in ("true", "false") for cell in there):
        return "truth"
    return "number" if there and all(map(_is_number, there)) else "text"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # which Python allows, and nobody else
