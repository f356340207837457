"""What groups of numbers are summed up as, for tables and charts alike: one definition of mean, spread and count.

Only finite values count: `count` says how many these are, `other` how many NaNs and infinities there are beside them.
The deviation is that of a sample (divided by `count` - 1), for runs are samples of what one could have run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from runfolio.core import numbers
from runfolio.core.curves import Floats

Ints = NDArray[np.intp]

#: So many groups are put in order one by one, which takes a fraction of the time of all at once.
FEW = 2_000


class Statistic(StrEnum):
    """What is shown of a group's numbers."""

    MEAN = "mean"
    ERROR = "error"
    MEDIAN = "median"
    LEAST = "min"
    GREATEST = "max"
    BEST = "best"


TITLES = {
    Statistic.MEAN: "Mean ± standard deviation",
    Statistic.ERROR: "Mean ± standard error",
    Statistic.MEDIAN: "Median",
    Statistic.LEAST: "Minimum",
    Statistic.GREATEST: "Maximum",
    Statistic.BEST: "Best",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of one group; all but the counts are NaN where there is nothing to tell them from.

    Attributes:
        count: how many finite values there are.
        other: how many values are not finite.
        mean, least, median, greatest: of the finite ones.
        deviation: the standard deviation of the sample; NaN of fewer than two values.
    """

    count: int
    other: int
    mean: float
    deviation: float
    least: float
    median: float
    greatest: float

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.deviation / math.sqrt(self.count) if self.count else math.nan

    def value(self, statistic: Statistic, *, lower: bool = False) -> float:
        """The number that stands for the group; `lower` if the least value is the best one."""
        if statistic is Statistic.BEST:
            statistic = Statistic.LEAST if lower else Statistic.GREATEST
        if statistic in (Statistic.MEAN, Statistic.ERROR):
            return self.mean
        return {Statistic.LEAST: self.least, Statistic.MEDIAN: self.median}.get(statistic, self.greatest)

    def spread(self, statistic: Statistic) -> float:
        """What follows the ± of a statistic; NaN where nothing does."""
        return {Statistic.MEAN: self.deviation, Statistic.ERROR: self.error}.get(statistic, math.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Summaries:
    """The same of many groups, an array for each of a `Summary`'s fields."""

    count: Ints
    other: Ints
    mean: Floats
    deviation: Floats
    least: Floats
    median: Floats
    greatest: Floats

    def at(self, group: int) -> Summary:
        """One group's."""
        found = (self.mean, self.deviation, self.least, self.median, self.greatest)
        return Summary(int(self.count[group]), int(self.other[group]), *(float(field[group]) for field in found))

    def values(self, statistic: Statistic, *, lower: bool = False) -> Floats:
        """The numbers that stand for the groups, as of `Summary.value`."""
        if statistic is Statistic.BEST:
            statistic = Statistic.LEAST if lower else Statistic.GREATEST
        if statistic in (Statistic.MEAN, Statistic.ERROR):
            return self.mean
        return {Statistic.LEAST: self.least, Statistic.MEDIAN: self.median}.get(statistic, self.greatest)


def summarise(values: Floats, groups: Ints, number: int) -> Summaries:
    """Sum up values by the groups that they belong to, which are numbered from 0 to `number` - 1."""
    finite = np.isfinite(values)
    other = np.bincount(groups[~finite], minlength=number)
    values, groups = values[finite], groups[finite]
    count = np.bincount(groups, minlength=number)
    # Sums of squares of huge values overflow to infinity, which is then said of the deviation.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.bincount(groups, values, number) / count
        squares = np.bincount(groups, (values - mean[groups]) ** 2, number)
        deviation = np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
    least, median, greatest = _extremes(values, groups, count)
    # Sums round: a mean lies between the extremes, and equal values have no spread.
    same = least == greatest
    mean = np.where(same, least, np.clip(mean, least, greatest))
    return Summaries(count, other, mean, np.where(same & (count > 1), 0.0, deviation), least, median, greatest)


def _extremes(values: Floats, groups: Ints, count: Ints) -> tuple[Floats, Floats, Floats]:
    ends = np.cumsum(count)
    starts = ends - count
    if len(count) <= FEW:
        # Small numbers are put in order in one go, and the numbers of each group by themselves.
        values = values[np.argsort(groups.astype(np.uint16), kind="stable")]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            values[start:end].sort()
    else:
        ascending = np.argsort(values)
        values = values[ascending[np.argsort(groups[ascending], kind="stable")]]
    least, median, greatest = (np.full(len(count), np.nan) for _ in range(3))
    some = count > 0
    least[some], greatest[some] = values[starts[some]], values[ends[some] - 1]
    low, high = values[((starts + ends - 1) // 2)[some]], values[((starts + ends) // 2)[some]]
    median[some] = low + (high - low) / 2
    return least, median, greatest


def short_text(
    summary: Summary, statistic: Statistic, *, lower: bool = False, write: Callable[[float], str] | None = None
) -> str:
    """A group's numbers as a cell shows them: `0.9134 ± 0.0042 (n=5)`; empty if there are none.

    `write` writes a number that is not told by its digits, such as a duration.
    """
    if not summary.count:
        return f"{summary.other} not finite" if summary.other else ""
    value, spread = summary.value(statistic, lower=lower), summary.spread(statistic)
    if write is not None:
        shown = write(value) + (f" ± {write(spread)}" if spread > 0 else "")
    else:
        shown = numbers.with_spread(value, spread)
    return f"{shown} (n={summary.count:,})"


def full_text(summary: Summary, write: Callable[[float], str] = numbers.exact) -> str:
    """All that is known of a group's numbers, one thing to a line."""
    lines = [f"{numbers.counted(summary.count, 'value')}"]
    if summary.other:
        lines[0] += f", and {summary.other:,} that {'is' if summary.other == 1 else 'are'} NaN or infinite"
    if not summary.count:
        return lines[0]
    parts = [("mean", summary.mean)]
    if summary.count > 1:
        parts += [("standard deviation (of a sample)", summary.deviation), ("standard error", summary.error)]
    parts += [("minimum", summary.least), ("median", summary.median), ("maximum", summary.greatest)]
    return "\n".join([*lines, *(f"{name}: {write(value)}" for name, value in parts)])
