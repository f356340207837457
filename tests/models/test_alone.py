"""Models as folders that run where there is no Runfolio: the script of each is run where importing it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import runfolio.pyfunc
import runfolio.sklearn
from runfolio.cli.main import app
from runfolio.core.errors import InvalidValue
from runfolio.models import infer_signature
from runfolio.models.alone.folder import export_alone

ROWS = pd.DataFrame({"a": np.linspace(0.0, 3.0, 40), "b": np.linspace(5.0, 1.0, 40) ** 2})
TARGET = (ROWS["a"] > 1.4).astype(int)
#: Found before all else by the script's Python: a module whose import fails.
GUARD = "raise AssertionError('Runfolio is not needed here')"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving asks no process what a model imports."""
    monkeypatch.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")


def predicted(folder: Path, rows: pd.DataFrame, suffix: str = ".csv") -> pd.DataFrame:
    """What the script of a folder writes."""
    (folder.parent / "guard").mkdir(exist_ok=True)
    (folder.parent / "guard" / "runfolio.py").write_text(GUARD)
    source, target = folder.parent / "rows.csv", folder.parent / f"predictions{suffix}"
    rows.to_csv(source, index=False)
    command = [sys.executable, str(folder / "predict.py"), str(source), str(target)]
    variables = {**os.environ, "PYTHONPATH": str(folder.parent / "guard")}
    done = subprocess.run(command, env=variables, cwd=folder.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len((folder / "predict.py").read_text().splitlines()) <= 60
    return pd.read_csv(target) if suffix == ".csv" else pd.DataFrame(json.loads(target.read_text()))


def assert_alike(model: Path, tmp_path: Path, rows: Any = ROWS, *, onnx: bool = False, close: float = 1e-9) -> None:
    """The script's predictions are those of the model as it is loaded here."""
    folder = tmp_path / "alone"
    export_alone(model, folder, onnx=onnx)
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    found = predicted(folder, given).iloc[:, 0].to_numpy()
    expected = runfolio.pyfunc.load_model(model).predict(rows)
    expected = expected.iloc[:, 0] if isinstance(expected, pd.DataFrame) else expected
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float).reshape(len(found), -1)[:, 0], rtol=close)
    assert len({*found}) > 1


@pytest.mark.parametrize("form", ["skops", "cloudpickle", "pickle"])
def test_an_estimator_predicts_the_same_without_runfolio(tmp_path: Path, form: str) -> None:
    from sklearn.linear_model import LogisticRegression

    model = tmp_path / "model"
    runfolio.sklearn.save_model(
        LogisticRegression().fit(ROWS, TARGET), model, serialization_format=form, input_example=ROWS[:2]
    )
    assert_alike(model, tmp_path)


