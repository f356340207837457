"""Models tried in environments of their own, which are made of small packages on the disk."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

import runfolio
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, Stopped
from runfolio.environments import building, cache
from runfolio.models.environment import check_result, keeping
from runfolio.models.environment.blame import Blame, blame
from runfolio.models.environment.check import check
from runfolio.models.environment.comparing import first_difference
from runfolio.models.environment.recipe import has_mlflow, read_recipe
from runfolio.models.safety.hashing import fingerprint
from tests.models.wheels import make_wheel, only_source

LOADER = """
{imports}
class Doubles:
    def predict(self, data, params=None):
        {body}
        return [{factor} * value for value in data]

def _load_pyfunc(path):
    return Doubles()
"""
MLFLOW = """
import json, pathlib
__version__ = "9.9"

class Metadata:
    saved_input_example_info = {"type": "json_object"}
    def load_input_example_params(self, path):
        return None

class Loaded:
    metadata = Metadata()
    input_example = [1, 2]
    def predict(self, data):
        try:
            import runfolio
        except ImportError:
            return [2 * one for one in data]
        raise AssertionError("Runfolio is here")

def load_model(path):
    assert (pathlib.Path(path) / "MLmodel").is_file()
    return Loaded()
"""


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that packages come from."""
    return only_source(tmp_path, monkeypatch)


def model_with(
    wheels: Path, *, imports: str = "", body: str = "pass", factor: int = 2, requirements: str = "tiny-loader==1.0"
) -> Path:
    """A model that is loaded by a package of its own, with an example and what came out for it."""
    text = LOADER.format(imports=imports, body=body, factor=factor)
    make_wheel(wheels, "tiny-loader", "1.0", {"tiny_loader.py": text})
    folder = wheels.parent / "model"
    folder.mkdir()
    example = {"artifact_path": "input_example.json", "type": "json_object"}
    flavors = {"python_function": {"loader_module": "tiny_loader"}}
    (folder / "MLmodel").write_text(json.dumps({"flavors": flavors, "saved_input_example_info": example}))
    (folder / "input_example.json").write_text("[1, 2]")
    (folder / "output_example.json").write_text("[2.0, 4.000001]")
    (folder / "requirements.txt").write_text(requirements)
    return folder


def test_a_model_that_works_passes_and_the_next_time_finds_its_environment(wheels: Path) -> None:
    folder = model_with(wheels)
    told: list[str] = []
    found = check(folder, tell=told.append)
    assert found.passed, found
    assert (found.stage, found.compared, found.loader, found.builder) == ("done", True, "runfolio", "uv")
    assert told[0].startswith("Making an environment")
    told.clear()
    assert check(folder, tell=told.append).passed
    assert told[0] == "The environment was made before."
    told.clear()
    assert check(folder, tell=told.append, fresh=True).passed
    assert told[0].startswith("Making an environment")


def test_mlflow_loads_where_the_requirements_have_it_and_runfolio_is_not_there(wheels: Path) -> None:
    folder = model_with(wheels, requirements="mlflow==9.9")
    make_wheel(wheels, "mlflow", "9.9", {"mlflow/__init__.py": "__version__ = '9.9'", "mlflow/pyfunc.py": MLFLOW})
    found = check(folder)
    assert (found.result, found.loader, found.compared) == ("passed", "mlflow 9.9", True), found


def test_another_output_than_the_stored_one_is_told(wheels: Path) -> None:
    found = check(model_with(wheels, factor=3))
    assert (found.result, found.stage) == ("differs", "compare")
    assert "at [0] 2.0 was stored, and 3 came out" in found.reason


def test_a_package_that_was_not_declared_is_named_though_it_is_installed_here(wheels: Path) -> None:
    found = check(model_with(wheels, imports="import yaml"))
    assert (found.result, found.stage, found.packages) == ("failed", "load", ("pyyaml",))
    assert "extra_pip_requirements" in found.hint


