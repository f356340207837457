"""A process in a group of its own: what it prints is passed on as it comes, and it ends when it is told to."""

from __future__ import annotations

import codecs
import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from runfolio.environments.ending import ask_to_end, end_tree
from runfolio.projects.running.lifeline import Lifeline

#: Seconds that a process has to end by itself once it is told to.
GRACE = 10.0
#: Seconds between two looks at whether it is to end.
LOOK = 0.05
#: Seconds that output is waited for once the process is gone: what it has started may hold it open.
LINGER = 1.0
BLOCK = 1 << 16


class Child:
    """A process that was started.

    Attributes:
        code: how it ended; None before.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        output: Callable[[str], None],
        handed: Sequence[int] = (),
    ) -> None:
        """Start it, with descriptors that it inherits. Raises OSError."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            # A group of its own: a Ctrl+C at the terminal comes to us alone, and all of the group can be ended.
            start_new_session=os.name == "posix",
            pass_fds=tuple(handed) if os.name == "posix" else (),
        )
        self.started = time.time()
        self._line = _line_for(self._process)
        self._output = output
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, name="runfolio-output", daemon=True)
        self._reader.start()

    @property
    def number(self) -> int:
        """The number of the process, and of its group."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it is known to have ended."""
        return self._process.returncode is not None

    def wait(self, stopped: Callable[[], bool], until: float | None = None) -> tuple[int | None, bool]:
        """Wait for its end; its exit code, and whether `stopped` said that it should end.

        The code is None where it was still at work at the time `until` (of `time.monotonic`). It is ended then.
        """
        while (code := self._poll()) is None:
            if stopped():
                return self.end(), True
            if until is not None and time.monotonic() > until:
                self.end()
                return None, False
        self._finish()
        return code, False

    def _poll(self) -> int | None:
        """Its exit code, as soon as it has one; a process that ends closes its output, which tells at once."""
        if not self._closed.wait(LOOK):
            return self._process.poll()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(LOOK)
        return None

    def end(self) -> int:
        """Tell all of its group to end, and end what has not after a while, or at a Ctrl+C; returns its exit code."""
        if self.has_ended:
            return self._process.returncode
        started = ask_to_end(self._process, GRACE)
        end_tree(self._process, started)
        self._finish()
        return self._process.returncode

    def _finish(self) -> None:
        """End what lives on of what it has started, and take the rest of its output."""
        self._closed.wait(LINGER)
        end_tree(self._process)
        if self._line is not None:
            self._line.cut()
        self._reader.join(LINGER)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        descriptor = self._process.stdout.fileno()
        try:
            while block := os.read(descriptor, BLOCK):
                self._output(decode(block))
            self._output(decode(b"", final=True))
        finally:
            self._closed.set()


def _line_for(process: subprocess.Popen[bytes]) -> Lifeline | None:
    """What ends a process should we be killed; None where there are no groups. Raises OSError, and it has ended."""
    if os.name != "posix":
        return None
    try:
        return Lifeline(process.pid)
    except OSError:
        end_tree(process)
        raise
