"""How runs end whose processes fork, share a run, or go on after an exception."""

from __future__ import annotations

from pathlib import Path

import pytest

import runfolio
from runfolio.client import known_runs, tracker
from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from tests.client.conftest import Script


def only_run(folder: Path) -> Run:
    """The one run of a store, as whoever opens the store next finds it."""
    store = open_store(folder)
    recover(store)
    (run,) = read_runs(store, find_runs(store))
    store.close()
    return run


def test_an_exit_that_somebody_catches_is_none(script: Script, folder: Path) -> None:
    script("""
        import sys, runfolio
        def careful():
            try:
                sys.exit(3)
            except SystemExit:
                pass
        runfolio.start_run()
        careful()
        runfolio.log_metric("loss", 1.0)
    """)
    assert only_run(folder).status is RunStatus.FINISHED


@pytest.mark.parametrize("way", ["exit(3)", "quit(3)", "sys.exit(3)", "exit(code=3)"])
def test_a_code_other_than_0_is_a_failure(script: Script, folder: Path, way: str) -> None:
    script(f"import sys, runfolio; runfolio.start_run(); {way}", code=3)
    assert only_run(folder).status is RunStatus.FAILED


def test_the_end_of_a_forked_child_is_not_its_parents(script: Script, folder: Path) -> None:
    script("""
        import os, sys, runfolio
        runfolio.start_run()
        runfolio.log_metric("loss", 1.0, step=1)
        child = os.fork()
        if child == 0:
            runfolio.log_metric("loss", 2.0, step=2)
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        runfolio.log_metric("loss", 3.0, step=3)
    """)
    run = only_run(folder)
    assert run.status is RunStatus.FINISHED
    assert (run.metrics["loss"].count, run.metrics["loss"].last_step) == (3, 3)


def test_ranks_log_to_one_run_which_is_over_when_the_last_is(script: Script, folder: Path) -> None:
    script("""
        import multiprocessing, runfolio

        def rank(number, run_id, barrier):
            with runfolio.start_run(run_id=run_id):
                barrier.wait()
                for step in range(100):
                    runfolio.log_metric(f"rank {number}/loss", step, step=step)
                barrier.wait()

        if __name__ == "__main__":
            with runfolio.start_run() as run:
                runfolio.flush()
                context = multiprocessing.get_context("spawn")
                barrier = context.Barrier(4)
                ranks = [context.Process(target=rank, args=(n, run.info.run_id, barrier)) for n in range(4)]
                for one in ranks:
                    one.start()
                for one in ranks:
                    one.join()
                    assert one.exitcode == 0
                assert runfolio.get_run(run.info.run_id).info.status == "RUNNING"
    """)
    run = only_run(folder)
    assert run.status is RunStatus.FINISHED
    assert {key: summary.count for key, summary in run.metrics.items()} == {f"rank {n}/loss": 100 for n in range(4)}


def test_one_failed_rank_makes_the_run_failed(script: Script, folder: Path) -> None:
    script("""
        import subprocess, sys, runfolio
        with runfolio.start_run() as run:
            runfolio.flush()
            source = f"import runfolio\\nwith runfolio.start_run(run_id={run.info.run_id!r}): raise ValueError('x')"
            assert subprocess.call([sys.executable, "-c", source], stderr=subprocess.DEVNULL) == 1
    """)
    assert only_run(folder).status is RunStatus.FAILED


def test_a_killed_run_tells_how_far_it_came(script: Script, folder: Path) -> None:
    script(
        """
        import os, runfolio
        runfolio.start_run()
        for step in range(41):
            runfolio.log_metric("loss", 1.0, step=step)
        runfolio.log_metric("system/cpu", 1.0, step=1000)
        os.kill(os.getpid(), 9)
        """,
        code=-9,
    )
    run = only_run(folder)
    assert run.status is RunStatus.KILLED and run.last_step == 40
    assert run.end_time == run.last_seen >= run.start_time


def test_a_session_at_a_prompt_outlives_its_exceptions(script: Script, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "typed.txt").write_text("import runfolio\nrunfolio.start_run()\n1/0\nrunfolio.log_metric('x', 1)\n")
    script("""
        import subprocess, sys
        with open("typed.txt") as typed:
            done = subprocess.run([sys.executable, "-i"], stdin=typed, capture_output=True, text=True)
        assert "ZeroDivisionError" in done.stderr and done.returncode == 0, done.stderr
    """)
    run = only_run(folder)
    assert run.status is RunStatus.FINISHED and run.metrics["x"].count == 1


def test_a_run_that_cannot_be_ended_keeps_no_other_from_it(script: Script, folder: Path) -> None:
    script("""
        import runfolio
        first = runfolio.start_run(run_name="first")
        last = runfolio.start_run(run_name="last", nested=True)
        runfolio.log_metric("loss", 1.0)
        def broken(*_given):
            raise KeyError("a bug")
        last.end = broken
    """)
    store = open_store(folder)
    recover(store)
    found = {run.name: run.status for run in read_runs(store, find_runs(store))}
    store.close()
    assert found["first"] is RunStatus.FINISHED
    assert found["last"] is not RunStatus.RUNNING


def test_runs_named_by_their_ids_are_not_all_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_runs, "KEPT", 2)
    runfolio.set_tracking_uri(folder)
    ids = []
    for number in range(4):
        with runfolio.start_run(run_name=str(number)) as run:
            ids.append(run.info.run_id)
    for step in range(3):
        for run_id in ids:
            runfolio.log_metric("loss", 1.0, step=step, run_id=run_id)
    counts = [runfolio.get_run(run_id).data.metrics for run_id in ids]
    history = [len(runfolio.Client().get_metric_history(run_id, "loss")) for run_id in ids]
    tracker.close_all()
    assert counts == [{"loss": 1.0}] * 4 and history == [3] * 4