def test_a_package_that_only_predicting_needs_is_named(wheels: Path) -> None:
    found = check(model_with(wheels, body="import no_such_module"))
    assert (found.stage, found.packages) == ("predict", ("no_such_module",))


def test_a_missing_library_of_the_system_is_named(wheels: Path) -> None:
    found = check(model_with(wheels, imports="import ctypes; ctypes.CDLL('libnothing.so.7')"))
    assert found.libraries == ("libnothing.so.7",), found
    assert "system's own packages" in found.hint


def test_requirements_that_cannot_be_had_are_told(wheels: Path) -> None:
    found = check(model_with(wheels, requirements="tiny-loader==1.0\nno-such-package==5"))
    assert (found.result, found.stage) == ("failed", "environment")
    assert "no-such-package" in found.reason
    assert not [path for path in cache.root().iterdir() if path.is_dir()]


def test_a_lock_that_does_not_fit_gives_way(wheels: Path) -> None:
    folder = model_with(wheels)
    (folder / "runfolio-lock.txt").write_text("tiny-loader==0.5\n")
    told: list[str] = []
    assert check(folder, tell=told.append).passed
    assert any("lock" in one for one in told)


def test_a_lock_says_the_versions(wheels: Path) -> None:
    folder = model_with(wheels, imports="import other; assert other.VERSION == 1", requirements="tiny-loader\nother")
    for version in ("1.0", "2.0"):
        make_wheel(wheels, "other", version, {"other.py": f"VERSION = {version[0]}"})
    assert check(folder).result == "failed"
    (folder / "runfolio-lock.txt").write_text("other==1.0\n")
    assert check(folder).passed


def test_a_model_that_takes_too_long_is_ended(wheels: Path) -> None:
    found = check(model_with(wheels, body="import time; time.sleep(600)"), timeout=2.0)
    assert (found.result, found.reason) == ("failed", "It took longer than 2 seconds.")


def test_a_model_that_ends_its_process_is_told(wheels: Path) -> None:
    found = check(model_with(wheels, body="import os; os._exit(7)"))
    assert "code 7" in found.reason


def test_it_stops_when_nobody_waits_any_more(wheels: Path) -> None:
    folder = model_with(wheels, body="import time; time.sleep(600)")
    loading = threading.Event()

    def tell(text: str) -> None:
        if text.startswith("Loading"):
            loading.set()

    with pytest.raises(Stopped):
        check(folder, tell=tell, stopped=loading.is_set)


@pytest.mark.slow
def test_without_uv_it_is_venv_and_pip(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "uv", lambda: None)
    found = check(model_with(wheels))
    assert (found.result, found.builder) == ("passed", "venv"), found


