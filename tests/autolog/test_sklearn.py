"""scikit-learn's trainings are logged, and go on as if they were not."""

from __future__ import annotations

import json
import logging
import pickle
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import sklearn.metrics
from sklearn import metrics
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import runfolio
import runfolio.sklearn
from runfolio.core.errors import InvalidValue
from runfolio.core.states import RunStatus
from tests.autolog.conftest import Logged

X, Y = load_iris(return_X_y=True)
TWO = Y > 0
metrics_before = dict(vars(metrics))


@pytest.fixture(autouse=True)
def on(logged: Logged) -> Logged:
    """Autologging, as scripts turn it on."""
    runfolio.sklearn.autolog()
    return logged


def test_a_classifier_is_a_run(logged: Logged) -> None:
    model = LogisticRegression(C=0.5)
    assert model.fit(X, TWO) is model
    assert runfolio.active_run() is None
    run = logged.run()
    assert run.status is RunStatus.FINISHED
    assert run.params["C"] == "0.5" and run.params.keys() == model.get_params().keys()
    assert run.tags["estimator_name"] == "LogisticRegression"
    assert run.tags["estimator_class"] == "sklearn.linear_model._logistic.LogisticRegression"
    assert run.tags["mlflow.autologging"] == "sklearn"
    guess, chance = model.predict(X), model.predict_proba(X)
    expected = {
        "training_accuracy_score": metrics.accuracy_score(TWO, guess),
        "training_precision_score": metrics.precision_score(TWO, guess, average="weighted"),
        "training_recall_score": metrics.recall_score(TWO, guess, average="weighted"),
        "training_f1_score": metrics.f1_score(TWO, guess, average="weighted"),
        "training_log_loss": metrics.log_loss(TWO, chance),
        "training_roc_auc": metrics.roc_auc_score(TWO, chance[:, 1]),
        "training_score": model.score(X, TWO),
    }
    assert {key: summary.last for key, summary in run.metrics.items()} == pytest.approx(expected)
    assert {file for file in logged.files(run) if not file.startswith("model/")} == {
        "estimator.html",
        "training_confusion_matrix.png",
        "training_precision_recall_curve.png",
        "training_roc_curve.png",
    }


def test_a_regressor_is_a_run(logged: Logged) -> None:
    data = load_diabetes(as_frame=True)
    model = Ridge().fit(data.data, data.target)
    found = {key: summary.last for key, summary in logged.run().metrics.items()}
    error = metrics.mean_squared_error(data.target, model.predict(data.data))
    assert found == pytest.approx(
        {
            "training_mean_squared_error": error,
            "training_root_mean_squared_error": error**0.5,
            "training_mean_absolute_error": metrics.mean_absolute_error(data.target, model.predict(data.data)),
            "training_r2_score": model.score(data.data, data.target),
            "training_score": model.score(data.data, data.target),
        }
    )


def test_scores_count_weights_as_the_training_did(logged: Logged) -> None:
    weights = np.where(Y == 2, 5.0, 0.1)
    model = GaussianNB().fit(X, Y, sample_weight=weights)
    expected = metrics.accuracy_score(Y, model.predict(X), sample_weight=weights)
    run = logged.run()
    assert run.metrics["training_accuracy_score"].last == run.metrics["training_score"].last == pytest.approx(expected)
    assert expected != pytest.approx(model.score(X, Y))


def test_a_positive_class_makes_scores_those_of_it(logged: Logged) -> None:
    runfolio.sklearn.autolog(pos_label="a")
    names = np.where(X[:, 0] > 5.8, "a", "b")
    guess = GaussianNB().fit(X[:, 1:2], names).predict(X[:, 1:2])
    run = logged.run()
    expected = metrics.precision_score(names, guess, pos_label="a")
    assert run.metrics["training_precision_score"].last == pytest.approx(expected)
    assert "training_roc_curve.png" in logged.files(run)


