"""Where the ticks of an axis stand and what they say: round numbers, SI prefixes, clock times. Plain Python."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
TIME_STEPS = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR),
    *(DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY),
)
# A round distance a little below the wanted one is taken rather than the next one, which may be twice as far.
DENSER = 0.85
LEAST_TICKS, MORE = 2, 6
# Thousands of years: an axis that was zoomed out without end.
LONGEST_SPAN = 1e11
LARGEST_PREFIXED = 1e15
# Powers of ten from here on are written without being computed.
LARGEST_EXPONENT = 308
# A float has no more.
MOST_DECIMALS = 17
PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def spacing(low: float, high: float, count: int, whole: bool = False) -> float:
    """The round distance (1, 2, 2.5 or 5 times a power of ten) that makes about `count` ticks."""
    rough = (high - low) / max(1, count) * DENSER
    if not math.isfinite(rough) or rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    factors = (1.0, 2.0, 5.0, 10.0) if whole and power <= 1 else (1.0, 2.0, 2.5, 5.0, 10.0)
    step = next(factor * power for factor in factors if factor * power >= rough * (1 - 1e-9))
    return max(1.0, step) if whole else step


def time_spacing(low: float, high: float, count: int) -> float:
    """The distance in seconds that people read on clocks and makes at most about `count` ticks."""
    rough = (high - low) / max(1, count)
    if rough < 1:
        return spacing(low, high, count)
    return next((step for step in TIME_STEPS if step >= rough), TIME_STEPS[-1] * math.ceil(rough / TIME_STEPS[-1]))


def multiples(low: float, high: float, step: float, offset: float = 0.0) -> list[float]:
    """All whole multiples of the step from `low` to `high`; `offset` shifts their origin, as a time zone does."""
    first, last = math.ceil((low + offset) / step - 1e-9), math.floor((high + offset) / step + 1e-9)
    return [number * step - offset for number in range(first, min(last, first + 1000) + 1)]


def at_least_two(make: Callable[[int], tuple[float, list[float]]], count: int) -> tuple[float, list[float]]:
    """What `make` says of about `count` ticks, as distance and places; of more where it is one, which is no scale."""
    found = make(count)
    for more in range(count + 1, count + MORE):
        if len(found[1]) >= LEAST_TICKS:
            break
        found = make(more)
    return found


def decades(low: float, high: float, count: int) -> list[float]:
    """Ticks for a logarithmic axis from 10^low to 10^high, as exponents."""
    if high - low < 1:
        power = math.floor(low)  # taken apart, for 10^309 is no number
        bottom, top = 10 ** (low - power), 10 ** (high - power)
        return [power + math.log10(value) for value in multiples(bottom, top, spacing(bottom, top, count)) if value > 0]
    if high - low < count / 3:
        return [
            exponent + math.log10(factor)
            for exponent in range(math.floor(low), math.ceil(high) + 1)
            for factor in (1, 2, 5)
            if low <= exponent + math.log10(factor) <= high
        ]
    return multiples(low, high, max(1.0, math.ceil((high - low) / max(1, count))))


def number_text(value: float, step: float, *, prefixed: bool = True) -> str:
    """A tick's value with just the digits that tell it from its neighbours: `0.25`, `20k`, `1.5M`, `2e-5`, `4e25`."""
    if abs(value) < step * 1e-6:
        return "0"
    if not 1e-4 <= abs(value) < LARGEST_PREFIXED:
        return f"{value:.{_digits(abs(value), step)}e}".replace("e-0", "e-").replace("e+", "e")
    for size, prefix in PREFIXES if prefixed else ():
        if abs(value) >= size * (1 - 1e-12):
            return _trimmed(f"{value / size:.{_decimals(step / size)}f}") + prefix
    return f"{value:.{_decimals(step)}f}"


def _decimals(step: float) -> int:
    """Decimals that show a multiple of the step without rounding it."""
    for decimals in range(MOST_DECIMALS):
        if abs(step * 10**decimals - round(step * 10**decimals)) < 1e-6 * step * 10**decimals:
            return decimals
    return MOST_DECIMALS


