"""Running projects from a script, as MLflow's `mlflow.projects.run` does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

import runfolio
from runfolio.client.tracker import Tracker
from runfolio.core.entities import Run
from runfolio.core.errors import ExecutionException, InvalidValue, NotFound
from runfolio.core.states import RunStatus
from tests.projects.conftest import MakeProject

RunScript = Callable[[str], "subprocess.CompletedProcess[str]"]
Runs = Callable[[], Mapping[str, Run]]
PROJECT = """\
    entry_points:
      double: {parameters: {x: int}, command: 'python double.py --x {x}'}
"""
DOUBLE = "import sys, mlflow\nprint('doubling')\nmlflow.log_metric('y', 2 * int(sys.argv[2]))\n"


@pytest.fixture
def script(make_project: MakeProject, target: Tracker, tmp_path: Path) -> RunScript:
    """Runs a script beside a project, with the store of the test."""
    folder = make_project(PROJECT, double=DOUBLE)

    def run(source: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-c",
            f"import runfolio as mlflow\nmlflow.set_tracking_uri({str(target.folder)!r})\n{source}",
        ]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)

    return run


def test_steps_of_a_script_are_runs_beneath_its_own(script: RunScript, runs: Runs) -> None:
    done = script(
        "mlflow.set_experiment('steps')\n"
        "with mlflow.start_run() as parent:\n"
        "    step = mlflow.projects.run('.', 'double', parameters={'x': 4}, env_manager='local')\n"
        "    print(mlflow.MlflowClient().get_run(step.run_id).data.metrics['y'], step.get_status())\n"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "doubling\n8.0 FINISHED\n"
    found = list(runs().values())
    [child] = [run for run in found if run.params == {"x": "4"}]
    [parent] = [run for run in found if run is not child]
    assert child.parent_run_id == parent.run_id and child.experiment_name == parent.experiment_name == "steps"


def test_ctrl_c_ends_the_project_with_the_script(make_project: MakeProject, target: Tracker, runs: Runs) -> None:
    """Its process leads a group of its own, which a terminal does not interrupt."""
    script, number = started(make_project, target, "runfolio.projects.run('.')")
    with script:
        script.send_signal(signal.SIGINT)
        assert ended(script) != 0
    assert not psutil.pid_exists(number)
    assert [run.status for run in runs().values()] == [RunStatus.KILLED]


def test_ctrl_c_ends_the_project_also_where_the_script_does_not_wait_for_it(
    make_project: MakeProject, target: Tracker, runs: Runs
) -> None:
    lines = "runfolio.projects.run('.', synchronous=False)\nwhile True:\n    pass\n"
    script, number = started(make_project, target, lines)
    with script:
        script.send_signal(signal.SIGINT)
        assert ended(script) != 0
    assert not psutil.pid_exists(number)
    assert [run.status for run in runs().values()] == [RunStatus.KILLED]


def started(make_project: MakeProject, target: Tracker, lines: str) -> tuple[subprocess.Popen[str], int]:
    """A script that runs what takes long, and the number of its process."""
    folder = make_project("entry_points: {main: {command: 'echo $$; exec sleep 600'}}", name="long")
    source = f"import runfolio\nrunfolio.set_tracking_uri({str(target.folder)!r})\n{lines}"
    script = subprocess.Popen([sys.executable, "-c", source], cwd=folder, stdout=subprocess.PIPE, text=True)
    assert script.stdout is not None
    return script, int(script.stdout.readline())


def ended(script: subprocess.Popen[str]) -> int:
    """How it ends, which it does in less than a minute."""
    try:
        return script.wait(60)
    finally:
        script.kill()


def test_one_that_is_not_waited_for(script: RunScript, runs: Runs) -> None:
    done = script(
        "import json\n"
        "one = mlflow.run('.', 'double', parameters={'x': 1}, synchronous=False, env_manager='local')\n"
        "state = one.get_status()\n"
        "print(json.dumps([state, one.wait(), one.get_status(), one.run_id]))\n"
    )
    assert json.loads(done.stdout.splitlines()[-1])[:3] == ["RUNNING", True, "FINISHED"], done.stderr
    assert list(runs()) == [json.loads(done.stdout.splitlines()[-1])[3]]


def test_what_fails_and_what_is_wrong_is_raised(make_project: MakeProject, target: Tracker, runs: Runs) -> None:
    runfolio.set_tracking_uri(target.folder)
    folder = str(make_project("entry_points: {main: {command: exit 7}}"))
    with pytest.raises(ExecutionException, match="exit code 7"):
        runfolio.projects.run(folder, env_manager="local")
    assert [run.status for run in runs().values()] == [RunStatus.FAILED]
    with pytest.raises(NotFound):
        runfolio.projects.run(folder, "mian")
    with pytest.raises(InvalidValue, match="databricks"):
        runfolio.projects.run(folder, backend="databricks")
    with pytest.raises(InvalidValue, match="poetry"):
        runfolio.projects.run(folder, env_manager="poetry")


def test_one_that_is_cancelled(make_project: MakeProject, target: Tracker, runs: Runs) -> None:
    runfolio.set_tracking_uri(target.folder)
    folder = str(make_project("entry_points: {main: {command: sleep 600}}"))
    submitted = runfolio.projects.run(folder, synchronous=False)
    submitted.cancel()
    assert submitted.get_status() == RunStatus.KILLED
    assert runs()[submitted.run_id].status == RunStatus.KILLED
