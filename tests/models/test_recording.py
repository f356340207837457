"""What a model is seen to import when it is saved, and the files that tell of it."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import runfolio.pyfunc
import runfolio.sklearn
from runfolio.models.environment import distributions, recording

pytestmark = pytest.mark.usefixtures("imports_are_looked_for")
FRAME = pd.DataFrame({"a": [0.5, 1.5], "b": [1.0, 3.0]})


def uses() -> runfolio.pyfunc.PythonModel:
    """A model that imports where a look at its file would not find it: in the function."""

    class Uses(runfolio.pyfunc.PythonModel):
        def predict(self, context: object, model_input: pd.DataFrame, params: object = None) -> list[float]:
            import yaml

            return [float(yaml.safe_load("2")) * value for value in model_input["a"]]

    return Uses()


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def names(lines: list[str]) -> set[str]:
    return {line.partition("==")[0] for line in lines}


def test_a_model_of_a_library_requires_what_its_pickle_names(tmp_path: Path) -> None:
    model = LinearRegression().fit(FRAME, [1.0, 2.0])
    runfolio.sklearn.save_model(model, tmp_path / "m", input_example=FRAME, serialization_format="cloudpickle")
    lines = lines_of(tmp_path / "m" / "requirements.txt")
    assert f"numpy=={metadata.version('numpy')}" in lines
    assert f"scikit-learn=={metadata.version('scikit-learn')}" in lines
    assert "pytest" not in names(lines)
    assert (tmp_path / "m" / "conda.yaml").read_text().count("scikit-learn==") == 1


def test_the_lock_has_what_the_requirements_require(tmp_path: Path) -> None:
    runfolio.sklearn.save_model(LinearRegression().fit(FRAME, [1.0, 2.0]), tmp_path / "m")
    lock = lines_of(tmp_path / "m" / recording.LOCK)
    assert {f"{name}=={metadata.version(name)}" for name in ("joblib", "threadpoolctl", "scipy")} <= set(lock)
    assert not any("://" in line or "mlflow" in line or "runfolio" in line for line in lock)


def test_what_a_function_imports_is_required(tmp_path: Path) -> None:
    runfolio.pyfunc.save_model(tmp_path / "m", python_model=uses(), input_example=FRAME)
    lines = lines_of(tmp_path / "m" / "requirements.txt")
    assert {f"pyyaml=={metadata.version('pyyaml')}", f"pandas=={metadata.version('pandas')}"} <= set(lines)
    assert "scikit-learn" not in names(lines)


def test_the_output_for_the_example_is_kept(tmp_path: Path) -> None:
    runfolio.pyfunc.save_model(tmp_path / "m", python_model=uses(), input_example=FRAME)
    assert json.loads((tmp_path / "m" / recording.OUTPUT).read_text()) == [1.0, 3.0]


def test_modules_that_are_not_in_the_model_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "helper_of_strays.py").write_text("def double(x):\n    return 2 * x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import helper_of_strays  # type: ignore[import-not-found]

    class Strays(runfolio.pyfunc.PythonModel):
        def predict(self, context: object, model_input: list[float], params: object = None) -> list[float]:
            return [helper_of_strays.double(value) for value in model_input]

    runfolio.pyfunc.save_model(tmp_path / "m", python_model=Strays(), input_example=[1.5])
    assert "helper_of_strays (" in caplog.text
    caplog.clear()
    runfolio.pyfunc.save_model(
        tmp_path / "n", python_model=Strays(), input_example=[1.5], code_paths=[str(tmp_path / "helper_of_strays.py")]
    )
    assert "helper_of_strays" not in caplog.text


def test_a_model_that_does_not_load_is_saved_with_what_its_library_needs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(runfolio.pyfunc.PythonModel):
        def load_context(self, context: object) -> None:
            raise RuntimeError("no such device")

        def predict(self, context: object, model_input: list[float], params: object = None) -> list[float]:
            return model_input

    runfolio.pyfunc.save_model(tmp_path / "m", python_model=Broken())
    assert "no such device" in caplog.text
    assert "cloudpickle" in names(lines_of(tmp_path / "m" / "requirements.txt"))
    assert (tmp_path / "m" / recording.LOCK).is_file()


def test_a_model_that_takes_too_long_is_saved_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(runfolio.pyfunc.PythonModel):
        def predict(self, context: object, model_input: list[float], params: object = None) -> list[float]:
            import time

            time.sleep(600)
            return model_input

    monkeypatch.setenv("MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT", "3")
    monkeypatch.setattr("runfolio.models.saving._sign", lambda *_: None)  # which would ask it here
    runfolio.pyfunc.save_model(tmp_path / "m", python_model=Slow(), input_example=[1.5])
    assert "took too long" in caplog.text


def test_requirements_that_were_given_stand_alone(tmp_path: Path) -> None:
    model = LinearRegression().fit(FRAME, [1.0, 2.0])
    runfolio.sklearn.save_model(model, tmp_path / "m", pip_requirements=["scikit-learn"])
    lines = lines_of(tmp_path / "m" / "requirements.txt")
    assert [line for line in lines if not line.startswith("mlflow")] == ["scikit-learn"]
    assert f"scipy=={metadata.version('scipy')}" in lines_of(tmp_path / "m" / recording.LOCK)


def test_what_a_model_logs_while_it_is_looked_at_is_lost(tmp_path: Path, logging_to: Path) -> None:
    class Logs(runfolio.pyfunc.PythonModel):
        def predict(self, context: object, model_input: list[float], params: object = None) -> list[float]:
            runfolio.log_metric("asked", 1.0)
            return model_input

    with runfolio.start_run() as run:
        runfolio.pyfunc.log_model(name="m", python_model=Logs(), input_example=[1.5])
    assert list(logging_to.rglob("output_example.json")), "it was asked"
    assert not runfolio.MlflowClient().get_metric_history(run.info.run_id, "asked")
    assert len(runfolio.search_runs(output_format="list")) == 1


def test_a_closure_goes_through_extras_and_markers() -> None:
    assert {"scikit-learn", "numpy", "joblib"} <= distributions.closure(["scikit-learn"])
    assert distributions.closure(["no-such-package"]) == set()
    assert ("colorama" in distributions.closure(["pytest"])) == (sys.platform == "win32")