def test_trees_tell_how_much_each_feature_counts(logged: Logged) -> None:
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    model = RandomForestClassifier(3, random_state=0).fit(frame, Y)
    run = logged.run()
    found = json.loads(logged.text(run, "feature_importance.json"))
    assert found == pytest.approx(dict(zip("abcd", model.feature_importances_, strict=True)))
    assert "feature_importance.png" in logged.files(run)


def test_iterations_are_curves(logged: Logged) -> None:
    model = MLPClassifier(4, max_iter=400, random_state=0, early_stopping=True).fit(X, Y)
    run = logged.run()
    assert logged.points(run, "loss_curve") == list(enumerate(model.loss_curve_))
    assert logged.points(run, "validation_scores") == list(enumerate(model.validation_scores_))


def test_what_is_within_a_model_is_no_run_of_its_own(logged: Logged) -> None:
    make_pipeline(make_column_transformer((StandardScaler(), [0, 1])), LogisticRegression()).fit(X, Y)
    BaggingClassifier(GaussianNB(), n_estimators=3).fit(X, Y)
    OneVsRestClassifier(LogisticRegression()).fit(X, Y)
    names = [run.tags["estimator_name"] for run in logged.runs()]
    assert names == ["Pipeline", "BaggingClassifier", "OneVsRestClassifier"]
    assert logged.runs()[0].params["logisticregression__C"] == "1.0"


def test_preparing_data_is_no_training(logged: Logged) -> None:
    StandardScaler().fit(X)
    make_column_transformer((StandardScaler(), [0])).fit_transform(X)
    assert logged.runs() == []


def test_other_methods_train_too(logged: Logged) -> None:
    flat = PCA(2).fit_transform(X)
    groups = make_pipeline(StandardScaler(), KMeans(3, random_state=0)).fit_predict(X)
    assert flat.shape == (150, 2) and groups.shape == (150,)
    pca, groups_run = logged.runs()
    assert pca.tags["estimator_name"] == "PCA" and pca.params["n_components"] == "2"
    assert groups_run.tags["estimator_name"] == "Pipeline" and "training_score" in groups_run.metrics


def test_the_active_run_is_written_to_and_stays_open(logged: Logged) -> None:
    with runfolio.start_run(run_name="mine", tags={"estimator_name": "?"}) as run:
        runfolio.log_param("C", 0.5)
        LogisticRegression(C=0.5).fit(X, Y)
        assert runfolio.active_run() is run
        runfolio.log_metric("after", 1)
    found = logged.run()
    assert found.name == "mine" and found.params["penalty"] and {"after", "training_score"} <= found.metrics.keys()


def test_a_param_of_the_run_keeps_its_value(logged: Logged, caplog: pytest.LogCaptureFixture) -> None:
    with runfolio.start_run():
        LogisticRegression(C=0.5).fit(X, Y)
        LogisticRegression(C=2).fit(X, Y)
        Ridge().fit(X, Y)
    run = logged.run()
    assert run.params["C"] == "0.5" and run.params["alpha"] == "1.0"
    assert [message for message in caplog.messages if "C already" in message]


def test_a_search_has_its_best_candidates_as_nested_runs(logged: Logged) -> None:
    runfolio.sklearn.autolog(max_tuning_runs=2)
    search = GridSearchCV(LogisticRegression(max_iter=1000), {"C": [0.001, 1, 10]}, cv=3).fit(X, Y)
    parent, first, second = logged.runs()
    assert parent.params["best_C"] == str(search.best_params_["C"])
    assert parent.params["estimator"] == "LogisticRegression(max_iter=1000)"
    assert "estimator__C" not in parent.params
    assert parent.metrics["best_cv_score"].last == search.best_score_
    table = pd.read_csv(logged.folder / "artifacts" / parent.run_id / "cv_results.csv")
    assert table["mean_test_score"].tolist() == pytest.approx(search.cv_results_["mean_test_score"].tolist())
    assert first.parent == second.parent == parent.id
    assert {run.status for run in (parent, first, second)} == {RunStatus.FINISHED}
    assert logged.files(first) == set() and first.experiment == parent.experiment
    assert first.params["C"] == str(search.best_params_["C"]) and second.params["C"] != "0.001"
    assert first.params["max_iter"] == "1000"
    assert first.metrics["mean_test_score"].last == search.best_score_ and first.metrics["rank_test_score"].last == 1
    assert first.tags["estimator_name"] == "LogisticRegression"


