"""The order in which people look for names: numbers in them by their size, whatever the case."""

from __future__ import annotations

import re

DIGITS = re.compile(r"(\d{1,300})")


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key for sorting: `layer2` comes before `layer10`, `Adam` beside `adam`."""
    parts = DIGITS.split(name.casefold())
    return tuple((0, int(part), part) if at % 2 else (1, 0, part) for at, part in enumerate(parts))
