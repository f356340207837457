"""Projects written after MLflow's own documented examples run unchanged: from a folder, a zip and a git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.captured import BRANCH, COMMIT
from runfolio.core.entities import Run
from runfolio.core.projects.tags import BACKEND, ENTRY_POINT, ENV, SOURCE_TYPE, VERSION
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import ERROR_TAG
from runfolio.store.registry.reading import list_versions
from tests.cli.test_commands import run as command
from tests.projects.environments import fake_docker
from tests.projects.sources.repositories import commit, git

EXAMPLES = Path(__file__).parent / "examples"
#: Where a project comes from.
KINDS = ("folder", "zip", "git")
TAG = "v1"
Runs = Callable[[], Mapping[str, Run]]


@dataclass(frozen=True)
class Done:
    """What a command has left.

    Attributes:
        run: the one that the command has made; others may be beneath it.
        others: these, by the time of their start.
    """

    run: Run
    others: list[Run]
    out: str
    err: str


class Projects:
    """Runs examples by the command line, wherever they are taken from."""

    def __init__(self, folder: Path, target: Tracker, runs: Runs) -> None:
        self.target = target
        self._folder, self._runs = folder, runs

    def __call__(
        self, kind: str, name: str, *words: str, code: int = 0, given: Mapping[str, str] | None = None
    ) -> Done:
        before = set(self._runs())
        where = self._from(kind, name)
        settings = {"RUNFOLIO_STORE": str(self.target.folder), "RUNFOLIO_INFER_REQUIREMENTS": "0"}
        manager = () if name == "docker" else ("--env-manager", "local")
        done = command("run", *where, *manager, *words, code=code, **settings, **(given or {}))
        made = [run for run in self._runs().values() if run.run_id not in before]
        found = sorted(made, key=lambda run: run.start_time)
        return Done(found[0], found[1:], done.stdout, done.stderr)

    def _from(self, kind: str, name: str) -> list[str]:
        """The words that name a project of a kind, which is made if it is not there."""
        place = self._folder / kind / name
        if kind == "folder":
            shutil.copytree(EXAMPLES / name, place, dirs_exist_ok=True)
            return [str(place)]
        if kind == "zip":
            place.parent.mkdir(exist_ok=True)
            with zipfile.ZipFile(place.with_suffix(".zip"), "w") as archive:
                for file in (EXAMPLES / name).iterdir():
                    archive.write(file, file.name)
            return [str(place.with_suffix(".zip"))]
        if not place.exists():
            shutil.copytree(EXAMPLES / name, place / "examples" / name)
            commit(place, README="It has one project.")
            git(place, "tag", TAG)
            shutil.rmtree(place / "examples")
            commit(place, README="It has none any more.")
        return [f"file://{place}#examples/{name}", "-v", TAG]


@pytest.fixture
def projects(tmp_path: Path, target: Tracker, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> Projects:
    """Runs examples."""
    monkeypatch.setenv("RUNFOLIO_CAPTURE_SYSTEM_METRICS", "0")
    return Projects(tmp_path / "projects", target, runs)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()


def kinds(*slow: str) -> list[object]:
    """All places that a project comes from; those that take long are left out of short runs."""
    return [pytest.param(kind, marks=[pytest.mark.slow] if kind in slow else []) for kind in KINDS]


def check_tags(run: Run, kind: str, entry: str = "main") -> None:
    """Whether MLflow's tags say what was run."""
    told = {SOURCE_TYPE: "PROJECT", ENTRY_POINT: entry, BACKEND: "local", ENV: "local"}
    assert {name: run.tags.get(name) for name in told} == told
    assert (VERSION in run.tags, COMMIT in run.tags) == (kind == "git", kind == "git")
    assert run.tags.get(VERSION, TAG) == TAG and BRANCH not in run.tags


@pytest.mark.parametrize("kind", kinds("zip", "git"))
def test_a_penalty_is_given_and_the_model_is_registered(projects: Projects, kind: str) -> None:
    done = projects(kind, "sklearn_elasticnet_wine", "-P", "alpha=0.3", "--run-name", "wine")
    assert done.run.status == RunStatus.FINISHED and done.run.name == "wine" and not done.others
    assert done.run.params == {"alpha": "0.3", "l1_ratio": "0.1"}
    assert {name: round(metric.last, 6) for name, metric in done.run.metrics.items()} == {
        "rmse": 0.746972,
        "mae": 0.606487,
        "r2": 0.697988,
    }
    assert "Elasticnet model (alpha=0.300000, l1_ratio=0.100000):\n  RMSE: 0.7469" in done.out
    check_tags(done.run, kind)
    model = projects.target.folder / "artifacts" / done.run.run_id / "model"
    assert {"MLmodel", "requirements.txt", "python_env.yaml", "conda.yaml"} <= {file.name for file in model.iterdir()}
    assert '"name": "alcohol"' in (model / "MLmodel").read_text()
    [version] = list_versions(projects.target.opened_store(), "ElasticnetWine")
    assert version.run_id == done.run.run_id


@pytest.mark.parametrize("kind", kinds("zip", "git"))
def test_a_training_that_logs_itself(projects: Projects, kind: str) -> None:
    done = projects(kind, "sklearn_logistic_regression")
    assert done.run.status == RunStatus.FINISHED and not done.others
    assert done.run.metrics["score"].last == pytest.approx(2 / 3)
    assert done.run.params["C"] == "1.0" and "training_accuracy_score" in done.run.metrics
    assert done.out.splitlines()[-1] == f"Model saved in run {done.run.run_id}"
    assert (projects.target.folder / "artifacts" / done.run.run_id / "model" / "MLmodel").is_file()
    check_tags(done.run, kind)


