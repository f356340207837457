"""How busy a sweep keeps its slots: trials of one second on two slots, remembered in a store.

Run with `python -m tests.benchmarks.sweeps [--trials 200]`. First the trials only wait, so that what is not busy is the
sweep's own doing; then they are processes of a project, of which the time is told that their slot is theirs and the
part of it in which the script runs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from runfolio.client.active_runs import open_run
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.reading import number_of_run
from runfolio.client.tracker import Tracker, close_all, tracker
from runfolio.core.projects.request import EnvManager, RunRequest
from runfolio.core.states import RunStatus
from runfolio.core.sweeps.records import Dimension, Method, Sweep, TrialState
from runfolio.core.sweeps.stored import written
from runfolio.projects.running.observer import Observer
from runfolio.projects.sweeps.engine import Engine
from runfolio.projects.sweeps.local import LocalExecutor
from runfolio.projects.sweeps.parts import TrialResult
from runfolio.projects.sweeps.searchers import searcher_for
from runfolio.projects.sweeps.store_memory import StoreMemory
from runfolio.projects.sweeps.sweep import run_sweep
from runfolio.store.sweeps.memory import create_sweep, trials_of
from tests.benchmarks.harness import Figure, report

SECONDS, SLOTS, BAR = 1.0, 2, 95.0
MLPROJECT = """\
entry_points:
  main:
    parameters: {x: float}
    command: "python train.py {x}"
"""
SCRIPT = f"""\
import sys, time
import runfolio
with runfolio.start_run():
    time.sleep({SECONDS})
    runfolio.log_metric("loss", float(sys.argv[1]))
"""


def sweep_of(trials: int, method: Method) -> Sweep:
    """A sweep of one number."""
    return Sweep((Dimension("x", (), 0.0, 1.0),), "loss", method=method, trials=trials, parallel=SLOTS)


def waiting(target: Tracker, trials: int, method: Method) -> float:
    """The percentage of the time of all slots in which trials ran that only wait."""
    sweep = sweep_of(trials, method)
    run = open_run(target, ExperimentHandle(target.folder, name="Default"), None, None)
    number = number_of_run(target, run.info.run_id)
    create_sweep(target.open_store(), number, written(sweep), {})
    spent = []

    def trial(number: int, parameters: Mapping[str, str], stopped: Callable[[], bool]) -> TrialResult:
        start = time.perf_counter()
        time.sleep(SECONDS)
        spent.append(time.perf_counter() - start)
        return TrialResult(number, TrialState.FINISHED, float(parameters["x"]))

    start = time.perf_counter()
    Engine(sweep, searcher_for(sweep), LocalExecutor(trial), StoreMemory(target, run, number, sweep)).run()
    whole = time.perf_counter() - start
    run.end(RunStatus.FINISHED)
    return 100 * sum(spent) / (SLOTS * whole)


def processes(target: Tracker, trials: int, project: Path) -> tuple[float, float]:
    """The percentage in which slots are held by trials that are processes, and in which their scripts work."""
    (project / "MLproject").write_text(MLPROJECT, encoding="utf-8")
    (project / "train.py").write_text(SCRIPT, encoding="utf-8")
    request = RunRequest(str(project), env_manager=EnvManager.LOCAL)
    ended = run_sweep(target, sweep_of(trials, Method.RANDOM), request, Observer())
    found = trials_of(target.opened_store(), number_of_run(target, ended.run_id))
    assert len(found) == trials and all(one.state is TrialState.FINISHED for one in found)
    ends = [one.ended or 0 for one in found]
    whole = (max(ends) - min(one.started for one in found)) / 1000
    held = sum(end - one.started for one, end in zip(found, ends, strict=True)) / 1000
    return 100 * held / (SLOTS * whole), 100 * trials * SECONDS / (SLOTS * whole)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--tpe", action="store_true", help="also by Optuna's TPE")
    asked = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        target = tracker(Path(folder) / "store")
        for method in (Method.RANDOM, *([Method.TPE] if asked.tpe else [])):
            busy = waiting(target, asked.trials, method)
            note = f"{asked.trials} trials of {SECONDS:g} s on {SLOTS} slots"
            figures.append(Figure(f"slots busy, {method}", busy, "%", BAR, note, at_least=True))
        project = Path(folder) / "project"
        project.mkdir()
        held, working = processes(target, asked.trials, project)
        figures.append(Figure("slots held by processes", held, "%", BAR, note, at_least=True))
        figures.append(Figure("scripts at work", working, "%", None, "the rest is starting and ending processes"))
        close_all()
    return report("Sweeps", figures)


if __name__ == "__main__":
    raise SystemExit(main())
