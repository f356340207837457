"""The same projects, unchanged, run here and by the real MLflow: the same arguments, params, metrics, files, ends."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.projects.test_examples import EXAMPLES

pytestmark = [
    pytest.mark.interop,
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]

#: Tells what each library has of all runs; names of runs and times are each one's own.
READ = r"""
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
mlflow = importlib.import_module(sys.argv[1])
mlflow.set_tracking_uri(sys.argv[2])
client = mlflow.MlflowClient()

def files(run, folder=None):
    found = client.list_artifacts(run.info.run_id, folder)
    return [path for one in found for path in (files(run, one.path) if one.is_dir else [one.path])]

told = []
default = client.get_experiment_by_name("Default").experiment_id
for run in sorted(client.search_runs([default]), key=lambda run: run.info.start_time):
    tags = run.data.tags
    told.append({
        "entry": tags.get("mlflow.project.entryPoint"), "type": tags.get("mlflow.source.type"),
        "nested": "mlflow.parentRunId" in tags, "status": run.info.status,
        "params": run.data.params, "metrics": run.data.metrics,
        "files": sorted(path for path in files(run) if not path.startswith("runfolio/")),
    })
print(json.dumps(told).replace(sys.argv[3], "STORE"))
"""
PRINTS = "import json, sys\nprint(json.dumps(sys.argv[1:]))\n"
VALUES = [
    "",
    "plain",
    "a b",
    "it's",
    '"quoted"',
    "$HOME `id` $(id)",
    "a;b|c&d>e",
    "*?[a]~",
    "\\n \\ \\\\",
    "ü – 日本",
    "-x",
]


class Both:
    """Runs a project by each of the two, in places of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.codes: list[int] = []
        self.printed: list[str] = []

    def run(self, project: Path, *words: str) -> None:
        """Run it; what it prints and how it ends is kept, MLflow's first."""
        self.codes, self.printed = [], []
        for library in ("mlflow", "runfolio"):
            place = self._folder / library
            shutil.copytree(project, place / project.name, dirs_exist_ok=True)
            ours = ["run", project.name, "--env-manager", "local", *words]
            done = self._python(library, "-m", library, *ours)
            self.codes.append(done.returncode)
            self.printed.append(done.stdout)

    def runs(self) -> list[list[dict[str, Any]]]:
        """What each has noted of its runs, MLflow's first."""
        found = []
        for library in ("mlflow", "runfolio"):
            where = self._folder / library / ("mlruns" if library == "mlflow" else "store" + "/artifacts")
            done = self._python(library, "-c", READ, library, self._uri(library), str(where))
            assert done.returncode == 0, done.stderr
            found.append(json.loads(done.stdout.splitlines()[-1]))
        return found

    def _uri(self, library: str) -> str:
        place = self._folder / library
        return f"sqlite:///{place}/mlflow.db" if library == "mlflow" else str(place / "store")

    def _python(self, library: str, *words: str) -> subprocess.CompletedProcess[str]:
        (self._folder / library).mkdir(exist_ok=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "RUNFOLIO_"))}
        own["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), own["PATH"]])
        own |= {"PYTHONWARNINGS": "ignore", "MLFLOW_TRACKING_URI": self._uri(library)}
        own |= {"RUNFOLIO_INFER_REQUIREMENTS": "0", "RUNFOLIO_CAPTURE": "0"}
        return subprocess.run(
            [sys.executable, *words], cwd=self._folder / library, env=own, capture_output=True, text=True, timeout=300
        )


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def plain(run: dict[str, Any]) -> dict[str, Any]:
    """A run as far as both have it: in paths are ids of runs, and numbers have other last digits at most."""
    params = {name: value.rpartition("/")[2] if "STORE" in value else value for name, value in run["params"].items()}
    return {**run, "params": params, "metrics": {name: round(value, 9) for name, value in run["metrics"].items()}}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hyperparam", ["-e", "train", "-P", "epochs=2"]),
        ("multistep_workflow", ["-P", "degree=1"]),
        ("no_mlproject", ["-e", "train.py", "-P", "rate=0.25"]),
        ("shell_steps", ["-P", "count=3", "-P", "greeting=hello"]),  # with a blank, MLflow logs the value with quotes
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
def test_both_run_the_example_to_the_same_end(both: Both, name: str, words: list[str]) -> None:
    both.run(EXAMPLES / name, *words)
    assert both.codes == [0, 0], both.printed
    theirs, ours = ([plain(run) for run in runs] for runs in both.runs())
    assert ours == theirs and len(ours) > 0


@pytest.mark.skipif(not Path(sys.executable).with_name("mlflow").exists(), reason="it starts MLflow's own program")
def test_both_search_by_runs_that_a_script_has_made(both: Both) -> None:
    """MLflow does not note in such a run what it is of, and with which values; here it is noted."""
    both.run(EXAMPLES / "hyperparam", "-e", "random", "-P", "max_runs=2", "-P", "max_p=1")
    assert both.codes == [0, 0], both.printed
    theirs, ours = ([plain(run) for run in runs] for runs in both.runs())
    assert ours[0] == theirs[0] and len(ours) == 3
    compared = ("status", "nested", "metrics", "files")
    assert [[run[name] for name in compared] for run in ours] == [[run[name] for name in compared] for run in theirs]
    assert [(run["entry"], run["params"]) for run in theirs[1:]] == [(None, {}), (None, {})]
    assert [(run["entry"], run["params"]["epochs"]) for run in ours[1:]] == [("train", "4"), ("train", "4")]


def test_both_train_the_same_model(both: Both) -> None:
    both.run(EXAMPLES / "sklearn_elasticnet_wine", "-P", "alpha=0.3")
    assert both.codes == [0, 0], both.printed
    [theirs], [ours] = ([plain(run) for run in runs] for runs in both.runs())
    assert (ours["params"], ours["metrics"], ours["status"]) == (theirs["params"], theirs["metrics"], theirs["status"])
    assert both.printed[1].splitlines()[:4] == both.printed[0].splitlines()[:4]


def test_both_give_a_script_the_same_arguments(both: Both, tmp_path: Path) -> None:
    project = tmp_path / "arguments"
    project.mkdir()
    names = [f"v{number}" for number in range(len(VALUES))]
    words = " ".join(f"{{{name}}} --{name}={{{name}}} $(printf %s {{{name}}} | wc -c)" for name in names)
    entry = {
        "parameters": {**dict.fromkeys(names, "string"), "half": {"type": "float", "default": 0.5}, "file": "path"},
        "command": f'python arguments.py {words} {{half}} {{file}} "d e" {{{{x}}}}',
    }
    (project / "MLproject").write_text(json.dumps({"entry_points": {"main": entry}}))
    (project / "arguments.py").write_text(PRINTS)
    (project / "data.txt").touch()
    given = [f"{name}={value}" for name, value in zip(names, VALUES, strict=True)]
    extra = ["file=arguments/data.txt", "more=a 'b' $c"]
    both.run(project, *(word for one in [*given, *extra] for word in ("-P", one)))
    assert both.codes == [0, 0], both.printed
    theirs, ours = (json.loads(printed.splitlines()[-1]) for printed in both.printed)
    assert [one.replace("/runfolio/", "/mlflow/") for one in ours] == theirs
    assert theirs[: 3 * len(VALUES) : 3] == VALUES


def test_both_end_as_the_script_does_not(both: Both, tmp_path: Path) -> None:
    """MLflow ends with 1 whatever the script's exit code is; here it is the script's."""
    project = tmp_path / "fails"
    project.mkdir()
    (project / "fails.sh").write_text("exit 7\n")
    both.run(project, "-e", "fails.sh")
    assert both.codes == [1, 7]
    assert [[run["status"] for run in runs] for runs in both.runs()] == [["FAILED"], ["FAILED"]]
