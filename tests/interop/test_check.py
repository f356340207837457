"""A model that is saved here works where nothing is installed but what it says, with the real MLflow to load it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import runfolio.pyfunc
import runfolio.sklearn
from runfolio.environments import building
from runfolio.models.environment.check import check

FRAME = pd.DataFrame({"a": [0.5, 1.5], "b": [1.0, 3.0]})


@pytest.fixture(scope="module")
def index() -> None:
    """Where packages come from can be reached; without it there is nothing to test."""
    program = building.uv()
    if program is None:
        pytest.skip("uv is not installed")
    command = [program, "pip", "install", "--dry-run", "--quiet", "--python", sys.executable, "--reinstall", "mlflow"]
    if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode:
        pytest.skip("no index of packages with MLflow can be reached")


@pytest.mark.interop
@pytest.mark.slow
@pytest.mark.usefixtures("index")
def test_models_work_where_only_what_they_declare_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS", str(tmp_path / "environments"))

    class Sums(runfolio.pyfunc.PythonModel):
        def predict(self, context: object, model_input: pd.DataFrame, params: object = None) -> list[float]:
            import yaml

            return [float(yaml.safe_load("1")) + value for value in model_input.sum(axis=1)]

    runfolio.sklearn.save_model(LinearRegression().fit(FRAME, [1.0, 2.0]), tmp_path / "s", input_example=FRAME)
    runfolio.pyfunc.save_model(tmp_path / "p", python_model=Sums(), input_example=FRAME)
    for name in ("s", "p"):
        found = check(tmp_path / name)
        assert (found.result, found.compared, found.loader[:7]) == ("passed", True, "mlflow "), found
