"""Ending the group of a process when the one who watches it is gone, however that was ended."""

from __future__ import annotations

import os
import subprocess
from types import TracebackType

#: Seconds that the group has to end by itself once it is told to.
GRACE = 10
# Nothing is ever written to what it reads, so that `read` returns when the system has closed the other end: when we are
# gone. Signals of processes that are no more are refused, and so the script ends.
_SCRIPT = """
read -r nothing
kill -s TERM -- "-$1" || exit
left=$2
while [ "$left" -gt 0 ] && kill -s 0 -- "-$1"; do
    sleep 1
    left=$((left - 1))
done
kill -s KILL -- "-$1"
"""


class Lifeline:
    """A shell that ends a group of processes should this process be killed, until it is cut. Needs POSIX."""

    def __init__(self, group: int) -> None:
        """Hold the line for a group. Raises OSError."""
        self._shell = subprocess.Popen(
            ["sh", "-c", _SCRIPT, "runfolio", str(group), str(GRACE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # No folder of a project, which could not be removed as long as somebody works in it.
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath)},
            # What ends the group of this process, such as a Ctrl+C at the terminal, must leave it alone.
            start_new_session=True,
        )

    def __enter__(self) -> Lifeline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()

    def cut(self) -> None:
        """Have it do nothing any more. May be called again."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            self._shell.stdin.close()
