"""Commands that may take long, and are heard line by line while they run."""

from __future__ import annotations

import contextlib
import math
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from runfolio.core.errors import Stopped
from runfolio.environments.ending import end_tree
from runfolio.environments.processes import LINGER, PATIENCE, Finished

#: So many of the last lines are kept; so many characters of each.
KEPT, LONGEST = 200, 2_000


def follow(
    command: Sequence[str],
    *,
    hear: Callable[[str], None],
    timeout: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    handed: Sequence[int] = (),
) -> Finished:
    """Run a command to its end and tell each line of its output and its errors, in their order.

    Args:
        hear: takes a line, without its end, in this thread; what it raises ends the command.
        timeout: seconds, after which it and its children are killed.
        stopped: asked now and then; true kills it.
        handed: descriptors that stay open in it, so that a lock is held as long as it lives; not on Windows.

    Returns:
        The exit code, and the last lines as the output.

    Raises:
        Stopped: `stopped` said so.
        OSError: it cannot be started.
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,  # a carriage return ends a line as well: so do bars of progress
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env=None if environment is None else dict(environment),
        start_new_session=os.name == "posix",
        pass_fds=tuple(handed) if os.name == "posix" else (),
    )
    lines: SimpleQueue[str | None] = SimpleQueue()
    assert child.stdout is not None
    reader = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
    reader.start()
    try:
        return _heard(child, lines, hear, time.monotonic() + timeout, stopped)
    finally:
        end_tree(child)
        reader.join(LINGER)  # what has left its group may hold its output open still


def _read(stream: IO[str], lines: SimpleQueue[str | None]) -> None:
    with stream:
        while line := stream.readline(LONGEST):
            lines.put(line.rstrip("\r\n"))
    lines.put(None)


def _heard(
    child: subprocess.Popen[str],
    lines: SimpleQueue[str | None],
    hear: Callable[[str], None],
    deadline: float,
    stopped: Callable[[], bool],
) -> Finished:
    kept: deque[str] = deque(maxlen=KEPT)
    over, quiet_since = False, math.inf
    while not (over and child.poll() is not None) and time.monotonic() < quiet_since + LINGER:
        if stopped():
            raise Stopped
        if time.monotonic() > deadline:
            return Finished(None, "\n".join(kept), "")
        if child.poll() is not None:
            quiet_since = min(quiet_since, time.monotonic())
        try:
            line = None if over else lines.get(timeout=PATIENCE)
        except Empty:
            continue
        if line is None:
            over = True
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
        elif line:
            quiet_since = math.inf
            kept.append(line)
            hear(line)
    return Finished(child.returncode, "\n".join(kept), "")
