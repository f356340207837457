"""Commands that may take long: they end in time, with all that they have started, or when nobody waits any more."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.errors import Stopped
from runfolio.environments.ending import end_tree

#: Seconds between two looks at whether anybody waits still.
PATIENCE = 0.2
#: Seconds that the output of a command which has ended is waited for.
LINGER = 1.0


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended.

    Attributes:
        code: its exit code; None if it took too long.
        output, errors: what it printed.
    """

    code: int | None
    output: str
    errors: str

    @property
    def last_words(self) -> str:
        """The last lines that it printed, errors before output."""
        lines = (self.errors or self.output).strip().splitlines()
        return "\n".join(lines[-20:])


def run(
    command: Sequence[str],
    *,
    timeout: float,
    given: str = "",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run a command to its end.

    Args:
        timeout: seconds, after which it and its children are killed.
        given: what it reads from stdin.
        stopped: asked now and then; true kills it.

    Raises:
        Stopped: `stopped` said so.
        OSError: it cannot be started.
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env=None if environment is None else dict(environment),
        # A group of its own, so that a Ctrl+C at the terminal comes to us alone, and all of the group can be killed.
        start_new_session=os.name == "posix",
    )
    try:
        return _attended(child, given, time.monotonic() + timeout, stopped)
    finally:
        end_tree(child)
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _attended(child: subprocess.Popen[str], given: str, deadline: float, stopped: Callable[[], bool]) -> Finished:
    # communicate() may be called again after it ran out of time; nothing is lost by that.
    to_give: str | None = given
    late = False
    while child.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            output, errors = child.communicate(to_give, timeout=PATIENCE)
            return Finished(child.returncode, output, errors)
        to_give = None
        if stopped():
            raise Stopped
        if late := time.monotonic() > deadline:
            break
    with contextlib.suppress(subprocess.TimeoutExpired):
        output, errors = child.communicate(to_give, timeout=0.0 if late else LINGER)
        return Finished(child.returncode, output, errors)
    # What it has started may hold its output open, and is not waited for.
    end_tree(child)
    output, errors = _rest(child)
    return Finished(None if late else child.returncode, output, errors)


def _rest(child: subprocess.Popen[str]) -> tuple[str, str]:
    """What it has printed so far, also where somebody who left its group holds its output open still."""
    try:
        return child.communicate(timeout=LINGER)
    except subprocess.TimeoutExpired as error:
        told = (error.output, error.stderr)
        output, errors = (one.decode("utf-8", "replace") if isinstance(one, bytes) else one or "" for one in told)
        return output, errors