@pytest.mark.parametrize("kind", kinds("zip"))
def test_steps_are_runs_of_their_own_and_are_not_done_twice(projects: Projects, kind: str) -> None:
    first = projects(kind, "multistep_workflow", "--experiment-name", "steps")
    check_tags(first.run, kind)
    assert [run.tags[ENTRY_POINT] for run in first.others] == ["load_raw_data", "etl_data", "train"]
    for run in (first.run, *first.others):
        assert run.status == RunStatus.FINISHED and run.experiment_name == "steps"
        assert run.tags.get(COMMIT) == first.run.tags.get(COMMIT)
    assert {run.parent_run_id for run in first.others} == {first.run.run_id}
    _, etl, train = first.others
    assert etl.params["max_row_limit"] == "60" and etl.metrics["rows"].last == 60
    assert Path(train.params["data"]) == projects.target.folder / "artifacts" / etl.run_id / "ratings-json-dir"
    assert train.params["degree"] == "2" and first.run.metrics["test_mse"].last == train.metrics["test_mse"].last
    again = projects(kind, "multistep_workflow", "-P", "degree=1", "--experiment-name", "steps")
    assert [run.tags[ENTRY_POINT] for run in again.others] == ["train"], again.err
    assert again.run.metrics["test_mse"].last > first.run.metrics["test_mse"].last
    assert again.out.count("Found existing run") == 2


@pytest.mark.parametrize("kind", kinds("zip", "git"))
def test_an_entry_point_searches_by_runs_of_another(projects: Projects, kind: str) -> None:
    done = projects(kind, "hyperparam", "-e", "random", "-P", "max_runs=2")
    check_tags(done.run, kind, "random")
    assert len(done.others) == 2 and "2 trials, 0 of them failed" in done.out
    for trial in done.others:
        assert (trial.parent_run_id, trial.status) == (done.run.run_id, RunStatus.FINISHED)
        assert trial.tags[ENTRY_POINT] == "train" and trial.params["epochs"] == "4"
        assert trial.metrics["train_rmse"].count == 4
    best = min(done.others, key=lambda trial: trial.metrics["val_rmse"].last)
    assert done.run.tags["best_run"] == best.run_id
    assert done.run.metrics["val_rmse"].last == best.metrics["val_rmse"].last


@pytest.mark.parametrize("kind", KINDS)
def test_a_command_of_several_lines(projects: Projects, kind: str) -> None:
    done = projects(kind, "shell_steps", "-P", 'greeting=it\'s $HOME; "now"')
    assert done.run.params == {"count": "2", "greeting": 'it\'s $HOME; "now"'}
    greeting = done.run.params["greeting"]
    assert done.out == f'2 steps, the last one: 2: {greeting}\nthe greeting is <{greeting}>\n{{"steps": 2}}\n'
    check_tags(done.run, kind)


def test_a_shell_script_that_no_file_names(projects: Projects) -> None:
    done = projects("folder", "shell_steps", "-e", "report.sh", "-P", "name=a b")
    assert done.out == f"<--name><a b> in the run {done.run.run_id}\n"
    check_tags(done.run, "folder", "report.sh")


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_of_a_folder_without_an_mlproject_file(projects: Projects, kind: str) -> None:
    done = projects(kind, "no_mlproject", "-e", "train.py", "-P", "rate=0.25", "-P", "note=what it's for")
    assert done.run.params == {"rate": "0.25", "note": "what it's for"} and done.run.metrics["loss"].last == 0.75
    assert (projects.target.folder / "artifacts" / done.run.run_id / "note.txt").read_text() == "what it's for"
    check_tags(done.run, kind, "train.py")


def test_a_project_in_a_container(projects: Projects, tmp_path: Path) -> None:
    """By what stands in for docker: it notes what it is asked for, and runs the command on this machine."""
    notes = tmp_path / "docker"
    for name in ("images", "names", "bin"):
        (notes / name).mkdir(parents=True)
    (notes / "images" / "wine-trainer:1").touch()
    script = notes / "bin" / "docker"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake_docker.__file__}" "$@"\n')
    script.chmod(0o755)
    path = os.pathsep.join([str(script.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    variables = {"PATH": path, "DOCKER_NOTES": str(notes), "PASSED_ON": "from here", "DOCKER_HERE": "1"}
    done = projects("folder", "docker", "-P", "alpha=0.5", given=variables)
    assert done.run.params == {"alpha": "0.5", "l1_ratio": "0.1"}
    asked = (notes / "asked").read_text()
    assert '"run", "--rm"' in asked and '"-e", "PASSED_ON"' in asked and '"wine-trainer:1"' in asked
    assert "python train.py --alpha" in asked
    assert done.run.metrics["penalty"].last == 0.05 and done.run.tags["grape"] == "riesling"
    assert done.run.tags["passed on"] == "from here" and done.run.tags[ENV] == "docker"


@pytest.mark.skipif(shutil.which("Rscript") is not None, reason="R is here")
@pytest.mark.parametrize("entry", ["main", "train.R"])
def test_without_r_the_run_says_so(projects: Projects, entry: str) -> None:
    done = projects("folder", "r_wine", "-e", entry, code=127)
    assert done.run.status == RunStatus.FAILED and "Rscript: command not found" in done.run.tags[ERROR_TAG]
    assert f"run {done.run.run_id} failed. It ended with exit code 127" in done.err


@pytest.mark.parametrize("name", sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()))
def test_the_examples_know_nothing_of_runfolio(name: str) -> None:
    found = subprocess.run(["grep", "-ril", "runfolio", str(EXAMPLES / name)], capture_output=True, text=True)
    assert found.stdout == ""
