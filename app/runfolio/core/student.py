"""Student's t: how far around a mean its 95 % confidence interval reaches."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

#: How much of the distribution lies within the interval, and as many deviations of a normal one.
SHARE, NORMAL = 0.95, 1.959963984540054
#: From so many degrees of freedom on, the series in their inverse is exact to the last digits.
MANY = 1_000
HALVINGS = 80


@lru_cache(maxsize=4096)
def reach(freedom: int) -> float:
    """So many standard errors to either side of a mean hold 95 % of Student's distribution; NaN of no freedom.

    Args:
        freedom: the degrees of freedom, one less than there are values.
    """
    if freedom < 1:
        return math.nan
    if freedom >= MANY:
        return _series(float(freedom))
    low, high = 0.0, math.pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < SHARE else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _within(angle: float, freedom: int) -> float:
    """The share between -t and t, of t = sqrt(freedom) * tan(angle); a finite sum (Abramowitz and Stegun, 26.7.3)."""
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    terms = np.arange(1, (freedom - odd) // 2, dtype=np.float64)
    factors = (2 * terms / (2 * terms + 1) if odd else (2 * terms - 1) / (2 * terms)) * cosine**2
    total = 1.0 + float(np.cumprod(factors).sum())
    if not odd:
        return sine * total
    return (angle + (sine * cosine * total if freedom > 1 else 0.0)) * 2 / math.pi


def _series(freedom: float) -> float:
    """The first terms of the expansion around the normal distribution (26.7.5)."""
    z = NORMAL
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * freedom**4)
    )
