"""How dense values lie: a kernel estimate for violins, or the values themselves where they are too few for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runfolio.core.curves import Floats

#: Fewer values make no shape: what would be drawn is the kernel, not they.
LEAST = 5
#: The density is told at so many places; of more values than these, those near each other are taken together.
PLACES, MANY = 64, 512
#: So many bandwidths away nothing is left of a value.
FAR = 37.0
NO_SHAPE: Floats = np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Violin:
    """How some values lie.

    Attributes:
        places: from the least to the greatest value.
        density: how dense they lie there, 1 where most; empty where there is no shape.
        few: the values where they have no shape: fewer than five, or all equal.
        bandwidth: the standard deviation of the kernel; 0 where there is no shape.
        median, mean: theirs.
    """

    places: Floats
    density: Floats
    few: Floats
    bandwidth: float
    median: float
    mean: float


def violin_of(values: Floats) -> Violin | None:
    """How finite values lie; None where there are none.

    The kernel is a normal distribution, as wide as Silverman's rule says for shapes with more than one hill: 0.9 times
    the lesser of the standard deviation and the interquartile range over 1.34, times n to the power of -1/5. The shape
    ends with the values: nothing is said to lie beyond them.
    """
    values = np.sort(values[np.isfinite(values)])
    if not len(values):
        return None
    low, high = float(values[0]), float(values[-1])
    # From 0 to 1, in halves, for the distance between the largest floats is none.
    half = high / 2 - low / 2
    unit = (values / 2 - low / 2) / half if half > 0 else np.zeros(len(values))

    def value(place: float) -> float:
        return low * (1 - place) + high * place

    median, mean = value(float(np.median(unit))), value(float(unit.mean()))
    width = _bandwidth(unit)
    if len(values) < LEAST or not width > 0:
        return Violin(NO_SHAPE, NO_SHAPE, values, 0.0, median, mean)
    centres, counts = unit, np.ones(len(unit))
    if len(unit) > MANY:
        counts, edges = np.histogram(unit, MANY, (0.0, 1.0))
        centres = (edges[1:] + edges[:-1]) / 2
    places = np.linspace(0, 1, PLACES)
    away = np.minimum(np.abs(places[:, None] - centres) / width, FAR)
    density = np.exp(-away * away / 2) @ counts
    return Violin(low * (1 - places) + high * places, density / density.max(), NO_SHAPE, 2 * width * half, median, mean)


def _bandwidth(unit: Floats) -> float:
    if len(unit) < 2:
        return 0.0
    deviation = float(np.std(unit, ddof=1))
    lower, upper = np.quantile(unit, [0.25, 0.75]).tolist()
    spread = min(deviation, (upper - lower) / 1.34) if upper > lower else deviation
    return float(0.9 * spread * len(unit) ** -0.2)
