"""Rows of names and values as the inspector's tables show them: spans of text with the theme's colour roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

Span = tuple[str, str]


class TableRow(NamedTuple):
    """One row: a key that identifies it, its name, and what makes its value.

    The value is made when it is looked at: of a thousand rows a screen shows fifty. `target` is what the row leads
    to, such as another run; `trend` the metric whose curve is drawn beside the value; `full` makes the text that is
    copied, where the value shows less of it.
    """

    key: str
    name: Span
    value: Callable[[], tuple[Span, ...]]
    target: object = None
    trend: str = ""
    full: Callable[[], str] | None = None


def plain(text: str) -> Span:
    """Text in the text's colour."""
    return ("text", text)


def muted(text: str) -> Span:
    """Text of less weight."""
    return ("muted", text)


def text_of(spans: tuple[Span, ...]) -> str:
    """The words without their colours."""
    return "".join(text for _, text in spans)


def simple(key: str, value: str) -> TableRow:
    """A name of less weight and a text."""
    return TableRow(key, muted(key), lambda: (plain(value),))


def matching(rows: Iterable[TableRow], words: str) -> list[TableRow]:
    """The rows in whose name or value all the words occur, whatever their case and however much is shown."""
    wanted = words.casefold().split()
    return [row for row in rows if _has(row, wanted)] if wanted else list(rows)


def _has(row: TableRow, words: list[str]) -> bool:
    name = row.name[1].casefold()
    left = [word for word in words if word not in name]
    if not left:
        return True
    full = row.full() if row.full is not None else ""
    value = f"{text_of(row.value())} {full}".casefold()
    return all(word in value for word in left)
