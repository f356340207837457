"""What groups of numbers are summed up as, for tables and charts alike: one definition of mean, spread and count.

Only finite values count: `count` says how many these are, `other` how many NaNs and infinities there are beside them.
The deviation is that of a sample (divided by `count` - 1), for runs are samples of what one could have run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from runfolio.core import numbers, student
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


class Band(StrEnum):
    """What lies around the line of a group of curves; all but the range are around the mean, whatever the line is."""

    DEVIATION = "std"
    ERROR = "standard error"
    INTERVAL = "95 % interval"
    RANGE = "min-max"
    NONE = "none"


Numbers = TypeVar("Numbers", float, Floats)


def _that(
    statistic: Statistic, mean: Numbers, least: Numbers, median: Numbers, greatest: Numbers, *, lower: bool
) -> Numbers:
    """The one of these that a statistic is; `lower` if the least value is the best one."""
    match statistic:
        case Statistic.MEAN | Statistic.ERROR:
            return mean
        case Statistic.LEAST:
            return least
        case Statistic.MEDIAN:
            return median
        case Statistic.GREATEST:
            return greatest
        case Statistic.BEST:
            return least if lower else greatest


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

    @property
    def interval(self) -> float:
        """How far the 95 % confidence interval of the mean reaches to either side, by Student's t."""
        return self.error * student.reach(self.count - 1)

    def value(self, statistic: Statistic, *, lower: bool = False) -> float:
        """The number that stands for the group; `lower` if the least value is the best one."""
        return _that(statistic, self.mean, self.least, self.median, self.greatest, lower=lower)

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

    def those(self, groups: Ints) -> Summaries:
        """Some of them."""
        return Summaries(*(getattr(self, name)[groups] for name in self.__dataclass_fields__))

    def at(self, group: int) -> Summary:
        """One group's."""
        found = (self.mean, self.deviation, self.least, self.median, self.greatest)
        return Summary(int(self.count[group]), int(self.other[group]), *(float(field[group]) for field in found))

    def values(self, statistic: Statistic, *, lower: bool = False) -> Floats:
        """The numbers that stand for the groups, as of `Summary.value`."""
        return _that(statistic, self.mean, self.least, self.median, self.greatest, lower=lower)

    def band(self, band: Band) -> tuple[Floats, Floats]:
        """Where a band begins and ends; NaN of groups with fewer than two values, and of no band."""
        some = self.count > 1
        if band is Band.RANGE:
            return np.where(some, self.least, np.nan), np.where(some, self.greatest, np.nan)
        if band is Band.NONE or not some.any():
            nothing = np.full(len(self.count), np.nan)
            return nothing, nothing
        reach = self.deviation
        if band is not Band.DEVIATION:
            reach = reach / np.sqrt(np.maximum(self.count, 1))
        if band is Band.INTERVAL:
            counts, places = np.unique(self.count, return_inverse=True)
            reach = reach * np.array([student.reach(count - 1) for count in counts.tolist()])[places]
        with np.errstate(invalid="ignore", over="ignore"):
            return self.mean - reach, self.mean + reach


def mean_of(values: Floats) -> float:
    """The mean of the finite values, NaN of none; summed up in parts, for the largest floats come to more than there
    is.
    """
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan
    with np.errstate(over="ignore"):
        return min(max(float((values / len(values)).sum()), float(values.min())), float(values.max()))


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
    return _rounded(count, other, mean, deviation, *_extremes(values, groups, count))


def summarise_columns(table: Floats) -> Summaries:
    """The same of a table, whose columns are the groups: a fraction of the time where they have about as many values.

    Args:
        table: two-dimensional; what is not finite counts no more than elsewhere.
    """
    finite = np.isfinite(table)
    count = finite.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.where(finite, table, 0.0).sum(axis=0) / count
        squares = (np.where(finite, table - mean, 0.0) ** 2).sum(axis=0)
        deviation = np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
    # What is finite comes first, and each column lies in one piece of memory.
    ordered = np.sort(np.ascontiguousarray(np.where(finite, table, np.inf).T), axis=1)
    groups = np.arange(len(count))
    places = (np.zeros(len(count), np.intp), (count - 1) // 2, count // 2, count - 1)
    least, low, high, greatest = (np.where(count > 0, ordered[groups, place], np.nan) for place in places)
    return _rounded(count, len(table) - count, mean, deviation, least, _between(low, high), greatest)


def _rounded(
    count: Ints, other: Ints, mean: Floats, deviation: Floats, least: Floats, median: Floats, greatest: Floats
) -> Summaries:
    """Sums round: a mean lies between the extremes, and equal values have no spread."""
    same = least == greatest
    mean = np.where(same, least, np.clip(mean, least, greatest))
    return Summaries(count, other, mean, np.where(same & (count > 1), 0.0, deviation), least, median, greatest)


def _between(low: Floats, high: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(low + (high - low) / 2, np.float64)


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
    median[some] = _between(low, high)
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


def band_text(summary: Summary, statistic: Statistic, band: Band) -> str:
    """A group's numbers as charts tell them: the line, with the band around it: `0.9134 ± 0.0042 (n=5)`.

    A band that the line is not in the middle of is told by its ends: `0.9134 (0.9081 to 0.9176, n=5)`.
    """
    value = summary.value(statistic)
    spreads = {Band.DEVIATION: summary.deviation, Band.ERROR: summary.error, Band.INTERVAL: summary.interval}
    if summary.count < 2 or band is Band.NONE or (statistic is Statistic.MEAN and band in spreads):
        spread = spreads.get(band, math.nan) if statistic is Statistic.MEAN else math.nan
        return f"{numbers.with_spread(value, spread)} (n={summary.count:,})" if summary.count else ""
    reach = spreads.get(band, math.nan)
    low, high = (
        (summary.least, summary.greatest) if band is Band.RANGE else (summary.mean - reach, summary.mean + reach)
    )
    form = numbers.column_format([value, low, high])
    return f"{form.text(value)} ({form.text(low)} to {form.text(high)}, n={summary.count:,})"


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
