"""Rows as text for a spreadsheet: a heading and the full values, separated by tabs."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.core.columns import Column, Kind
from runfolio.gui.runs.cells import full_text
from runfolio.store import Store, table

MOST_ROWS = 10_000


def read_tsv(store: Store, runs: Sequence[int], columns: Sequence[Column]) -> str:
    """The runs in their order with all values in full. Run on a worker; a run that is gone is left out."""
    found = table.rows(store, runs, columns)
    rows = (found[run] for run in runs if run in found)
    lines = [[column.id for column in columns]]
    lines += [[_field(column, cell) for column, cell in zip(columns, row.cells, strict=True)] for row in rows]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _field(column: Column, value: object) -> str:
    """A value that stays one cell: durations are seconds as a plain number, breaks in a text become blanks."""
    if column.kind is Kind.DURATION and isinstance(value, (int, float)):
        return f"{value / 1000:.3f}"
    return " ".join(full_text(column, value).split()) if value is not None else ""
