"""What is measured here beside what the real MLflow measures of the same model and data."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runfolio.models import EvaluationResult, evaluate

pytestmark = [
    pytest.mark.interop,
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]

# Read by both processes, so that both have the same models and data.
CASES = """
import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression

def cases():
    x, y = load_breast_cancer(return_X_y=True, as_frame=True)
    x = x.iloc[:, :5]
    model = LogisticRegression(max_iter=5000).fit(x[:300], y[:300])
    rows = x[300:].assign(target=y[300:])
    weights = np.linspace(0.1, 2, len(rows)).tolist()
    yield "two labels", model, rows, "classifier", {}
    yield "the other one is positive", model, rows, "classifier", {"pos_label": 0}
    yield "weights", model, rows, "classifier", {"sample_weights": weights}
    x, y = load_iris(return_X_y=True, as_frame=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    model = RandomForestClassifier(8, max_depth=2, random_state=0).fit(x[::2], names[::2])
    rows = x[1::2].assign(target=names[1::2])
    yield "three labels", model, rows, "classifier", {}
    yield "macro", model, rows, "classifier", {"average": "macro"}
    x, y = load_diabetes(return_X_y=True, as_frame=True)
    model = LinearRegression().fit(x[:200], y[:200])
    rows = x[200:].assign(target=y[200:])
    yield "numbers", model, rows, "regressor", {}
    yield "weighted numbers", model, rows, "regressor", {"sample_weights": np.linspace(0.1, 2, len(rows)).tolist()}
"""
THEIRS = (
    CASES
    + """
import json, logging, sys, warnings
sys.modules["runfolio"] = None
warnings.simplefilter("ignore")
import matplotlib
matplotlib.use("agg")
import mlflow
logging.getLogger("mlflow").setLevel("ERROR")
mlflow.set_tracking_uri("sqlite:///mlflow.db")
found = {}
for number, (name, model, rows, kind, options) in enumerate(cases()):
    mlflow.sklearn.save_model(model, f"model{number}", serialization_format="cloudpickle")
    options = {**options, "log_model_explainability": False}
    result = mlflow.evaluate(f"model{number}", rows, targets="target", model_type=kind, evaluator_config=options)
    found[name] = result.metrics
    if not number:
        result.save("theirs")
        again = mlflow.models.EvaluationResult.load("ours")
        found["ours"] = {"metrics": again.metrics, "artifacts": sorted(again.artifacts)}
json.dump(found, open("found.json", "w"), default=float)
"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the real MLflow has measured all cases, and has read what was saved here."""
    place = tmp_path_factory.mktemp("evaluations")
    _name, model, rows, kind, options = next(cases())
    with pytest.MonkeyPatch.context() as patched:  # what keeps a test apart is not there yet
        patched.setenv("RUNFOLIO_STORE", str(place / "store"))
        ours(model, rows, kind, options).save(place / "ours")
    (place / "script.py").write_text(THEIRS, encoding="utf-8")
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet"}
    subprocess.run([sys.executable, "script.py"], cwd=place, env=environment, check=True, timeout=300)
    return place


def cases() -> Any:
    """Name, model, rows, type and options of each case."""
    space: dict[str, Any] = {}
    exec(CASES, space)
    return space["cases"]()


def ours(model: Any, rows: Any, kind: str, options: dict[str, Any]) -> EvaluationResult:
    return evaluate(
        model, rows, targets="target", model_type=kind, evaluator_config={**options, "log_model_explainability": False}
    )


def test_the_values_are_the_same(folder: Path) -> None:
    theirs = json.loads((folder / "found.json").read_text())
    for name, model, rows, kind, options in cases():
        here = ours(model, rows, kind, options).metrics
        assert set(theirs[name]) <= set(here), name
        for metric, value in theirs[name].items():
            assert here[metric] == pytest.approx(value, rel=1e-9), (name, metric)


def test_each_reads_the_results_of_the_other(folder: Path) -> None:
    read = json.loads((folder / "found.json").read_text())["ours"]
    assert read["metrics"]["accuracy_score"] > 0.8 and "roc_curve_plot" in read["artifacts"]
    theirs = EvaluationResult.load(folder / "theirs")
    assert theirs.metrics["accuracy_score"] == read["metrics"]["accuracy_score"]
    assert theirs.artifacts["confusion_matrix"].content.size[0] > 100