def test_a_search_by_several_metrics_ranks_by_the_one_that_decides(logged: Logged) -> None:
    runfolio.sklearn.autolog(max_tuning_runs=1)
    scoring = ["accuracy", "neg_log_loss"]
    model = LogisticRegression(max_iter=1000)
    search = GridSearchCV(model, {"C": [0.01, 100]}, cv=3, scoring=scoring, refit="neg_log_loss").fit(X, Y)
    _parent, best = logged.runs()
    assert best.params["C"] == str(search.best_params_["C"])
    assert best.metrics["rank_test_neg_log_loss"].last == 1


def test_workers_of_a_search_start_no_runs(logged: Logged) -> None:
    runfolio.sklearn.autolog(max_tuning_runs=1)
    with joblib.parallel_backend("threading", n_jobs=2):
        GridSearchCV(GaussianNB(), {"var_smoothing": [1e-9, 1e-5]}, cv=3, n_jobs=2).fit(X, Y)
    assert len(logged.runs()) == 2


def test_folds_are_no_runs(logged: Logged) -> None:
    for options in ({}, {"n_jobs": 2}):
        with joblib.parallel_backend("threading"):
            assert len(cross_val_score(GaussianNB(), X, Y, cv=3, **options)) == 3
    SelectFromModel(LogisticRegression()).fit(X, TWO)
    assert logged.runs() == []


def test_an_error_of_the_training_comes_through_and_the_run_has_failed(logged: Logged) -> None:
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LogisticRegression().fit(X, [1])
    with pytest.raises(TypeError, match="nonsense"):
        LogisticRegression().fit(X, Y, nonsense=True)
    assert {run.status for run in logged.runs()} == {RunStatus.FAILED}
    assert runfolio.active_run() is None


