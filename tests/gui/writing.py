"""Fills a store as a training script does, for tests of what the window shows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from runfolio.client.active_run import ActiveRun, RunInfo, new_run_id
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.tracker import Tracker
from runfolio.core.states import RunStatus
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.runs import find_run
from tests.store.script import Script


class Writer:
    """One writing process' worth of journal, in this process, and apart from the fluent API's."""

    def __init__(self, folder: Path) -> None:
        self._tracker = Tracker(folder)

    def run(self, name: str, experiment: str = "digits", parent: ActiveRun | None = None) -> ActiveRun:
        """Start a run, which may be nested in another one."""
        handle = ExperimentHandle(self._tracker.folder, experiment)
        run = ActiveRun(self._tracker, RunInfo(new_run_id(), name, handle, self._tracker.folder))
        run.start(parent=parent and parent.info.run_id, user="", source="", experiment=experiment)
        return run

    def points(self, run: ActiveRun, key: str, values: Iterable[float], first: int = 0, pace: int = 1000) -> None:
        """Log values at the steps from `first` on, `pace` milliseconds apart after the run's start."""
        for step, value in enumerate(values, first):
            run.log_metric(key, value, step, run.info.start_time + pace * step)

    def end(self, run: ActiveRun) -> None:
        """Finish a run."""
        run.end(RunStatus.FINISHED)

    def commit(self) -> None:
        """Wait until everything is in the tables."""
        assert self._tracker.flush()

    def close(self) -> None:
        """End the thread that takes the journal in."""
        self._tracker.close()


def log_optimizers(script: Script, before: Iterable[float] = ()) -> list[str]:
    """Three runs, two with adam and one with sgd; each has one value of `acc`, after these."""
    runs: list[str] = []
    for optimizer, acc in (("adam", 0.5), ("adam", 0.25), ("sgd", 0.75)):
        runs.append(script.start(name=f"run {len(runs)}"))
        script.params(runs[-1], {"optimizer": optimizer})
        script.log(runs[-1], "acc", [*before, acc])
    script.take()
    return runs


def number_of(store: Store, run: ActiveRun) -> int:
    """The store's number of a run."""
    number = find_run(store, run.info.run_id)
    assert number is not None
    return number


def is_written(session: Session) -> bool:
    """Whether there is something to undo, and all that was asked for is in the store."""
    return session.undo.last is not None and not any(job.writes for job in session.jobs.running)
