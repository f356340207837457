"""Which params explain a metric: how much worse a random forest foretells it when what runs have in one is shuffled.

The forest foretells the place of each run in the order of the metric, so that a run that has diverged does not outweigh
all others. What is said of a param is measured on runs that a tree was not grown of, several times over. What a forest
leaves unexplained is given to other runs, and foretold as well: what is not more important than params are there cannot
be told from chance. (Shuffled copies of the params beside them would say the same, but among so many columns the forest
of a small sweep goes astray.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from runfolio.core import forest
from runfolio.core.columns import Column
from runfolio.core.correlation import Correlation, ranks, spearman
from runfolio.core.curves import Floats
from runfolio.core.errors import Stopped
from runfolio.core.forest import Codes
from runfolio.core.grouping import NOTHING, Level
from runfolio.core.numbers import counted
from runfolio.core.outline import Ints
from runfolio.core.scales import MOST_CATEGORIES

#: Of fewer runs nothing is said; with fewer than so many for each param, what is said is a hint. With fewer than that,
#: or altogether so many, what is not found may be there all the same.
LEAST_RUNS, RUNS_PER_PARAM, ENOUGH_RUNS = 10, 10, 40
#: Below this share of the variance the params do not explain the metric.
LEAST_EXPLAINED = 0.1
#: Each param is shuffled so often, on so many runs at most; of so many at least it is known what they are by chance.
TIMES, JUDGED, BY_CHANCE = 5, 500, 8
#: With fewer runs than that, the nodes of trees may be as small as this.
SMALL, SMALL_LEAF = 100, 2
#: A param that tells so much, of which the square of its rank correlation is not this share, goes up and down.
TELLS, MONOTONIC = 0.1, 0.25
MANY_TEXTS = "has too many different texts"


@dataclass(frozen=True, slots=True)
class Importance:
    """What a param says of the metric.

    Attributes:
        column: the param.
        value: about the share of the metric's variance that goes with the param, be it together with others: half of
            what R squared loses (Jansen 1999), for what is shuffled differs from what it was as well.
        spread: the standard deviation of that, when the param is shuffled several times.
        told: whether that is more than what params come to by chance.
        correlation: its rank correlation with the metric; None of a param of texts.
        highest: of a param of texts, with which of them the metric is highest, by the mean rank; else empty.
    """

    column: Column
    value: float
    spread: float
    told: bool
    correlation: Correlation | None
    highest: str = ""

    @property
    def bent(self) -> bool:
        """Whether much goes with the param and yet the metric does not rise or fall with it all the way, be it that
        the best is in between, or that other params say which way it goes."""
        rho = self.correlation.rho if self.correlation is not None else math.nan
        return self.told and self.value >= TELLS and rho * rho < MONOTONIC * self.value


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the params say of a metric.

    Attributes:
        runs: of so many runs.
        explained: the share of the variance that the forest foretells, on runs that its trees have not seen.
        chance: what is not more important than this cannot be told from chance.
        params: those in which the runs differ, the most important one first.
        left_out: those that were not looked at, and why.
        doubt: why there is little or nothing to be said; empty if there is no doubt.
    """

    runs: int
    explained: float = 0.0
    chance: float = 0.0
    params: tuple[Importance, ...] = ()
    left_out: tuple[tuple[Column, str], ...] = ()
    doubt: str = ""

    @property
    def few(self) -> bool:
        """Whether there are too few runs to call anything chance."""
        return self.runs < max(ENOUGH_RUNS, RUNS_PER_PARAM * len(self.params))


@dataclass(frozen=True, slots=True, eq=False)
class _Param:
    """A param as rows of codes: one of numbers, or one for each category."""

    level: Level
    rows: Codes


def explain(
    levels: Sequence[Level], values: Floats, *, seed: int = 0, stopped: Callable[[], bool] = lambda: False
) -> Explanation:
    """Say which params explain a metric.

    Args:
        levels: what the runs have in each param.
        values: their metric; runs in which it is not finite are not looked at.
        stopped: asked now and then whether nobody waits for the answer any more.

    Raises:
        Stopped: if so.
    """
    runs = np.flatnonzero(np.isfinite(values))
    wanted = ranks(values[runs]) / max(len(runs), 1)
    params, left_out = _coded(levels, runs)
    doubt = _nothing_to_say(wanted, params)
    if doubt:
        return Explanation(len(runs), left_out=left_out, doubt=doubt)
    judge = _Judge(params, wanted, seed, stopped)
    found, chance = judge.importances(), _by_chance(judge, params, seed, stopped)
    told = [
        Importance(param.level.column, value, spread, value - spread > chance, *_direction(param.level, runs, wanted))
        for param, (value, spread) in zip(params, found, strict=True)
        if param.level.column is not None
    ]
    told.sort(key=lambda one: -one.value)
    return Explanation(
        len(runs), judge.explained, chance, tuple(told), left_out, _doubt(len(runs), len(params), judge.explained)
    )


