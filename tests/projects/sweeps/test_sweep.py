"""A sweep of a project from what is asked for to what the store holds: with real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.sweeps.records import Dimension, Method, Pruning, Sweep, Trial, TrialState
from runfolio.core.sweeps.spec import read_sweep
from runfolio.core.sweeps.stored import read_written, written
from runfolio.projects.reproducing.planning import plan
from runfolio.projects.running.observer import Observer
from runfolio.projects.sweeps.sweep import resume_sweep, run_sweep, run_written
from runfolio.store.sweeps.memory import sweep_of, trials_of
from tests.projects.sweeps.conftest import Logged, Project

GRID = Sweep((Dimension("x", ("1", "3", "9", "4")),), "loss", method=Method.GRID, trials=0)
#: Runs for ever once a file is there, and says so by another one.
HANGING = """\
import pathlib, sys, time
import runfolio
x = float(sys.argv[1])
with runfolio.start_run():
    runfolio.log_metric("loss", x)
    runfolio.flush()
    here = pathlib.Path(__file__).parent
    if x == 4 and (here / "hang").exists():
        (here / "hanging").touch()
        while True:
            time.sleep(0.01)
"""


class Stopping(Observer):
    """Stops a sweep when a file is there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def stopped(self) -> bool:
        return self._file.exists()


def test_a_sweep_is_not_reproduced_as_if_it_were_one_run_but_its_trials_are(target: Tracker, project: Project) -> None:
    found = Logged(target, run_sweep(target, GRID, project(), Observer()).run_id)
    store = target.opened_store()
    told = [problem.text for problem in plan(store, found.parent).problems if problem.fatal]
    assert told == [
        "It is a sweep: reproduce one of its trials, or have `runfolio sweep run` search its sweep.yaml again."
    ]
    assert plan(store, found.trials[0]).is_possible


def test_a_sweep_is_a_run_with_its_trials_nested_and_the_best_of_them(target: Tracker, project: Project) -> None:
    told: list[Trial] = []
    sweep = replace(GRID, fixed={"epochs": "3"})
    ended = run_sweep(target, sweep, project(), Observer(), told=told.append)
    found = Logged(target, ended.run_id)
    assert (ended.status, ended.reason) == ("FINISHED", "")
    assert (found.parent.name, found.parent.status) == ("sweep", "FINISHED")
    assert found.parent.params == {"epochs": "3"}
    assert [one.name for one in found.trials] == ["trial 0", "trial 1", "trial 2", "trial 3"]
    assert [one.params["x"] for one in found.trials] == ["1", "3", "9", "4"]
    assert [one.status for one in found.trials] == ["FINISHED", "FINISHED", "FAILED", "FINISHED"]
    trials = trials_of(target.opened_store(), found.number)
    assert [(one.state.value, one.value, one.run_uuid) for one in trials] == [
        ("finished", 4.0, found.trials[0].run_id),
        ("finished", 0.0, found.trials[1].run_id),
        ("failed", 36.0, found.trials[2].run_id),
        ("finished", 1.0, found.trials[3].run_id),
    ]
    assert "exit code 7" in trials[2].reason
    tags = found.parent.tags
    assert tags["runfolio.sweep.ended"] == "All trials have run."
    assert tags["runfolio.sweep.best_trial"] == "1" and tags["runfolio.sweep.best_run"] == trials[1].run_uuid
    assert tags["runfolio.sweep.best.x"] == "3" and tags["runfolio.sweep.metric"] == "loss"
    assert found.parent.metrics["loss"].last == 0.0 and found.parent.metrics["loss"].last_step == 4
    stored = sweep_of(target.opened_store(), found.number)
    assert stored is not None and read_written(stored.specification) == sweep
    text = (target.folder / "artifacts" / ended.run_id / "sweep.yaml").read_text("utf-8")
    assert read_sweep(text) == sweep
    assert len(told) == 8


def test_the_best_value_of_a_trial_counts_if_it_is_asked_for(target: Tracker, project: Project) -> None:
    script = "import runfolio\nfor step, value in enumerate([5, 2, 4]): runfolio.log_metric('loss', value, step)\n"
    for take, value in (("last", 4.0), ("best", 2.0)):
        sweep = Sweep((Dimension("x", ("1",)),), "loss", trials=1, take=take)
        ended = run_sweep(target, sweep, project(script), Observer())
        assert trials_of(target.opened_store(), number_of(target, ended.run_id))[0].value == value


def number_of(target: Tracker, run_id: str) -> int:
    from runfolio.client.reading import number_of_run

    return number_of_run(target, run_id)


