"""Memories and executors for tests of the engine: in this process, without a store, breaking where they are told to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from runfolio.core.clock import now_ms
from runfolio.core.sweeps.falling_behind import Curve
from runfolio.core.sweeps.records import Trial, TrialState
from runfolio.projects.sweeps.parts import Parameters, TrialResult

RESULT = Callable[[int, Parameters], TrialResult]


class InMemory:
    """Remembers trials as long as it is there.

    Attributes:
        curves: the metric of trials by step, by number.
        told: in which order trials began and ended.
    """

    def __init__(self) -> None:
        self.known: dict[int, Trial] = {}
        self.curves: dict[int, dict[int, float]] = {}
        self.told: list[Trial] = []

    def trials(self) -> list[Trial]:
        return list(self.known.values())

    def begin(self, number: int, parameters: Parameters) -> Trial:
        old = self.known.get(number)
        assert old is None or not old.state.over, f"{number} was run again"
        attempts = 1 if old is None else old.attempts + 1
        trial = Trial(number, dict(parameters), TrialState.RUNNING, attempts=attempts, started=now_ms())
        return self._keep(trial)

    def end(self, trial: Trial) -> None:
        assert not self.known[trial.number].state.over, f"{trial.number} ended twice"
        self._keep(trial)

    def _keep(self, trial: Trial) -> Trial:
        self.known[trial.number] = trial
        self.told.append(trial)
        return trial

    def curve(self, trial: Trial) -> Curve:
        return self.curves.get(trial.number, {})


class Broken(Exception):
    """The process is gone."""


class Breaking(InMemory):
    """Breaks at a call, before what is asked is done, or after that."""

    def __init__(self, of: InMemory, at: int, after: bool) -> None:
        super().__init__()
        self.known, self._left, self._after = of.known, at, after

    def _keep(self, trial: Trial) -> Trial:
        self._left -= 1
        if self._left < 0 or (self._left == 0 and not self._after):
            raise Broken
        super()._keep(trial)
        if self._left == 0:
            raise Broken
        return trial


class Immediate:
    """An executor whose trials end when they are waited for: the one that is chosen first.

    Attributes:
        submitted: how often each trial was.
        most: how many ran at one time at most.
    """

    def __init__(self, result: RESULT, choose: Callable[[int], int] = lambda _: 0, several: int = 1) -> None:
        self._result, self._choose, self._several = result, choose, several
        self.submitted: Counter[int] = Counter()
        self.running: dict[int, Parameters] = {}
        self.cancelled: set[int] = set()
        self.most, self.closed = 0, False

    def submit(self, number: int, parameters: Parameters) -> None:
        assert number not in self.running and not self.closed
        self.submitted[number] += 1
        self.running[number] = parameters
        self.most = max(self.most, len(self.running))

    def wait(self, timeout: float) -> list[TrialResult]:
        found = []
        for _ in range(min(self._several, len(self.running))):
            number = sorted(self.running)[self._choose(len(self.running)) % len(self.running)]
            result = self._result(number, self.running.pop(number))
            found.append(replace(result, state=TrialState.STOPPED) if number in self.cancelled else result)
        return found

    def cancel(self, number: int) -> None:
        self.cancelled.add(number)

    def close(self) -> None:
        self.closed = True


def sum_of(number: int, parameters: Mapping[str, str]) -> TrialResult:
    """A trial whose metric is the sum of its numbers."""
    return TrialResult(number, TrialState.FINISHED, sum(float(value) for value in parameters.values()))
