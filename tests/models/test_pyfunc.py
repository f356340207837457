"""Python models, functions, scripts and loader modules: saved, loaded and called."""

from __future__ import annotations

import importlib.util
import json
import logging
import subprocess
import sys
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import runfolio.models
import runfolio.pyfunc
from runfolio.core.errors import AlreadyExists, EnvironmentProblem, InvalidValue, NotFound
from runfolio.models import Model, infer_signature
from runfolio.models.flavors.flavor import Opened
from runfolio.models.pyfunc.foreign import ForeignModel, load_with_mlflow
from runfolio.models.safety.asked import ModelFailed
from runfolio.models.safety.handing import pack, unpack
from runfolio.models.safety.limits import Limits

TABLE = pd.DataFrame({"a": [1.0, 2.0], "b": [3, 4]})


class Scaled(runfolio.pyfunc.PythonModel):
    """Multiplies by a number in a file, and adds what its configuration says."""

    def load_context(self, context: runfolio.pyfunc.PythonModelContext) -> None:
        self.factor = float(Path(context.artifacts["factor"]).read_text())

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return model_input * self.factor + context.model_config["add"] + (params or {}).get("more", 0)

    def predict_stream(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        yield from model_input


@pytest.fixture
def factor(tmp_path: Path) -> str:
    file = tmp_path / "factor.txt"
    file.write_text("10")
    return str(file)


def test_a_python_model_finds_its_files_configuration_and_params(tmp_path: Path, factor: str) -> None:
    folder = tmp_path / "model"
    runfolio.pyfunc.save_model(
        folder,
        python_model=Scaled(),
        artifacts={"factor": factor},
        model_config={"add": 1},
        signature=infer_signature(TABLE, TABLE, params={"more": 0}),
    )
    Path(factor).unlink()
    model = runfolio.pyfunc.load_model(folder)
    assert model.predict(TABLE)["a"].tolist() == [11.0, 21.0]
    assert model.predict(TABLE, params={"more": 100})["a"].tolist() == [111.0, 121.0]
    assert runfolio.pyfunc.load_model(folder, model_config={"add": 2}).predict(TABLE)["a"].tolist() == [12.0, 22.0]
    assert isinstance(model.unwrap_python_model(), Scaled)
    assert list(model.predict_stream(TABLE)) == ["a", "b"]
    assert model.metadata.flavors["python_function"]["loader_module"] == "mlflow.pyfunc.model"


def test_mlflows_variable_changes_the_configuration(
    tmp_path: Path, factor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runfolio.pyfunc.save_model(
        tmp_path / "model", python_model=Scaled(), artifacts={"factor": factor}, model_config={"add": 1}
    )
    monkeypatch.setenv("MLFLOW_PYFUNC_INFERENCE_CONFIG", '{"add": 3}')
    assert runfolio.pyfunc.load_model(tmp_path / "model").predict(TABLE)["a"].tolist() == [13.0, 23.0]
    for text in ("{", "[1]", "[" * 10_000):
        monkeypatch.setenv("MLFLOW_PYFUNC_INFERENCE_CONFIG", text)
        with pytest.raises(InvalidValue, match="MLFLOW_PYFUNC_INFERENCE_CONFIG is not a JSON object"):
            runfolio.pyfunc.load_model(tmp_path / "model")


def test_data_that_do_not_fit_the_signature_are_refused(tmp_path: Path, factor: str) -> None:
    runfolio.pyfunc.save_model(
        tmp_path / "model",
        python_model=Scaled(),
        artifacts={"factor": factor},
        model_config={"add": 1},
        signature=infer_signature(TABLE, TABLE),
    )
    with pytest.raises(InvalidValue, match="b"):
        runfolio.pyfunc.load_model(tmp_path / "model").predict(TABLE[["a"]])


def test_files_of_one_name_do_not_replace_each_other(tmp_path: Path) -> None:
    files = {}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text(name)
        files[name] = str(tmp_path / name / "same.txt")

    class Reading(runfolio.pyfunc.PythonModel):
        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            return [Path(context.artifacts[name]).read_text() for name in model_input]

    runfolio.pyfunc.save_model(tmp_path / "model", python_model=Reading(), artifacts=files)
    assert runfolio.pyfunc.load_model(tmp_path / "model").predict(["two", "one"]) == ["two", "one"]


def test_a_function_is_a_model_and_its_example_shows_the_signature(tmp_path: Path) -> None:
    def total(model_input: pd.DataFrame) -> pd.Series[Any]:
        return model_input.sum(axis=1)

    runfolio.pyfunc.save_model(tmp_path / "model", python_model=total, input_example=TABLE)
    model = runfolio.pyfunc.load_model(tmp_path / "model")
    assert model.predict(TABLE).tolist() == [4.0, 6.0]
    inputs = model.metadata.get_input_schema()
    assert inputs is not None and inputs.input_names() == ["a", "b"]
    pd.testing.assert_frame_equal(model.input_example, TABLE)


def test_a_function_that_takes_lists_is_given_lists(tmp_path: Path) -> None:
    def lengths(model_input: list[str]) -> list[int]:
        return [len(text) for text in model_input]

    signature = infer_signature(["a"], [1])
    runfolio.pyfunc.save_model(tmp_path / "model", python_model=lengths, signature=signature)
    assert runfolio.pyfunc.load_model(tmp_path / "model").predict(["abc", "d"]) == [3, 1]


SCRIPT = """
    from runfolio.models import ModelConfig, set_model
    from runfolio.pyfunc import PythonModel

    config = ModelConfig(development_config={"add": 5})

    class Adds(PythonModel):
        def predict(self, model_input, params=None):
            return [one + config.get("add") for one in model_input]

    set_model(Adds())
"""


def test_a_script_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "adds.py").write_text(textwrap.dedent(SCRIPT))
    runfolio.pyfunc.save_model(tmp_path / "model", python_model=tmp_path / "adds.py", model_config={"add": 1})
    assert (tmp_path / "model" / "adds.py").is_file()
    assert not (tmp_path / "model" / "python_model.pkl").exists()
    assert runfolio.pyfunc.load_model(tmp_path / "model").predict([1]) == [2]
    # Such a script cannot run where there is only MLflow.
    assert f"runfolio=={runfolio.__version__}" in (tmp_path / "model" / "requirements.txt").read_text()


def test_mlflow_runs_a_script_that_tells_its_model_to_runfolio(tmp_path: Path) -> None:
    if importlib.util.find_spec("mlflow") is None:
        pytest.skip("MLflow is not installed")
    for name, add in (("first", 1), ("second", 2)):
        (tmp_path / "adds.py").write_text(textwrap.dedent(SCRIPT))
        runfolio.pyfunc.save_model(tmp_path / name, python_model=tmp_path / "adds.py", model_config={"add": add})
    asked = """
        import sys, mlflow
        print([mlflow.pyfunc.load_model(folder).predict([1]) for folder in sys.argv[1:]])
    """
    command = [sys.executable, "-c", textwrap.dedent(asked), str(tmp_path / "first"), str(tmp_path / "second")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "[[2], [3]]", done.stderr


def test_the_loader_of_mlflow_is_told_of_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = types.ModuleType("mlflow.models.model")
    monkeypatch.setitem(sys.modules, "mlflow.models.model", loader)
    runfolio.models.set_model(model := object())
    assert vars(loader)["__mlflow_model__"] is model


def test_a_script_of_mlflow_runs_where_mlflow_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    (tmp_path / "adds.py").write_text(textwrap.dedent(SCRIPT).replace("runfolio", "mlflow"))
    runfolio.pyfunc.save_model(tmp_path / "model", python_model=str(tmp_path / "adds.py"))
    assert runfolio.pyfunc.load_model(tmp_path / "model").predict([1]) == [6]
    assert sys.modules["mlflow"] is None


def test_a_script_that_tells_of_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.py").write_text("x = 1\n")
    with pytest.raises(InvalidValue, match="tells of no model"):
        runfolio.pyfunc.save_model(tmp_path / "model", python_model=str(tmp_path / "none.py"))
    assert not (tmp_path / "model").exists()


def test_a_loader_module_makes_a_model_of_data_by_code_that_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "loader_of_text.py").write_text(
        "import helper_of_loader, pathlib\n"
        "def _load_pyfunc(path):\n"
        "    return helper_of_loader.Repeats(pathlib.Path(path).read_text())\n"
    )
    (tmp_path / "helper_of_loader.py").write_text(
        "class Repeats:\n"
        "    def __init__(self, text):\n"
        "        self.text = text\n"
        "    def predict(self, data):\n"
        "        return [self.text * one for one in data]\n"
    )
    (tmp_path / "text.txt").write_text("ab")
    runfolio.pyfunc.save_model(
        tmp_path / "model",
        loader_module="loader_of_text",
        data_path=tmp_path / "text.txt",
        code_paths=[str(tmp_path / name) for name in ("loader_of_text.py", "helper_of_loader.py")],
    )
    assert runfolio.pyfunc.load_model(tmp_path / "model").predict([1, 2]) == ["ab", "abab"]


def test_what_is_no_model_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    save: Any = runfolio.pyfunc.save_model
    with pytest.raises(InvalidValue, match="python_model is"):
        save(tmp_path / "model", python_model=3)
    with pytest.raises(InvalidValue, match="one argument"):
        save(tmp_path / "model", python_model=lambda a, b: a)
    with pytest.raises(InvalidValue, match="do not go with"):
        save(tmp_path / "model", python_model=len, loader_module="x")
    with pytest.raises(InvalidValue, match="as python_model"):
        save(tmp_path / "model")
    with pytest.raises(NotFound, match="no file"):
        save(tmp_path / "model", python_model=lambda x: x, code_paths=[str(tmp_path / "none")])
    with pytest.raises(InvalidValue, match="cannot be pickled"):
        save(tmp_path / "model", python_model=_unpicklable())
    assert list(tmp_path.iterdir()) == []


def _unpicklable() -> Any:
    generator = (one for one in range(3))

    def model(model_input: Any) -> Any:
        return generator

    return model


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(AlreadyExists):
        runfolio.pyfunc.save_model(tmp_path, python_model=lambda x: x)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_model_of_a_library_that_is_not_there_says_what_to_install(tmp_path: Path) -> None:
    Model().add_flavor("python_function", loader_module="module_that_is_missing").save(tmp_path / "MLmodel")
    with pytest.raises(EnvironmentProblem, match="needs module_that_is_missing"):
        runfolio.pyfunc.load_model(tmp_path)


def test_a_file_outside_of_the_folder_is_no_part_of_the_model(tmp_path: Path) -> None:
    (tmp_path / "outside.pkl").write_bytes(b"")
    folder = tmp_path / "model"
    folder.mkdir()
    entries = {"loader_module": "mlflow.pyfunc.model", "python_model": "../outside.pkl"}
    Model().add_flavor("python_function", **entries).save(folder / "MLmodel")
    with pytest.raises(NotFound, match="no file"):
        runfolio.pyfunc.load_model(folder)


def test_params_that_a_model_does_not_take_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    runfolio.pyfunc.save_model(tmp_path / "model", loader_module="json", data_path=None)
    model = runfolio.pyfunc.PyFuncModel(Model.load(tmp_path / "model"), _Plain())
    with caplog.at_level(logging.WARNING):
        assert model.predict([1], params={"a": 1}) == [1]
    assert "takes no params" in caplog.text


class _Plain:
    def predict(self, data: Any) -> Any:
        return data


def test_importing_models_loads_nothing_heavy() -> None:
    code = (
        "import sys, runfolio.models, runfolio.pyfunc;"
        "print(*sorted({'numpy', 'pandas', 'yaml', 'cloudpickle', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_model_whose_loader_is_none_of_ours_is_loaded_by_mlflow_in_a_process_of_its_own(tmp_path: Path) -> None:
    if importlib.util.find_spec("mlflow") is None:
        pytest.skip("MLflow is not installed")
    (tmp_path / "doubles.py").write_text(
        "import mlflow, sys\n"
        "class Doubles(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input, params=None):\n"
        "        print('not an answer', sys.stdin.read())\n"
        "        if isinstance(model_input, list) and model_input == ['wrong']:\n"
        "            raise ValueError('not this one')\n"
        "        return model_input * 2\n"
        "mlflow.models.set_model(Doubles())\n"
    )
    entries = {"loader_module": "mlflow.no_such_flavor", "model_code_path": "doubles.py"}
    Model().add_flavor("python_function", **entries).save(tmp_path / "MLmodel")
    with pytest.raises(InvalidValue, match="MLflow says of this model"):
        runfolio.pyfunc.load_model(tmp_path)
    entries["loader_module"] = "mlflow.pyfunc.loaders.code_model"
    Model().add_flavor("python_function", **entries).save(tmp_path / "MLmodel")
    opened = Opened(tmp_path, Model.load(tmp_path))
    model = load_with_mlflow(opened)
    assert model.predict([1, 2]) == [1, 2, 1, 2]
    dated = TABLE.set_axis(pd.date_range("2026-03-01", periods=len(TABLE), name="day"))
    pd.testing.assert_frame_equal(model.predict(dated), dated * 2)
    assert model.predict(TABLE["a"].to_numpy()).tolist() == [2.0, 4.0]
    with pytest.raises(InvalidValue, match="not this one"):
        model.predict(["wrong"])


def test_where_mlflow_is_not_installed_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    Model().add_flavor("python_function", loader_module="mlflow.prophet").save(tmp_path / "MLmodel")
    with pytest.raises(EnvironmentProblem, match=r"loaded by mlflow\.prophet"):
        runfolio.pyfunc.load_model(tmp_path)


VALUES = (
    st.none()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text()
    | st.lists(st.floats(allow_nan=False))
)


def handed(value: Any) -> Any:
    """A value as another process has it."""
    blobs: list[bytes] = []
    return unpack(json.loads(json.dumps(pack(value, blobs))), blobs)


@given(VALUES)
def test_values_come_back_from_a_child_process_as_they_were(value: Any) -> None:
    assert handed(value) == value


@pytest.mark.parametrize("dtype", ["float32", "int8", "bool", "<U3", "datetime64[s]"])
def test_arrays_come_back_from_a_child_process_as_they_were(dtype: str) -> None:
    array = np.zeros((2, 3), dtype)
    back = handed(array)
    assert back.dtype == array.dtype and back.tolist() == array.tolist()


def test_what_could_run_code_is_never_handed_over() -> None:
    with pytest.raises(InvalidValue, match="cannot be handed"):
        handed(np.array([_Plain()], dtype=object))


FALSE_MLFLOW = """
import os, time
class Model:
    def predict(self, data):
        if isinstance(data, list):
            time.sleep(600)
        return data
def load_model(folder, model_config=None):
    print("loading")
    assert "SECRET_OF_OURS" not in os.environ
    return Model()
"""


def test_a_model_that_mlflow_loads_is_held_to_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mlflow").mkdir()
    (tmp_path / "mlflow" / "__init__.py").write_text("")
    (tmp_path / "mlflow" / "pyfunc.py").write_text(FALSE_MLFLOW)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SECRET_OF_OURS", "x")
    model = ForeignModel(str(tmp_path), None, Limits(seconds=60))
    table = pd.DataFrame({1: [1.0, 2.0]})
    pd.testing.assert_frame_equal(model.predict(table), table)
    model = ForeignModel(str(tmp_path), None, Limits(seconds=3))
    with pytest.raises(ModelFailed, match="longer than 3 seconds"):
        model.predict([1])
