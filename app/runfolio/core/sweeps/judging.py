"""Which trials of a sweep are the better ones, and when it is over."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from runfolio.core.numbers import counted
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.core.sweeps.suggesting import most

MINIMIZE, MAXIMIZE = "minimize", "maximize"


def is_better(goal: str, value: float, than: float) -> bool:
    """Whether one value of the metric is better than another one; what is no number is worse than all."""
    if math.isnan(value) or math.isnan(than):
        return math.isnan(than) and not math.isnan(value)
    return value < than if goal == MINIMIZE else value > than


def best(sweep: Sweep, trials: Iterable[Trial]) -> Trial | None:
    """The finished trial with the best value, of equals the one that ended first; None if there is none."""
    found: Trial | None = None
    for one in in_order(trials):
        if _has_value(one) and (found is None or is_better(sweep.goal, _value(one), _value(found))):
            found = one
    return found


def best_so_far(sweep: Sweep, trials: Iterable[Trial]) -> list[Trial]:
    """The trials that were better than all that had ended before, in that order."""
    found: list[Trial] = []
    for one in in_order(trials):
        if _has_value(one) and (not found or is_better(sweep.goal, _value(one), _value(found[-1]))):
            found.append(one)
    return found


def in_order(trials: Iterable[Trial]) -> list[Trial]:
    """Trials that are over, in the order in which they ended."""
    return sorted((one for one in trials if one.state.over), key=lambda one: (one.ended or 0, one.number))


def reason_to_stop(sweep: Sweep, trials: Sequence[Trial], now: int) -> str:
    """Why no more trials are to be begun, as a sentence; "" if they are.

    Args:
        now: epoch milliseconds.
    """
    rules, over = sweep.stop, in_order(trials)
    failed = sum(one.state is TrialState.FAILED for one in over)
    if rules.target is not None and (found := best(sweep, over)) is not None:
        reached = found.value == rules.target or is_better(sweep.goal, _value(found), rules.target)
        if reached:
            return f"{sweep.metric} is as good as {rules.target:g}, with trial {found.number}."
    if rules.patience and since_best(sweep, over) >= rules.patience:
        return f"No trial was better than the best for {counted(rules.patience, 'trial')}."
    if rules.failures and failed >= rules.failures:
        return f"{counted(failed, 'trial')} failed."
    if out_of_time(sweep, trials, now):
        return f"Trials ran for {rules.seconds:g} seconds."
    return ""


def since_best(sweep: Sweep, trials: Iterable[Trial]) -> int:
    """How many trials have ended since the best one; those that failed do not count."""
    counting = [one for one in in_order(trials) if one.state is not TrialState.FAILED]
    found = best(sweep, counting)
    return len(counting) if found is None else len(counting) - 1 - counting.index(found)


def out_of_time(sweep: Sweep, trials: Iterable[Trial], now: int) -> bool:
    """Whether trials have run for as long as they may."""
    return bool(sweep.stop.seconds) and seconds_run(trials, now) >= sweep.stop.seconds


def seconds_run(trials: Iterable[Trial], now: int) -> float:
    """For how long at least one trial ran: not the time in which a sweep lay still."""
    spans = sorted((one.started, now if one.ended is None else one.ended) for one in trials)
    total, until = 0, 0
    for start, end in spans:
        total += max(end - max(start, until), 0)
        until = max(until, end)
    return total / 1000


def remaining(sweep: Sweep, trials: Sequence[Trial]) -> int:
    """How many trials are still to end, if no rule ends the sweep before."""
    return max(most(sweep) - sum(one.state.over for one in trials), 0)


def _has_value(trial: Trial) -> bool:
    return trial.state is TrialState.FINISHED and trial.value is not None and not math.isnan(trial.value)


def _value(trial: Trial) -> float:
    return math.nan if trial.value is None else trial.value
