"""Models that are logged to runs."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import runfolio
import runfolio.sklearn
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.store import artifacts, open_store, runs

ROWS = np.array([[1.0], [2.0], [3.0], [4.0]])
MODEL = LogisticRegression().fit(ROWS, [0, 0, 1, 1])


def files_of(store: Path, run: Any) -> set[str]:
    root = store / "artifacts" / run.info.run_id
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_a_model_is_a_folder_of_its_run(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        info = runfolio.sklearn.log_model(MODEL, name="classifier", input_example=ROWS, params={"C": 1}, step=3)
    names = "MLmodel conda.yaml python_env.yaml requirements.txt input_example.json serving_input_example.json".split()
    assert files_of(logging_to, run) >= {f"classifier/{name}" for name in names}
    listed = {file.path for file in runfolio.artifacts.list_artifacts(info.model_uri)}
    assert listed == files_of(logging_to, run)
    with closing(open_store(logging_to)) as store:
        number = runs.find_run(store, run.info.run_id)
        assert number is not None
        for file in artifacts.list_artifacts(store, number):
            content = (logging_to / "artifacts" / run.info.run_id / file.path).read_bytes()
            assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert info.model_uri == f"runs:/{run.info.run_id}/classifier"
    assert (info.params, info.step) == ({"C": "1"}, 3)
    assert info.signature is not None
    assert runfolio.sklearn.load_model(info.model_uri).predict(ROWS).tolist() == [0, 0, 1, 1]
    by_id = runfolio.pyfunc.load_model(f"models:/{info.model_id}")
    assert by_id.predict(ROWS).tolist() == [0, 0, 1, 1]
    assert by_id.metadata.run_id == run.info.run_id


def test_the_tag_of_mlflow_names_all_models_of_a_run(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        runfolio.sklearn.log_model(MODEL, "first")
    with runfolio.start_run(run.info.run_id):
        second = runfolio.sklearn.log_model(MODEL, "second")
    history = json.loads(runfolio.get_run(run.info.run_id).data.tags["mlflow.log-model.history"])
    assert [one["artifact_path"] for one in history] == ["first", "second"]
    assert history[1]["model_uuid"] == second.model_id
    assert history[1]["run_id"] == run.info.run_id
    assert set(history[1]["flavors"]) == {"python_function", "sklearn"}


LOGS = """
import json, sys
import runfolio
from runfolio.models import Model

class Own:
    @staticmethod
    def save_model(path, mlflow_model, text):
        (path / "text.txt").write_text(text)
        mlflow_model.add_flavor("own", text="text.txt").save(path / "MLmodel")

sys.stdin.read(1)  # all begin when the test says so
with runfolio.start_run(sys.argv[1]) as run:
    for number in range(10):
        Model.log(f"{sys.argv[2]}-{number}", Own, text="hello")
        noted = json.loads(runfolio.get_run(sys.argv[1]).data.tags["mlflow.log-model.history"])
        assert f"{sys.argv[2]}-{number}" in [one["artifact_path"] for one in noted]
