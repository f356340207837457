"""Spans and dates as filters write them, in milliseconds."""

from __future__ import annotations

import math
import re
from datetime import datetime

UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
PART = re.compile(r"(\d+(?:\.\d+)?)(ms|w|d|h|m|s)", re.IGNORECASE)
WHOLE = re.compile(f"(?:{PART.pattern})+", re.IGNORECASE)
# More than the calendar has, and less than a float counts exactly.
LONGEST = 10**15


def span_ms(text: str) -> int:
    """A span such as `7d` or `1h30m`."""
    total = sum(min(float(number) * UNITS[unit.lower()], LONGEST) for number, unit in PART.findall(text))
    return round(min(total, LONGEST))


def whole_span(text: str) -> int | None:
    """The span that a text is, and nothing else; None if it is none."""
    return span_ms(text) if WHOLE.fullmatch(text.strip()) else None


def seconds_ms(seconds: float) -> float:
    """So many seconds as a span: in whole milliseconds, of NaN and infinities themselves."""
    return float(round(min(max(seconds * 1000, -LONGEST), LONGEST))) if math.isfinite(seconds) else seconds


def span_or_seconds(milliseconds: float) -> str:
    """A span as filters write it; one that has no unit, such as a negative one, in seconds."""
    if 0 < milliseconds <= LONGEST and milliseconds == round(milliseconds):
        return span_text(round(milliseconds))
    return number_text(milliseconds / 1000)


def number_text(number: float) -> str:
    """A number in full, and a whole one as most people type it."""
    return repr(number).removesuffix(".0")


def span_text(milliseconds: int) -> str:
    """A span, not negative, in the greatest unit that holds it exactly."""
    unit = next(name for name, size in UNITS.items() if milliseconds % size == 0)
    return f"{milliseconds // UNITS[unit]}{unit}"


def instant(text: str) -> float | None:
    """A date or a date with a time (ISO 8601), in this machine's time zone if it names none; None if it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
        return round((found if found.tzinfo else found.astimezone()).timestamp() * 1000) * 1.0
    except (ValueError, OverflowError, OSError):
        return None


def instant_text(milliseconds: float) -> str:
    """A moment as filters write it, in this machine's time zone; one that no date says exactly as a number."""
    try:
        found = datetime.fromtimestamp(milliseconds / 1000).isoformat(timespec="auto")
    except (ValueError, OverflowError, OSError):
        return number_text(milliseconds)
    text = found.removesuffix("T00:00:00")
    return text if instant(text) == milliseconds else number_text(milliseconds)


def base_ms(base: str, now: int) -> int:
    """`now`, or the start of `today` in this machine's time zone."""
    if base == "now":
        return now
    day = datetime.fromtimestamp(now / 1000).replace(hour=0, minute=0, second=0, microsecond=0)
    return round(day.timestamp() * 1000)
