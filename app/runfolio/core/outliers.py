"""Which part of an axis shows what most values are like, when a few are far from all others."""

from __future__ import annotations

import numpy as np

from runfolio.core.curves import Floats

#: Values between these quantiles are what most are like, as in TensorBoard.
QUANTILES = (0.05, 0.95)
#: The axis reaches so many of their distances farther, if there are values.
REACH = 1.0


def usual_span(values: Floats) -> tuple[float, float] | None:
    """From where to where an axis goes that leaves outliers out; None without finite values.

    TensorBoard ends the axis at the quantiles, which cuts off a tenth of any curve. Here it goes on beyond them as far
    as there are values, but no farther than the quantiles are from each other: where nothing is far off, all is shown.
    Where nearly all values are the same, the axis has no length.
    """
    finite = values[np.isfinite(values)]
    if not len(finite):
        return None
    low, high = (float(end) for end in np.quantile(finite / 2, QUANTILES) * 2)  # halves: differences do not overflow
    reach = min(REACH * (high / 2 - low / 2), float(np.finfo(np.float64).max) / 4) * 2
    with np.errstate(over="ignore"):
        return float(max(finite.min(), low - reach)), float(min(finite.max(), high + reach))


def outside(values: Floats, low: float, high: float) -> int:
    """How many finite values are below or above a span."""
    finite = values[np.isfinite(values)]
    return int(np.sum((finite < low) | (finite > high)))
