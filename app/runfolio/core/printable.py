"""Texts and numbers as they may be printed and exchanged: nothing in them steers a terminal or breaks JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

# Control characters but tabs and ends of lines, and those that turn the direction of writing around.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Told how many of how many are done.
Progress: TypeAlias = Callable[[int, int], None]


def quietly(_done: int, _total: int) -> None:
    """Progress that nobody wants to see."""


def printable(text: str) -> str:
    """A text as it may be printed: what would steer a terminal is shown as an escape."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def printable_json(text: str) -> str:
    """JSON as it may be printed; it is the same to whoever reads it. Only strings in it can have such characters."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_text(value: Any, *, ascii_only: bool = False, indent: int | None = 2) -> str:
    """A value as JSON that holds no character which steers a terminal."""
    return printable_json(json.dumps(value, indent=indent, allow_nan=False, ensure_ascii=ascii_only))


def json_number(value: float | None) -> float | str | None:
    """JSON has no NaN and no infinities: those are written as texts."""
    if value is None or value - value == 0:
        return value
    return str(value)
