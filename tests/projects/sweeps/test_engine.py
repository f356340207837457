"""An engine runs each trial once, whatever breaks off, fills its slots, and ends when it is to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import count
from threading import Barrier, Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import NotBuilt
from runfolio.core.sweeps.falling_behind import Curve
from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep, Trial, TrialState
from runfolio.core.sweeps.suggesting import suggestion
from runfolio.projects.sweeps.engine import ALL_DONE, STOPPED, Engine
from runfolio.projects.sweeps.local import LocalExecutor
from runfolio.projects.sweeps.parts import TrialResult
from runfolio.projects.sweeps.plain import PlainSearcher
from tests.projects.sweeps.fakes import Breaking, Broken, Immediate, InMemory, sum_of

SPACE = (Dimension("x", ("1", "2", "3")), Dimension("y", (), 0.0, 2.0, whole=True))
GRID = Sweep(SPACE, "loss", method=Method.GRID, trials=0, parallel=3)


def states(memory: InMemory) -> list[TrialState]:
    return [memory.known[number].state for number in sorted(memory.known)]


def test_a_grid_is_run_whole_and_never_more_at_a_time_than_was_said() -> None:
    memory, executor = InMemory(), Immediate(sum_of)
    ended = Engine(GRID, PlainSearcher(GRID), executor, memory).run()
    assert ended.reason == ALL_DONE and not ended.stopped and executor.closed
    assert [one.parameters for one in ended.trials] == [suggestion(GRID, number) for number in range(9)]
    assert [one.value for one in ended.trials] == [1, 2, 3, 2, 3, 4, 3, 4, 5]
    assert states(memory) == [TrialState.FINISHED] * 9 and list(ended.trials) == memory.trials()
    assert executor.most == 3 and set(executor.submitted.values()) == {1}


@given(st.integers(1, 19), st.booleans(), st.integers(1, 3), st.lists(st.integers(0, 5), max_size=12), st.data())
def test_where_it_breaks_off_no_trial_is_lost_or_counted_twice(
    at: int, after: bool, several: int, order: list[int], data: st.DataObject
) -> None:
    """Breaks at every call of the memory, before and after it has kept what it was told, and once more after that."""
    memory, executors = InMemory(), []
    chosen = iter(order * 50)
    while True:
        executor = Immediate(sum_of, lambda _: next(chosen, 0), several)
        executors.append(executor)
        before = {number for number, one in memory.known.items() if one.state.over}
        breaking = Breaking(memory, at, after) if len(executors) < 3 else memory
        try:
            Engine(GRID, PlainSearcher(GRID), executor, breaking).run()
            break
        except Broken:
            assert executor.closed
        assert not before & set(executor.submitted), "what had ended ran again"
        at = data.draw(st.integers(1, 19), "breaks again at")
    assert states(memory) == [TrialState.FINISHED] * 9
    assert [memory.known[number].parameters for number in range(9)] == [suggestion(GRID, one) for one in range(9)]
    begun = {number: sum(executor.submitted[number] for executor in executors) for number in range(9)}
    # One that was noted as begun counts as an attempt, be it that nothing was run before all broke off.
    assert all(1 <= begun[number] <= memory.known[number].attempts <= len(executors) for number in range(9))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 19))
def test_it_goes_on_wherever_it_broke_off(at: int, after: bool) -> None:
    memory = InMemory()
    with pytest.raises(Broken):
        Engine(GRID, PlainSearcher(GRID), Immediate(sum_of), Breaking(memory, at, after)).run()
    over = {number for number, one in memory.known.items() if one.state.over}
    executor = Immediate(sum_of)
    ended = Engine(GRID, PlainSearcher(GRID), executor, memory).run()
    assert len(ended.trials) == 9 and all(one.state is TrialState.FINISHED for one in ended.trials)
    assert set(executor.submitted) == set(range(9)) - over and set(executor.submitted.values()) <= {1}


def test_one_that_is_stopped_goes_on_with_what_had_not_ended() -> None:
    memory, asked = InMemory(), count()
    executor = Immediate(sum_of)
    ended = Engine(GRID, PlainSearcher(GRID), executor, memory, stopped=lambda: next(asked) >= 3).run()
    assert ended.stopped and ended.reason == STOPPED
    assert states(memory) == [TrialState.FINISHED] * 3 + [TrialState.STOPPED] * 2
    assert list(ended.trials) == memory.trials()
    again = Immediate(sum_of)
    ended = Engine(GRID, PlainSearcher(GRID), again, memory).run()
    assert not ended.stopped and states(memory) == [TrialState.FINISHED] * 9
    assert sorted(again.submitted) == [3, 4, 5, 6, 7, 8]
    assert [memory.known[number].attempts for number in range(9)] == [1, 1, 1, 2, 2, 1, 1, 1, 1]


def test_a_trial_fails_without_the_metric_or_a_number_for_it_and_the_others_go_on() -> None:
    values = iter([None, math.nan, math.inf, 1.0])
    sweep = Sweep(SPACE[:1], "loss", trials=4, parallel=1)
    memory = InMemory()
    Engine(
        sweep,
        PlainSearcher(sweep),
        Immediate(lambda number, _: TrialResult(number, TrialState.FINISHED, next(values), "abc")),
        memory,
    ).run()
    assert [(one.state, one.reason, one.run_uuid) for one in memory.trials()] == [
        (TrialState.FAILED, "loss was not logged.", "abc"),
        (TrialState.FAILED, "loss is nan.", "abc"),
        (TrialState.FAILED, "loss is inf.", "abc"),
        (TrialState.FINISHED, "", "abc"),
    ]


def test_rules_end_it_and_what_runs_then_is_run_to_its_end() -> None:
    sweep = Sweep(SPACE[1:], "loss", trials=50, parallel=3, stop=StopRules(target=0.0))
    memory = InMemory()
    ended = Engine(sweep, PlainSearcher(sweep), Immediate(sum_of), memory).run()
    assert "is as good as 0" in ended.reason and not ended.stopped and len(ended.trials) < 50
    assert all(one.state is TrialState.FINISHED for one in ended.trials)


def test_when_time_is_over_what_runs_is_ended() -> None:
    sweep = Sweep(SPACE, "loss", trials=50, stop=StopRules(seconds=1e-9))
    memory = InMemory()
    executor = Immediate(sum_of)
    ended = Engine(sweep, PlainSearcher(sweep), executor, memory).run()
    assert ended.reason.startswith("Trials ran for") and len(ended.trials) < 50
    assert set(states(memory)) <= {TrialState.FINISHED, TrialState.STOPPED}


def test_a_rule_that_holds_when_it_is_resumed_lets_nothing_seem_to_run() -> None:
    sweep = Sweep(SPACE, "loss", stop=StopRules(failures=1))
    memory = InMemory()
    memory.known = {
        0: Trial(0, {}, TrialState.FAILED, started=1, ended=2),
        1: Trial(1, {"x": "1", "y": "1"}, TrialState.RUNNING, started=1),
    }
    ended = Engine(sweep, PlainSearcher(sweep), Immediate(sum_of), memory).run()
    assert ended.reason == "1 trial failed." and states(memory) == [TrialState.FAILED, TrialState.STOPPED]


def test_a_trial_that_somebody_ends_has_failed_and_is_not_run_for_ever() -> None:
    sweep = Sweep(SPACE, "loss", trials=2)
    memory = InMemory()
    executor = Immediate(lambda number, _: TrialResult(number, TrialState.STOPPED))
    Engine(sweep, PlainSearcher(sweep), executor, memory).run()
    assert [one.reason for one in memory.trials()] == ["It was ended by somebody."] * 2
    assert states(memory) == [TrialState.FAILED] * 2


class Curves(InMemory):
    """A memory in which each trial that was begun has a course, of its number."""

    def curve(self, trial: Trial) -> Curve:
        return {0: float(trial.number), 1: float(trial.number)}


def test_trials_that_fall_behind_are_ended_and_no_others() -> None:
    pruning = Pruning("median", warmup_steps=1, warmup_trials=2)
    sweep = Sweep(SPACE, "loss", trials=6, parallel=2, pruning=pruning)
    memory = Curves()
    executor = Immediate(sum_of)
    Engine(sweep, PlainSearcher(sweep), executor, memory, compare=0.0).run()
    assert states(memory) == [TrialState.FINISHED] * 2 + [TrialState.PRUNED] * 4
    assert memory.known[4].reason == "It fell behind the others."


def test_with_threads_two_run_at_a_time_and_the_engine_is_told_of_each() -> None:
    sweep = Sweep(SPACE, "loss", trials=6, parallel=2)
    both = Barrier(2, timeout=30)
    told: list[Trial] = []

    def run(number: int, parameters: Mapping[str, str], stopped: object) -> TrialResult:
        both.wait()  # would break if it were alone
        return sum_of(number, parameters)

    memory = InMemory()
    Engine(sweep, PlainSearcher(sweep), LocalExecutor(run), memory, told=told.append).run()
    assert states(memory) == [TrialState.FINISHED] * 6
    assert sorted((one.number, one.state.over) for one in told) == [
        (n, over) for n in range(6) for over in (False, True)
    ]


def test_a_trial_of_a_thread_is_ended_when_the_sweep_is_stopped() -> None:
    sweep = Sweep(SPACE, "loss", trials=6, parallel=2)
    begun = Event()

    def run(number: int, parameters: Mapping[str, str], stopped: object) -> TrialResult:
        assert callable(stopped)
        begun.set()
        while not stopped():
            begun.wait(0.001)
        return TrialResult(number, TrialState.STOPPED)

    memory = InMemory()
    ended = Engine(sweep, PlainSearcher(sweep), LocalExecutor(run), memory, stopped=begun.is_set).run()
    assert ended.stopped and set(states(memory)) == {TrialState.STOPPED}


def test_what_a_user_can_put_right_fails_a_trial_and_a_fault_of_ours_ends_the_sweep() -> None:
    sweep = Sweep(SPACE, "loss", trials=3, parallel=1)

    def run(number: int, parameters: Mapping[str, str], stopped: object) -> TrialResult:
        if number == 2:
            raise ZeroDivisionError
        raise NotBuilt("No environment.", "Do this.")

    memory = InMemory()
    with pytest.raises(ZeroDivisionError):
        Engine(sweep, PlainSearcher(sweep), LocalExecutor(run), memory).run()
    assert states(memory) == [TrialState.FAILED] * 2 + [TrialState.RUNNING]
    assert memory.known[0].reason == "No environment. Do this."
