"""The searcher that asks Optuna: within the space, the same after a break, and pruning by what others had."""

from __future__ import annotations

import sys

import pytest

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.sweeps.records import Dimension, Method, Pruning, Sweep, Trial, TrialState
from runfolio.projects.sweeps.engine import Engine
from runfolio.projects.sweeps.parts import Parameters, TrialResult
from runfolio.projects.sweeps.plain import PlainSearcher
from runfolio.projects.sweeps.searchers import searcher_for
from tests.core.sweeps.test_suggesting import fits
from tests.projects.sweeps.fakes import Breaking, Broken, Immediate, InMemory

SPACE = (
    Dimension("lr", (), 1e-5, 1.0, log=True),
    Dimension("drop", (), 0.0, 0.95, step=0.1),
    Dimension("layers", (), 1.0, 10.0, whole=True, step=2.0),
    Dimension("width", (), 1.0, 64.0, log=True, whole=True),
    Dimension("optimizer", ("adam", "sgd", "0.10")),
)
TPE = Sweep(SPACE, "loss", method=Method.TPE, trials=40, parallel=2, seed=3, fixed={"epochs": "5"})


def loss(number: int, parameters: Parameters) -> TrialResult:
    """Least at lr 0.01 with sgd."""
    from math import log10

    value = (log10(float(parameters["lr"])) + 2) ** 2 + (parameters["optimizer"] != "sgd") + float(parameters["drop"])
    return TrialResult(number, TrialState.FINISHED, value)


def test_without_optuna_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(EnvironmentProblem, match=r"pip install optuna"):
        searcher_for(TPE)
    assert isinstance(searcher_for(Sweep(SPACE, "loss", pruning=Pruning("median"))), PlainSearcher)


def test_tpe_stays_within_the_space_and_gets_better() -> None:
    pytest.importorskip("optuna")
    memory = InMemory()
    Engine(TPE, searcher_for(TPE), Immediate(loss), memory).run()
    trials = [memory.known[number] for number in range(40)]
    assert all(fits(one, trial.parameters[one.name]) for trial in trials for one in SPACE)
    assert all(trial.parameters["epochs"] == "5" for trial in trials)
    assert len({tuple(trial.parameters.values()) for trial in trials}) == 40
    first, last = (sorted(trial.value or 0.0 for trial in part) for part in (trials[:10], trials[-10:]))
    assert last[5] < first[5]


@pytest.mark.parametrize("at", [1, 2, 11, 40])
def test_tpe_goes_on_after_a_break_as_if_there_had_been_none(at: int) -> None:
    pytest.importorskip("optuna")
    alone = Sweep(SPACE, "loss", method=Method.TPE, trials=25, parallel=1)
    whole, memory = InMemory(), InMemory()
    Engine(alone, searcher_for(alone), Immediate(loss), whole).run()
    with pytest.raises(Broken):
        Engine(alone, searcher_for(alone), Immediate(loss), Breaking(memory, at, after=True)).run()
    Engine(alone, searcher_for(alone), Immediate(loss), memory).run()
    asked = [whole.known[number].parameters for number in range(25)]
    assert len({tuple(one.values()) for one in asked}) == 25
    # As far as chance alone says it: later ones know of one more trial, or of one less, for a trial is asked ahead.
    assert [memory.known[number].parameters for number in range(9)] == asked[:9]
    assert len({tuple(one.parameters.values()) for one in memory.trials()}) == 25


def test_hyperband_ends_bad_trials_early_be_it_that_it_was_resumed() -> None:
    pytest.importorskip("optuna")
    sweep = Sweep(SPACE, "loss", trials=60, pruning=Pruning("hyperband", warmup_steps=1))

    def curve(number: int, to: int) -> dict[int, float]:
        return {step: float(number % 7) + 1 / (step + 1) for step in range(to)}

    found = []
    told: list[tuple[Trial, dict[int, float]]] = []
    for resumed in (False, True):
        searcher = searcher_for(sweep)
        pruned = []
        told.clear()
        for number in range(60):
            if resumed and number == 30:
                searcher = searcher_for(sweep)
                for trial, had in told:
                    searcher.recall(trial, had)
            parameters = searcher.ask(number)
            ended = next((step for step in range(1, 27) if searcher.should_prune(number, curve(number, step))), 0)
            state = TrialState.PRUNED if ended else TrialState.FINISHED
            trial = Trial(number, parameters, state, float(number % 7))
            told.append((trial, curve(number, ended or 27)))
            searcher.tell(*told[-1])
            pruned += [(number, ended)] if ended else []
        found.append(pruned)
    assert 10 < len(found[0]) < 60 and found[0] == found[1]


def test_optuna_prunes_by_the_median_too() -> None:
    pytest.importorskip("optuna")
    sweep = Sweep(SPACE, "loss", "maximize", Method.TPE, 10, pruning=Pruning("median", 1, 2))
    searcher = searcher_for(sweep)
    for number in range(2):
        trial = Trial(number, searcher.ask(number), TrialState.FINISHED, 5.0)
        searcher.tell(trial, {0: 5.0, 1: 5.0})
    searcher.ask(2)
    assert not searcher.should_prune(2, {0: 1.0})
    assert searcher.should_prune(2, {0: 1.0, 1: 1.0})
    searcher.ask(3)
    assert not searcher.should_prune(3, {0: 6.0, 1: 1.0})
