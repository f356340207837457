"""Jobs that somebody was at work at who is gone: what they had started is ended, and they wait again or have failed."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

import psutil

from runfolio.core.queue.records import Job, JobKind, JobState
from runfolio.store import Store
from runfolio.store.queue.working import LeftJob, end_job, left_jobs

#: A job whose watcher is gone so often is what has ended it, such as by taking all memory.
MOST = 3
#: Seconds between two clocks' words for when a process was started.
NEAR = 2.0
REASON = "The process that watched it is gone."


def take_care_of_left(store: Store) -> list[Job]:
    """End what was left and put it back into the queue; who calls this works at the queue alone. Returns the jobs."""
    found = left_jobs(store)
    for left in found:
        _end_processes(left)
        if left.job.cancelling:
            end_job(store, left.job.id, JobState.CANCELLED, "It was cancelled.")
        elif left.job.attempts < MOST or left.job.kind is JobKind.SWEEP:
            end_job(store, left.job.id, JobState.WAITING, f"{REASON} It is run again.")
        else:
            end_job(store, left.job.id, JobState.FAILED, f"{REASON} That was so {MOST} times.")
    return [left.job for left in found]


def _end_processes(left: LeftJob) -> None:
    """End the group of a process that is still there; one that has its number by chance is left alone."""
    if left.process is None or left.process_started is None:
        return
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(left.process)
        if abs(process.create_time() - left.process_started) > NEAR:
            return
        children = process.children(recursive=True)
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                if os.getpgid(left.process) == left.process:  # it leads the group that it was started in
                    os.killpg(left.process, signal.SIGKILL)
        for one in [process, *children]:
            with contextlib.suppress(psutil.Error):
                one.kill()
