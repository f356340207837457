"""A sweep of which most trials are over, made as who runs one makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from runfolio.core.projects.request import RunRequest
from runfolio.core.sweeps.records import Dimension, Method, Sweep, Trial, TrialState
from runfolio.core.sweeps.stored import written
from runfolio.store import Store
from runfolio.store.sweeps.memory import begin_trial, create_sweep, end_trial, note_trial_run
from tests.store.script import Script

SWEEP = Sweep(
    (Dimension("lr", low=1e-4, high=1.0, log=True), Dimension("layers", low=1, high=4, whole=True)),
    "loss",
    method=Method.RANDOM,
    trials=30,
    fixed={"epochs": "3"},
)


@dataclass
class Running:
    """A sweep that goes on."""

    store: Store
    script: Script
    run: int
    uuid: str
    numbers: dict[int, int]

    def trial(
        self,
        number: int,
        parameters: Mapping[str, str],
        value: float | None = None,
        state: TrialState = TrialState.FINISHED,
        reason: str = "",
    ) -> int:
        """A trial that begins, and ends if it has a value or did not finish; returns the number of its run."""
        begin_trial(self.store, self.run, number, parameters)
        uuid = self.script.start(experiment="digits", name=f"trial {number}")
        self.script.tags(uuid, {"mlflow.parentRunId": self.uuid})
        self.script.params(uuid, parameters)
        self.script.take()
        note_trial_run(self.store, self.run, number, uuid)
        if value is not None or state is not TrialState.FINISHED:
            self.end(number, parameters, value, state, reason, uuid)
        self.numbers[number] = self.script.number(uuid)
        return self.numbers[number]

    def end(
        self,
        number: int,
        parameters: Mapping[str, str],
        value: float | None,
        state: TrialState = TrialState.FINISHED,
        reason: str = "",
        uuid: str = "",
    ) -> None:
        """A trial ends."""
        trial = Trial(number, parameters, state, value, uuid, reason, ended=1_000_000 + number)
        end_trial(self.store, self.run, trial)


def given(number: int) -> dict[str, str]:
    """What a trial has: the metric is to go with the learning rate."""
    return {"lr": repr(10 ** -(number % 5)), "layers": str(1 + number % 3), "epochs": "3"}


def value_of(number: int) -> float:
    """The metric of a trial: the best one has the learning rate 0.001, and is number 13."""
    return abs((number % 5) - 3) + 0.1 + 0.001 * abs(number - 13)


@pytest.fixture
def running(store: Store, script: Script) -> Iterator[Running]:
    """Twenty finished trials, one that failed, one that was pruned and one that runs."""
    uuid = script.start(experiment="digits", name="the sweep")
    script.take()
    request = RunRequest("projects/digits", parameters={"data": "small"}, experiment="digits")
    create_sweep(store, script.number(uuid), written(SWEEP), request.written())
    one = Running(store, script, script.number(uuid), uuid, {})
    for number in range(20):
        one.trial(number, given(number), value_of(number))
    one.trial(20, given(20), None, TrialState.FAILED, "The script ended with code 1.")
    one.trial(21, given(21), 9.0, TrialState.PRUNED)
    one.trial(22, given(22))
    yield one
