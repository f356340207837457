"""What a trial of a grid, of a random search and of a Latin hypercube is given.

It depends on the sweep and on the number of the trial alone, so that a sweep that was broken off goes on exactly. All
chance comes from `random.Random.random`, whose numbers are the same in each version of Python
(docs.python.org/3/library/random.html, "Notes on Reproducibility").
"""

from __future__ import annotations

import math
from functools import lru_cache
from random import Random

from runfolio.core.sweeps import values
from runfolio.core.sweeps.records import Method, Sweep


def most(sweep: Sweep) -> int:
    """How many trials a sweep has at most."""
    if sweep.method is not Method.GRID:
        return sweep.trials
    whole = math.prod(len(values.each(one)) for one in sweep.space)
    return min(sweep.trials, whole) if sweep.trials else whole


def suggestion(sweep: Sweep, number: int) -> dict[str, str]:
    """The values of a trial by the names of parameters, with those that all trials have.

    Args:
        number: of the trial, from 0 and below `most`.
    """
    return {**sweep.fixed, **_chosen(sweep, number)}


def _chosen(sweep: Sweep, number: int) -> dict[str, str]:
    if sweep.method is Method.GRID:
        return _of_grid(sweep, number)
    found = {}
    for one in sweep.space:
        place = _chance(sweep.seed, one.name, number)
        if sweep.method is Method.LATIN_HYPERCUBE:
            place = (_strata(sweep.seed, one.name, sweep.trials)[number] + place) / sweep.trials
        found[one.name] = values.at(one, place)
    return found


def _of_grid(sweep: Sweep, number: int) -> dict[str, str]:
    """The last dimension changes first, as the last digit does when one counts."""
    found = {}
    for one in reversed(sweep.space):
        number, at = divmod(number, len(values.each(one)))
        found[one.name] = values.each(one)[at]
    return dict(reversed(found.items()))


def _chance(seed: int, name: str, number: int) -> float:
    return Random(f"{seed}/{name}/{number}").random()


@lru_cache(256)
def _strata(seed: int, name: str, trials: int) -> tuple[int, ...]:
    """Which of as many equal parts of a dimension each trial takes: each of them once (McKay et al. 1979)."""
    chance = Random(f"{seed}/{name}")
    return tuple(sorted(range(trials), key=[chance.random() for _ in range(trials)].__getitem__))
