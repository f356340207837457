"""Which ticks the axes of a chart have and what they say, for the window and for files alike. No Qt."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from runfolio.gui.curves import ticks
from runfolio.gui.curves.coordinates import from_axis
from runfolio.gui.curves.options import XAxis

#: The distance of the ticks, and where they stand.
Ticks: TypeAlias = tuple[float, list[float]]


def horizontal(kind: XAxis, log: bool, low: float, high: float, count: int) -> Ticks:
    """About `count` ticks of an axis of steps, times since the start, the clock, or a metric's values."""
    if log or kind is XAxis.METRIC:
        return numeric(log, low, high, count)
    return ticks.at_least_two(partial(_horizontal, kind, low, high), max(2, count))


def _horizontal(kind: XAxis, low: float, high: float, count: int) -> Ticks:
    if kind is XAxis.STEP:
        step = ticks.spacing(low, high, count, whole=True)
        return step, ticks.multiples(low, high, step)
    step = ticks.time_spacing(low, high, count)
    offset = ticks.zone_offset(low) if kind is XAxis.TIME else 0.0
    return step, ticks.multiples(low, high, step, offset)


def horizontal_texts(kind: XAxis, log: bool, values: list[float], step: float) -> list[str]:
    """What the ticks say."""
    if kind is XAxis.RELATIVE:
        values = [float(from_axis(value, log)) for value in values]
        return [ticks.span_text(value) for value in values]
    if kind is XAxis.TIME:
        return [ticks.clock_text(value, step) for value in values]
    return numeric_texts(log, values, step)


def numeric(log: bool, low: float, high: float, count: int) -> Ticks:
    """About `count` ticks of an axis of a metric's values, linear or, where it has logarithms, as powers of ten."""
    return ticks.at_least_two(partial(_numeric, log, low, high), max(2, count))


def _numeric(log: bool, low: float, high: float, count: int) -> Ticks:
    if log:
        return 1.0, ticks.decades(low, high, count)
    step = ticks.spacing(low, high, count)
    return step, ticks.multiples(low, high, step)


def numeric_texts(log: bool, values: list[float], step: float) -> list[str]:
    """What the ticks say."""
    return [ticks.log_text(value) for value in values] if log else ticks.texts(values, step)
