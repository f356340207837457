"""Values as they stand on the axes of a chart, in the window and in files. Plain numpy."""

from __future__ import annotations

import math

import numpy as np

from runfolio.core.curves import Floats

# pyqtgraph shows nothing beyond 1e307: what is larger is drawn here, and margins and zooms reach a little farther.
LARGEST = 1e306
LARGEST_EXPONENT = 308.2


def to_axis(values: Floats, log: bool) -> Floats:
    """Values as places on an axis: decimal logarithms on a logarithmic one, where what has none is a gap.

    What is too large to be drawn stands where it can be.
    """
    if not log:
        return np.clip(values, -LARGEST, LARGEST)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(values > 0, np.log10(values), np.nan), dtype=np.float64)


def from_axis(place: float, log: bool) -> float:
    """The value that stands at a place on an axis; infinite beyond the largest number."""
    if not log:
        return place
    return 10.0**place if place < LARGEST_EXPONENT else math.inf


def span_from_axis(span: tuple[float, float], log: bool) -> tuple[float, float]:
    """The values from where to where a part of an axis goes."""
    return from_axis(span[0], log), from_axis(span[1], log)


def place_on_axis(value: float, log: bool) -> float | None:
    """Where a value stands; None if it has no place on a logarithmic axis."""
    place = float(to_axis(np.array([value], np.float64), log)[0])
    return place if math.isfinite(place) else None
