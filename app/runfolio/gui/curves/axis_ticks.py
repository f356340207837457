"""Which ticks an axis of numbers has and what they say, for the window and for files alike. No Qt."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from runfolio.gui.curves import ticks

#: The distance of the ticks, and where they stand.
Ticks: TypeAlias = tuple[float, list[float]]


def numeric(log: bool, low: float, high: float, count: int) -> Ticks:
    """About `count` ticks of an axis of a metric's values, linear or, where it has logarithms, as powers of ten."""
    return ticks.at_least_two(partial(_decades if log else linear, low, high), max(2, count))


def numeric_texts(log: bool, values: list[float], step: float) -> list[str]:
    """What the ticks say."""
    return ticks.log_texts(values) if log else ticks.texts(values, step)


def linear(low: float, high: float, count: int) -> Ticks:
    """Ticks at round numbers."""
    step = ticks.spacing(low, high, count)
    return step, ticks.multiples(low, high, step)


def whole(low: float, high: float, count: int) -> Ticks:
    """Ticks at round numbers without fractions."""
    step = ticks.spacing(low, high, count, whole=True)
    return step, ticks.multiples(low, high, step)


def _decades(low: float, high: float, count: int) -> Ticks:
    return 1.0, ticks.decades(low, high, count)
