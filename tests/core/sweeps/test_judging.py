"""Which trial is the best, when a sweep is over, and which trials are ended before their time."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.sweeps.falling_behind import falls_behind
from runfolio.core.sweeps.judging import best, best_so_far, reason_to_stop, remaining, seconds_run, since_best
from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep, Trial, TrialState
from tests.core.sweeps.sweeps import ended

SPACE = (Dimension("lr", ("1", "2")),)
STATES = st.sampled_from([TrialState.FINISHED, TrialState.FAILED, TrialState.PRUNED])
TRIALS = st.lists(st.tuples(st.floats() | st.none(), STATES), max_size=30).map(
    lambda found: [ended(number, value, state) for number, (value, state) in enumerate(found)]
)


def sweep(goal: str = "minimize", **rules: float) -> Sweep:
    """A sweep that ends by some rules."""
    return Sweep(SPACE, "loss", goal, stop=StopRules(**rules))  # type: ignore[arg-type]


@given(TRIALS, st.sampled_from(["minimize", "maximize"]))
def test_the_best_is_a_finished_one_that_no_other_is_better_than(trials: list[Trial], goal: str) -> None:
    values = [
        one.value
        for one in trials
        if one.state is TrialState.FINISHED and one.value is not None and not math.isnan(one.value)
    ]
    found = best(sweep(goal), trials)
    assert (None if found is None else found.value) == (
        (min if goal == "minimize" else max)(values) if values else None
    )
    course = best_so_far(sweep(goal), trials)
    assert (course[-1] if course else None) == found
    assert [one.number for one in course] == sorted(one.number for one in course)
    assert since_best(sweep(goal), trials) == sum(
        one.state is not TrialState.FAILED and (found is None or one.number > found.number) for one in trials
    )


def test_of_equals_the_first_is_the_best() -> None:
    assert best(sweep(), [ended(0, 2.0), ended(1, 1.0), ended(2, 1.0)]) == ended(1, 1.0)
    late, early = ended(0, 1.0, at=9_000), ended(1, 1.0, at=0)
    assert best(sweep(), [late, early]) == early


def test_when_a_sweep_is_over() -> None:
    trials = [ended(0, 3.0), ended(1, 1.0), ended(2, 2.0), ended(3, None, TrialState.FAILED), ended(4, 4.0)]
    assert reason_to_stop(sweep(), trials, 5_000) == ""
    assert reason_to_stop(sweep(target=1.0), trials, 5_000) == "loss is as good as 1, with trial 1."
    assert reason_to_stop(sweep(target=0.9), trials, 5_000) == ""
    assert reason_to_stop(sweep("maximize", target=4.0), trials, 5_000) == "loss is as good as 4, with trial 4."
    assert reason_to_stop(sweep(patience=2), trials, 5_000) == "No trial was better than the best for 2 trials."
    assert reason_to_stop(sweep(patience=3), trials, 5_000) == ""
    assert reason_to_stop(sweep(failures=1), trials, 5_000) == "1 trial failed."
    assert reason_to_stop(sweep(failures=2), trials, 5_000) == ""
    assert reason_to_stop(sweep(seconds=5), trials, 5_000) == "Trials ran for 5 seconds."
    assert reason_to_stop(sweep(seconds=5.1), trials, 5_000) == ""


def test_time_in_which_nothing_ran_does_not_count() -> None:
    trials = [ended(0, 1.0, at=0), ended(1, 1.0, at=500), ended(2, 1.0, at=1_000_000)]
    running = Trial(3, {}, TrialState.RUNNING, started=2_000_000)
    assert seconds_run([*trials, running], 2_003_000) == 1.5 + 1.0 + 3.0


def test_what_remains() -> None:
    assert remaining(Sweep(SPACE, "loss", method=Method.GRID, trials=0), [ended(0, 1.0)]) == 1
    assert remaining(Sweep(SPACE, "loss", trials=1), [ended(0, None, TrialState.FAILED)]) == 0
    assert remaining(Sweep(SPACE, "loss", trials=1), [Trial(0, {}, TrialState.STOPPED)]) == 1


MEDIAN = Pruning("median", warmup_steps=2, warmup_trials=3)
OTHERS = [{0: 9.0, 2: 1.0, 4: 0.5}, {0: 9.0, 2: 2.0}, {0: 9.0, 2: 3.0}]


def test_a_trial_that_is_worse_than_the_median_at_its_step_falls_behind() -> None:
    assert falls_behind(MEDIAN, "minimize", {0: 9.0, 2: 2.1}, OTHERS)
    assert not falls_behind(MEDIAN, "minimize", {0: 9.0, 2: 2.0}, OTHERS)
    assert not falls_behind(MEDIAN, "minimize", {0: 1.5, 2: 2.1}, OTHERS), "it was better before"
    assert falls_behind(MEDIAN, "maximize", {2: 1.9}, OTHERS)
    assert falls_behind(MEDIAN, "minimize", {3: 2.1}, OTHERS), "others have logged at step 2"
    assert falls_behind(MEDIAN, "minimize", {3: math.nan}, OTHERS)


def test_what_is_waited_for() -> None:
    assert not falls_behind(MEDIAN, "minimize", {1: 99.0}, OTHERS), "too early"
    assert not falls_behind(MEDIAN, "minimize", {2: 99.0}, OTHERS[:2]), "too few were run whole"
    assert not falls_behind(MEDIAN, "minimize", {}, OTHERS)
    assert not falls_behind(Pruning(), "minimize", {2: 99.0}, OTHERS)
    assert not falls_behind(MEDIAN, "minimize", {2: 99.0}, [{5: 1.0}] * 3), "none is at that step"


def test_with_a_percentile_so_many_of_a_hundred_go_on() -> None:
    others = [{0: float(value)} for value in range(101)]
    strict = Pruning("percentile", 0, 1, 10.0)
    assert falls_behind(strict, "minimize", {0: 10.5}, others)
    assert not falls_behind(strict, "minimize", {0: 9.5}, others)
    assert falls_behind(strict, "maximize", {0: 89.5}, others)
    assert not falls_behind(strict, "maximize", {0: 90.5}, others)