def test_without_uv_another_python_cannot_be_had(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = model_with(wheels)
    (folder / "python_env.yaml").write_text("python: 3.7.1")
    monkeypatch.setattr(building, "uv", lambda: None)
    with pytest.raises(EnvironmentProblem, match=r"Python 3\.7"):
        check(folder)


def test_packages_of_conda_need_a_conda(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = model_with(wheels)
    (folder / "conda.yaml").write_text("dependencies: [python=3.11.7, pip<=23, r-base=4.3, {pip: [tiny-loader]}]")
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(EnvironmentProblem, match=r"r-base=4\.3"):
        check(folder)


def test_conda_is_asked_where_it_is_there(wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands for conda makes the environment by uv, of the packages that the file names for pip."""
    folder = model_with(wheels)
    (folder / "conda.yaml").write_text("dependencies: [python=3.11.7, r-base=4.3, {pip: [tiny-loader]}]")
    uv = building.uv()
    script = tmp_path / "bin" / "micromamba"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\n[ "$1 $2 $3 $5" = "create --yes --prefix --file" ] && grep -q r-base "$6" || exit 9\n'
        f'"{uv}" venv --quiet "$4" && "{uv}" pip install --quiet --python "$4/bin/python" tiny-loader\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    found = check(folder)
    assert (found.result, found.builder) == ("passed", "micromamba"), found


def test_a_model_without_an_environment_is_told(wheels: Path) -> None:
    folder = model_with(wheels)
    (folder / "requirements.txt").unlink()
    with pytest.raises(NotFound, match=r"requirements\.txt"):
        check(folder)


def test_models_of_mlflow_1_name_their_requirements_in_conda_yaml_alone(wheels: Path) -> None:
    folder = model_with(wheels)
    (folder / "requirements.txt").unlink()
    (folder / "conda.yaml").write_text("dependencies: [python=3.8.2, pip, {pip: [mlflow, scikit-learn==0.23]}]")
    recipe = read_recipe(folder)
    assert (recipe.python, recipe.lines, recipe.conda) == ("3.8.2", ("mlflow", "scikit-learn==0.23"), ())
    assert has_mlflow(recipe)


@pytest.mark.parametrize("text", ["dependencies: 5", "dependencies: [{pip: 5}]", "[1", "- " * 500])
def test_damaged_files_of_an_environment_are_told(wheels: Path, text: str) -> None:
    folder = model_with(wheels)
    (folder / "requirements.txt").unlink()
    (folder / "conda.yaml").write_text(text)
    with pytest.raises((InvalidValue, NotFound)):
        check(folder)


def test_a_result_holds_until_the_model_changes(wheels: Path) -> None:
    folder = model_with(wheels)
    assert keeping.kept(str(folder), folder) is None
    found = check(folder)
    keeping.keep(str(folder), folder, found)
    assert keeping.kept(str(folder), folder) == check_result.CheckResult.from_json(found.to_json())
    (folder / "requirements.txt").write_text("tiny-loader")
    assert keeping.kept(str(folder), folder) is None


def test_the_result_of_a_model_of_a_run_is_a_tag_and_its_files_stay(wheels: Path, logging_to: Path) -> None:
    folder = model_with(wheels)
    with runfolio.start_run() as run:
        runfolio.log_artifacts(str(folder), "model")
    uri = f"runs:/{run.info.run_id}/model"
    before = fingerprint(folder)
    keeping.keep(uri, folder, check_result.CheckResult(result="passed", stage="done", digest=before))
    assert fingerprint(folder) == before
    kept = keeping.kept(uri, folder)
    assert kept is not None
    assert kept.passed


NO_RESULTS = ["", "{}", "[]", '{"result": "great"}', "[" * 10_000, '{"result": "passed", "time": "soon"}']


@pytest.mark.parametrize("text", NO_RESULTS)
def test_what_is_no_result_is_told(text: str) -> None:
    with pytest.raises(InvalidValue, match="how a model fared"):
        check_result.CheckResult.from_json(text)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("libGL.so.1: cannot open shared object file: No such file or directory", Blame(library="libGL.so.1")),
        ("cannot load library 'libsndfile.so': libsndfile.so: cannot open", Blame(library="libsndfile.so")),
        ("/lib/x/libc.so.6: version `GLIBC_2.38' not found (required by x)", Blame(library="GLIBC_2.38")),
        ("dlopen(x.so, 2): Library not loaded: @rpath/libomp.dylib", Blame(library="libomp.dylib")),
        ("DLL load failed while importing _core: The specified module", Blame(library="a DLL that _core needs")),
        ("No module named 'sklearn.linear_model'", Blame(package="scikit-learn")),
        ("No module named 'cv2'", Blame(package="opencv-python-headless")),
        ("could not convert string to float: 'x'", Blame()),
    ],
)
def test_what_is_missing_is_read_from_the_words_of_an_error(message: str, expected: Blame) -> None:
    assert blame({"message": message}) == expected


def test_outputs_that_differ_by_rounding_are_equal() -> None:
    stored = {"a": [1.0, None, "x", True], "b": 1e-9}
    assert first_difference(stored, {"a": [1.0000001, None, "x", True], "b": 0.0}) is None
    different = first_difference(stored, {"a": [1.0, None, "x", 1], "b": 1e-9})
    assert different is not None
    assert different.place == ".a[3]"
    assert str(first_difference([1, 2], [1])) == "a list of 2 was stored, and a list of 1 came out"