def test_what_the_project_does_not_take_is_told_before_a_run_is_made(target: Tracker, project: Project) -> None:
    for sweep, part in (
        (replace(GRID, space=(Dimension("y", ("1",)),)), "no parameter 'y'"),
        (replace(GRID, space=(Dimension("x", (), 0.0, 20.0),), method=Method.RANDOM, trials=3), "20.0 is more than 10"),
        (replace(GRID, method=Method.RANDOM), "a number of trials"),
    ):
        with pytest.raises(InvalidValue, match=part):
            run_sweep(target, sweep, project(), Observer())
    assert not target.folder.joinpath("artifacts").exists() or not list(target.folder.joinpath("artifacts").iterdir())


def test_a_sweep_all_of_whose_trials_fail_has_failed(target: Tracker, project: Project) -> None:
    ended = run_sweep(target, GRID, project("raise SystemExit('no data')"), Observer())
    assert ended.status == "FAILED" and "no data" in ended.reason
    assert Logged(target, ended.run_id).parent.status == "FAILED"


def test_trials_that_fall_behind_are_ended_by_what_they_have_logged(target: Tracker, project: Project) -> None:
    script = """
import sys, time, runfolio
x = float(sys.argv[1])
with runfolio.start_run():
    for step in range(3):
        runfolio.log_metric("loss", x, step)
    runfolio.flush()
    while x > 5:
        time.sleep(0.01)
"""
    pruning = Pruning("median", warmup_steps=1, warmup_trials=2)
    sweep = Sweep((Dimension("x", ("1", "2", "8")),), "loss", method=Method.GRID, trials=0, pruning=pruning, parallel=1)
    ended = run_sweep(target, sweep, project(script), Observer())
    trials = trials_of(target.opened_store(), number_of(target, ended.run_id))
    assert [one.state for one in trials] == [TrialState.FINISHED, TrialState.FINISHED, TrialState.PRUNED]
    assert trials[2].reason == "It fell behind the others."
    assert trials[2].value == 8.0
    assert [one.status for one in Logged(target, ended.run_id).trials] == ["FINISHED", "FINISHED", "KILLED"]


def test_one_that_is_stopped_goes_on_and_runs_again_what_had_not_ended(target: Tracker, project: Project) -> None:
    request = project(HANGING)
    folder = Path(request.uri)
    (folder / "hang").touch()
    ended = run_sweep(target, replace(GRID, parallel=1), request, Stopping(folder / "hanging"))
    assert ended.status == "KILLED" and ended.reason == "It was stopped with 1 trial to go."
    (folder / "hang").unlink()
    with pytest.raises(NotFound, match="is no sweep"):
        resume_sweep(target, Logged(target, ended.run_id).trials[0].run_id, Observer())
    resumed = resume_sweep(target, ended.run_id, Observer())
    found = Logged(target, ended.run_id)
    assert resumed.status == found.parent.status == "FINISHED"
    assert [one.params["x"] for one in found.trials] == ["1", "3", "9", "4", "4"]
    assert [one.status for one in found.trials] == ["FINISHED"] * 3 + ["KILLED", "FINISHED"]
    trials = trials_of(target.opened_store(), found.number)
    assert [(one.attempts, one.value) for one in trials] == [(1, 1.0), (1, 3.0), (1, 9.0), (2, 4.0)]
    assert found.parent.metrics["loss"].last == 1.0


@pytest.mark.faults
def test_one_whose_process_is_killed_goes_on_and_leaves_no_process(target: Tracker, project: Project) -> None:
    request = project(HANGING)
    folder = Path(request.uri)
    (folder / "hang").touch()
    job = {"sweep": written(replace(GRID, parallel=1)), "run": request.written()}
    code = """
        import json, sys
        from pathlib import Path
        from runfolio.client.tracker import tracker
        from runfolio.projects.running.observer import Observer
        from runfolio.projects.sweeps.sweep import run_written
        class Telling(Observer):
            def run_made(self, run_id):
                print(run_id, flush=True)
        run_written(tracker(sys.argv[1]), json.loads(sys.argv[2]), "", Telling())
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(target.folder), json.dumps(job)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            run_id = process.stdout.readline().strip()
            while not (folder / "hanging").exists():
                assert process.poll() is None
                time.sleep(0.01)
            started = psutil.Process(process.pid).children(recursive=True)
            hanging = [one for one in started if "train.py" in one.cmdline()]
        finally:
            process.kill()
    (folder / "hang").unlink()
    ended = run_written(target, job, run_id, Observer())
    found = Logged(target, run_id)
    assert ended.run_id == run_id and ended.status == found.parent.status == "FINISHED"
    assert [one.params["x"] for one in found.trials] == ["1", "3", "9", "4", "4"]
    assert [one.status for one in found.trials] == ["FINISHED"] * 3 + ["KILLED", "FINISHED"]
    assert [one.attempts for one in trials_of(target.opened_store(), found.number)] == [1, 1, 1, 2]
    assert hanging and not any(one.is_running() and one.status() != "zombie" for one in hanging)
