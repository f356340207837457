"""Runs a sweep: asks what to try, has it run, remembers how it ended, until it is over.

Each trial is remembered before it is run and when it has ended, before anything else is done. So a sweep that breaks
off anywhere goes on: what has ended is not run again, what has not is, and each counts once. The next trial is known
before a slot is free, so that none waits for it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic

from runfolio.core.clock import now_ms
from runfolio.core.errors import RunfolioError
from runfolio.core.sweeps import judging
from runfolio.core.sweeps.falling_behind import Curve
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.core.sweeps.suggesting import most
from runfolio.projects.sweeps.parts import Executor, Memory, Parameters, Searcher, TrialResult

#: Seconds: how often is looked whether to stop, and how often trials are compared with others.
TICK, COMPARE = 0.2, 1.0
ALL_DONE, STOPPED = "All trials have run.", "It was stopped."


@dataclass(frozen=True, slots=True)
class Ended:
    """How a sweep has ended.

    Attributes:
        reason: one sentence.
        stopped: whether somebody ended it, and it may go on.
        trials: all of them, by number.
    """

    reason: str
    stopped: bool
    trials: tuple[Trial, ...]


class Engine:
    """Runs a sweep, once.

    Args:
        stopped: asked now and then whether to end it.
        told: called with each trial that was begun or has ended, after it is remembered.
    """

    def __init__(
        self,
        sweep: Sweep,
        searcher: Searcher,
        executor: Executor,
        memory: Memory,
        *,
        stopped: Callable[[], bool] = lambda: False,
        told: Callable[[Trial], None] = lambda _: None,
        compare: float = COMPARE,
    ) -> None:
        self._sweep, self._searcher, self._executor, self._memory = sweep, searcher, executor, memory
        self._stopped, self._told, self._compare = stopped, told, compare
        self._over: list[Trial] = []
        self._running: dict[int, Trial] = {}
        self._again: deque[Trial] = deque()
        self._numbers: Iterator[int] = iter(())
        self._next: tuple[int, Parameters] | None = None
        self._pruned: set[int] = set()
        self._reason = ""
        self._ending = False
        self._compared = monotonic()

    def run(self) -> Ended:
        """Run the sweep to its end, or until it is stopped."""
        try:
            self._recall()
            self._tell(self._fill())
            while self._running:
                self._prepare()
                ended = self._remember(self._executor.wait(TICK))
                self._tell([*ended, *self._fill()])
                self._end_early()
        except (RunfolioError, OSError):  # the cluster is gone, the disk is full
            self._executor.close()
            with suppress(RunfolioError, OSError):
                self._lay_down()
            raise
        finally:
            self._executor.close()
        trials = sorted([*self._over, *self._lay_down()], key=lambda one: one.number)
        return Ended(self._reason or ALL_DONE, self._reason == STOPPED, tuple(trials))

    def _recall(self) -> None:
        known = sorted(self._memory.trials(), key=lambda one: one.number)
        for trial in known:
            self._searcher.recall(trial, self._curve(trial))
        self._over = [one for one in known if one.state.over]
        self._again = deque(one for one in known if not one.state.over)
        taken = {one.number for one in known}
        self._numbers = (number for number in range(most(self._sweep)) if number not in taken)

    def _fill(self) -> list[Trial]:
        """Begin trials until all slots are busy; returns them."""
        begun: list[Trial] = []
        if not self._reason:
            self._reason = STOPPED if self._stopped() else self._rule()
        while not self._reason and len(self._running) < self._sweep.parallel:
            following = self._following()
            if following is None:
                break
            number, parameters = following
            self._running[number] = self._memory.begin(number, parameters)
            self._executor.submit(number, parameters)
            begun.append(self._running[number])
        return begun

    def _rule(self) -> str:
        return judging.reason_to_stop(self._sweep, [*self._over, *self._running.values()], now_ms())

    def _following(self) -> tuple[int, Parameters] | None:
        if self._again:
            trial = self._again.popleft()
            return trial.number, trial.parameters
        self._prepare()
        found, self._next = self._next, None
        return found

    def _prepare(self) -> None:
        """Find out what is tried next, while others run."""
        if self._next is None and not self._again and not self._reason:
            number = next(self._numbers, None)
            self._next = None if number is None else (number, self._searcher.ask(number))

    def _remember(self, results: Iterable[TrialResult]) -> list[Trial]:
        ended = []
        for result in results:
            if result.number in self._running:
                trial = self._judged(self._running[result.number], result)
                self._memory.end(trial)
                del self._running[trial.number]
                (self._over if trial.state.over else self._again).append(trial)
                ended.append(trial)
        return ended

    def _judged(self, trial: Trial, result: TrialResult) -> Trial:
        state, value, reason = result.state, result.value, result.reason
        if state is TrialState.FINISHED and (value is None or not math.isfinite(value)):
            what = "was not logged" if value is None else f"is {value}"
            state, reason = TrialState.FAILED, f"{self._sweep.metric} {what}."
        if state is TrialState.STOPPED and trial.number in self._pruned:
            state, reason = TrialState.PRUNED, "It fell behind the others."
        elif state is TrialState.STOPPED and not self._ending:
            state, reason = TrialState.FAILED, reason or "It was ended by somebody."
        run = result.run_uuid or trial.run_uuid
        return replace(trial, state=state, value=value, run_uuid=run, reason=reason, ended=now_ms())

    def _tell(self, trials: Iterable[Trial]) -> None:
        for trial in trials:
            if trial.state.over:
                self._searcher.tell(trial, self._curve(trial))
            self._told(trial)

    def _curve(self, trial: Trial) -> Curve:
        return self._memory.curve(trial) if self._sweep.pruning.method else {}

    def _end_early(self) -> None:
        """Have trials end that fall behind; all of them where the sweep was stopped or its time is over."""
        trials = [*self._over, *self._running.values()]
        if not self._ending and (self._reason == STOPPED or judging.out_of_time(self._sweep, trials, now_ms())):
            self._ending = True
            for number in self._running:
                self._executor.cancel(number)
        if self._sweep.pruning.method and not self._ending and monotonic() - self._compared >= self._compare:
            self._compared = monotonic()
            self._prune()

    def _prune(self) -> None:
        for trial in self._running.values():
            number = trial.number
            if number not in self._pruned and self._searcher.should_prune(number, self._memory.curve(trial)):
                self._pruned.add(number)
                self._executor.cancel(number)

    def _lay_down(self) -> list[Trial]:
        """The trials that are to be run again, some time; none of them seems to run."""
        left = []
        for trial in (*self._again, *self._running.values()):
            if trial.state is TrialState.RUNNING:
                trial = replace(trial, state=TrialState.STOPPED, ended=now_ms())
                self._memory.end(trial)
            left.append(trial)
        return left
