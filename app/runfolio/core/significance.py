"""Whether two groups of runs differ by more than chance: Welch's t-test, Wilcoxon's rank-sum test, Holm's correction.

Only finite values count, as in `core.statistics`. Tests are two-sided. A p-value that cannot be told is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core import student
from runfolio.core.correlation import ranks
from runfolio.core.curves import Floats
from runfolio.core.statistics import mean_of

#: A difference that chance alone makes less often is called significant.
LEVEL = 0.05
#: Without ties, the rank-sum test of so many runs in the smaller group, and so many pairs, is exact.
FEW, PAIRS = 8, 1_000


@dataclass(frozen=True, slots=True)
class Welch:
    """A t-test of two groups whose spreads may differ.

    Attributes:
        t: the difference of the means in units of its standard error.
        freedom: the degrees of freedom.
        p: how often chance alone makes a difference as large.
    """

    t: float
    freedom: float
    p: float


@dataclass(frozen=True, slots=True)
class RankSum:
    """A test of the ranks alone, which Wilcoxon, Mann and Whitney have described.

    Attributes:
        u: of all pairs, in how many the first group's value is the greater one; a tie is half a pair.
        p: how often chance alone makes a difference as large.
        exact: whether all orders were counted; else p is that of the normal distribution, corrected for ties.
    """

    u: float
    p: float
    exact: bool


def welch(one: Floats, other: Floats) -> Welch:
    """Compare the means of two groups; p is NaN where a group has fewer than two values, or neither has a spread."""
    one, other = one[np.isfinite(one)], other[np.isfinite(other)]
    if min(len(one), len(other)) < 2:
        return Welch(math.nan, math.nan, math.nan)
    parts = [_variance(group) / len(group) for group in (one, other)]
    variance = sum(parts)
    if not 0 < variance < math.inf:  # huge values have squares that no float holds
        return Welch(math.nan, math.nan, math.nan)
    # As shares of the whole, whose squares neither vanish nor overflow.
    shares = [part / variance for part in parts]
    freedom = 1 / sum(share**2 / (len(group) - 1) for share, group in zip(shares, (one, other), strict=True))
    t = (mean_of(one) - mean_of(other)) / math.sqrt(variance)
    return Welch(t, freedom, student.two_sided(t, freedom))


def _variance(values: Floats) -> float:
    """That of a sample; equal values have none, however they round."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.var(values, ddof=1)) if values.min() < values.max() else 0.0


def rank_sum(one: Floats, other: Floats) -> RankSum:
    """Compare two groups by the order of their values; p is NaN where a group has none."""
    one, other = one[np.isfinite(one)], other[np.isfinite(other)]
    n, m = len(one), len(other)
    if not n or not m:
        return RankSum(math.nan, math.nan, False)
    both = np.concatenate([one, other])
    u = float(ranks(both)[:n].sum()) - n * (n + 1) / 2
    _, often = np.unique(both, return_counts=True)
    greater = max(u, n * m - u)
    if min(n, m) <= FEW and n * m <= PAIRS and often.max() == 1:
        return RankSum(u, min(2 * float(_orders(n, m)[round(greater) :].sum()), 1.0), True)
    total = n + m
    ties = float((often.astype(np.float64) ** 3 - often).sum()) / (total * (total - 1))
    deviation = math.sqrt(max(n * m / 12 * (total + 1 - ties), 0.0))
    if not deviation:
        return RankSum(u, 1.0, False)
    z = (greater - n * m / 2 - 0.5) / deviation
    return RankSum(u, min(math.erfc(z / math.sqrt(2)), 1.0), False)


def _orders(n: int, m: int) -> Floats:
    """Of all orders of two groups, the share of those with 0, 1, 2, ... pairs in which the first is the greater."""
    rows = [np.ones(1) for _ in range(m + 1)]
    for first in range(1, n + 1):
        above, rows = rows, [np.ones(1)]
        for second in range(1, m + 1):
            # The greatest value of all is one of the first group's, greater than all others, or one of the other's.
            found = np.zeros(first * second + 1)
            found[second:] += above[second] * (first / (first + second))
            found[: len(rows[-1])] += rows[-1] * (second / (first + second))
            rows.append(found)
    return rows[m]


def holm(values: Sequence[float]) -> list[float]:
    """P-values as Holm corrects them for so many tests at once; NaNs are none, and stay."""
    told = sorted((value, place) for place, value in enumerate(values) if not math.isnan(value))
    corrected, least = list(values), 0.0
    for number, (value, place) in enumerate(told):
        least = max(least, min((len(told) - number) * value, 1.0))
        corrected[place] = least
    return corrected


@dataclass(frozen=True, slots=True)
class Versus:
    """A group beside the one that it is compared with.

    Attributes:
        change: its mean less that of the other.
        welch, ranks: what the tests say of these two.
        p, ranks_p: their p-values as corrected for the number of groups.
    """

    change: float
    welch: Welch
    ranks: RankSum
    p: float
    ranks_p: float

    @property
    def told(self) -> bool:
        """Whether there are values enough to tell a difference of the means from chance."""
        return not math.isnan(self.p)

    @property
    def significant(self) -> bool:
        """Whether chance alone seldom makes the means differ as much."""
        return self.p < LEVEL


def against(groups: Sequence[Floats], base: int) -> list[Versus | None]:
    """Compare each of some groups with one of them, which itself is None; corrected for all of these comparisons."""
    tests = [(welch(one, groups[base]), rank_sum(one, groups[base])) for one in groups]
    places = [place for place in range(len(groups)) if place != base]
    means = holm([tests[at][0].p for at in places])
    by_ranks = holm([tests[at][1].p for at in places])
    found: list[Versus | None] = [None] * len(groups)
    for place, p, ranks_p in zip(places, means, by_ranks, strict=True):
        found[place] = Versus(mean_of(groups[place]) - mean_of(groups[base]), *tests[place], p, ranks_p)
    return found


def verdict(versus: Versus, change: str) -> str:
    """What the comparison comes to, in few words; `change` is how the difference is written."""
    if not versus.told:
        return "too few values to tell"
    return f"{change} {p_text(versus.p)}" if versus.significant else f"{change} n.s."


def explained(versus: Versus, tests: int) -> str:
    """What both tests say, a line each, with what they were corrected for."""
    many = f" after Holm's correction for {tests:,} comparisons" if tests > 1 else ""
    lines = []
    if versus.told:
        t, freedom = versus.welch.t, versus.welch.freedom
        lines.append(f"Welch's t-test: t={t:.3f}, {freedom:.1f} degrees of freedom, {_outcome(versus.p)}{many}")
    else:
        lines.append("Welch's t-test needs two values in each group, and some spread")
    if not math.isnan(versus.ranks.p):
        kind = "exact" if versus.ranks.exact else "by the normal distribution"
        lines.append(f"Rank-sum test: U={versus.ranks.u:g}, {kind}, {_outcome(versus.ranks_p)}{many}")
    return "\n".join(lines)


def _outcome(p: float) -> str:
    return p_text(p) if p < LEVEL else f"{p_text(p)}, not significant"


def p_text(p: float) -> str:
    """A p-value as it is written in papers: `p<0.001`, `p=0.032`."""
    if math.isnan(p):
        return ""
    return "p<0.001" if p < 0.001 else f"p={p:.3f}" if p < 0.1 else f"p={p:.2f}"
