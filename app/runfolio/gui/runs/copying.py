"""Selected rows as a text for the clipboard: runs as the store has them, groups as the table shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runfolio.core.columns import NAME, Column, Kind, headings, is_trend
from runfolio.core.numbers import exact
from runfolio.core.table_texts import Shape, write_table
from runfolio.gui.runs import group_cells
from runfolio.gui.runs.cells import full_text, right_aligned
from runfolio.gui.runs.grouped import Grouped, read_sums
from runfolio.gui.runs.reading import read_rows
from runfolio.store import Store

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Copying:
    """What is to be copied.

    Attributes:
        shape: how.
        rows: runs in order; numbers below 0 are groups.
        columns: of the table.
        grouped: the groups; None where there are none.
        now: the time that ages of groups are reckoned from, in epoch milliseconds.
        shown: gives a value as the cell shows it; None for all of its digits.
        lower: metrics whose better direction was chosen by hand.
    """

    shape: Shape
    rows: Sequence[int]
    columns: tuple[Column, ...]
    grouped: Grouped | None = None
    now: int = 0
    shown: Callable[[Column, object], str] | None = None
    lower: Mapping[str, bool] = field(default_factory=dict)


def copied_text(store: Store, what: Copying) -> str:
    """The text. Run on a worker; a run that is gone is left out."""
    runs = [row for row in what.rows if row >= 0]
    found = read_rows(store, runs, what.columns, what.lower).found
    write = what.shown or _field
    kept = [at for at, column in enumerate(what.columns) if not is_trend(column)]
    columns = [what.columns[at] for at in kept]
    grouped = _summed(store, what, columns) if len(runs) < len(what.rows) else None
    lines = []
    for row in what.rows:
        if row < 0:
            lines.append([_of_group(grouped, row, column, what.now) for column in columns])
        elif row in found:
            lines.append([write(what.columns[at], found[row].cells[at]) for at in kept])
    spreadsheet = what.shape in (Shape.TSV, Shape.CSV)
    titles = [column.id for column in columns] if spreadsheet else list(headings(columns).values())
    return write_table(what.shape, titles, lines, [right_aligned(column) for column in columns])


def _summed(store: Store, what: Copying, columns: Sequence[Column]) -> Grouped | None:
    """The groups with what all columns come to, those too that nobody has looked at yet."""
    if what.grouped is None:
        return None
    unknown = [column for column in columns if column != NAME and column not in what.grouped.sums]
    return read_sums(store, what.grouped, unknown)


def _of_group(grouped: Grouped | None, row: int, column: Column, now: int) -> str:
    if grouped is None or grouped.groups.place(row) < 0:
        return ""
    return group_cells.text(grouped, row, column, grouped.sums.get(column), now)


def _field(column: Column, value: object) -> str:
    """A value in full; durations are seconds as a plain number."""
    if column.kind is Kind.DURATION and isinstance(value, (int, float)):
        return exact(value / 1000)
    return full_text(column, value)
