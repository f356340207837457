"""Curves of several runs as one: at each step what they come to, for a line with a band around it.

Every point of every curve counts. Between two points of its own a curve is interpolated, and beyond its first and last
one, and in a gap, it does not count: nothing is made up. Smoothing comes before, on each curve by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core.curves import Floats
from runfolio.core.statistics import Band, Ints, Statistic, Summaries, summarise_columns

#: What the line of a group can be.
LINES = (Statistic.MEAN, Statistic.MEDIAN, Statistic.LEAST, Statistic.GREATEST)
#: So many values take half a second or so. Where there would be more, only some of the steps are looked at.
MOST_VALUES = 16_000_000
#: So many values at a time stay near the processor.
PIECE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Several curves at all the steps that any of them has.

    Attributes:
        x: the steps, ascending, each once. Between two that no curve goes on from one to the other there is one more,
            which none of them reaches: a gap.
        sums: what the curves come to at each step; `sums.count` says how many of them reach it.
        members: how many curves there are, those without any point too.
        interpolated: whether any of them had no point of its own at a step between its first and last one.
        non_finite: how many points are NaN or infinite: each is a gap in its curve.
        every: 1, or more where there are so many steps that only every so many are looked at.
    """

    x: Floats
    sums: Summaries
    members: int
    interpolated: bool
    non_finite: int
    every: int = 1


def bundle(
    curves: Sequence[tuple[Floats, Floats]],
    low: float | None = None,
    high: float | None = None,
    most: int = MOST_VALUES,
) -> Bundle:
    """Put curves together, each given by its steps and values, from `low` to `high` (all by default).

    Steps may come in any order. Of a step that comes again the last value counts, as of a run that was taken up again.
    The neighbours just outside of the range are kept, so that lines run on to the edge.
    """
    tidy = [_tidy(x, y) for x, y in curves]
    x = _all_steps([own for own, _ in tidy])
    first = max(int(np.searchsorted(x, low)) - 1, 0) if low is not None else 0
    last = int(np.searchsorted(x, high, "right")) + 1 if high is not None else len(x)
    x = x[first:last]
    every = -(-len(x) * len(tidy) // most) if len(x) else 1
    if every > 1:
        x = np.append(x[:-1:every], x[-1])
    own = [_within(part, x) for part in tidy]
    size = max(1, PIECE // max(len(tidy), 1))
    parts = [_sums(tidy, x[start : start + size]) for start in range(0, max(len(x), 1), size)]
    x, sums = _with_gaps(tidy, x, _joined(parts))
    interpolated = every == 1 and int(sums.count.sum()) > sum(finite for finite, _ in own)
    return Bundle(x, sums, len(curves), interpolated or every > 1, sum(others for _, others in own), every)


def _tidy(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A curve with each step once, in order; NaN for all that is not finite."""
    x, y = np.asarray(x, np.float64), np.where(np.isfinite(y), y, np.nan)
    rises = x[1:] > x[:-1]
    if rises.all():
        return x, y
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    last = np.append(x[1:] > x[:-1], True)
    return x[last], y[last]


def _all_steps(grids: Sequence[Floats]) -> Floats:
    """The steps that any of the curves has. Runs of a sweep have the same ones as a rule, or the first of them."""
    longest = max(grids, key=len, default=np.empty(0))
    others = [own for own in grids if not np.array_equal(own, longest[: len(own)])]
    return np.unique(np.concatenate([longest, *others])) if others else longest


def _within(curve: tuple[Floats, Floats], x: Floats) -> tuple[int, int]:
    """How many points of a curve in a range are finite, and how many are not."""
    if not len(x):
        return 0, 0
    part = curve[1][int(np.searchsorted(curve[0], x[0])) : int(np.searchsorted(curve[0], x[-1], "right"))]
    finite = int(np.isfinite(part).sum())
    return finite, len(part) - finite


def _sums(curves: Sequence[tuple[Floats, Floats]], x: Floats) -> Summaries:
    table = np.full((len(curves), len(x)), np.nan)
    for row, (own, values) in zip(table, curves, strict=True):
        if len(own):
            row[:] = np.interp(x, own, values, left=np.nan, right=np.nan)
    return summarise_columns(table)


def _with_gaps(curves: Sequence[tuple[Floats, Floats]], x: Floats, sums: Summaries) -> tuple[Floats, Summaries]:
    """The line is drawn no further than one of the curves is."""
    edges = np.zeros(len(x) + 1, np.intp)
    for own, y in curves:
        ends = np.flatnonzero(np.diff(np.isfinite(y), prepend=False, append=False))
        begin = np.searchsorted(x, own[ends[::2]])
        end = np.searchsorted(x, own[ends[1::2] - 1], "right") - 1
        np.add.at(edges, begin, 1)
        np.subtract.at(edges, np.maximum(begin, end), 1)
    reached = sums.count > 0
    torn = np.flatnonzero((np.cumsum(edges)[: max(len(x) - 1, 0)] <= 0) & reached[:-1] & reached[1:]) + 1
    if not len(torn):
        return x, sums
    nothing = summarise_columns(np.full((int(sums.count[0] + sums.other[0]), 1), np.nan))
    fields = {name: np.insert(getattr(sums, name), torn, getattr(nothing, name)[0]) for name in sums.__slots__}
    return np.insert(x, torn, (x[torn - 1] + x[torn]) / 2), Summaries(**fields)


def _joined(parts: Sequence[Summaries]) -> Summaries:
    if len(parts) == 1:
        return parts[0]
    return Summaries(*(np.concatenate([getattr(part, name) for part in parts]) for name in Summaries.__slots__))


def least_and_most(counts: Ints) -> tuple[int, int]:
    """Of how many curves a line is made where it is of any, at the least and at the most."""
    some = counts[counts > 0]
    return (int(some.min()), int(some.max())) if len(some) else (0, 0)


def counts_text(least: int, most: int) -> str:
    """The same in words: `n=5`, or `n 3 to 5` where it is not the same everywhere."""
    return f"n={most:,}" if least == most else f"n {least:,} to {most:,}"


def title(line: Statistic, band: Band) -> str:
    """What a group's line and band are: `mean ± std`, `median, min-max`; a band not of the line says of what it is."""
    if band is Band.NONE:
        return str(line)
    if line is Statistic.MEAN and band in (Band.DEVIATION, Band.ERROR):
        return f"{line} ± {band}"
    around = "" if line is Statistic.MEAN or band is Band.RANGE else " of the mean"
    return f"{line}, {band}{around}"
