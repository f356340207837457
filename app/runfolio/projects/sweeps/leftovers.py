"""Processes of trials that nobody watches any more, because what had started them was killed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection

import psutil

VARIABLE = "RUNFOLIO_RUN_ID"


def end_processes_of(run_ids: Collection[str]) -> int:
    """End the processes of this user and machine that log to one of these runs; returns how many there were."""
    ended = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(VARIABLE) in run_ids:
                process.kill()
                ended += 1
    return ended
