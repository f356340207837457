"""Sweeps on a cluster of several processes of this machine, one of which is killed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.sweeps.records import Dimension, Method, Sweep, TrialState
from runfolio.projects.running.observer import Observer
from runfolio.projects.sweeps.dask_executor import DaskExecutor
from runfolio.projects.sweeps.engine import Engine
from runfolio.projects.sweeps.plain import PlainSearcher
from runfolio.projects.sweeps.sweep import run_sweep
from runfolio.store.sweeps.memory import trials_of
from tests.projects.sweeps.cluster_trials import Noted, until_told
from tests.projects.sweeps.conftest import Logged, Project
from tests.projects.sweeps.fakes import Immediate, InMemory, sum_of

#: Kills the worker that runs it once, and would go on for ever by itself.
DEADLY = """
import os, pathlib, signal, sys, time
import runfolio
x, once = float(sys.argv[1]), pathlib.Path(__file__).with_name("killed")
with runfolio.start_run():
    runfolio.log_metric("loss", x)
    if x == 5 and not once.exists():
        once.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        while True:
            time.sleep(0.01)
"""

pytestmark = pytest.mark.faults
SWEEP = Sweep((Dimension("x", tuple(map(str, range(12)))),), "loss", method=Method.GRID, trials=0, parallel=3)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A cluster of three processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs="CRITICAL"
    ) as found:
        yield found


def begun(folder: Path) -> Counter[int]:
    """How often each trial was."""
    return Counter(int(file.name.partition("-")[0]) for file in folder.glob("*-*-*"))


def test_a_worker_that_is_killed_loses_no_trial_and_none_counts_twice(cluster: Any, tmp_path: Path) -> None:
    memory = InMemory()
    executor = DaskExecutor(cluster.scheduler_address, Noted(tmp_path, deadly=4), tmp_path)
    ended = Engine(SWEEP, PlainSearcher(SWEEP), executor, memory).run()
    assert [(one.state, one.value) for one in ended.trials] == [(TrialState.FINISHED, float(n)) for n in range(12)]
    assert begun(tmp_path)[4] == 2, "the one in the middle of which the worker ended"
    assert set(begun(tmp_path)) == set(range(12))
    assert len([one for one in memory.told if one.state.over]) == 12
    assert len({file.name.split("-")[1] for file in tmp_path.glob("*-*-*")}) >= 3, "several processes ran trials"


def test_a_sweep_of_a_project_whose_worker_is_killed_in_the_middle(
    cluster: Any, target: Tracker, project: Project
) -> None:
    request = project(DEADLY)
    sweep = Sweep((Dimension("x", tuple(map(str, range(8)))),), "loss", method=Method.GRID, trials=0, parallel=3)
    ended = run_sweep(target, sweep, request, Observer(), cluster=cluster.scheduler_address)
    assert (ended.status, ended.reason) == ("FINISHED", "")
    found = Logged(target, ended.run_id)
    trials = trials_of(target.opened_store(), found.number)
    assert [(one.state, one.value) for one in trials] == [(TrialState.FINISHED, float(n)) for n in range(8)]
    assert [one.params["x"] for one in found.trials] == ["0", "1", "2", "3", "4", "5", "5", "6", "7"]
    of_five = [one for one in found.trials if one.params["x"] == "5"]
    assert [one.status for one in of_five] == ["KILLED", "FINISHED"], "its worker was killed in the first one"
    assert trials[5].run_uuid == of_five[1].run_id
    assert all(one.status == "FINISHED" for one in found.trials if one.params["x"] != "5")
    assert found.parent.tags["runfolio.sweep.cluster"] == cluster.scheduler_address


@pytest.mark.slow
def test_a_trial_that_ends_each_worker_fails_and_the_others_go_on(cluster: Any, tmp_path: Path) -> None:
    sweep = Sweep((Dimension("x", ("1", "wrong", "3")),), "loss", method=Method.GRID, trials=0)
    executor = DaskExecutor(cluster.scheduler_address, Noted(tmp_path, deadly=2, always=True), tmp_path)
    ended = Engine(sweep, PlainSearcher(sweep), executor, InMemory()).run()
    assert [one.state for one in ended.trials] == [TrialState.FINISHED, TrialState.FAILED, TrialState.FAILED]
    assert ended.trials[1].reason == "No environment." and ended.trials[2].reason.startswith("The workers that ran it")


def test_a_sweep_that_is_stopped_ends_what_runs_on_workers(cluster: Any, tmp_path: Path) -> None:
    memory = InMemory()
    executor = DaskExecutor(cluster.scheduler_address, until_told, tmp_path)
    ended = Engine(SWEEP, PlainSearcher(SWEEP), executor, memory, stopped=lambda: len(memory.told) >= 3).run()
    assert ended.stopped and [one.state for one in ended.trials] == [TrialState.STOPPED] * 3


@pytest.mark.slow
def test_when_the_cluster_is_gone_nothing_seems_to_run_and_the_sweep_goes_on_elsewhere(
    cluster: Any, tmp_path: Path
) -> None:
    memory = InMemory()
    executor = DaskExecutor(cluster.scheduler_address, until_told, tmp_path)

    def gone(trial: object) -> None:
        if len(memory.told) == 3:
            cluster.close()

    with pytest.raises(EnvironmentProblem, match="is gone"):
        Engine(SWEEP, PlainSearcher(SWEEP), executor, memory, told=gone).run()
    assert [one.state for one in memory.trials()] == [TrialState.STOPPED] * 3
    ended = Engine(SWEEP, PlainSearcher(SWEEP), Immediate(sum_of), memory).run()
    assert [one.state for one in ended.trials] == [TrialState.FINISHED] * 12


def test_workers_that_do_not_see_the_store_are_told_of_before_anything_runs(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EnvironmentProblem) as caught:  # a path that is another place for them
        DaskExecutor(cluster.scheduler_address, until_told, Path("store"))
    assert caught.value.message.startswith("3 of 3 workers (tcp://")
    assert (
        caught.value.message.endswith("cannot see the store in store.") and "under the same path" in caught.value.hint
    )
    assert not list((tmp_path / "store").iterdir())
    with pytest.raises(EnvironmentProblem, match="cannot see project"):
        DaskExecutor(cluster.scheduler_address, until_told, tmp_path, [Path("project")])


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EnvironmentProblem, match=r"pip install 'dask\[distributed\]'"):
        DaskExecutor("tcp://127.0.0.1:1", until_told, tmp_path)


def test_a_cluster_that_does_not_answer_or_has_no_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("runfolio.projects.sweeps.dask_executor.PATIENCE", 1.0)
    with pytest.raises(EnvironmentProblem, match="No Dask cluster answers at tcp://127"):
        DaskExecutor("tcp://127.0.0.1:1", until_told, tmp_path)
    with pytest.raises(EnvironmentProblem, match="No Dask cluster answers at nonsense"):
        DaskExecutor("nonsense", until_told, tmp_path)
    with (
        distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=":0") as empty,
        pytest.raises(EnvironmentProblem, match="has no workers"),
    ):
        DaskExecutor(empty.scheduler_address, until_told, tmp_path)
