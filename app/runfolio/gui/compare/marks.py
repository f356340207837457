"""What is written along the axes of a comparison: round numbers, times, spans and categories."""

from __future__ import annotations

import numpy as np

from runfolio.core import numbers
from runfolio.core.columns import Kind
from runfolio.core.scales import REASONS, Placed
from runfolio.gui.curves import ticks

THOUSAND = 1000.0


def marks(axis: Placed, count: int) -> list[tuple[float, str]]:
    """About `count` places along an axis, from 0 to 1, and what stands there; of few values each, if there is room."""
    scale = axis.scale
    if scale.categories:
        return _categories(axis, count)
    if scale.few:
        at = sorted(scale.at(np.array(scale.few)).tolist())
        return [(place, value_text(axis, place)) for place in _apart(at, count)]
    unit = THOUSAND if axis.column.kind in (Kind.TIME, Kind.DURATION) and not scale.log else 1.0
    found = _round(axis, scale.low / unit, scale.high / unit, count)
    width = scale.high / 2 - scale.low / 2
    places = [((value * unit / 2 - scale.low / 2) / width, text) for value, text in found]
    return [(1 - place if scale.flipped else place, text) for place, text in places if -1e-9 <= place <= 1 + 1e-9]


def _round(axis: Placed, low: float, high: float, count: int) -> list[tuple[float, str]]:
    """Round values along an axis."""
    if axis.scale.log:
        found = ticks.decades(low, high, count)
        return list(zip(found, ticks.log_texts(found), strict=True))
    if axis.column.kind is Kind.TIME:
        step = ticks.time_spacing(low, high, count)
        found = ticks.multiples(low, high, step, ticks.zone_offset(low))
        return [(value, ticks.clock_text(value, step)) for value in found]
    if axis.column.kind is Kind.DURATION:
        step = ticks.time_spacing(low, high, count)
        return [(one, ticks.span_text(one, step)) for one in ticks.multiples(low, high, step)]
    step = ticks.spacing(low, high, count)
    found = ticks.multiples(low, high, step)
    return list(zip(found, ticks.texts(found, step), strict=True))


def _apart(places: list[float], count: int) -> list[float]:
    """Those that leave room for what is written between them, the first and the last one before others."""
    least, kept = 0.7 / max(count, 1), places[:1]
    for place in places[1:-1]:
        if place - kept[-1] >= least and places[-1] - place >= least:
            kept.append(place)
    return kept if len(places) < 2 else [*kept, places[-1]]


def _categories(axis: Placed, count: int) -> list[tuple[float, str]]:
    categories, flipped = axis.scale.categories, axis.scale.flipped
    last = len(categories) - 1
    step = -(-len(categories) // max(count, 1))
    places = range(0, len(categories), step)
    at = [(place / last if last else 0.5, str(categories[place])) for place in places]
    return [(1 - place if flipped else place, text) for place, text in at]


def value_text(axis: Placed, place: float) -> str:
    """What stands at a place of an axis, in few digits."""
    if axis.scale.categories:
        last = len(axis.scale.categories) - 1
        at = 1 - place if axis.scale.flipped else place
        return str(axis.scale.categories[round(min(max(at, 0.0), 1.0) * last)])
    value = axis.scale.value(place)
    if axis.column.kind is Kind.TIME:
        return numbers.full_time(round(value))
    if axis.column.kind is Kind.DURATION:
        return numbers.duration(round(value))
    return numbers.short(float(f"{value:.4g}"))


def missing_text(axis: Placed) -> str:
    """How many runs have no place on an axis, and why; empty if all have one."""
    return "\n".join(f"{numbers.counted(number, 'run')}: {REASONS[why]}" for why, number in axis.missing().items())