def _nothing_to_say(wanted: Floats, params: Sequence[_Param]) -> str:
    if len(wanted) < LEAST_RUNS:
        return f"{counted(len(wanted), 'run')} with a value: of fewer than {LEAST_RUNS} nothing can be said."
    if wanted.min() == wanted.max():
        return "All runs have the same value: there is nothing to explain."
    return "" if params else "The runs do not differ in any param that could explain it."


def _doubt(runs: int, params: int, explained: float) -> str:
    if explained < LEAST_EXPLAINED and runs < ENOUGH_RUNS:
        return f"{counted(runs, 'run')} are too few to say what explains it (R² {explained:.2f})."
    if explained < LEAST_EXPLAINED:
        return f"These params do not explain it: hardly more than the mean would (R² {explained:.2f})."
    if runs < RUNS_PER_PARAM * params:
        return f"{counted(runs, 'run')} are few for {counted(params, 'param')}: take it for a hint."
    return ""


def _coded(levels: Sequence[Level], runs: Ints) -> tuple[list[_Param], tuple[tuple[Column, str], ...]]:
    """The params in which runs differ, and those that have too many different texts to say anything."""
    found, left_out = [], []
    for level in levels:
        different, codes = np.unique(level.codes[runs], return_inverse=True)
        if len(different) < 2:
            continue
        texts = sum(not isinstance(level.values[code], float) for code in different.tolist() if code != NOTHING)
        if not texts or len(different) == 2:
            found.append(_Param(level, codes[None].astype(np.int32)))
        elif len(different) <= MOST_CATEGORIES + 1:
            found.append(_Param(level, (codes == np.arange(len(different))[:, None]).astype(np.int32)))
        elif 2 * texts < len(different):
            found.append(_Param(level, codes[None].astype(np.int32)))
        elif level.column is not None:
            left_out.append((level.column, MANY_TEXTS))
    return found, tuple(left_out)


class _Judge:
    """Grows a forest of params, and shuffles what runs have in one after the other.

    Attributes:
        explained: the share of the variance that the forest foretells.
    """

    def __init__(self, params: Sequence[_Param], wanted: Floats, seed: int, stopped: Callable[[], bool]) -> None:
        self._chance, self._stopped = np.random.default_rng(seed), stopped
        self._every, self._of_all = np.concatenate([one.rows for one in params]), wanted
        self._ends = np.cumsum([len(one.rows) for one in params]).tolist()
        leaf = SMALL_LEAF if len(wanted) < SMALL else forest.LEAF
        self._forest = forest.grow(self._every, wanted, leaf=leaf, seed=seed, stopped=stopped)
        self._judged = np.sort(self._chance.permutation(len(wanted))[:JUDGED])
        self._columns, self._wanted = self._every[:, self._judged], wanted[self._judged]
        self.explained = self._r_squared()

    def _r_squared(self) -> float:
        return forest.r_squared(forest.foretell_own(self._forest, self._columns, self._judged), self._wanted)

    def left(self) -> Floats:
        """What the forest does not foretell of each run."""
        found = self._of_all - forest.foretell_own(self._forest, self._every)
        return np.where(np.isnan(found), self._of_all - self._of_all.mean(), found)

    def importances(self) -> list[tuple[float, float]]:
        """The importance of each param and its spread."""
        starts = [0, *self._ends[:-1]]
        return [self._shuffled(slice(start, end)) for start, end in zip(starts, self._ends, strict=True)]

    def _shuffled(self, rows: slice) -> tuple[float, float]:
        kept, lost = self._columns[rows].copy(), []
        for _ in range(TIMES):
            if self._stopped():
                raise Stopped
            self._columns[rows] = kept[:, self._chance.permutation(kept.shape[1])]
            lost.append((self.explained - self._r_squared()) / 2)
        self._columns[rows] = kept
        return float(np.mean(lost)), float(np.std(lost, ddof=1))


def _by_chance(judge: _Judge, params: Sequence[_Param], seed: int, stopped: Callable[[], bool]) -> float:
    """The most that a param comes to where it says nothing: what the forest has left, in the hands of other runs."""
    left, chance = judge.left(), np.random.default_rng(seed)
    found: list[float] = []
    while len(found) < BY_CHANCE:
        other = _Judge(params, left[chance.permutation(len(left))], seed + len(found) + 1, stopped)
        found += [value + spread for value, spread in other.importances()]
    return max(found) * min(1 - judge.explained, 1.0)


def _direction(level: Level, runs: Ints, wanted: Floats) -> tuple[Correlation | None, str]:
    """The rank correlation of a param of numbers; of one of texts that with which the metric is highest."""
    codes, numbers = level.codes[runs], _numbers(level)
    given = codes != NOTHING
    if 2 * int(np.isfinite(numbers[codes[given]]).sum()) > int(given.sum()):
        return spearman(np.where(given, numbers[codes], np.nan), wanted), ""
    count = np.bincount(codes[given], minlength=len(level.values))
    mean = np.bincount(codes[given], wanted[given], len(level.values)) / np.maximum(count, 1)
    return None, str(level.values[int(mean.argmax())])


def _numbers(level: Level) -> Floats:
    """The values of a level as numbers, texts as NaN; one more for runs without a value."""
    return np.array([*(value if isinstance(value, float) else np.nan for value in level.values), np.nan])
