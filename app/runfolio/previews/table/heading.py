"""Whether the first row of a text table names its columns: told by what stands below it, as a reader would tell it."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.previews.table.source import kind_of

#: What stands in place of a number that is not there, and names nothing.
NO_NUMBER = frozenset(["", *"- ? na n/a none null nan inf -inf +inf infinity -infinity".split()])
#: What may be a year; and of how many rows one may look like a heading by chance.
YEARS, RARE = range(1800, 2200), 4

Row = Sequence[str]


def is_heading(first: Row, body: Sequence[Row]) -> bool:
    """Whether a row is the heading of those below it.

    It is, if its cells are of other types than what is below them, if it counts columns (`0,1,2` as pandas writes it,
    `country,2020,2021`) while no other row does, or if it has nothing but different texts.
    """
    there = [cell for cell in first if cell]
    if not there:
        return False
    numbers = [cell for cell in there if kind_of([cell]) != "text"]
    columns = [[row[place] for row in body if place < len(row) and row[place]] for place in range(len(first))]
    if any(_differs(cell, column) for cell, column in zip(first, columns, strict=True)):
        return True
    if numbers:
        return _counts_columns(first, body) or _is_whole_above_parts(first, columns)
    return len(set(there)) == len(there)


def _differs(cell: str, below: Sequence[str]) -> bool:
    """A text above numbers, or a number above nothing but texts."""
    if cell.lower() in NO_NUMBER or not below:
        return False
    kind = kind_of([cell])
    if kind == "text":
        return kind_of(below) != "text"
    return all(kind_of([one]) == "text" and one.lower() not in NO_NUMBER for one in below)


def _counts_columns(first: Row, body: Sequence[Row]) -> bool:
    """Whether a row, unlike most, has whole numbers that go up by one, from 0 or 1 or as years do, or three of them.

    Rows that count themselves from 0 are no columns that are counted.
    """
    if not _goes_up(first) or sum(map(_goes_up, body)) * RARE >= max(len(body), 1):
        return False
    found = [int(cell) for cell in first if _is_whole(cell)]
    if len(found) < 3 and found[0] not in (0, 1) and found[0] not in YEARS:
        return False
    counted = [row[0] for row in body if row]
    return bool(counted) and (first[0] != "0" or counted != [str(place) for place in range(1, len(counted) + 1)])


def _goes_up(row: Row) -> bool:
    """Whether the numbers of a row are whole, and each is one more than the last; a single one has to be 0."""
    found = [cell for cell in row if cell and kind_of([cell]) == "number"]
    if not found or not all(_is_whole(cell) for cell in found):
        return False
    numbers = [int(cell) for cell in found]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and (len(numbers) > 1 or row[0] == "0")


def _is_whole_above_parts(first: Row, columns: Sequence[Sequence[str]]) -> bool:
    """Whether several different whole numbers stand above fractions alone, as names of columns do."""
    pairs = [(cell, below) for cell, below in zip(first, columns, strict=True) if kind_of([cell]) == "number"]
    names = [cell for cell, _ in pairs]
    fractions = all(below and all("." in one or "e" in one.lower() for one in below) for _, below in pairs)
    return len(names) > 1 and len(set(names)) == len(names) and all(map(_is_whole, names)) and fractions


def _is_whole(cell: str) -> bool:
    return cell.isascii() and cell.removeprefix("-").isdigit() and len(cell) < 20
