"""What the store remembers of a sweep, and what its run tells of it: the best trial so far."""

from __future__ import annotations

from dataclasses import replace

from runfolio.client.active_run import ActiveRun
from runfolio.client.tracker import Tracker
from runfolio.core.states import RunStatus
from runfolio.core.sweeps import judging, tags
from runfolio.core.sweeps.falling_behind import Curve
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.projects.sweeps.leftovers import end_processes_of
from runfolio.projects.sweeps.parts import Parameters
from runfolio.store import Store, runs, series
from runfolio.store.recover import recover
from runfolio.store.sweeps.memory import begin_trial, end_trial, trials_of


class StoreMemory:
    """The trials of a sweep in the store.

    Args:
        run: of the sweep; the best trial is noted there.
        number: that of the run in the store.
    """

    def __init__(self, tracker: Tracker, run: ActiveRun, number: int, sweep: Sweep) -> None:
        self._tracker, self._run, self._number, self._sweep = tracker, run, number, sweep
        self._over: list[Trial] = []
        self._best: Trial | None = None

    @property
    def _store(self) -> Store:
        return self._tracker.open_store()

    def trials(self) -> list[Trial]:
        """All trials, those of processes that are gone as their runs have ended; what they have started is ended."""
        known = trials_of(self._store, self._number)
        left = [one for one in known if not one.state.over and one.run_uuid]
        if left:
            end_processes_of({one.run_uuid for one in left})
            self._tracker.flush()
            recover(self._store)
        for trial in left:
            if trial.state is TrialState.RUNNING:
                self._settle(trial)
        found = trials_of(self._store, self._number)
        self._over = [one for one in found if one.state.over]
        self._best = judging.best(self._sweep, self._over)
        return found

    def _settle(self, trial: Trial) -> None:
        """Take a trial for over whose run has ended by itself before anybody could note that."""
        number = runs.find_run(self._store, trial.run_uuid)
        if number is None:
            return
        run = runs.get_run(self._store, number)
        value = value_in(self._store, number, self._sweep)
        if run.status is RunStatus.FINISHED and value is not None:
            self.end(replace(trial, state=TrialState.FINISHED, value=value, ended=run.end_time))

    def begin(self, number: int, parameters: Parameters) -> Trial:
        """Note that a trial begins."""
        return begin_trial(self._store, self._number, number, parameters)

    def end(self, trial: Trial) -> None:
        """Note how a trial has ended, and whether it is the best."""
        end_trial(self._store, self._number, trial)
        if not trial.state.over:
            return
        self._over.append(trial)
        best = judging.best(self._sweep, self._over)
        if best is not None and best.value is not None:
            self._run.log_metric(self._sweep.metric, best.value, len(self._over))
            if best != self._best:
                self._best = best
                self._run.set_tags(_tags(best))

    def curve(self, trial: Trial) -> Curve:
        """The metric of a trial by step."""
        run_uuid = trial.run_uuid or self._run_of(trial.number)
        number = runs.find_run(self._store, run_uuid) if run_uuid else None
        if number is None:
            return {}
        points = series.points(self._store, number, self._sweep.metric)
        return dict(zip(points.steps.tolist(), points.values.tolist(), strict=True))

    def _run_of(self, number: int) -> str:
        """The run of a trial that has begun since it was remembered."""
        return next((one.run_uuid for one in trials_of(self._store, self._number) if one.number == number), "")


def value_in(store: Store, number: int, sweep: Sweep) -> float | None:
    """What a run has of the metric, as the sweep takes it; None if it was not logged."""
    summary = runs.get_run(store, number).metrics.get(sweep.metric)
    if summary is None:
        return None
    if sweep.take == "best":
        return summary.minimum if sweep.goal == judging.MINIMIZE else summary.maximum
    return summary.last


def _tags(best: Trial) -> dict[str, str]:
    values = {f"{tags.BEST_VALUE}{name}": value for name, value in best.parameters.items()}
    return {tags.BEST_TRIAL: str(best.number), tags.BEST_RUN: best.run_uuid, **values}
