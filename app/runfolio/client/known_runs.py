"""Runs of a store that this process logs to by their ids, without having started them."""

from __future__ import annotations

from pathlib import Path

from runfolio.client.active_run import ActiveRun, RunInfo
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.tracker import Tracker
from runfolio.core.errors import NotFound, RunStateError
from runfolio.core.states import LifecycleStage

#: As many are kept: one that is logged to again after that is read again.
KEPT = 1000


class KnownRuns:
    """The runs that were asked for last, so that a call that names its run need not read it each time."""

    def __init__(self) -> None:
        self._runs: dict[tuple[Path, str], ActiveRun] = {}

    def find(self, target: Tracker, run_id: str) -> ActiveRun:
        """A run of a store, read from it if need be. Raises NotFound."""
        place = target.folder, run_id
        found = self._runs.get(place)
        if found is None:
            # No lock, which a fork might leave locked: each step is whole by itself; of two threads one's run stays.
            found = self._runs.setdefault(place, stored_run(target, run_id))
            for oldest in list(self._runs)[:-KEPT]:
                self._runs.pop(oldest, None)
        return found


def stored_run(target: Tracker, run_id: str) -> ActiveRun:
    """A run of the store, to log to without starting it. Raises NotFound."""
    from runfolio.store import runs

    store = target.opened_store()
    number = runs.find_run(store, run_id)
    if number is None:
        raise NotFound(f"There is no run {run_id!r} in {target.folder}.")
    found = runs.get_run(store, number)
    if found.lifecycle_stage == LifecycleStage.DELETED:
        raise RunStateError(f"The run {run_id} is in the trash.", "Take it out first with restore_run().")
    handle = ExperimentHandle(target.folder, number=str(found.experiment))
    run = ActiveRun(target, RunInfo(run_id, found.name, handle, target.folder))
    run.info.start_time = found.start_time
    run.data.params.update(found.params)
    run.data.tags.update(found.tags)
    return run