def _digits(value: float, step: float) -> int:
    return max(0, min(MOST_DECIMALS, math.floor(math.log10(value)) - math.floor(math.log10(step) + 1e-9)))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def log_texts(exponents: Sequence[float]) -> list[str]:
    """The texts of ticks of a logarithmic axis, with more digits where they would be alike."""
    found = [log_text(exponent) for exponent in exponents]
    if len(set(found)) == len(found) or max(exponents) >= LARGEST_EXPONENT:
        return found
    values = [10.0**exponent for exponent in exponents]
    nearest = min(after - before for before, after in pairwise(values))
    return texts(values, float(f"{nearest:.2g}")) if nearest > 0 else found


def log_text(exponent: float) -> str:
    """The value 10^exponent of a logarithmic axis, whose ticks are round numbers of few digits."""
    if exponent >= LARGEST_EXPONENT:
        power = math.floor(exponent + 1e-9)
        return f"{10 ** (exponent - power):.3g}e{power}"
    value = float(f"{10.0**exponent:.6g}")
    if not 1e-4 <= value < LARGEST_PREFIXED:
        return f"{value:.3g}".replace("e-0", "e-").replace("e+", "e")
    size, prefix = next(((size, prefix) for size, prefix in PREFIXES if value >= size), (1.0, ""))
    return f"{value / size:.6g}{prefix}"


def span_text(seconds: float, step: float | None = None) -> str:
    """A time since the start: `0`, `45s`, `1m 30s`, `2h 05m`, `3d 4h`; with the digits that ticks so near each other
    need.
    """
    sign, seconds = ("−" if seconds < 0 else ""), abs(seconds)
    if seconds < 1e-9:
        return "0"
    if step is not None and step < 1 and seconds < LONGEST_SPAN:
        decimals = _decimals(step)
        minutes, rest = divmod(round(seconds, decimals), MINUTE)
        return f"{sign}{span_text(minutes * MINUTE) + ' ' if minutes else ''}{rest:.{decimals}f}s"
    if seconds < MINUTE or seconds >= LONGEST_SPAN:
        return f"{sign}{seconds:.3g}s"
    whole = round(seconds)
    if whole < HOUR:
        return f"{sign}{whole // 60}m" + (f" {whole % 60:02}s" if whole % 60 else "")
    if whole < DAY:
        return f"{sign}{whole // 3600}h" + (f" {whole % 3600 // 60:02}m" if whole % 3600 >= 60 else "")
    return f"{sign}{whole // 86400}d" + (f" {whole % 86400 // 3600}h" if whole % 86400 >= 3600 else "")


def clock_text(seconds: float, step: float) -> str:
    """A moment (epoch seconds) as local time, as fine as the distance of the ticks asks for."""
    decimals = _decimals(step) if step < 1 else 0
    seconds = round(seconds, decimals) if decimals else seconds
    try:
        moment = time.localtime(seconds)
    except (OverflowError, ValueError, OSError):  # far outside of the calendar, when zoomed out without end
        return ""
    if step < 1:  # hours and minutes, which are the same all over the axis, would leave room for a tick or two
        return time.strftime(":%S", moment) + f"{seconds % 1:.{decimals}f}"[1:]
    if step < MINUTE:
        return time.strftime("%H:%M:%S", moment)
    midnight = moment.tm_hour == moment.tm_min == 0
    if step < DAY and not midnight:
        return time.strftime("%H:%M", moment)
    return time.strftime("%Y-%m-%d" if step > 60 * DAY else "%d %b", moment)


def zone_offset(seconds: float) -> float:
    """Seconds by which local time is ahead of UTC at a moment; 0 outside of the calendar."""
    try:
        return float(time.localtime(seconds).tm_gmtoff)
    except (OverflowError, ValueError, OSError):
        return 0.0


def texts(values: Sequence[float], step: float) -> list[str]:
    """The texts of number ticks: `1k` and `1.5k`, but `1001` and `1002`, which are shorter."""
    found, plain = ([number_text(value, step, prefixed=prefixed) for value in values] for prefixed in (True, False))
    return plain if sum(map(len, plain)) < sum(map(len, found)) else found
