"""What an engine of sweeps works with: something that runs trials, something that suggests them, something that
remembers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from runfolio.core.sweeps.falling_behind import Curve
from runfolio.core.sweeps.records import Trial, TrialState

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TrialResult:
    """How a trial has ended.

    Attributes:
        state: FINISHED, FAILED, or STOPPED if it was told to end and did.
        value: of the metric as the sweep takes it; None if it was not logged.
        run_uuid: its run, or "".
        reason: why it failed; one sentence.
    """

    number: int
    state: TrialState
    value: float | None = None
    run_uuid: str = ""
    reason: str = ""


#: Runs a trial to its end; it asks its last argument now and then whether it is to end before.
RunTrial = Callable[[int, Parameters, Callable[[], bool]], TrialResult]


class Executor(Protocol):
    """Runs trials, several at a time. All methods are called by one thread."""

    def submit(self, number: int, parameters: Parameters) -> None:
        """Have a trial run."""

    def wait(self, timeout: float) -> list[TrialResult]:
        """Trials that have ended since the last call, each once; waits for one for so many seconds at most."""

    def cancel(self, number: int) -> None:
        """Have a trial end before its time; it is told as STOPPED when it has."""

    def close(self) -> None:
        """End all that runs, and return when it has ended; called again, it does nothing."""


class Searcher(Protocol):
    """Says what is tried next, and which trials go on. All methods are called by one thread."""

    def recall(self, trial: Trial, curve: Curve) -> None:
        """Take in a trial of an earlier time; one that is not over is run again, and told when it is."""

    def ask(self, number: int) -> dict[str, str]:
        """The values of a new trial, with those that all trials have."""

    def tell(self, trial: Trial, curve: Curve) -> None:
        """Take in how a trial has ended."""

    def should_prune(self, number: int, curve: Curve) -> bool:
        """Whether a trial that runs will not be among the best, by its metric so far."""


class Memory(Protocol):
    """What is kept of trials, whatever becomes of the process."""

    def trials(self) -> list[Trial]:
        """All trials that were ever begun."""

    def begin(self, number: int, parameters: Parameters) -> Trial:
        """Note that a trial begins, be it once more."""

    def end(self, trial: Trial) -> None:
        """Note how a trial has ended."""

    def curve(self, trial: Trial) -> Curve:
        """The metric of a trial by step, as far as it is; asked only where trials are pruned."""
