"""Student's distribution: how often chance alone goes as far, and how far 95 % of it reaches around a mean."""

from __future__ import annotations

import math
from functools import lru_cache

#: How much of the distribution lies without the 95 % interval.
OUTSIDE = 0.05
ITERATIONS, PRECISION, TINY, LARGE = 10_000, 1e-16, 1e-300, 1e3
HALVINGS = 60


@lru_cache(maxsize=4096)
def reach(freedom: int) -> float:
    """So many standard errors to either side of a mean hold 95 % of Student's distribution; NaN of no freedom.

    Args:
        freedom: the degrees of freedom, one less than there are values.
    """
    if freedom < 1:
        return math.nan
    low, high = 0.0, math.pi / 2  # of t = sqrt(freedom) * tan(angle)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        further = two_sided(math.sqrt(freedom) * math.tan(middle), freedom) > OUTSIDE
        low, high = (middle, high) if further else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def two_sided(t: float, freedom: float) -> float:
    """How often a variable of Student's distribution is at least as far from 0 as `t`."""
    if not math.isfinite(t):
        return math.nan if math.isnan(t) else 0.0
    return _beta(freedom / (freedom + t * t), t * t / (freedom + t * t), freedom / 2, 0.5)


def _beta(x: float, rest: float, a: float, b: float) -> float:
    """The regularised incomplete beta function at x, which is 1 - `rest`; one of `a` and `b` is a half."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # where the fraction below is slow, that of the other side is fast
        return 1 - _beta(rest, x, b, a)
    front = math.exp(_log_gammas(max(a, b)) + a * math.log(x) + b * math.log(rest))
    return front * _fraction(x, a, b) / a


def _log_gammas(a: float) -> float:
    """The logarithm of gamma(a + 1/2) / gamma(a) / gamma(1/2); of large numbers as a series, for their difference is
    lost among their digits."""
    if a > LARGE:
        return math.log(a / math.pi) / 2 - 1 / (8 * a) + 1 / (192 * a**3)
    return math.lgamma(a + 0.5) - math.lgamma(a) - math.lgamma(0.5)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method (Abramowitz and Stegun, 26.5.8)."""
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, ITERATIONS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1 / _apart(1 + term * d), _apart(1 + term / c)
            step = c * d
            value *= step
        if abs(step - 1) < PRECISION:
            break
    return value


def _apart(value: float) -> float:
    return value if abs(value) > TINY else TINY
