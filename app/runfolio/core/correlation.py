"""Whether two columns of numbers rise and fall together: Spearman's rank correlation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from runfolio.core import student
from runfolio.core.curves import Floats


@dataclass(frozen=True, slots=True)
class Correlation:
    """How far two columns have the same order.

    Attributes:
        rho: 1 if they rise together always, -1 if one falls where the other rises; NaN where one does not differ.
        p: how often chance alone makes them go together as far, by Student's t; NaN of fewer than three pairs.
        pairs: how many pairs of finite numbers there are.
    """

    rho: float
    p: float
    pairs: int


def ranks(values: Floats) -> Floats:
    """The places of numbers in their order, from 1; equal ones share the mean of theirs."""
    _, place, often = np.unique(values, return_inverse=True, return_counts=True)
    found: Floats = (np.cumsum(often) - (often - 1) / 2)[place]
    return found


def spearman(one: Floats, other: Floats) -> Correlation:
    """Compare the orders of pairs of numbers, of those pairs that are finite."""
    finite = np.isfinite(one) & np.isfinite(other)
    one, other = ranks(one[finite]), ranks(other[finite])
    pairs = len(one)
    if not pairs or one.min() == one.max() or other.min() == other.max():
        return Correlation(math.nan, math.nan, pairs)
    one, other = one - one.mean(), other - other.mean()
    rho = float((one * other).sum()) / math.sqrt(float((one**2).sum()) * float((other**2).sum()))
    rho = min(max(rho, -1.0), 1.0)
    if pairs < 3:
        return Correlation(rho, math.nan, pairs)
    left = 1 - rho * rho
    t = rho * math.sqrt((pairs - 2) / left) if left > 0 else math.inf
    return Correlation(rho, student.two_sided(t, pairs - 2), pairs)
