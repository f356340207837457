"""How numbers, times and sizes are written: few digits, the same ones down a column, and nothing made up."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
# Digits that tell two neighbours of a column apart, and the most that are shown to do so.
DIGITS, SPREAD_DIGITS, MOST_DIGITS = 4, 2, 8
# Every value has so many digits, if that takes no more than so many decimals.
LEAST_DIGITS, MOST_DECIMALS = 3, 6
# Numbers within these are written without an exponent; whole ones, which need no decimals, are up to the last.
LEAST, LARGEST, LARGEST_WHOLE = 1e-3, 1e6, 1e9
MINUS = "\N{MINUS SIGN}"
# A fraction of more significant digits than anyone types is shown with so many.
FRACTION, TYPED_DIGITS, SETTING_DIGITS = re.compile(r"-?\d{1,6}\.\d+(e[+-]\d+)?", re.ASCII), 9, 6
COUNT_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
SIZE_UNITS = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


class Written(float):
    """A number with the text that it was written as, which may tell more: `00123`, `1.10`, an id of twenty digits.

    Attributes:
        text: as it was written; two are equal only if this is the same.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str, number: float) -> Self:
        made = super().__new__(cls, number)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Written) else float.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = float.__hash__


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How one column writes its numbers.

    Attributes:
        decimals: digits after the point; with `scientific` those of the mantissa.
        scientific: True where the numbers are too large, too small or too far apart for a common place of the point.
    """

    decimals: int = DIGITS
    scientific: bool = False

    def text(self, value: float) -> str:
        """The value in this format. One that would vanish into zeros, or is far too large, has an exponent."""
        if not math.isfinite(value):
            return non_finite(value)
        if self.scientific:
            return _signed(f"{value:.{self.decimals}e}") if value else "0"
        if value and not f"{value:.{self.decimals}f}".strip("-0."):
            return _signed(f"{value:.1e}")
        if abs(value) >= (LARGEST if self.decimals else LARGEST_WHOLE):
            return _signed(f"{value:.{DIGITS - 1}e}")
        return _signed(f"{value:,.{self._decimals_of(value)}f}")

    def _decimals_of(self, value: float) -> int:
        """Those of the column, or what a value far below its largest needs to be told from its neighbours."""
        if not self.decimals or not value:
            return self.decimals
        wanted = LEAST_DIGITS - 1 - math.floor(math.log10(abs(value)))
        return max(self.decimals, min(wanted, MOST_DECIMALS))


def column_format(values: Iterable[float]) -> NumberFormat:
    """The format in which these values, a column's or their extremes, can be told apart at the fewest digits.

    Whole numbers get no decimals. Others get four significant digits of the largest, more if all lie close together,
    so that the digits that differ are seen. Values that are not finite do not count, nor do the few that are far from
    most others: these have an exponent of their own.
    """
    numbers = [v for v in values if math.isfinite(v)]
    largest = max((abs(v) for v in numbers), default=0.0)
    if not largest:
        return NumberFormat(0 if numbers else DIGITS)
    plain = [v for v in numbers if abs(v) < LARGEST_WHOLE]
    if _are_most(plain, numbers) and all(v == int(v) for v in plain):
        return NumberFormat(0)
    smallest = min(abs(v) for v in numbers if v)
    if not LEAST <= largest < LARGEST or (largest / smallest > 1e4 and smallest < LEAST):
        usual = [v for v in numbers if LEAST <= abs(v) < LARGEST]
        if not _are_most(usual, [v for v in numbers if v]):
            return NumberFormat(DIGITS - 1, scientific=True)
        numbers, largest = usual, max(abs(v) for v in usual)
    return NumberFormat(_decimals(largest, max(numbers) - min(numbers)))


def _are_most(some: list[float], numbers: list[float]) -> bool:
    return 2 * len(some) > len(numbers)


def _decimals(largest: float, spread: float) -> int:
    place = math.floor(math.log10(largest))
    wanted = DIGITS - 1 - place
    if spread:
        wanted = max(wanted, SPREAD_DIGITS - 1 - math.floor(math.log10(spread)))
    return max(0, min(wanted, MOST_DIGITS - 1 - place))


def short(value: float) -> str:
    """A setting, such as a learning rate: as it was written, without padding, at most six significant digits."""
    if not math.isfinite(value):
        return non_finite(value)
    if value == int(value) and abs(value) < 1e7:
        return _signed(f"{int(value)}")
    text = f"{value:.6g}"
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return _signed(text)
    return _signed(f"{mantissa}e{int(exponent)}")


@lru_cache(maxsize=4096)  # cells are painted again and again
def setting(text: str) -> str:
    """A setting's text as a cell shows it: as it was written, but for a fraction that a computation made.

    0.0014285714285714286 is shown as 0.00142857. Whole numbers, versions, zeros that a number would not have, and what
    would look like a shorter setting, such as 0.30000000000000004, stay as they are.
    """
    if len(text) <= TYPED_DIGITS or not FRACTION.fullmatch(text) or repr(float(text)) != text:
        return text
    shown = f"{float(text):.{SETTING_DIGITS}g}"
    is_long = _significant(text) > TYPED_DIGITS and "." in shown and _significant(shown) == SETTING_DIGITS
    return shown if is_long else text


def _significant(text: str) -> int:
    return len(text.partition("e")[0].replace(".", "").lstrip("-0"))


def with_spread(value: float, spread: float) -> str:
    """A value with what it varies by, at as many digits as that allows: `0.9134 ± 0.0042`; alone without a spread.

    The spread gets two digits, and the value ends where it does.
    """
    if not (math.isfinite(value) and math.isfinite(spread) and spread > 0):
        return column_format([value]).text(value) if spread != 0 else f"{short(value)} ± 0"
    place = math.floor(math.log10(spread)) - 1
    place += spread >= 99.5 * 10.0**place  # it rounds to another power of ten
    largest = max(abs(value), spread)
    power = math.floor(math.log10(largest))
    if power - place > MOST_DIGITS:
        return f"{short(value)} ± {short(float(f'{spread:.1e}'))}"
    if -4 <= power < 7:
        decimals = max(0, -place)
        return f"{_signed(f'{value:,.{decimals}f}')} ± {spread:,.{decimals}f}"
    power = max(power, -307)  # the least power of ten that a float holds in full
    decimals, scale = max(0, power - place), 10.0**power
    return f"({_signed(f'{value / scale:.{decimals}f}')} ± {spread / scale:.{decimals}f})e{power}"


def exact(value: float) -> str:
    """The full value, as short as it can be read back without loss: for tool tips and the clipboard."""
    return repr(float(value)).removesuffix(".0")


def non_finite(value: float) -> str:
    """NaN and the infinities in words that cannot be taken for a missing value."""
    if math.isnan(value):
        return "NaN"
    return "\N{INFINITY}" if value > 0 else f"{MINUS}\N{INFINITY}"


def count(number: int) -> str:
    """A number of things: `128`, `1,940`, `38.4k`, `1.2M`."""
    return f"{number:,}" if abs(number) < 10_000 else _scaled(number, COUNT_UNITS)


def counted(number: int, noun: str) -> str:
    """A number of things, with a plural in -s: `1 run`, `12,000 runs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counted_of(part: int | None, number: int, noun: str) -> str:
    """The same of which only a part is shown: `5 of 198 runs`; all of them where the part is None."""
    return counted(number, noun) if part is None else f"{part:,} of {counted(number, noun)}"


def size(number: int) -> str:
    """A number of bytes: `512 B`, `46 MB`, `1.4 GB`."""
    return f"{number} B" if number < 1_000 else _scaled(number, SIZE_UNITS, " ")


def duration(milliseconds: int) -> str:
    """A length of time in its two greatest units: `850ms`, `4.2s`, `12m 58s`, `3h 07m`, `2d 04h`."""
    if milliseconds < SECOND:
        return f"{max(milliseconds, 0)}ms"
    if milliseconds < 10 * SECOND:
        return f"{milliseconds // 100 / 10:.1f}s"
    seconds = milliseconds // SECOND
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3_600:
        return f"{seconds // 60}m {seconds % 60:02}s"
    if milliseconds < DAY:
        return f"{seconds // 3_600}h {seconds // 60 % 60:02}m"
    return f"{seconds // 86_400}d {seconds // 3_600 % 24:02}h"


def age(moment: int, now: int) -> str:
    """How long ago a moment was, both in epoch milliseconds: `just now`, `40 s ago`, `2 min ago`; later the date.

    A moment in the future, from a machine whose clock is ahead, is `just now`.
    """
    passed = now - moment
    if passed < 10 * SECOND:
        return "just now"
    for limit, unit, name in ((MINUTE, SECOND, "s"), (90 * MINUTE, MINUTE, "min"), (36 * HOUR, HOUR, "h")):
        if passed < limit:
            return f"{passed // unit} {name} ago"
    return f"{passed // DAY} d ago" if passed < 14 * DAY else date(moment)


def date(moment: int) -> str:
    """The local date of a moment in epoch milliseconds: `2026-08-01`."""
    return datetime.fromtimestamp(moment / 1_000).strftime("%Y-%m-%d")


def full_time(moment: int) -> str:
    """A moment in epoch milliseconds to the second, local, with its offset: `2026-08-01 14:03:20 +0200`."""
    return datetime.fromtimestamp(moment / 1_000).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def _scaled(number: float, units: tuple[tuple[float, str], ...], space: str = "") -> str:
    for index, (unit, name) in enumerate(units):
        # 999,950 is 1M, not 1000k: what rounds to the next unit is written in it.
        if abs(number) >= unit * 0.9995 or index == len(units) - 1:
            scaled = number / unit
            text = f"{scaled:.1f}".removesuffix(".0") if abs(scaled) < 99.95 else f"{scaled:.0f}"
            return _signed(f"{text}{space}{name}")
    raise AssertionError("the last unit takes everything")


def _signed(text: str) -> str:
    return text.replace("-", MINUS, 1) if text.startswith("-") else text
