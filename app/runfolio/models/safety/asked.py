"""A process that is asked and answers by frames; it is ended where it oversteps its limits of time and memory."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

from runfolio.core import numbers
from runfolio.core.errors import EnvironmentProblem, Stopped, UserError
from runfolio.environments.ending import end_tree
from runfolio.models.safety.limits import Limits
from runfolio.previews.frames import BrokenFrame, read_frame, write_frame

POLL, MEMORY_POLL, PATIENCE = 0.05, 0.25, 1.0
TAIL_LINES, LINE = 40, 2000
# What a process needs of the environment; all else, secrets among it, stays outside.
_KEPT = frozenset(
    "PATH LANG LANGUAGE TZ LD_LIBRARY_PATH DYLD_LIBRARY_PATH VIRTUAL_ENV CONDA_PREFIX PYTHONPATH SYSTEMROOT WINDIR "
    "COMSPEC PATHEXT NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE CUDA_VISIBLE_DEVICES CUDA_HOME "
    "HIP_VISIBLE_DEVICES OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS".split()
)


class ModelFailed(UserError):
    """A model that could not be loaded or asked.

    Attributes:
        tail: the last lines that its process printed; may be empty.
    """

    error_code = "BAD_REQUEST"

    def __init__(self, message: str, tail: str = "", hint: str = "") -> None:
        super().__init__(message, hint)
        self.tail = tail


def never() -> bool:
    """That nobody stops it."""
    return False


class AskedProcess:
    """The process, and the threads that write to it and read from it.

    Args:
        command: the module that answers, and its arguments.
        limits: what it may take.
        folder: where it works, and its home.

    Raises:
        EnvironmentProblem: it cannot be started.
    """

    def __init__(self, command: Sequence[str], limits: Limits, folder: Path) -> None:
        self._limits, self._memory = limits, limits.bytes
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=_environment(folder),
                close_fds=True,
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EnvironmentProblem(f"No process can be started for the model: {error}.") from error
        self._answers: queue.SimpleQueue[tuple[Any, list[bytes]] | None] = queue.SimpleQueue()
        self._questions: queue.SimpleQueue[tuple[Any, list[bytes]] | None] = queue.SimpleQueue()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._ended = False
        self._threads = [
            threading.Thread(target=work, args=(stream,), name="model", daemon=True)
            for work, stream in (
                (self._write, self._process.stdin),
                (self._read, self._process.stdout),
                (self._listen, self._process.stderr),
            )
        ]
        for thread in self._threads:
            thread.start()

    def ask(
        self, asked: Any, blobs: list[bytes], what: str, stop: Callable[[], bool] = never
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The answer, a dictionary and blobs; it has the key "error" where what was asked for failed there.

        Args:
            what: what it is to do, as a verb.
            stop: asked now and then; true ends it.

        Raises:
            ModelFailed: it oversteps a limit, ends, or answers what nobody understands; it has ended then.
            Stopped: `stop` said so.
        """
        self._questions.put((asked, blobs))
        try:
            answer, parts = self._wait(what, stop)
            if not isinstance(answer, dict):
                raise ModelFailed("The model's process answers what nobody understands.", self.tail())
        except BaseException:
            self.end()
            raise
        return answer, parts

    def _wait(self, what: str, stop: Callable[[], bool]) -> tuple[Any, list[bytes]]:
        end, look = time.monotonic() + self._limits.seconds, 0.0
        while (answer := self._answer(POLL)) is None:
            if stop():
                raise Stopped
            now = time.monotonic()
            if now > end:
                raise self._overstepped(f"took longer than {self._limits.seconds:g} seconds to {what}")
            if now > look:
                look = now + MEMORY_POLL
                if self._memory_used() > self._memory:
                    raise self._overstepped(f"took more than {numbers.size(self._memory)} of memory to {what}")
        if isinstance(answer, int):
            raise ModelFailed(f"The model's process ended, with code {answer}, before it could {what}.", self.tail())
        return answer

    def _overstepped(self, what: str) -> ModelFailed:
        return ModelFailed(f"The model {what}, and was ended.", self.tail(), "Give it more if it needs that.")

    def _answer(self, seconds: float) -> tuple[Any, list[bytes]] | int | None:
        """The answer, if it comes within so long; the exit code if none will come any more."""
        try:
            found = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if found is not None:
            return found
        self._answers.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        return self._process.returncode if self._process.returncode is not None else -int(signal.SIGTERM)

    def _memory_used(self) -> int:
        """Bytes that it and what it has started have for themselves."""
        total = 0
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self._process.pid)
            for one in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    info = one.memory_info()
                    total += int(getattr(info, "private", info.rss - getattr(info, "shared", 0)))
        return total

    def tail(self) -> str:
        """The last lines that it printed."""
        if self._process.poll() is not None:
            self._threads[2].join(PATIENCE)
        return "\n".join(self._tail)

    def end(self) -> None:
        """End it at once, with all that it has started. May be called again."""
        if self._ended:
            return
        self._ended = True
        end_tree(self._process)
        self._questions.put(None)
        for thread in self._threads:
            thread.join(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _write(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):  # it has ended, which is told when the answer does not come
            while (frame := self._questions.get()) is not None:
                write_frame(stream, *frame)

    def _read(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(BrokenFrame, OSError, ValueError):
            while (frame := read_frame(stream)) is not None:
                self._answers.put(frame)
        self._answers.put(None)

    def _listen(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := stream.readline(LINE):
                self._tail.append(line.decode("utf-8", "replace").rstrip())


def _environment(folder: Path) -> dict[str, str]:
    """The environment of a model's process: no more than it needs, and a home and a place for scratch of its own."""
    kept = {key: value for key, value in os.environ.items() if key.upper() in _KEPT or key.startswith("LC_")}
    own = str(folder)
    places = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP"), own)
    source = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    fixed = {"PYTHONPATH": path, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg"}
    return {**kept, **places, **fixed}
