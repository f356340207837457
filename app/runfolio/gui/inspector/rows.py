"""Rows of names and values as the inspector's texts show them: spans of text with the theme's colour roles."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: a key that identifies it, and the spans of its two cells, each a theme role and a text."""

    key: str
    name: tuple[Span, ...]
    value: tuple[Span, ...]


def plain(text: str) -> Span:
    """Text in the text's colour."""
    return ("text", text)


def muted(text: str) -> Span:
    """Text of less weight."""
    return ("muted", text)
