"""`runfolio sweep` as somebody at a terminal meets it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import run as runfolio

MLPROJECT = """\
entry_points:
  main:
    parameters:
      x: {type: float, min: 0, max: 10}
    command: "python train.py {x}"
  other: {command: "python train.py 1"}
"""
TRAIN = """\
import pathlib, sys, time
import runfolio
x = float(sys.argv[1])
with runfolio.start_run():
    runfolio.log_metric("loss", (x - 3) ** 2)
    here = pathlib.Path(__file__).parent
    while (here / "hang").exists() and x == 4:
        (here / "hanging").touch()
        time.sleep(0.01)
"""
SWEEP = "metric: loss\nmethod: grid\nparallel: 1\nspace:\n  x: [1, 3, 4]\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project, and beside it a sweep of it."""
    folder = tmp_path / "hill"
    folder.mkdir()
    (folder / "MLproject").write_text(MLPROJECT, encoding="utf-8")
    (folder / "train.py").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    return folder


def swept(project: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """`runfolio sweep run` of the project."""
    config = str(project.parent / "sweep.yaml")
    return runfolio("sweep", "run", str(project), "-c", config, "--env-manager", "local", *arguments, code=code)


def test_a_sweep_is_told_as_it_goes_and_shown_afterwards(project: Path) -> None:
    done = swept(project, "--run-name", "hills")
    assert "trial 1 of 3 finished: loss 0; best 0 (trial 1)" in done.stderr
    assert "best loss 0: trial 1" in done.stdout and "x=3" in done.stdout
    told: Any = json.loads(runfolio("runs", "list", "--json").stdout)
    parent = next(one["run_id"] for one in told if one["name"] == "hills")
    shown = runfolio("sweep", "show", parent[:8]).stdout
    assert [line.split()[0] for line in shown.splitlines()[2:5]] == ["0", "1", "2"]
    assert "of fewer than 10 nothing can be said" in shown
    found = json.loads(runfolio("sweep", "show", parent, "--json").stdout)
    assert found["best"]["parameters"] == {"x": "3"} and found["status"] == "FINISHED"
    assert [one["value"] for one in found["trials"]] == [4.0, 0.0, 1.0]
    trial = found["trials"][0]["run_id"]
    assert "is no sweep" in runfolio("sweep", "show", trial, code=3).stderr


def test_which_parameters_matter_is_told_of_enough_trials(project: Path) -> None:
    values = ", ".join(str(number / 2) for number in range(12))
    sweep = f"metric: loss\nmethod: grid\nparallel: 2\nspace:\n  x: [{values}]\n"
    (project.parent / "sweep.yaml").write_text(sweep, encoding="utf-8")
    found = json.loads(swept(project, "--json").stdout)
    assert set(found["importance"]) == {"x"} and found["best"]["parameters"] == {"x": "3.0"}


def test_ctrl_c_stops_it_and_it_goes_on_later(project: Path) -> None:
    (project / "hang").touch()
    config = str(project.parent / "sweep.yaml")
    command = [sys.executable, "-m", "runfolio", "sweep", "run", str(project), "-c", config, "--env-manager", "local"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("runfolio: trial 1"):
                break
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "It was stopped with 1 trial to go." in told
    (project / "hang").unlink()
    again = told.rpartition("runfolio sweep resume ")[2].split()[0]
    resumed = runfolio("sweep", "resume", again)
    assert "trial 2 of 3 finished" in resumed.stderr and "trial 1 of 3" not in resumed.stderr


@pytest.mark.parametrize(
    ("sweep", "arguments", "told", "code"),
    [
        ("metric: loss\nspase: 1\n", (), "line 2: there is no key 'spase'", 2),
        (SWEEP.replace("x:", "y:"), (), "no parameter 'y'", 2),
        (SWEEP, ("-e", "mein"), "main", 3),
        (SWEEP, ("-P", "x=1", "-P", "x"), "no parameter", 2),
        pytest.param(
            SWEEP, ("--cluster", "tcp://127.0.0.1:1"), "Dask", 1, marks=pytest.mark.slow
        ),  # Dask tries for 30 s
    ],
)
def test_what_is_wrong_is_said(project: Path, sweep: str, arguments: tuple[str, ...], told: str, code: int) -> None:
    (project.parent / "sweep.yaml").write_text(sweep, encoding="utf-8")
    assert told in swept(project, *arguments, code=code).stderr


def test_a_file_that_is_not_there(project: Path) -> None:
    assert "cannot be read" in runfolio("sweep", "run", str(project), "-c", "nowhere.yaml", code=3).stderr
