"""A searcher that needs nothing but the sweep: grid, random and Latin hypercube, with pruning by the others' course."""

from __future__ import annotations

from runfolio.core.sweeps.falling_behind import Curve, falls_behind
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.core.sweeps.suggesting import suggestion


class PlainSearcher:
    """What a trial is given depends on its number alone; the others say only whether it goes on."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._whole: dict[int, Curve] = {}

    def recall(self, trial: Trial, curve: Curve) -> None:
        """Take in a trial of an earlier time."""
        self.tell(trial, curve)

    def ask(self, number: int) -> dict[str, str]:
        """The values of a trial."""
        return suggestion(self._sweep, number)

    def tell(self, trial: Trial, curve: Curve) -> None:
        """Take in how a trial has ended."""
        if trial.state is TrialState.FINISHED and self._sweep.pruning.method:
            self._whole[trial.number] = curve

    def should_prune(self, number: int, curve: Curve) -> bool:
        """Whether a trial has fallen behind those that were run whole."""
        return falls_behind(self._sweep.pruning, self._sweep.goal, curve, self._whole.values())