class Odd(LogisticRegression):  # type: ignore[misc]
    """A user's estimator of which nothing can be told."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        if deep:
            raise RuntimeError("no params today")
        return dict(super().get_params(deep=False))

    def predict(self, X: Any) -> Any:  # noqa: N803 - scikit-learn's name
        raise RuntimeError("no guesses today")


def test_trouble_of_autologging_is_told_once_and_leaves_the_training_alone(
    logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        model = Odd()
        assert model.fit(X, TWO) is model and model.coef_.shape == (1, 4)
    assert [run.status for run in logged.runs()] == [RunStatus.FINISHED] * 2
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len([message for message in told if "params: RuntimeError: no params" in message]) == 1
    for step in ("training metrics", "signature"):
        assert len([message for message in told if f"{step}: RuntimeError: no guesses today" in message]) == 1
    assert all("model/MLmodel" in logged.files(run) for run in logged.runs())


def test_a_silent_one_tells_nothing(logged: Logged, caplog: pytest.LogCaptureFixture) -> None:
    class Other(Odd):
        def predict_proba(self, X: Any) -> Any:  # noqa: N803 - scikit-learn's name
            raise ArithmeticError

    runfolio.sklearn.autolog(silent=True)
    Other().fit(X, TWO)
    assert logged.run().status is RunStatus.FINISHED and not caplog.records


def test_without_a_store_models_are_trained_all_the_same(
    logged: Logged, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    runfolio.set_tracking_uri(tmp_path / "file")
    assert LogisticRegression().fit(X, TWO).score(X, TWO) > 0.9
    assert "Autologging of sklearn, run:" in caplog.text
    runfolio.set_tracking_uri(logged.folder)


def test_results_are_those_without_autologging(logged: Logged) -> None:
    def trained() -> list[Any]:
        forest = RandomForestClassifier(5, random_state=0).fit(X, Y)
        np.random.seed(3)
        other = BaggingClassifier(n_estimators=3).fit(X, Y)
        return [forest.predict_proba(X).tolist(), other.predict_proba(X).tolist(), np.random.rand()]

    logged_results = trained()
    runfolio.sklearn.autolog(disable=True)
    assert trained() == logged_results


def test_random_numbers_are_those_without_autologging(logged: Logged) -> None:
    def drawn(state: Any) -> list[Any]:
        np.random.seed(3)
        random.seed(3)
        model = DummyClassifier(strategy="stratified", random_state=state).fit(X, Y)
        return [model.predict(X).tolist(), np.random.rand(), random.random()]

    logged_results = [drawn(None), drawn(np.random.RandomState(5))]
    runfolio.sklearn.autolog(disable=True)
    assert [drawn(None), drawn(np.random.RandomState(5))] == logged_results
    assert all("training_score" in run.metrics for run in logged.runs())


def test_trainings_side_by_side_have_a_run_each(logged: Logged) -> None:
    def train(smoothing: float) -> None:
        together.wait(30)
        Slow(var_smoothing=smoothing).fit(X, Y)

    class Slow(GaussianNB):  # type: ignore[misc]
        def get_params(self, deep: bool = True) -> dict[str, Any]:
            if deep:
                within.wait(30)  # both are under way
            return dict(super().get_params(deep=False))

    for pool in ("joblib", "threads"):
        together, within = threading.Barrier(2), threading.Barrier(2)
        if pool == "joblib":
            joblib.Parallel(n_jobs=2, prefer="threads")(joblib.delayed(train)(value) for value in (0.1, 0.2))
        else:
            with ThreadPoolExecutor(2) as executor:
                list(executor.map(train, (0.3, 0.4)))
    assert sorted(run.params["var_smoothing"] for run in logged.runs()) == ["0.1", "0.2", "0.3", "0.4"]


def test_turned_off_it_is_gone(logged: Logged) -> None:
    wrapped = LogisticRegression.fit
    runfolio.sklearn.autolog(disable=True)
    assert LogisticRegression.fit is not wrapped and LogisticRegression.fit is wrapped.__wrapped__
    GaussianNB().fit(X, Y)
    assert logged.runs() == []


def test_what_others_wrapped_around_ours_stays_and_logs_no_more(
    logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = GaussianNB.fit
    calls: list[int] = []

    def theirs(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return ours(self, *args, **kwargs)

    monkeypatch.setattr(GaussianNB, "fit", theirs)
    runfolio.autolog(disable=True)
    assert GaussianNB.fit is theirs
    assert GaussianNB().fit(X, Y).score(X, Y) > 0.9
    assert calls == [1] and logged.runs() == []


def test_turning_on_twice_logs_once(logged: Logged) -> None:
    runfolio.autolog()
    runfolio.sklearn.autolog()
    GaussianNB().fit(X, Y)
    assert logged.points(logged.run(), "training_score")[1:] == []


def test_an_exclusive_one_leaves_runs_of_the_user_alone(logged: Logged) -> None:
    runfolio.sklearn.autolog(exclusive=True, extra_tags={"team": "a"})
    with runfolio.start_run(run_name="mine"):
        GaussianNB().fit(X, Y)
    GaussianNB().fit(X, Y)
    mine, own = logged.runs()
    assert not mine.params and not mine.metrics
    assert own.tags["team"] == "a" and own.params


def test_what_was_asked_for_by_name_stands(logged: Logged) -> None:
    runfolio.sklearn.autolog(extra_tags={"by": "name"})
    runfolio.autolog(extra_tags={"by": "all"})
    GaussianNB().fit(X, Y)
    assert logged.run().tags["by"] == "name"


def test_a_library_can_be_left_out(logged: Logged) -> None:
    runfolio.autolog(disable=True)
    runfolio.autolog(exclude_flavors=["sklearn", "openai"])
    GaussianNB().fit(X, Y)
    assert logged.runs() == []


@pytest.mark.parametrize("wrong", [{"max_tuning_runs": 0}, {"max_tuning_runs": 2.5}, {"extra_tags": {"a*": 1}}])
def test_wrong_arguments_are_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        runfolio.sklearn.autolog(**wrong)


def test_estimators_of_users_are_not_touched(logged: Logged) -> None:
    class Mine(BaseEstimator):  # type: ignore[misc]
        def fit(self, X: Any, y: Any = None) -> Mine:  # noqa: N803 - scikit-learn's name
            return self

    Mine().fit(X)
    assert logged.runs() == []


def test_scores_computed_later_go_to_the_run_of_the_training(logged: Logged) -> None:
    train, test = np.arange(150) % 3 > 0, np.arange(150) % 3 == 0
    x_test, y_test = X[test], TWO[test]
    first = LogisticRegression().fit(X[train], TWO[train])
    second = GaussianNB().fit(X[train], TWO[train])
    guesses = first.predict(x_test)
    values = {
        "accuracy_score_x_test": sklearn.metrics.accuracy_score(y_test, guesses),
        "f1_score_x_test": sklearn.metrics.f1_score(y_true=y_test, y_pred=guesses),
        "f1_score-2_x_test": sklearn.metrics.f1_score(y_test, guesses, average="macro"),
        "roc_auc_score_x_test": sklearn.metrics.roc_auc_score(y_test, first.predict_proba(x_test)[:, 1]),
        "LogisticRegression_score_x_test": first.score(x_test, y_test),
        "LogisticRegression_score_unknown_dataset": first.score(X[test], y_test),
    }
    with runfolio.start_run(run_name="another"):
        assert sklearn.metrics.accuracy_score(y_test, np.array(guesses)) == values["accuracy_score_x_test"]
        second.score(x_test, y_test)
    one, other, another = logged.runs()
    later = {key: summary.last for key, summary in one.metrics.items() if not key.startswith("training_")}
    assert later == pytest.approx(values)
    assert "GaussianNB_score_x_test" in other.metrics and not another.metrics


def test_later_scores_can_be_left_out(logged: Logged) -> None:
    runfolio.sklearn.autolog(log_post_training_metrics=False)
    model = GaussianNB().fit(X, Y)
    model.score(X, Y)
    sklearn.metrics.accuracy_score(Y, model.predict(X))
    assert all(key.startswith("training_") for key in logged.run().metrics)


def test_functions_and_models_can_still_be_pickled(logged: Logged) -> None:
    assert sklearn.metrics.accuracy_score is not metrics_before["accuracy_score"]
    assert pickle.loads(pickle.dumps(sklearn.metrics.accuracy_score)) is sklearn.metrics.accuracy_score
    scorer = sklearn.metrics.make_scorer(sklearn.metrics.accuracy_score)
    search = GridSearchCV(GaussianNB(), {"var_smoothing": [1e-9]}, scoring=scorer, n_jobs=2, cv=2).fit(X, Y)
    again = pickle.loads(pickle.dumps(search))
    assert again.score(X, Y) == search.score(X, Y)
    runfolio.autolog(disable=True)
    assert sklearn.metrics.accuracy_score is metrics_before["accuracy_score"]


def test_the_data_is_noted(logged: Logged) -> None:
    frame = pd.DataFrame(X, columns=["a", "b", "c", "target"])
    GaussianNB().fit(X, Y)
    GaussianNB().fit(frame, pd.Series(Y))
    GaussianNB().fit(frame, pd.Series(Y, name="kind"))
    GaussianNB().fit(X.tolist(), Y.tolist())
    PCA(2).fit(scipy.sparse.csr_matrix(X))
    runfolio.sklearn.autolog(log_datasets=False)
    GaussianNB().fit(X, Y)
    array, first, second, lists, sparse, without = [logged.datasets(run) for run in logged.runs()]
    assert array == lists and sparse == without == []
    (context, schema, profile) = array[0]
    assert context == "train" and "150" in str(profile) and "tensor" in str(schema)
    assert "target_" in str(first[0][1]) and "kind" in str(second[0][1]) and "150" in str(second[0][2])
