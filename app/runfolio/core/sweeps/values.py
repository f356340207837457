"""The values of a dimension, as text of a script's command line: a place between both ends, or one after the other."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import lru_cache

from runfolio.core.sweeps.records import Dimension

#: Below one: places are from 0, included, to 1, not included.
_LAST = math.nextafter(1.0, 0.0)


def at(dimension: Dimension, place: float) -> str:
    """The value at a place from 0 to 1; equal parts of the way have equal shares of the values."""
    place = min(max(place, 0.0), _LAST)
    if dimension.values:
        return dimension.values[int(place * len(dimension.values))]
    if dimension.log and dimension.whole:
        # As wide for each number as its share of the logarithm, be it the first or the last.
        number = float(round(_even_in_log(dimension.low - 0.5, dimension.high + 0.5, place)))
    elif dimension.log:
        number = _even_in_log(dimension.low, dimension.high, place)
    elif count := steps(dimension):
        return text(dimension, dimension.low + int(place * count) * step(dimension))
    else:
        number = dimension.low * (1 - place) + dimension.high * place
    return text(dimension, min(max(number, dimension.low), dimension.high))


def _even_in_log(low: float, high: float, place: float) -> float:
    return float(10 ** (math.log10(low) * (1 - place) + math.log10(high) * place))


def text(dimension: Dimension, number: float) -> str:
    """A number of a dimension as its text: whole ones without a point, others with the fewest digits that tell them."""
    if dimension.whole:
        return str(round(number))
    if dimension.step is None:
        return repr(float(number))
    # Counted in decimals: 0.1 and two steps of 0.1 are 0.3, and not 0.30000000000000004.
    low, between = Decimal(repr(dimension.low)), Decimal(repr(dimension.step))
    return repr(float(low + round((Decimal(repr(float(number))) - low) / between) * between))


def step(dimension: Dimension) -> float:
    """What lies between two values; 0 where any number may stand."""
    return dimension.step or (1.0 if dimension.whole else 0.0)


def steps(dimension: Dimension) -> int:
    """How many numbers there are in steps; 0 where any number may stand."""
    between = step(dimension)
    if not between or dimension.values:
        return 0
    return int((Decimal(repr(dimension.high)) - Decimal(repr(dimension.low))) // Decimal(repr(between))) + 1


def count(dimension: Dimension) -> int:
    """How many values a grid takes of a dimension, at most; 0 if it does not say which."""
    return len(dimension.values) or dimension.points or steps(dimension)


@lru_cache(256)
def each(dimension: Dimension) -> tuple[str, ...]:
    """The values a grid takes of a dimension, each once."""
    if dimension.values:
        return dimension.values
    if not dimension.points:
        return tuple(text(dimension, dimension.low + number * step(dimension)) for number in range(steps(dimension)))
    found = [_point(dimension, number / max(dimension.points - 1, 1)) for number in range(dimension.points)]
    return tuple(dict.fromkeys(found))


def _point(dimension: Dimension, part: float) -> str:
    if part in (0.0, 1.0) and not dimension.step:
        return text(dimension, dimension.high if part else dimension.low)
    number = (
        _even_in_log(dimension.low, dimension.high, part)
        if dimension.log
        else dimension.low * (1 - part) + dimension.high * part
    )
    # Few digits, as a person would write a third: 0.333333333333.
    number = min(max(float(f"{number:.12g}"), dimension.low), dimension.high)
    if dimension.step:
        number = (
            dimension.low + min(round((number - dimension.low) / dimension.step), steps(dimension) - 1) * dimension.step
        )
    return text(dimension, number)
