"""The cells of tables that are compared, each by its row and column, so that two tables can be laid on each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: What is written for a row whose cell in the column that names rows has nothing.
NAMELESS = "—"


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or the beginning of a long one.

    Attributes:
        columns: their names.
        rows: the texts of their cells; None where there is nothing.
        total: how many rows there are in all.
        named: whether the cells of the first column are names, if they are all different.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: int
    named: bool = False


def common_columns(tables: Sequence[Table]) -> tuple[str, ...]:
    """The columns that all tables have, in the order of the first: rows can be called by any of these."""
    others = [set(_unlike(table.columns)) for table in tables[1:]]
    return tuple(name for name in _unlike(tables[0].columns) if all(name in other for other in others))


def naming_column(tables: Sequence[Table]) -> str:
    """The column that calls rows where nobody has chosen one: the first, if its cells are names; empty for none."""
    common = common_columns(tables)
    return common[0] if common and all(_tells_apart(table, common[0]) for table in tables) else ""


def cells_by_name(table: Table, key: str) -> Mapping[str, str]:
    """Each cell by its row and column; rows are called by their cells in the column `key`, by number if that is empty.

    Of several rows that are called the same, the second one has a 2 behind its name, and so on.
    """
    columns = _unlike(table.columns)
    place = columns.index(key) if key else -1
    found: dict[str, str] = {}
    for name, row in zip(_row_names(table, place), table.rows, strict=True):
        for at, cell in enumerate(row):
            if cell is not None and at != place:
                found[f"{name} · {columns[at] if at < len(columns) else f'column {at + 1}'}"] = cell
    return found


def _row_names(table: Table, place: int) -> Iterator[str]:
    if place < 0:
        # Without commas: these names are brought into their natural order, which knows digits alone.
        yield from (f"row {number}" for number in range(1, len(table.rows) + 1))
        return
    seen = Counter[str]()
    for row in table.rows:
        name = (row[place] if place < len(row) else None) or NAMELESS
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _tells_apart(table: Table, column: str) -> bool:
    if not table.named or len(table.columns) < 2 or table.columns[0] != column:
        return False
    first = [row[0] for row in table.rows]
    return None not in first and len(set(first)) == len(first)


def _unlike(names: Sequence[str]) -> list[str]:
    """The names of columns, those that come again with their number."""
    return [name if names.index(name) == at else f"{name} ({at + 1})" for at, name in enumerate(names)]
