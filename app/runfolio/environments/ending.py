"""Ending a process with all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psutil

#: Seconds that what was started is waited for: a signal takes its time where the machine is busy.
PATIENCE = 2.0


def ask_to_end(child: subprocess.Popen[Any], patience: float) -> Sequence[psutil.Process]:
    """Tell a process, and all that it has started, to end, and wait for that; returns what it had started.

    A shell ends at once and leaves the program that it was waiting for to end by itself: each has its time. Where
    nobody can be told, as on Windows, this returns at once.

    Args:
        patience: seconds that all of them have together.
    """
    import psutil

    started = _started_by(child)
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGTERM)
        for one in started:
            with contextlib.suppress(psutil.Error, OSError):
                if os.getpgid(one.pid) != child.pid:
                    one.terminate()
        until = time.monotonic() + patience
        with contextlib.suppress(KeyboardInterrupt):  # who presses Ctrl+C again waits no more
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(patience)
            _wait_for(started, until)
    return started


def end_tree(child: subprocess.Popen[Any], known: Iterable[psutil.Process] = ()) -> None:
    """End a process and what it has started, at once; also what lives on after it, where it leads a group of its own.

    The group of a process that has ended keeps its number as long as somebody is in it. May be called again.

    Args:
        known: what it had started, from before it ended.
    """
    import psutil  # which takes longer to load than an environment that is kept to be found

    started = [*known, *_started_by(child)]
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    for one in started:
        with contextlib.suppress(psutil.Error):
            one.kill()
    child.kill()
    child.wait()
    _wait_for(started, time.monotonic() + PATIENCE)


def _started_by(child: subprocess.Popen[Any]) -> Sequence[psutil.Process]:
    """What a process has started; nobody knows when it has ended."""
    import psutil

    if child.poll() is None:
        with contextlib.suppress(psutil.Error):
            return psutil.Process(child.pid).children(recursive=True)
    return ()


def _wait_for(processes: Sequence[psutil.Process], until: float) -> None:
    while any(map(_lives, processes)) and time.monotonic() < until:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