def test_probabilities_have_a_column_each_and_json_is_written(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    model, estimator = tmp_path / "model", LogisticRegression().fit(ROWS, TARGET)
    runfolio.sklearn.save_model(estimator, model, pyfunc_predict_fn="predict_proba", input_example=ROWS[:2])
    export_alone(model, tmp_path / "alone")
    found = predicted(tmp_path / "alone", ROWS, ".json")
    assert [*found] == ["prediction_0", "prediction_1"]
    np.testing.assert_allclose(found.to_numpy(), estimator.predict_proba(ROWS), rtol=1e-9, atol=1e-14)


def test_arrays_and_columns_of_other_types_are_read_by_the_signature(tmp_path: Path) -> None:
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    array = ROWS.to_numpy()
    signature = infer_signature(array, TARGET.to_numpy())
    runfolio.sklearn.save_model(LinearRegression().fit(array, ROWS["a"]), tmp_path / "arrays", signature=signature)
    assert_alike(tmp_path / "arrays", tmp_path / "one", array)
    mixed = pd.DataFrame({"kind": ["007", "7"] * 20, "n": np.arange(40, dtype="int64"), "more": 1})
    columns = make_column_transformer((OneHotEncoder(), ["kind"]), remainder="passthrough")
    estimator = make_pipeline(columns, LinearRegression()).fit(mixed[["kind", "n"]], ROWS["b"])
    signature = infer_signature(mixed[["kind", "n"]])
    runfolio.sklearn.save_model(estimator, tmp_path / "mixed", signature=signature, serialization_format="cloudpickle")
    assert_alike(tmp_path / "mixed", tmp_path / "two", mixed[["n", "more", "kind"]])


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    estimator = LogisticRegression().fit(ROWS, TARGET)
    runfolio.sklearn.save_model(estimator, tmp_path / "model", input_example=ROWS[:2])
    export_alone(tmp_path / "model", tmp_path / "alone")
    with pytest.raises(AssertionError, match=r"rows\.csv has no column b\."):
        predicted(tmp_path / "alone", ROWS[["a"]])
    with pytest.raises(AssertionError, match=r"python predict\.py ROWS\.csv"):
        predicted(tmp_path / "alone", ROWS, ".xlsx")


@pytest.mark.parametrize("kind", ["booster", "estimator"])
@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
def test_models_of_boosting_predict_the_same(tmp_path: Path, library: str, kind: str) -> None:
    pytest.importorskip(library)
    estimator = _estimator(library).fit(ROWS, ROWS["b"])
    own = {"xgboost": "get_booster", "lightgbm": "booster_"}.get(library)
    model = estimator
    if kind == "booster" and own is not None:
        model = getattr(estimator, own)
        model = model() if callable(model) else model
    module: Any = __import__(f"runfolio.{library}", fromlist=["save_model"])
    module.save_model(model, tmp_path / "model", signature=infer_signature(ROWS))
    assert_alike(tmp_path / "model", tmp_path, close=1e-5)


def _estimator(library: str) -> Any:
    if library == "catboost":
        from catboost import CatBoostRegressor

        return CatBoostRegressor(iterations=5, verbose=False, allow_writing_files=False)
    if library == "xgboost":
        from xgboost import XGBRegressor

        return XGBRegressor(n_estimators=5)
    from lightgbm import LGBMRegressor

    return LGBMRegressor(n_estimators=5, min_child_samples=2, verbose=-1)


def test_an_estimator_as_a_graph_predicts_the_same(tmp_path: Path) -> None:
    pytest.importorskip("skl2onnx")
    pytest.importorskip("onnxruntime")
    from sklearn.linear_model import LogisticRegression

    model = tmp_path / "model"
    runfolio.sklearn.save_model(LogisticRegression().fit(ROWS, TARGET), model, input_example=ROWS[:2])
    assert_alike(model, tmp_path, onnx=True)
    assert [one.name for one in (tmp_path / "alone" / "model").iterdir()] == ["model.onnx"]
    assert "scikit-learn" not in (tmp_path / "alone" / "requirements.txt").read_text()


def test_a_graph_predicts_the_same(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    convert: Any = pytest.importorskip("skl2onnx")
    from sklearn.linear_model import LinearRegression

    import runfolio.onnx

    graph = convert.to_onnx(LinearRegression().fit(ROWS.to_numpy(), ROWS["a"]), ROWS.to_numpy()[:1].astype("float32"))
    runfolio.onnx.save_model(graph, tmp_path / "model", signature=infer_signature(ROWS))
    assert_alike(tmp_path / "model", tmp_path, close=1e-5)


def test_what_needs_a_loader_besides_its_library_is_refused(tmp_path: Path) -> None:
    class Echo(runfolio.pyfunc.PythonModel):
        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            return model_input

    runfolio.pyfunc.save_model(tmp_path / "model", python_model=Echo())
    with pytest.raises(InvalidValue, match="does not run by its library alone"):
        export_alone(tmp_path / "model", tmp_path / "alone")
    assert not [*tmp_path.glob("*alone*"), *tmp_path.glob(".*.part")]


def test_the_command_line_writes_the_folder(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    estimator = LogisticRegression().fit(ROWS, TARGET)
    runfolio.sklearn.save_model(estimator, tmp_path / "model", input_example=ROWS[:2])
    asked = ["models", "export", str(tmp_path / "model"), str(tmp_path / "alone"), "--self-contained"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "alone" / "Dockerfile").read_text()
    assert 'ENTRYPOINT ["python", "/opt/model/predict.py"]' in text
    assert {one.name for one in (tmp_path / "alone").iterdir()} >= {"model", "predict.py", "requirements.txt"}
    assert "mlflow" not in (tmp_path / "alone" / "requirements.txt").read_text()
