"""A searcher that asks Optuna: its TPE sampler, and its pruners (optuna.readthedocs.io).

The study is in memory, and is made of what is remembered of trials when a sweep goes on: what Optuna keeps of a trial
beside that, such as the rungs of Hyperband, comes of telling it the trial's course once more.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from random import Random
from typing import Any

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.sweeps import values
from runfolio.core.sweeps.falling_behind import HYPERBAND, PERCENTILE, Curve
from runfolio.core.sweeps.records import Dimension, Method, Pruning, Sweep, Trial, TrialState
from runfolio.core.sweeps.suggesting import suggestion


class OptunaSearcher:
    """Raises EnvironmentProblem if Optuna is not installed."""

    def __init__(self, sweep: Sweep) -> None:
        self._optuna = optuna = load_optuna()
        # Each study and each trial would be told on the terminal, in words of its own.
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._sweep = sweep
        self._space = {one.name: _distribution(optuna, one) for one in sweep.space}
        # Hyperband puts trials into brackets by this name and their numbers.
        self._study = optuna.create_study(
            study_name="sweep", direction=sweep.goal, sampler=self._sampler(0), pruner=_pruner(optuna, sweep.pruning)
        )
        self._trials: dict[int, Any] = {}
        self._told: dict[int, int] = {}

    def recall(self, trial: Trial, curve: Curve) -> None:
        """Take in a trial of an earlier time."""
        self._adopt(trial.number, trial.parameters)
        if trial.state.over:
            self.tell(trial, curve)

    def ask(self, number: int) -> dict[str, str]:
        """The values of a trial."""
        if self._sweep.method is not Method.TPE:
            plain = suggestion(self._sweep, number)
            self._adopt(number, plain)
            return plain
        # A sampler that goes on with one generator would draw the same numbers again after a break.
        self._study.sampler = self._sampler(number)
        self._trials[number] = trial = self._study.ask(self._space)
        chosen = {one.name: _text(one, trial.params[one.name]) for one in self._sweep.space}
        return {**self._sweep.fixed, **chosen}

    def tell(self, trial: Trial, curve: Curve) -> None:
        """Take in how a trial has ended."""
        own = self._trials.pop(trial.number)
        self._report(own, trial.number, curve)
        self._told.pop(trial.number, None)
        states = self._optuna.trial.TrialState
        if trial.state is TrialState.FINISHED and trial.value is not None:
            self._study.tell(own, trial.value)
        else:
            self._study.tell(own, state=states.PRUNED if trial.state is TrialState.PRUNED else states.FAIL)

    def should_prune(self, number: int, curve: Curve) -> bool:
        """Whether the pruner says so at a step that it has not been asked about."""
        return self._report(self._trials[number], number, curve)

    def _report(self, own: Any, number: int, curve: Curve) -> bool:
        found = False
        for step in sorted(curve):
            if step > self._told.get(number, -1):
                self._told[number] = step
                own.report(curve[step], step)
                # Of Hyperband the question itself moves the trial up to the next rung.
                found |= bool(own.should_prune())
        return found

    def _adopt(self, number: int, parameters: Mapping[str, str]) -> None:
        """Have a trial with values that are given."""
        given = {one.name: _value(one, parameters[one.name]) for one in self._sweep.space if one.name in parameters}
        self._study.enqueue_trial(given)
        self._trials[number] = self._study.ask(self._space)

    def _sampler(self, number: int) -> Any:
        seed = Random(f"{self._sweep.seed}/{number}").randrange(2**31)
        with warnings.catch_warnings():
            # Versions below 5 call what follows experimental, each time.
            warnings.simplefilter("ignore", self._optuna.exceptions.ExperimentalWarning)
            # Trials that run are taken for bad ones, so that those beside them are tried elsewhere.
            return self._optuna.samplers.TPESampler(seed=seed, constant_liar=True)


def load_optuna() -> Any:
    """The module. Raises EnvironmentProblem if it is not installed."""
    try:
        import optuna
    except ImportError as problem:
        hint = "Install it with: pip install optuna. Without it there are grid, random and lhs."
        raise EnvironmentProblem("A search by TPE, and pruning by Hyperband, need Optuna.", hint) from problem
    return optuna


def _distribution(optuna: Any, one: Dimension) -> Any:
    if one.values:
        return optuna.distributions.CategoricalDistribution(one.values)
    low, high = one.low, one.high
    if one.step:  # the last step that is within, which Optuna would warn of
        high = float(values.text(one, low + (values.steps(one) - 1) * one.step))
    if one.whole:
        return optuna.distributions.IntDistribution(int(low), int(high), log=one.log, step=int(one.step or 1))
    return optuna.distributions.FloatDistribution(low, high, log=one.log, step=one.step)


def _text(one: Dimension, value: Any) -> str:
    return str(value) if one.values else values.text(one, value)


def _value(one: Dimension, text: str) -> Any:
    if one.values:
        return text
    return int(text) if one.whole else float(text)


def _pruner(optuna: Any, pruning: Pruning) -> Any:
    if not pruning.method:
        return optuna.pruners.NopPruner()
    if pruning.method == HYPERBAND:
        return optuna.pruners.HyperbandPruner(min_resource=max(pruning.warmup_steps, 1))
    share = pruning.percentile if pruning.method == PERCENTILE else 50.0
    return optuna.pruners.PercentilePruner(
        share, n_startup_trials=pruning.warmup_trials, n_warmup_steps=pruning.warmup_steps
    )
