"""Trials of Optuna and Hyperopt as runs, with the real libraries."""

from __future__ import annotations

from typing import Any

import pytest

import runfolio
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue
from tests.autolog.conftest import Logged


def parts(logged: Logged) -> tuple[Run, list[Run]]:
    """The run of the search, and those of its trials by number."""
    found = logged.runs()
    parents = [run for run in found if run.parent_run_id is None]
    assert len(parents) == 1
    trials = [run for run in found if run.parent_run_id is not None]
    assert {run.parent_run_id for run in trials} <= {parents[0].run_id}
    return parents[0], sorted(trials, key=lambda run: int(run.name))


def value(run: Run, key: str) -> float:
    return run.metrics[key].last


def objective(trial: Any) -> float:
    """Prunes the third trial, fails in the fourth."""
    import optuna

    x = trial.suggest_float("x", 0.0, 1.0)
    trial.suggest_categorical("kind", ["a", "b"])
    trial.set_user_attr("note", "mine")
    trial.report(x + 1, 0)
    if trial.number == 2:
        raise optuna.TrialPruned
    if trial.number == 3:
        raise ZeroDivisionError
    return float(x)


def study(**options: Any) -> Any:
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    return optuna.create_study(study_name="digits", sampler=optuna.samplers.RandomSampler(seed=1), **options)


@pytest.mark.parametrize("wrapped", [False, True])
def test_each_trial_of_optuna_is_a_run_with_its_params_value_and_state(logged: Logged, wrapped: bool) -> None:
    found = study()
    from runfolio.optuna import RunfolioCallback

    with runfolio.start_run(run_name="search"):
        callback = RunfolioCallback("loss")
        wanted = callback.logged(objective) if wrapped else objective
        found.optimize(wanted, n_trials=5, callbacks=[callback], catch=(ZeroDivisionError,))
    parent, trials = parts(logged)
    assert parent.name == "search" and parent.status == "FINISHED"
    assert value(parent, "best_loss") == found.best_value
    assert [run.status for run in trials] == ["FINISHED", "FINISHED", "KILLED", "FAILED", "FINISHED"]
    assert [run.tags["state"] for run in trials] == ["COMPLETE", "COMPLETE", "PRUNED", "FAIL", "COMPLETE"]
    for run, trial in zip(trials, found.trials, strict=True):
        assert run.params == {name: str(one) for name, one in trial.params.items()}
        assert run.tags["note"] == "mine" and run.tags["study_name"] == "digits" and run.tags["direction"] == "MINIMIZE"
        if trial.value is not None and trial.state.name == "COMPLETE":
            assert value(run, "loss") == trial.value
    if not wrapped:
        start = found.trials[0].datetime_start.timestamp()
        assert trials[0].start_time == int(start * 1000)
        assert logged.points(trials[2], "loss")[0] == (0, found.trials[2].intermediate_values[0])


def test_what_an_objective_logs_goes_to_the_run_of_its_trial_in_whatever_thread_it_runs(logged: Logged) -> None:
    found = study(directions=["minimize", "maximize"])
    from runfolio.optuna import RunfolioCallback

    def two(trial: Any) -> tuple[float, float]:
        x = trial.suggest_float("x", 0.0, 1.0)
        runfolio.log_metric("seen", x)
        return x, -x

    callback = RunfolioCallback(["a", "b"])
    found.optimize(callback.logged(two), n_trials=6, n_jobs=2, callbacks=[callback])
    runfolio.end_run()
    _, trials = parts(logged)
    assert len(trials) == 6
    for run, trial in zip(trials, found.trials, strict=True):
        assert (value(run, "a"), value(run, "b"), value(run, "seen")) == (*trial.values, trial.params["x"])
    with pytest.raises(InvalidValue, match=r"The metric .* is not allowed"):
        RunfolioCallback("a?b")


def test_each_trial_of_hyperopt_is_a_run(logged: Logged) -> None:
    hyperopt = pytest.importorskip("hyperopt")
    import numpy as np

    from runfolio.hyperopt import logged as with_runs

    def lossy(given: Any) -> dict[str, Any]:
        runfolio.log_metric("seen", given["x"])
        if given["x"] > 0.9:
            return {"status": hyperopt.STATUS_FAIL}
        return {"loss": given["x"], "status": hyperopt.STATUS_OK, "accuracy": np.float64(0.5), "who": "me"}

    space = {"x": hyperopt.hp.uniform("x", 0, 1), "model": {"depth": hyperopt.hp.choice("depth", [1, 2])}}
    trials = hyperopt.Trials()
    with runfolio.start_run(run_name="search"):
        best = hyperopt.fmin(
            with_runs(lossy, "val_loss"),
            space,
            algo=hyperopt.rand.suggest,
            max_evals=20,
            trials=trials,
            show_progressbar=False,
            rstate=np.random.default_rng(0),
        )
    parent, runs = parts(logged)
    assert value(parent, "best_val_loss") == best["x"]
    assert len(runs) == 20
    for run, loss in zip(runs, trials.losses(), strict=True):
        assert run.status == ("FAILED" if loss is None else "FINISHED")
        assert set(run.params) == {"x", "model.depth"}
        assert value(run, "seen") == float(run.params["x"])
        if loss is not None:
            assert (value(run, "val_loss"), value(run, "accuracy")) == (loss, 0.5)
    assert "FAILED" in {run.status for run in runs}


def test_an_objective_of_hyperopt_that_takes_and_returns_a_number_or_raises(logged: Logged) -> None:
    from runfolio.hyperopt import logged as with_runs

    tracked = with_runs(lambda x: 1 / x)
    assert tracked(2.0) == 0.5
    with pytest.raises(ZeroDivisionError):
        tracked(0.0)
    runfolio.end_run()
    parent, (first, second) = parts(logged)
    assert first.params == {"x": "2.0"} and value(first, "loss") == value(parent, "best_loss") == 0.5
    assert second.params == {"x": "0.0"} and second.status == "FAILED"
