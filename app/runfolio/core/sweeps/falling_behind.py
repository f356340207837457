"""Which trials are ended before their time: those that are behind most others at the same step.

The rules of Optuna's `MedianPruner` and `PercentilePruner` (optuna.readthedocs.io), except that another trial's value
at a step is the last one that it had by then: it may have logged its metric at other steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from runfolio.core.sweeps.judging import MINIMIZE
from runfolio.core.sweeps.records import Pruning

MEDIAN, PERCENTILE, HYPERBAND = "median", "percentile", "hyperband"
METHODS = (MEDIAN, PERCENTILE, HYPERBAND)
#: The metric of a trial by step.
Curve = Mapping[int, float]


def falls_behind(pruning: Pruning, goal: str, own: Curve, others: Iterable[Curve]) -> bool:
    """Whether the best value of a trial so far is worse than that of most others at its step.

    Args:
        others: the trials that were run to their end.
    """
    whole = list(others)
    if pruning.method not in (MEDIAN, PERCENTILE) or not own or len(whole) < max(pruning.warmup_trials, 1):
        return False
    step = max(own)
    if step < pruning.warmup_steps:
        return False
    told = [value for value in own.values() if not math.isnan(value)]
    if not told:
        return True
    there = [value for curve in whole if not math.isnan(value := _by(curve, step))]
    if not there:
        return False
    share = 50.0 if pruning.method == MEDIAN else pruning.percentile
    if goal == MINIMIZE:
        return min(told) > float(np.percentile(there, share))
    return max(told) < float(np.percentile(there, 100 - share))


def _by(curve: Curve, step: int) -> float:
    """The last value up to a step; NaN if there is none."""
    last = max((one for one in curve if one <= step), default=None)
    return math.nan if last is None else curve[last]
