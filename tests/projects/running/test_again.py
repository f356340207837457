"""Running a run once more: what its code was comes back, whatever became of it since."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.captured import COMMIT, PATCH
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.request import EnvManager, RunRequest
from runfolio.core.projects.tags import REPRODUCES
from runfolio.core.states import RunStatus
from runfolio.projects.running.again import run_again
from runfolio.projects.running.observer import Observer
from runfolio.projects.running.resolve import work_folder
from runfolio.projects.running.run import run_request
from tests.projects.running.test_run import Heard
from tests.projects.sources.repositories import GIT, commit

pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")
Runs = Callable[[], Mapping[str, Run]]
PROJECT = "entry_points: {main: {parameters: {x: {type: int, default: 1}}, command: 'python train.py --x {x}'}}\n"
TRAIN = """\
import argparse
import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--x", type=int)
x = parser.parse_args().x
with mlflow.start_run():
    mlflow.log_param("x", x)
    mlflow.log_metric("y", x * FACTOR)
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A repository with a project, in which something is not committed."""
    folder = tmp_path / "code"
    commit(folder, MLproject=PROJECT, train_py=TRAIN.replace("FACTOR", "10"))
    (folder / "train.py").write_text(TRAIN.replace("FACTOR", "100"))
    return folder


def test_a_run_of_a_project_is_what_it_was_after_the_code_has_changed(code: Path, target: Tracker, runs: Runs) -> None:
    first = run_request(target, RunRequest(str(code), parameters={"x": "3"}, experiment="mine"), Observer())
    (code / "train.py").write_text("raise SystemExit(1)\n")
    heard = Heard()
    again = run_again(target, first.run_id, {}, EnvManager.LOCAL, heard)
    assert again.status is RunStatus.FINISHED, (again.reason, heard.printed)
    old, new = (runs()[one.run_id] for one in (first, again))
    assert new.tags[REPRODUCES] == old.run_id and new.tags[COMMIT] == old.tags[COMMIT]
    assert (new.params, new.metrics["y"].last) == ({"x": "3"}, 300.0)
    assert new.experiment_name == "mine"
    patch = target.folder / "artifacts" / new.run_id / PATCH
    assert "100" in patch.read_text()
    assert (code / "train.py").read_text() == "raise SystemExit(1)\n", "what is worked on is left alone"
    assert list(work_folder().iterdir()) == []


def test_with_another_value(code: Path, target: Tracker, runs: Runs) -> None:
    first = run_request(target, RunRequest(str(code), parameters={"x": "3"}), Observer())
    again = run_again(target, first.run_id, {"x": "5"}, EnvManager.LOCAL, Observer())
    assert runs()[again.run_id].params == {"x": "5"} and runs()[again.run_id].metrics["y"].last == 500.0
    twice = run_again(target, again.run_id, {}, EnvManager.LOCAL, Observer())
    assert runs()[twice.run_id].metrics["y"].last == 500.0, "what was run again can be run again"


def test_a_run_of_a_script_is_what_it_was(code: Path, target: Tracker, runs: Runs) -> None:
    script = TRAIN.replace("FACTOR", "7").replace("import mlflow", "import runfolio as mlflow")
    (code / "train.py").write_text(script)
    environment = {**os.environ, "RUNFOLIO_STORE": str(target.folder), "RUNFOLIO_CAPTURE": "1"}
    subprocess.run([sys.executable, "train.py", "--x", "2"], cwd=code, env=environment, check=True)
    (code / "train.py").unlink()
    [old] = runs().values()
    again = run_again(target, old.run_id, {"x": "4"}, EnvManager.LOCAL, Observer())
    assert again.status is RunStatus.FINISHED, again.reason
    new = runs()[again.run_id]
    assert (new.params, new.metrics["y"].last, new.tags[REPRODUCES]) == ({"x": "4"}, 28.0, old.run_id)


def test_what_cannot_be_run_again_starts_nothing(code: Path, target: Tracker, runs: Runs) -> None:
    first = run_request(target, RunRequest(str(code)), Observer())
    code.rename(code.with_name("elsewhere"))
    with pytest.raises(InvalidValue, match="cannot be run again"):
        run_again(target, first.run_id, {}, EnvManager.LOCAL, Observer())
    assert len(runs()) == 1
