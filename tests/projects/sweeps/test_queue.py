"""A sweep in the queue: who works at it is killed, and the next one goes on with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.queue.records import Job, JobKind, JobState
from runfolio.core.sweeps.records import Dimension, Method, Sweep
from runfolio.core.sweeps.stored import written
from runfolio.store.queue import changing, reading
from runfolio.store.sweeps.memory import trials_of
from tests.other_processes import until
from tests.projects.sweeps.conftest import Logged, Project
from tests.projects.sweeps.test_sweep import HANGING

SWEEP = Sweep((Dimension("x", ("1", "3", "4", "5")),), "loss", method=Method.GRID, trials=0, parallel=1)


@pytest.mark.faults
def test_a_sweep_of_the_queue_goes_on_in_its_run_when_who_works_at_it_was_killed(
    target: Tracker, project: Project
) -> None:
    request = project(HANGING)
    folder = Path(request.uri)
    (folder / "hang").touch()
    store = target.opened_store()
    number, _ = changing.enqueue(store, JobKind.SWEEP, "sweep", {"sweep": written(SWEEP), "run": request.written()})

    def job() -> Job:
        return reading.jobs_of(store, [number])[number]

    command = [sys.executable, "-m", "runfolio", "queue", "work", "--store", str(target.folder)]
    with subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL) as process:
        try:
            until(lambda: (folder / "hanging").exists())
            before = job()
        finally:
            process.kill()
    assert before.state is JobState.RUNNING and before.run_uuid
    (folder / "hang").unlink()
    assert subprocess.run(command, stdout=subprocess.DEVNULL, timeout=60).returncode == 0
    assert (job().state, job().run_uuid, job().attempts) == (JobState.FINISHED, before.run_uuid, 2)
    found = Logged(target, before.run_uuid)
    assert [one.params["x"] for one in found.trials] == ["1", "3", "4", "4", "5"]
    assert [one.status for one in found.trials] == ["FINISHED", "FINISHED", "KILLED", "FINISHED", "FINISHED"]
    assert [one.attempts for one in trials_of(store, found.number)] == [1, 1, 2, 1]
    assert found.parent.status == "FINISHED"
