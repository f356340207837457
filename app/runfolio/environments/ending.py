"""Ending a process with all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psutil

#: Seconds that what was started is waited for: a signal takes its time where the machine is busy.
PATIENCE = 2.0


def end_tree(child: subprocess.Popen[Any]) -> None:
    """End a process and what it has started, at once; also what lives on after it, where it leads a group of its own.

    The group of a process that has ended keeps its number as long as somebody is in it. May be called again.
    """
    import psutil  # which takes longer to load than an environment that is kept to be found

    started: list[psutil.Process] = []
    if child.poll() is None:
        with contextlib.suppress(psutil.Error):
            started = psutil.Process(child.pid).children(recursive=True)
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    for one in started:
        with contextlib.suppress(psutil.Error):
            one.kill()
    child.kill()
    child.wait()
    until = time.monotonic() + PATIENCE
    while any(map(_lives, started)) and time.monotonic() < until:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
