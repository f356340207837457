"""Numbers typed with a comma, as 0,85: texts to us, and somebody should say so while they are typed."""

from __future__ import annotations

import re

DECIMAL = re.compile(r"([+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)),(\d+(?:e[+-]?\d+)?)", re.ASCII | re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
# Nobody types a longer number by hand.
LONGEST = 40


def comma_hint(text: str) -> str:
    """What to tell who has typed a number with a comma; empty of any other text. Which one it is, nobody guesses."""
    typed = text.strip()
    if len(typed) > LONGEST:
        return ""
    readings = []
    if found := DECIMAL.fullmatch(typed):
        readings.append(f"{found[1].replace('.', '')}.{found[2]}")
    if THOUSANDS.fullmatch(typed):
        readings.append(typed.replace(",", ""))
    return f"{typed} is kept as a text: the number is written {' or '.join(readings)}." if readings else ""