"""


def test_of_models_that_several_processes_log_to_one_run_none_is_lost(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        runfolio.sklearn.log_model(MODEL, "first")
    runfolio.flush()
    environment = {**os.environ, "RUNFOLIO_STORE": str(logging_to)}
    scripts = [
        subprocess.Popen([sys.executable, "-c", LOGS, run.info.run_id, name], env=environment, stdin=subprocess.PIPE)
        for name in ("one", "other")
    ]
    for script in scripts:
        script.communicate(b"x", timeout=120)
    assert [script.returncode for script in scripts] == [0, 0]
    history = json.loads(runfolio.get_run(run.info.run_id).data.tags["mlflow.log-model.history"])
    names = [f"{name}-{number}" for name in ("one", "other") for number in range(10)]
    assert sorted(one["artifact_path"] for one in history) == sorted(["first", *names])
    times = [one["utc_time_created"] for one in history]
    assert times == sorted(times)
    for one in history:
        found = runfolio.models.get_model_info(f"models:/{one['model_id']}")
        assert (found.run_id, found.artifact_path) == (run.info.run_id, one["artifact_path"])


def test_a_script_reads_the_tag_of_its_run_at_once(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        for number in range(3):
            runfolio.sklearn.log_model(MODEL, f"model-{number}")
            said = run.data.tags["mlflow.log-model.history"]
            assert said == runfolio.get_run(run.info.run_id).data.tags["mlflow.log-model.history"]
            assert [one["artifact_path"] for one in json.loads(said)] == [f"model-{n}" for n in range(number + 1)]
        runfolio.delete_tag("mlflow.log-model.history")
        runfolio.sklearn.log_model(MODEL, "last")
        said = runfolio.get_run(run.info.run_id).data.tags["mlflow.log-model.history"]
        assert said == run.data.tags["mlflow.log-model.history"]
        assert [one["artifact_path"] for one in json.loads(said)] == ["last"]


def test_a_model_logged_again_under_its_name_takes_the_place_of_the_other(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        first = runfolio.sklearn.log_model(MODEL, "model", input_example=ROWS)
        other = LogisticRegression().fit(ROWS, [1, 1, 0, 0])
        second = runfolio.sklearn.log_model(other, "model")
    assert "model/input_example.json" not in files_of(logging_to, run)
    listed = {file.path for file in runfolio.artifacts.list_artifacts(second.model_uri)}
    assert listed == files_of(logging_to, run)
    assert runfolio.sklearn.load_model(second.model_uri).predict(ROWS).tolist() == [1, 1, 0, 0]
    history = json.loads(runfolio.get_run(run.info.run_id).data.tags["mlflow.log-model.history"])
    assert [one["model_uuid"] for one in history] == [second.model_id]
    with pytest.raises(NotFound):
        runfolio.sklearn.load_model(f"models:/{first.model_id}")


def test_a_model_that_cannot_be_saved_leaves_nothing_of_itself(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        before = files_of(logging_to, run)
        with pytest.raises(InvalidValue, match="is not a format"):
            runfolio.sklearn.log_model(MODEL, "model", serialization_format="json")
        with pytest.raises(NotFound):
            runfolio.sklearn.log_model(MODEL, "model", code_paths=["missing.py"])
    assert files_of(logging_to, run) == before
    assert "mlflow.log-model.history" not in runfolio.get_run(run.info.run_id).data.tags


@pytest.mark.parametrize("argument", ["code_paths", "extra_files"])
@pytest.mark.parametrize("kind", ["link", "pipe", "locked"])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_logged(
    logging_to: Path, tmp_path: Path, argument: str, kind: str
) -> None:
    code = tmp_path / "package"
    (code / "inner").mkdir(parents=True)
    (code / "fine.py").write_text("x = 1")
    bad = code / "inner" / "helper.py"
    if kind == "link":
        bad.symlink_to(tmp_path / "gone")
    elif kind == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("there are no such pipes")
        os.mkfifo(bad)
    else:
        bad.touch(mode=0o000)
        if os.access(bad, os.R_OK):
            pytest.skip("this user reads all files")
    with runfolio.start_run() as run:
        before = files_of(logging_to, run)
        with pytest.raises(InvalidValue, match=re.escape(str(bad))):
            given: Any = {argument: [str(code)]}
            runfolio.sklearn.log_model(MODEL, "model", **given)
    assert files_of(logging_to, run) == before
    assert "mlflow.log-model.history" not in runfolio.get_run(run.info.run_id).data.tags


def test_trouble_with_the_disk_is_a_warning(
    logging_to: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    with runfolio.start_run() as run, caplog.at_level(logging.WARNING):
        before = files_of(logging_to, run)
        monkeypatch.setattr("runfolio.models.environment.files._write", full)
        info = runfolio.sklearn.log_model(MODEL, "model")
    assert "No space left" in caplog.text
    assert files_of(logging_to, run) == before
    with pytest.raises(NotFound):
        runfolio.sklearn.load_model(info.model_uri)


def test_a_model_is_registered_as_it_is_logged(logging_to: Path, caplog: pytest.LogCaptureFixture) -> None:
    with runfolio.start_run(), caplog.at_level(logging.WARNING):
        runfolio.log_metric("val_loss", 0.5)
        info = runfolio.sklearn.log_model(MODEL, "model", registered_model_name="mine")
        again = runfolio.sklearn.log_model(MODEL, "again", registered_model_name="mine")
    assert (info.registered_model_version, again.registered_model_version) == (1, 2)
    assert "mine v1 was registered. It has no description." in caplog.text
    version = runfolio.Client().get_model_version("mine", 1)
    assert (version.source, version.model_id) == (info.model_uri, info.model_id)


def test_a_wrong_name_for_the_registry_is_told_before_anything_is_logged(logging_to: Path) -> None:
    with runfolio.start_run() as run, pytest.raises(InvalidValue, match="'/'"):
        runfolio.sklearn.log_model(MODEL, "model", registered_model_name="a/b")
    assert not files_of(logging_to, run)


def test_trouble_with_the_registry_leaves_the_model_logged(logging_to: Path, caplog: pytest.LogCaptureFixture) -> None:
    client = runfolio.Client()
    client.create_registered_model("mine")
    client.delete_registered_model("mine")
    with runfolio.start_run(), caplog.at_level(logging.WARNING):
        info = runfolio.sklearn.log_model(MODEL, "model", registered_model_name="mine")
    assert "not registered as 'mine'" in caplog.text and "in the trash" in caplog.text
    assert info.registered_model_version is None
    assert runfolio.models.get_model_info(info.model_uri).model_uuid == info.model_id


@pytest.mark.parametrize("name", ["../out", "/abs", "a/../b"])
def test_a_name_that_leads_out_of_the_run_is_refused(logging_to: Path, name: str) -> None:
    with runfolio.start_run(), pytest.raises(InvalidValue):
        runfolio.sklearn.log_model(MODEL, name)


def test_addresses_of_models_that_there_are_not(logging_to: Path) -> None:
    with pytest.raises(NotFound, match="no registered model 'mine'"):
        runfolio.pyfunc.load_model("models:/mine/1")
    with pytest.raises(NotFound, match="There is no model"):
        runfolio.pyfunc.load_model("models:/m-" + "0" * 32)


def test_a_flavor_of_ones_own_is_logged_as_those_here(logging_to: Path) -> None:
    class Own:
        @staticmethod
        def save_model(path: Path, mlflow_model: runfolio.models.Model, text: str) -> None:
            (path / "text.txt").write_text(text)
            mlflow_model.add_flavor("own", text="text.txt").save(path / "MLmodel")

    with runfolio.start_run():
        info = runfolio.models.Model.log("model", Own, text="hello")
    assert info.flavors == {"own": {"text": "text.txt"}}
    assert runfolio.artifacts.load_text(f"{info.model_uri}/text.txt") == "hello"


def test_the_example_of_the_page_on_models_runs(
    logging_to: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(page.split("```python\n")[1].split("```")[0], {})
    assert (tmp_path / "a-folder" / "MLmodel").is_file()


def test_what_is_no_signature_and_no_estimator_is_refused_before_it_is_saved(tmp_path: Path) -> None:
    from sklearn.linear_model import LinearRegression

    with pytest.raises(InvalidValue, match="A signature is a ModelSignature"):
        runfolio.sklearn.save_model(LinearRegression(), tmp_path / "model", signature="x")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="dict has neither"):
        runfolio.sklearn.save_model({"a": 1}, tmp_path / "model")
    assert not (tmp_path / "model").exists()
