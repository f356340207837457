"""How far the truth may be from what a number of rows say: 95 % intervals."""

from __future__ import annotations

import math
from typing import Any

from runfolio.core.student import reach

# Standard errors to either side that hold 95 % of a normal distribution.
NORMAL = 1.959963984540054


def share_interval(share: float, rows: float) -> tuple[float, float]:
    """Of a share of so many rows: Wilson's score interval, which is right for few rows and for shares near 0 and 1."""
    if rows <= 0:
        return math.nan, math.nan
    squared = NORMAL**2 / rows
    middle = (share + squared / 2) / (1 + squared)
    half = NORMAL / (1 + squared) * math.sqrt(share * (1 - share) / rows + squared / (4 * rows))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(mean: float, deviation: float, rows: float) -> tuple[float, float]:
    """Of a mean of so many rows with a standard deviation: Student's; NaN for fewer than two rows."""
    if rows < 2:
        return math.nan, math.nan
    half = reach(int(rows) - 1) * deviation / math.sqrt(rows)
    return mean - half, mean + half


def effective_rows(weights: Any) -> float:
    """How many rows of equal weight say as much as an array of weights does (Kish, Survey Sampling, 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())
