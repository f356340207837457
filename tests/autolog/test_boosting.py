"""XGBoost's and LightGBM's trainings are logged; each where it is installed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer

import runfolio
import runfolio.lightgbm
import runfolio.xgboost
from runfolio.core.states import RunStatus
from tests.autolog.conftest import Logged

X, Y = load_breast_cancer(return_X_y=True)
TRAIN, VALID = np.arange(len(Y)) % 4 > 0, np.arange(len(Y)) % 4 == 0
QUIET = {"objective": "binary", "verbose": -1, "num_threads": 1, "metric": ["auc", "binary_logloss"]}
BOOSTED = {"objective": "binary:logistic", "eval_metric": ["logloss", "auc"], "nthread": 1, "max_depth": 2}


@pytest.fixture
def xgboost(logged: Logged) -> Any:
    """XGBoost with autologging."""
    module = pytest.importorskip("xgboost")
    runfolio.xgboost.autolog()
    return module


@pytest.fixture
def lightgbm(logged: Logged) -> Any:
    """LightGBM with autologging."""
    module = pytest.importorskip("lightgbm")
    runfolio.lightgbm.autolog()
    return module


def matrices(xgboost: Any) -> tuple[Any, Any]:
    return xgboost.DMatrix(X[TRAIN], Y[TRAIN]), xgboost.DMatrix(X[VALID], Y[VALID])


def test_xgboost_logs_each_round_and_the_best(xgboost: Any, logged: Logged) -> None:
    train, valid = matrices(xgboost)
    history: dict[str, Any] = {}
    evals = [(train, "train"), (valid, "valid")]
    options = {"early_stopping_rounds": 3, "verbose_eval": False, "evals_result": history}
    booster = xgboost.train(BOOSTED, train, 200, evals=evals, **options)
    run = logged.run()
    assert run.status is RunStatus.FINISHED
    assert run.params["max_depth"] == "2" and run.params["num_boost_round"] == "200"
    assert not {"dtrain", "evals", "callbacks", "params"} & run.params.keys()
    for data, name in [("train", "auc"), ("train", "logloss"), ("valid", "auc"), ("valid", "logloss")]:
        assert logged.points(run, f"{data}-{name}") == list(enumerate(history[data][name]))
    assert run.metrics["best_iteration"].last == booster.best_iteration
    assert run.metrics["stopped_iteration"].last == len(history["valid"]["auc"]) - 1
    assert run.metrics["best_score"].last == booster.best_score
    assert json.loads(logged.text(run, "feature_importance_weight.json")) == booster.get_score()


def test_an_xgboost_estimator_is_one_run(xgboost: Any, logged: Logged) -> None:
    runfolio.xgboost.autolog(importance_types=["gain", "cover"])
    model = xgboost.XGBClassifier(n_estimators=4, n_jobs=1)
    model.fit(X[TRAIN], Y[TRAIN], eval_set=[(X[VALID], Y[VALID])], verbose=False)
    run = logged.run()
    assert run.tags["estimator_name"] == "XGBClassifier"
    assert run.params["n_estimators"] == "4" and run.params["missing"] == "nan"
    expected = list(enumerate(model.evals_result()["validation_0"]["logloss"]))
    assert logged.points(run, "validation_0-logloss") == expected
    assert run.metrics["training_accuracy_score"].last == model.score(X[TRAIN], Y[TRAIN])
    assert [context for context, *_ in logged.datasets(run)] == ["eval", "train"]
    assert {"feature_importance_gain.png", "feature_importance_cover.json"} <= logged.files(run)


def test_xgboost_trains_the_same(xgboost: Any, logged: Logged) -> None:
    train, valid = matrices(xgboost)
    models = []
    for disable in (False, True):
        runfolio.xgboost.autolog(disable=disable)
        models.append(xgboost.train(BOOSTED, train, 5).predict(valid).tolist())
    assert models[0] == models[1] and len(logged.runs()) == 1


def test_xgboost_fails_as_ever(xgboost: Any, logged: Logged) -> None:
    with pytest.raises(xgboost.core.XGBoostError):
        xgboost.train({"objective": "nonsense"}, matrices(xgboost)[0], 5)
    assert logged.run().status is RunStatus.FAILED


def test_xgboost_by_hand(xgboost: Any, logged: Logged) -> None:
    train, valid = matrices(xgboost)
    with runfolio.start_run():
        mine = runfolio.xgboost.RunfolioCallback()
        xgboost.train(BOOSTED, train, 3, evals=[(valid, "valid")], verbose_eval=False, callbacks=[mine])
    assert len(logged.points(logged.run(), "valid-auc")) == 3
    runfolio.autolog(disable=True)
    with runfolio.start_run():
        xgboost.cv(BOOSTED, train, 3, callbacks=[mine])
    assert [step for step, _ in logged.points(logged.runs()[1], "test-auc")] == [0, 1, 2]


def test_lightgbm_logs_each_round_and_the_best(lightgbm: Any, logged: Logged) -> None:
    history: dict[str, Any] = {}
    callbacks = [lightgbm.early_stopping(3, verbose=False), lightgbm.record_evaluation(history)]
    orders = [one.order for one in callbacks]
    train, valid = lightgbm.Dataset(X[TRAIN], Y[TRAIN]), lightgbm.Dataset(X[VALID], Y[VALID])
    booster = lightgbm.train(QUIET, train, 200, valid_sets=[valid], valid_names=["me@home"], callbacks=callbacks)
    assert [one.order for one in callbacks] == orders and len(callbacks) == 2
    run = logged.run()
    assert run.params["num_boost_round"] == "200" and run.params["objective"] == "binary"
    for name in ("auc", "binary_logloss"):
        assert logged.points(run, f"me_at_home-{name}") == list(enumerate(history["me@home"][name]))
    assert run.metrics["best_iteration"].last == booster.best_iteration
    assert run.metrics["stopped_iteration"].last == len(history["me@home"]["auc"])
    assert run.metrics["best_me_at_home-auc"].last == booster.best_score["me@home"]["auc"]
    found = json.loads(logged.text(run, "feature_importance_split.json"))
    assert list(found.values()) == booster.feature_importance().tolist()
    assert "feature_importance_gain.png" in logged.files(run)
    assert [context for context, *_ in logged.datasets(run)] == ["train", "eval"]


def test_a_lightgbm_estimator_is_one_run(lightgbm: Any, logged: Logged) -> None:
    model = lightgbm.LGBMClassifier(n_estimators=4, verbose=-1, n_jobs=1)
    model.fit(X[TRAIN], Y[TRAIN], eval_X=(X[VALID],), eval_y=(Y[VALID],))
    run = logged.run()
    assert run.tags["estimator_class"] == "lightgbm.sklearn.LGBMClassifier"
    assert run.params["n_estimators"] == "4" and "num_boost_round" not in run.params
    (history,) = model.evals_result_.values()
    assert [value for _, value in logged.points(run, "valid_0-binary_logloss")] == history["binary_logloss"]
    assert "training_accuracy_score" in run.metrics
    assert [context for context, *_ in logged.datasets(run)] == ["eval", "train"]


def test_lightgbm_fails_as_ever(lightgbm: Any, logged: Logged) -> None:
    def stop(_environment: Any) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        lightgbm.train(QUIET, lightgbm.Dataset(X, Y), 5, callbacks=[stop])
    assert logged.run().status is RunStatus.FAILED


def test_lightgbm_by_hand(lightgbm: Any, logged: Logged) -> None:
    runfolio.autolog(disable=True)
    mine = runfolio.lightgbm.RunfolioCallback()
    train, valid = lightgbm.Dataset(X[TRAIN], Y[TRAIN]), lightgbm.Dataset(X[VALID], Y[VALID])
    for _ in range(2):
        with runfolio.start_run():
            lightgbm.train(QUIET, train, 3, valid_sets=[valid], callbacks=[mine])
    assert [len(logged.points(run, "valid_0-auc")) for run in logged.runs()] == [3, 3]
