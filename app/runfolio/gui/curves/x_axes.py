"""What can run along the horizontal axis of charts, and all that is told apart by that: one entry each. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise

import numpy as np

from runfolio.core import numbers
from runfolio.core.curves import Floats, Points
from runfolio.gui.curves import axis_ticks, ticks
from runfolio.gui.curves.axis_ticks import Ticks
from runfolio.gui.curves.coordinates import from_axis


class XAxis(StrEnum):
    """What runs along the horizontal axis, as views keep it."""

    STEP = "step"
    TIME = "time"
    RELATIVE = "relative time"
    METRIC = "metric"


@dataclass(frozen=True, slots=True)
class XKind:
    """What there is to know of something that runs along x.

    Attributes:
        title: what stands beside the axis in files; that of a metric is its name.
        order: of points of a run that started at a moment (epoch milliseconds), the x that they are put in order and
            smoothed by. But for metrics, which have places of their own, that is where they stand.
        ticks: where ticks stand on a linear axis from one value to another, about so many.
        texts: what ticks say that stand at some places of an axis, logarithmic or not, so far from each other.
        heading: a value in words; with the metric's name, of a metric.
        number: whether it is one that people type, and of which there are logarithms: a moment of the clock is none.
        unit: what the numbers are that are typed, where that has to be told.
    """

    title: str
    order: Callable[[Points, int], Floats]
    ticks: Callable[[float, float, int], Ticks]
    texts: Callable[[bool, list[float], float], list[str]]
    heading: Callable[[str, float], str]
    number: bool = True
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What there is for the texts of ticks: the length of the axis, and what takes how much of it."""

    length: float
    width: Callable[[str], float]


def x_ticks(kind: XAxis, log: bool, low: float, high: float, count: int, room: Room) -> Ticks:
    """About `count` ticks of an axis, which go by powers of ten where it is logarithmic; fewer where their texts would
    not stand apart, as those of a clock with fractions of seconds.
    """
    found = _x_ticks(kind, log, low, high, count)
    for fewer in range(count - 1, ticks.LEAST_TICKS - 1, -1):
        if _are_apart(found[1], X_AXES[kind].texts(log, found[1], found[0]), high - low, room):
            break
        found = _x_ticks(kind, log, low, high, fewer)
    return found


def _x_ticks(kind: XAxis, log: bool, low: float, high: float, count: int) -> Ticks:
    if log:
        return axis_ticks.numeric(log, low, high, count)
    return ticks.at_least_two(partial(X_AXES[kind].ticks, low, high), max(ticks.LEAST_TICKS, count))


def _are_apart(values: list[float], texts: list[str], span: float, room: Room) -> bool:
    nearest = min((after - before for before, after in pairwise(values)), default=span)
    widest = max(map(room.width, texts), default=0.0)
    return widest + room.width("0") <= nearest / span * room.length


# Steps, and metrics whose points are in the order of theirs


def _steps(series: Points, _start: int) -> Floats:
    return series.steps.astype(np.float64)


def _step_heading(_metric: str, x: float) -> str:
    return f"step {round(x):,}" if math.isfinite(x) else ""


def _metric_heading(metric: str, x: float) -> str:
    return f"{metric} {numbers.column_format([x]).text(x)}"


# Times in seconds


def _clock(series: Points, _start: int) -> Floats:
    return series.times / 1000.0


def _clock_ticks(low: float, high: float, count: int) -> Ticks:
    step = ticks.time_spacing(low, high, count)
    return step, ticks.multiples(low, high, step, ticks.zone_offset(low))


def _clock_texts(_log: bool, values: list[float], step: float) -> list[str]:
    return [ticks.clock_text(value, step) for value in values]


def _since_start(series: Points, start: int) -> Floats:
    return (series.times - start) / 1000.0


def _span_ticks(low: float, high: float, count: int) -> Ticks:
    step = ticks.time_spacing(low, high, count)
    return step, ticks.multiples(low, high, step)


def _span_texts(log: bool, values: list[float], step: float) -> list[str]:
    return [ticks.span_text(float(from_axis(value, log)), None if log else step) for value in values]


X_AXES: Mapping[XAxis, XKind] = {
    XAxis.STEP: XKind("step", _steps, axis_ticks.whole, axis_ticks.numeric_texts, _step_heading),
    XAxis.TIME: XKind(
        "time", _clock, _clock_ticks, _clock_texts, lambda _metric, x: ticks.clock_text(x, 1.0), number=False
    ),
    XAxis.RELATIVE: XKind(
        "time since the start",
        _since_start,
        _span_ticks,
        _span_texts,
        lambda _metric, x: ticks.span_text(x),
        unit="seconds since the start",
    ),
    XAxis.METRIC: XKind("", _steps, axis_ticks.linear, axis_ticks.numeric_texts, _metric_heading),
}
