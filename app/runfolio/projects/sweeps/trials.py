"""One trial as a run of a project, nested in the run of its sweep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from runfolio.client.tracker import Tracker, tracker
from runfolio.core.projects.request import RunRequest
from runfolio.core.states import RunStatus
from runfolio.core.sweeps.records import Sweep, TrialState
from runfolio.core.sweeps.tags import TRIAL
from runfolio.projects.running.observer import Observer
from runfolio.projects.running.resolve import Code, code_of, launch_of
from runfolio.projects.running.run import run_launch
from runfolio.projects.sweeps.leftovers import end_processes_of
from runfolio.projects.sweeps.parts import Parameters, TrialResult
from runfolio.projects.sweeps.store_memory import value_in
from runfolio.store import runs
from runfolio.store.recover import recover
from runfolio.store.sweeps.memory import note_trial_run, trials_of

STATES = {
    RunStatus.FINISHED: TrialState.FINISHED,
    RunStatus.FAILED: TrialState.FAILED,
    RunStatus.KILLED: TrialState.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Task:
    """What all trials of a sweep have in common; it can be sent to another machine.

    Attributes:
        folder: of the store.
        run_id, number: the run of the sweep, and its number in the store.
        request: what is run, with the values that all trials have.
    """

    folder: Path
    run_id: str
    number: int
    sweep: Sweep
    request: RunRequest

    def request_of(self, number: int, parameters: Parameters) -> RunRequest:
        """What is run in a trial."""
        return replace(
            self.request,
            parameters={**self.request.parameters, **parameters},
            parent=self.run_id,
            run_name=f"trial {number}",
            tags={**self.request.tags, TRIAL: str(number)},
        )


class _Trial(Observer):
    """Notes the run of a trial, and hears when it is to end."""

    def __init__(self, target: Tracker, task: Task, number: int, stopped: Callable[[], bool]) -> None:
        self._target, self._task, self._number, self._stopped = target, task, number, stopped

    def run_made(self, run_id: str) -> None:
        """Note which run it is, so that it is found when this process is gone."""
        note_trial_run(self._target.open_store(), self._task.number, self._number, run_id)

    def stopped(self) -> bool:
        """Whether it is to end."""
        return self._stopped()


def run_trial(
    target: Tracker, code: Code, task: Task, number: int, parameters: Parameters, stopped: Callable[[], bool]
) -> TrialResult:
    """Run a trial to its end. Raises UserError if no run could be made."""
    launch = launch_of(code, task.request_of(number, parameters))
    ended = run_launch(target, launch, _Trial(target, task, number, stopped))
    value = _value(target, task.sweep, ended.run_id)
    return TrialResult(number, STATES[ended.status], value, ended.run_id, ended.reason)


def _value(target: Tracker, sweep: Sweep, run_id: str) -> float | None:
    """The metric of a run that has ended; what a script that was killed has left in its journal is brought in."""
    for bring_in in (False, True):
        if bring_in:
            target.flush()
            recover(target.open_store())
        number = runs.find_run(target.open_store(), run_id)
        found = None if number is None else value_in(target.open_store(), number, sweep)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class Remote:
    """Runs trials in another process, on this machine or elsewhere: it finds the store and the code by itself."""

    task: Task

    def __call__(self, number: int, parameters: Parameters, stopped: Callable[[], bool]) -> TrialResult:
        """Run a trial; what is left of it where a process was killed in the middle of it is ended before."""
        target = tracker(self.task.folder)
        self._end_earlier(target, number)
        request = self.task.request_of(number, parameters)
        with code_of(request, _Trial(target, self.task, number, stopped)) as code:
            found = run_trial(target, code, self.task, number, parameters, stopped)
        target.flush()  # whoever hears of the end finds it in the tables
        return found

    def _end_earlier(self, target: Tracker, number: int) -> None:
        known = trials_of(target.open_store(), self.task.number)
        earlier = {one.run_uuid for one in known if one.number == number and one.run_uuid}
        if earlier:
            end_processes_of(earlier)
            recover(target.open_store())
