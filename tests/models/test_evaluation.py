"""Evaluating models: what a run holds afterwards, and what is said of data that cannot be used."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import metrics
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier

import runfolio
from runfolio.client.tracker import close_all
from runfolio.core.errors import InvalidValue, NotFound, UserError
from runfolio.models import EvaluationResult, MetricThreshold, evaluate, make_metric
from runfolio.models.evaluation.examples import Columns, read_examples
from runfolio.models.evaluation.extra_metrics import MetricValue
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.importance import shap_values
from runfolio.models.evaluation.intervals import mean_interval, share_interval
from runfolio.models.evaluation.thresholds import ModelValidationFailedException

FAST = {"log_model_explainability": False}


@pytest.fixture
def cancer() -> tuple[Any, pd.DataFrame]:
    """A classifier of two labels, and rows that it has not seen."""
    features, target = load_breast_cancer(return_X_y=True, as_frame=True)
    features = features.iloc[:, :4]
    model = LogisticRegression(max_iter=5_000).fit(features[:300], target[:300])
    return model, features[300:].assign(target=target[300:], group=np.arange(len(features) - 300) % 3)


@pytest.fixture
def iris() -> tuple[Any, pd.DataFrame]:
    """A classifier of three labels that are texts."""
    features, target = load_iris(return_X_y=True, as_frame=True)
    names = np.array(["setosa", "versicolor", "virginica"])[target]
    model = RandomForestClassifier(10, max_depth=2, random_state=0).fit(features[::2], names[::2])
    return model, features[1::2].assign(kind=names[1::2])


def measured(*args: Any, **kwargs: Any) -> EvaluationResult:
    return evaluate(*args, **{"evaluator_config": FAST, **kwargs})


def two_columns(model: Any, table: pd.DataFrame) -> pd.DataFrame:
    """A table of targets and predictions alone."""
    return pd.DataFrame({"target": table["target"], "said": model.predict(table.iloc[:, :4])})


def test_a_classifier_of_two_labels(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    with runfolio.start_run() as run:
        found = evaluate(model, table.drop(columns="group"), targets="target", model_type="classifier")
    truth, features = table["target"], table.iloc[:, :4]
    said, chance = model.predict(features), model.predict_proba(features)[:, 1]
    assert found.metrics["accuracy_score"] == metrics.accuracy_score(truth, said)
    assert found.metrics["roc_auc"] == metrics.roc_auc_score(truth, chance)
    assert found.metrics["precision_recall_auc"] == metrics.average_precision_score(truth, chance)
    assert found.metrics["log_loss"] == metrics.log_loss(truth, chance)
    assert found.metrics["brier_score_loss"] == pytest.approx(metrics.brier_score_loss(truth, chance))
    assert found.metrics["matthews_corrcoef"] == pytest.approx(metrics.matthews_corrcoef(truth, said))
    assert found.metrics["example_count"] == len(table)
    kept = runfolio.get_run(run.info.run_id)
    assert kept.data.metrics == pytest.approx(found.metrics)
    files = {file.name for file in run.folder.rglob("*") if file.is_file()}
    for name in ("confusion_matrix", "roc_curve_plot", "lift_curve_plot", "calibration_curve_plot"):
        assert {f"{name}.png", f"{name}.csv"} <= files
    assert found.artifacts["roc_curve_plot"].content.size[0] > 500
    numbers = found.artifacts["confusion_matrix_numbers"].content
    assert numbers[["0", "1"]].to_numpy().tolist() == metrics.confusion_matrix(truth, said).tolist()
    assert found.artifacts["permutation_importance_plot_numbers"].content["importance"].is_monotonic_decreasing
    assert kept.inputs.dataset_inputs[0].tags[0].value == "evaluation"


def test_curves_hold_what_scikit_learn_says(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    found = measured(model, table.drop(columns="group"), targets="target", model_type="classifier")
    curve = found.tables["roc_curve_plot"]
    area = metrics.auc(curve["false_positive_rate"], curve["true_positive_rate"])
    assert area == pytest.approx(found.metrics["roc_auc"])
    lift = found.tables["lift_curve_plot"]
    assert lift["lift"].iloc[-1] == pytest.approx(1) and lift["share_of_rows"].iloc[-1] == pytest.approx(1)
    calibration = found.tables["calibration_curve_plot"]
    assert calibration["rows"].sum() == len(table)
    assert (calibration["low"] <= calibration["share_of_positives"]).all()


def test_lift_does_not_depend_on_the_order_of_equal_chances() -> None:
    truth = [0] * 5 + [1] * 5
    table = pd.DataFrame({"target": truth, "chance": [0.7] * 10})
    found = measured(data=table, targets="target", probabilities="chance", model_type="classifier")
    assert found.tables["lift_curve_plot"]["lift"].tolist() == [1.0]


def test_several_labels_that_are_texts(iris: tuple[Any, pd.DataFrame]) -> None:
    model, table = iris
    found = measured(model, table, targets="kind", model_type="classifier")
    truth, features = table["kind"], table.drop(columns="kind")
    chances = model.predict_proba(features)
    area = metrics.roc_auc_score(truth, chances, multi_class="ovr", average="weighted")
    assert found.metrics["roc_auc"] == pytest.approx(area)
    mean = metrics.f1_score(truth, model.predict(features), average="weighted")
    assert found.metrics["f1_score"] == pytest.approx(mean)
    assert found.tables["per_class_metrics"]["positive_class"].tolist() == ["setosa", "versicolor", "virginica"]
    assert set(found.tables["roc_curve_plot"]["label"]) == {"setosa", "versicolor", "virginica"}
    assert 0 <= found.metrics["brier_score_loss"] <= 2
    assert not found.notes


def test_the_positive_label_can_be_chosen(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    options = {**FAST, "pos_label": 0}
    found = measured(
        model, table.drop(columns="group"), targets="target", model_type="classifier", evaluator_config=options
    )
    truth, features = table["target"], table.iloc[:, :4]
    assert found.metrics["recall_score"] == metrics.recall_score(truth, model.predict(features), pos_label=0)
    assert found.metrics["true_positives"] == ((truth == 0) & (model.predict(features) == 0)).sum()
    assert found.metrics["roc_auc"] == pytest.approx(
        metrics.roc_auc_score(truth == 0, model.predict_proba(features)[:, 0])
    )


def test_a_regressor() -> None:
    features, target = load_diabetes(return_X_y=True)
    model = LinearRegression().fit(features[:200], target[:200])
    with runfolio.start_run() as run:
        found = evaluate(model, features[200:], targets=target[200:], model_type="regressor")
    said = model.predict(features[200:])
    assert found.metrics["root_mean_squared_error"] == metrics.root_mean_squared_error(target[200:], said)
    assert found.metrics["max_error"] == metrics.max_error(target[200:], said)
    assert found.metrics["r2_score"] == found.metrics["score"]
    assert found.metrics["mean_on_target"] == pytest.approx(target[200:].mean())
    assert (run.folder / "residuals_plot.png").stat().st_size > 5_000
    residuals = found.artifacts["residuals_plot_numbers"].content
    assert residuals["residual"].to_numpy() == pytest.approx(target[200:] - said)


def test_several_outputs() -> None:
    chance = np.random.default_rng(0)
    features = chance.normal(size=(60, 3))
    target = features @ chance.normal(size=(3, 2))
    model = LinearRegression().fit(features, target)
    found = measured(model, features, targets=target + 0.1, model_type="regressor")
    assert found.metrics["mean_absolute_error"] == pytest.approx(0.1)
    assert found.tables["per_output_metrics"]["output"].tolist() == ["output_1", "output_2"]
    table = pd.DataFrame(np.column_stack([features, target]), columns=list("abcde"))
    named = measured(model.fit(table[["a", "b", "c"]], target), table, targets=["d", "e"], model_type="regressor")
    assert named.tables["per_output_metrics"]["output"].tolist() == ["d", "e"]


def test_weights_count(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    weights = np.linspace(0, 2, len(table))
    table = table.drop(columns="group").assign(w=weights)
    options = {**FAST, "sample_weights": "w"}
    found = measured(model, table, targets="target", model_type="classifier", evaluator_config=options)
    truth, features = table["target"], table.iloc[:, :4]
    expected = metrics.accuracy_score(truth, model.predict(features), sample_weight=weights)
    assert found.metrics["accuracy_score"] == pytest.approx(expected)
    assert found.metrics["roc_auc"] == pytest.approx(
        metrics.roc_auc_score(truth, model.predict_proba(features)[:, 1], sample_weight=weights)
    )


@pytest.mark.parametrize("form", ["pandas", "polars", "arrays", "lists", "dataset", "columns"])
def test_data_comes_in_many_forms(cancer: tuple[Any, pd.DataFrame], form: str) -> None:
    table = cancer[1].drop(columns="group")
    features, truth = table.iloc[:, :4], table["target"]
    bare = LogisticRegression(max_iter=5_000).fit(features.to_numpy(), truth)
    named = LogisticRegression(max_iter=5_000).fit(features, truth)
    forms: dict[str, tuple[Any, Any, Any]] = {
        "pandas": (named, table, "target"),
        "polars": (named, pl.DataFrame(table.to_dict(orient="list")), "target"),
        "arrays": (bare, features.to_numpy(), truth.to_numpy()),
        "lists": (bare, features.to_numpy().tolist(), truth.tolist()),
        "dataset": (named, runfolio.data.from_pandas(table, targets="target"), None),
        "columns": (named, {name: table[name].tolist() for name in table}, "target"),
    }
    asked, data, targets = forms[form]
    found = measured(asked, data, targets=targets, model_type="classifier")
    assert found.metrics["accuracy_score"] == metrics.accuracy_score(truth, named.predict(features))
    kept = runfolio.get_run(found.run_id)  # type: ignore[arg-type]
    assert len(kept.inputs.dataset_inputs) == 1 and kept.info.status == "FINISHED"


def test_a_model_can_be_a_function_or_predictions(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    table = table.drop(columns="group")
    features, truth = table.iloc[:, :4], table["target"]
    expected = metrics.accuracy_score(truth, model.predict(features))
    labels = measured(model.predict, table, targets="target", model_type="classifier")
    chances = measured(model.predict_proba, table, targets="target", model_type="classifier")
    positive = measured(lambda x: model.predict_proba(x)[:, 1], table, targets="target", model_type="classifier")
    static = table.assign(said=model.predict(features), chance=model.predict_proba(features)[:, 1])
    given = measured(data=static, targets="target", predictions="said", probabilities="chance", model_type="classifier")
    assert [one.metrics["accuracy_score"] for one in (labels, chances, positive, given)] == [expected] * 4
    assert "roc_auc" not in labels.metrics and "no probabilities" in " ".join(labels.notes)
    areas = [one.metrics["roc_auc"] for one in (chances, positive, given)]
    assert areas == pytest.approx([metrics.roc_auc_score(truth, model.predict_proba(features)[:, 1])] * 3)


def test_a_model_can_be_an_address_or_loaded(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    table = table.drop(columns="group")
    with runfolio.start_run():
        info = runfolio.sklearn.log_model(model, name="model", serialization_format="pickle")
        found = measured(info.model_uri, table, targets="target", model_type="classifier")
    loaded = measured(runfolio.pyfunc.load_model(info.model_uri), table, targets="target", model_type="classifier")
    expected = measured(model, table, targets="target", model_type="classifier")
    assert found.metrics == loaded.metrics == expected.metrics
    with pytest.raises(NotFound):
        measured("runs:/nowhere/model", table, targets="target", model_type="classifier")


def test_a_prediction_of_several_columns_is_named(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer

    def answer(features: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"label": model.predict(features), "reason": "none"})

    data = table.drop(columns="group")
    with pytest.raises(InvalidValue, match="several columns: label, reason"):
        measured(answer, data, targets="target", model_type="classifier")
    found = measured(answer, data, targets="target", predictions="label", model_type="classifier")
    assert found.metrics["accuracy_score"] > 0.8


def test_slices_have_honest_counts_and_intervals(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    table = table.assign(city=np.array(["Bonn", "Ulm", None] * 89 + ["Bonn", "Ulm"]), many=np.arange(len(table)))
    features = list(table.columns[:4])
    named = {"large": "`mean area` > 700", "odd": lambda rows: rows["many"] % 2 == 1, "city": "city", "many": "many"}
    found = measured(model, table, targets="target", feature_names=features, slices=named, model_type="classifier")
    slices = found.tables["slices"]
    counts = slices.set_index(["slice", "value"])["rows"]
    assert counts[("all", "")] == len(table)
    assert counts[("large", "")] == (table["mean area"] > 700).sum()
    assert counts["city"].to_dict() == {"Bonn": 90, "Ulm": 90, "missing": 89}
    assert len(counts["many"]) == 4 and counts["many"].sum() == len(table)
    line = slices[slices["slice"] == "large"].iloc[0]
    chosen = table[table["mean area"] > 700]
    share = metrics.accuracy_score(chosen["target"], model.predict(chosen[features]))
    assert line["accuracy_score"] == pytest.approx(share)
    assert (line["accuracy_low"], line["accuracy_high"]) == pytest.approx(share_interval(share, len(chosen)))


def test_slices_of_a_regressor() -> None:
    table = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0), "part": ["a", "b"] * 20})
    found = measured(lambda x: x["x"] + (x["part"] == "b"), table, targets="y", slices=["part"], model_type="regressor")
    lines = found.tables["slices"].set_index("value")
    assert lines.loc["a", "mean_absolute_error"] == 0 and lines.loc["b", "mean_absolute_error"] == 1
    assert lines.loc["b", "mean_error"] == -1


def test_intervals_are_those_of_the_books() -> None:
    low, high = share_interval(0.9, 10)  # Wilson's, as any table has it
    assert (low, high) == pytest.approx((0.5958, 0.9821), abs=1e-3)
    assert share_interval(1.0, 5)[1] == 1.0
    low, high = mean_interval(10, 2, 16)
    assert (low, high) == pytest.approx((10 - 2.131 * 0.5, 10 + 2.131 * 0.5), abs=1e-3)
    assert all(map(math.isnan, mean_interval(1, 1, 1)))


def test_metrics_of_a_user(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer

    def old(rows: pd.DataFrame, known: dict[str, float]) -> float:
        return float((rows["prediction"] == rows["target"]).mean() - known["accuracy_score"])

    def doubled(halves: Any) -> float:
        return float(halves.aggregate_results["halves"]) * 2

    def halves(predictions: Any, targets: Any, group: Any, metrics: Any) -> float:
        assert len(group) == len(predictions) == len(targets)
        return float(metrics["accuracy_score"].aggregate_results["accuracy_score"]) / 2

    def each(predictions: Any, targets: Any) -> Any:
        return (predictions == targets).astype(float)

    def whole(predictions: Any) -> MetricValue:
        return MetricValue(aggregate_results={"sum": float(predictions.sum()), "whole": 1.0})

    made = [make_metric(eval_fn=one, greater_is_better=True) for one in (doubled, old, halves, each, whole)]
    with runfolio.start_run() as run:
        found = measured(
            lambda x: model.predict(x.iloc[:, :4]),
            table,
            targets="target",
            model_type="classifier",
            extra_metrics=made,
        )
    accuracy = found.metrics["accuracy_score"]
    assert found.metrics["old"] == 0
    assert found.metrics["halves"] == accuracy / 2 and found.metrics["doubled"] == accuracy
    assert found.metrics["each/mean"] == pytest.approx(accuracy)
    assert found.metrics["whole"] == 1 and found.metrics["whole/sum"] > 0
    rows = json.loads((run.folder / "eval_results_table.json").read_text())
    assert "each/score" in rows["columns"] and len(rows["data"]) == len(table)


def test_metrics_alone(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    mean = make_metric(eval_fn=lambda predictions: predictions.mean(), greater_is_better=True, name="mean")
    found = measured(data=two_columns(model, table), targets="target", predictions="said", extra_metrics=[mean])
    assert list(found.metrics) == ["mean"]


def test_files_of_a_user(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer

    def files(rows: pd.DataFrame, known: dict[str, float], folder: str) -> dict[str, Any]:
        note = Path(folder, "note.txt")
        note.write_text(f"{len(rows)} rows")
        return {"note": str(note), "head": rows.head(2), "known": known, "array": np.arange(3), "json": '{"a": 1}'}

    with runfolio.start_run() as run:
        found = measured(
            model, table.drop(columns="group"), targets="target", model_type="classifier", custom_artifacts=[files]
        )
    assert found.artifacts["note"].content == f"{len(table)} rows"
    assert len(found.artifacts["head"].content) == 2
    assert found.artifacts["known"].content["accuracy_score"] == found.metrics["accuracy_score"]
    assert found.artifacts["array"].content.tolist() == [0, 1, 2]
    assert found.artifacts["json"].content == {"a": 1}
    assert (run.folder / "array.npy").is_file()


def test_a_result_is_saved_and_read(cancer: tuple[Any, pd.DataFrame], tmp_path: Path) -> None:
    model, table = cancer
    found = measured(model, table.drop(columns="group"), targets="target", model_type="classifier")
    found.save(tmp_path / "result")
    again = EvaluationResult.load(tmp_path / "result")
    assert again.metrics == found.metrics and set(again.artifacts) == set(found.artifacts)
    pd.testing.assert_frame_equal(again.tables["per_class_metrics"], found.tables["per_class_metrics"])
    with pytest.raises(NotFound):
        EvaluationResult.load(tmp_path / "nothing")


def test_a_prefix_is_before_every_name(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    options = {**FAST, "metric_prefix": "val_"}
    with runfolio.start_run() as run:
        found = measured(
            model, table.drop(columns="group"), targets="target", model_type="classifier", evaluator_config=options
        )
    assert "val_accuracy_score" in found.metrics and "accuracy_score" not in found.metrics
    assert (run.folder / "val_roc_curve_plot.png").is_file()


def test_a_baseline_and_thresholds(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    data = table.drop(columns="group")
    given = {"targets": "target", "model_type": "classifier"}

    def guess(features: Any) -> Any:
        return np.ones(len(features), dtype=int)

    good = {"accuracy_score": MetricThreshold(0.5, 0.01, 0.01, greater_is_better=True)}
    found = measured(model, data, baseline_model=guess, validation_thresholds=good, **given)
    lines = found.tables["baseline_comparison"].set_index("metric")
    assert lines.loc["accuracy_score", "difference"] == pytest.approx(
        found.metrics["accuracy_score"] - found.baseline_model_metrics["accuracy_score"]
    )
    with pytest.raises(ModelValidationFailedException, match=r"accuracy_score is 0\.7.*must be at least 0\.99"):
        measured(
            guess,
            data,
            validation_thresholds={"accuracy_score": MetricThreshold(0.99, greater_is_better=True)},
            **given,
        )


@pytest.mark.parametrize(
    ("threshold", "candidate", "baseline", "passes"),
    [
        (MetricThreshold(0.8, greater_is_better=True), 0.8, None, True),
        (MetricThreshold(0.8, greater_is_better=True), 0.79, None, False),
        (MetricThreshold(0.8, greater_is_better=False), 0.79, None, True),
        (MetricThreshold(min_absolute_change=0.1, greater_is_better=True), 0.5, 0.41, False),
        (MetricThreshold(min_absolute_change=0.1, greater_is_better=False), 0.3, 0.5, True),
        (MetricThreshold(min_relative_change=0.1, greater_is_better=True), 0.56, 0.5, True),
        (MetricThreshold(min_relative_change=0.1, greater_is_better=True), 0.54, 0.5, False),
        (MetricThreshold(min_relative_change=0.1, greater_is_better=True), -0.8, -1.0, True),
        (MetricThreshold(min_relative_change=0.1, greater_is_better=True), 0.0, 0.0, False),
        (MetricThreshold(min_relative_change=0.1, greater_is_better=True), math.nan, 0.5, False),
        (MetricThreshold(min_relative_change=0.1, greater_is_better=True), 0.5, None, False),
    ],
)
def test_thresholds(threshold: MetricThreshold, candidate: float, baseline: float | None, passes: bool) -> None:
    before = None if baseline is None else EvaluationResult({"m": baseline}, {})
    after = EvaluationResult({"m": candidate}, {})
    if passes:
        runfolio.validate_evaluation_results({"m": threshold}, after, before)
    else:
        with pytest.raises(ModelValidationFailedException):
            runfolio.validate_evaluation_results({"m": threshold}, after, before)


@pytest.mark.parametrize(
    "given",
    [
        {"greater_is_better": True},
        {"threshold": "0.5", "greater_is_better": True},
        {"threshold": 0.5},
        {"min_absolute_change": -1, "greater_is_better": True},
        {"min_relative_change": 2.0, "greater_is_better": True},
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        MetricThreshold(**given)


TABLE = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [0, 1, 0, 1], "said": [0, 1, 1, 1]})
CLASSIFIER: dict[str, Any] = {"targets": "y", "predictions": "said", "model_type": "classifier"}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no data": ({**CLASSIFIER, "data": None}, "no data"),
    "no rows": ({**CLASSIFIER, "data": TABLE[:0]}, "no row"),
    "no such column": ({**CLASSIFIER, "targets": "z"}, "no column 'z' of targets"),
    "no targets": ({**CLASSIFIER, "targets": None}, "against targets"),
    "no predictions": ({**CLASSIFIER, "predictions": None}, "neither a model nor"),
    "a target is missing": ({**CLASSIFIER, "data": TABLE.assign(y=[0, math.nan, 1, 1])}, "1 of the targets .* row 1"),
    "a prediction is infinite": (
        {**CLASSIFIER, "data": TABLE.assign(said=[0, 1, math.inf, 1]), "model_type": "regressor"},
        "1 of the predictions .* row 2",
    ),
    "one label": ({**CLASSIFIER, "data": TABLE.assign(y=1, said=1)}, "All rows have the label 1"),
    "two kinds of labels": ({**CLASSIFIER, "data": TABLE.assign(said=["0", "1", "1", "1"])}, "numbers and texts"),
    "fractions": ({**CLASSIFIER, "targets": "x", "data": TABLE.assign(x=0.5)}, "fractions, not labels"),
    "lengths": ({**CLASSIFIER, "targets": [0, 1]}, "4 rows of data, but 2 targets"),
    "weights": ({**CLASSIFIER, "evaluator_config": {"sample_weights": [-1, 1, 1, 1]}}, "Weights"),
    "a label that is not listed": (
        {**CLASSIFIER, "evaluator_config": {"label_list": [1, 2]}},
        "0 is not in label_list",
    ),
    "the positive label": ({**CLASSIFIER, "evaluator_config": {"pos_label": 7}}, "positive label 7"),
    "texts to regress": ({**CLASSIFIER, "model_type": "regressor", "data": TABLE.assign(y="a")}, "are numbers"),
    "probabilities": ({**CLASSIFIER, "probabilities": np.full((4, 3), 1 / 3)}, "probabilities of 3 labels, but 2"),
    "an unknown type": ({**CLASSIFIER, "model_type": "ranker"}, "no model_type 'ranker'"),
    "nothing to measure": ({**CLASSIFIER, "model_type": None}, "nothing to measure"),
    "another environment": ({**CLASSIFIER, "env_manager": "conda"}, "conda"),
    "a slice": ({**CLASSIFIER, "slices": ["nowhere > 3"]}, "neither a column nor an expression"),
    "a slice of numbers": ({**CLASSIFIER, "slices": ["x + 1"]}, "yes or no"),
    "no model": ({**CLASSIFIER, "model": 3}, "not int"),
    "too few predictions": ({**CLASSIFIER, "predictions": None, "model": lambda x: [1]}, "1 predictions for 4 rows"),
    "an option": ({**CLASSIFIER, "evaluator_config": {"pos_lable": 1}}, "no option 'pos_lable'. Is it 'pos_label'?"),
    "a column of texts": (
        {
            **CLASSIFIER,
            "predictions": None,
            "data": TABLE.assign(who="me"),
            "model": lambda x: x.to_numpy().astype(float),
        },
        "columns of texts: who. .*feature_names=",
    ),
    "no number": ({**CLASSIFIER, "extra_metrics": [lambda predictions: 1]}, "no name"),
    "what is not there": (
        {**CLASSIFIER, "extra_metrics": [make_metric(eval_fn=lambda nowhere: 1, greater_is_better=True, name="m")]},
        "asks for 'nowhere'",
    ),
}


@pytest.mark.parametrize(("given", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_used_is_refused_before_anything_is_logged(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        measured(**{"data": TABLE, **given})
    close_all()
    assert not runfolio.search_runs(search_all_experiments=True, output_format="list")


def test_one_label_among_the_targets_leaves_some_metrics_out() -> None:
    table = TABLE.assign(y=1, chance=[0.2, 0.6, 0.7, 0.8])
    found = measured(data=table, probabilities="chance", **CLASSIFIER)
    assert found.metrics["accuracy_score"] == 0.75
    assert "roc_auc" not in found.metrics and any("roc_auc" in note for note in found.notes)


def test_several_labels_for_each_row_are_refused() -> None:
    labels = np.array([[0, 1], [1, 0], [1, 1], [0, 0]])
    model = MultiOutputClassifier(LogisticRegression()).fit(TABLE[["x"]], labels)
    with pytest.raises(InvalidValue, match="2 labels for each row"):
        measured(model, TABLE[["x"]], targets=labels, model_type="classifier")


def test_a_model_cannot_change_the_data(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    data = table.drop(columns="group")
    before = data.copy()

    def spoil(features: pd.DataFrame) -> Any:
        said = model.predict(features)
        features.iloc[:, :] = 0
        return said

    evaluate(spoil, data, targets="target", model_type="classifier")
    pd.testing.assert_frame_equal(data, before)


def test_a_slow_model_is_explained_by_fewer_rows_and_shuffles_and_this_is_told(
    cancer: tuple[Any, pd.DataFrame],
) -> None:
    model, table = cancer
    rows, config = table.drop(columns="group"), {"explainability_seconds": 1e-6}
    result = evaluate(model, rows, targets="target", model_type="classifier", evaluator_config=config)
    (note,) = [one for one in result.notes if one.startswith("The model is slow")]
    assert note == "The model is slow: importances are of 100 rows, shuffled 2 times."
    assert len(result.tables["permutation_importance_plot"]) == 4


def test_the_shares_of_few_features_are_those_of_all_their_combinations(cancer: tuple[Any, pd.DataFrame]) -> None:
    model, table = cancer
    asked: list[int] = []

    def chances(rows: Any) -> Any:
        asked.append(len(rows))
        return model.predict_proba(rows)

    found, examples = Findings(), read_examples(table, Columns("target", features=list(table.columns[:4])))
    shap_values(examples, chances, found)
    assert sum(asked) == 200 * 16 * 50  # all combinations of four features, each with 50 usual rows
    assert not found.notes and found.tables["shap_feature_importance_plot"]["importance"].gt(0).all()
    shap_values(examples, chances, found, seconds=1e-6)
    assert found.notes[0].startswith("SHAP values are of 1 rows")


def test_the_shares_of_a_linear_model_are_its_coefficients_times_what_is_unusual(
    cancer: tuple[Any, pd.DataFrame],
) -> None:
    table = cancer[1].iloc[:60, :4]
    weights = np.array([1.0, -2.0, 0.5, 0.0])
    found = Findings()
    shap_values(read_examples(table, Columns()), lambda rows: rows.to_numpy() @ weights, found)
    unusual = table.to_numpy() - table.sample(50, random_state=0).to_numpy().mean(axis=0)
    expected = dict(zip(table.columns, np.abs(unusual * weights).mean(axis=0), strict=True))
    shares = found.tables["shap_feature_importance_plot"].set_index("feature")["importance"].to_dict()
    assert shares == pytest.approx(expected)
