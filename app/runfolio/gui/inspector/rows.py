"""Rows of names and values as the inspector's tables show them: spans of text with the theme's colour roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Span = tuple[str, str]


class TableRow(NamedTuple):
    """One row: a key that identifies it, its name, and what makes its value.

    The value is made when it is looked at: of a thousand rows a screen shows fifty.
    """

    key: str
    name: Span
    value: Callable[[], tuple[Span, ...]]


def plain(text: str) -> Span:
    """Text in the text's colour."""
    return ("text", text)


def muted(text: str) -> Span:
    """Text of less weight."""
    return ("muted", text)


def text_of(spans: tuple[Span, ...]) -> str:
    """The words without their colours."""
    return "".join(text for _, text in spans)
