"""What a script prints, kept with its runs as it appears: `runfolio/console.log` among a run's files.

Python's own output streams are listened to; what a library writes past them, or a child process, is not seen.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from runfolio.core.captured import console_pieces
from runfolio.core.terminal import ESCAPES, overwritten

#: The beginning of a longer output that is kept, and at least so much of its end; bytes.
HEAD, TAIL = 4 << 20, 2 << 20
#: A line that grows beyond this is broken.
MAX_LINE = 1 << 16
#: A line that is not whole is written at most this often; seconds.
SHOWN_EVERY = 0.1


class Listener(Protocol):
    """Takes what was printed."""

    def write(self, text: str) -> None:
        """Take a piece of the output."""


class ConsoleLog:
    """The output of one run as a file. Of a progress bar, which rewrites its line, the last state is kept.

    The file holds whole lines and, now and then, the line as far as it goes. Output beyond `HEAD` goes to a second
    file, of which only the end is kept; all become one when the log is closed.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._guard = threading.Lock()
        self._file: BinaryIO = path.open("xb", buffering=0)
        self._older, self._newer = console_pieces(path)[1:]
        self._line, self._column = "", 0
        # Whole lines reach so far in the file; what is behind is the beginning of a line.
        self._whole, self._shown = 0, False
        self._shown_at = 0.0
        self._limit, self._left_out = HEAD, 0

    def write(self, text: str) -> None:
        """Take a piece of the output."""
        with self._guard:
            if self._file.closed:
                return
            *pieces, last = ESCAPES.sub("", text).split("\n")
            done = [self._ended(piece) for piece in pieces]
            self._overwrite(last)
            if len(self._line) > MAX_LINE:
                done.append(self._ended(""))
            if done:
                self._put("\n".join([*done, ""]))
            elif time.monotonic() - self._shown_at > SHOWN_EVERY:
                self._show()

    def close(self) -> None:
        """Put the pieces together and let go of the file."""
        with self._guard:
            if self._file.closed:
                return
            self._show()
            self._file.close()
            if self._limit != HEAD:
                self._join()

    def _ended(self, piece: str) -> str:
        self._overwrite(piece)
        line, self._line, self._column = self._line, "", 0
        return line

    def _overwrite(self, piece: str) -> None:
        self._line, self._column = overwritten(self._line, self._column, piece)

    def _put(self, lines: str) -> None:
        self._unshow()
        self._whole += self._file.write(lines.encode(errors="backslashreplace"))
        if self._whole > self._limit:
            self._go_on_elsewhere()

    def _show(self) -> None:
        """Write the line as far as it goes."""
        self._unshow()
        if self._line:
            self._file.write(self._line.encode(errors="backslashreplace"))
            self._shown = True
        self._shown_at = time.monotonic()

    def _unshow(self) -> None:
        if self._shown:
            self._file.truncate(self._whole)
            self._file.seek(self._whole)
            self._shown = False

    def _go_on_elsewhere(self) -> None:
        self._file.close()
        if self._newer.exists():
            self._left_out += self._older.stat().st_size if self._older.exists() else 0
            self._newer.replace(self._older)
        self._file = self._newer.open("wb", buffering=0)
        self._whole, self._limit = 0, TAIL

    def _join(self) -> None:
        with self.path.open("ab") as whole:
            if self._left_out:
                whole.write(f"... {self._left_out:,} bytes left out ...\n".encode())
            for part in (self._older, self._newer):
                if part.exists():
                    with part.open("rb") as source:
                        shutil.copyfileobj(source, whole)
                    part.unlink()


class Streams:
    """Python's output streams, as long as somebody listens. Their own work is done first, and never fails for ours."""

    def __init__(self, listeners: Callable[[], Iterable[Listener]]) -> None:
        self._listeners = listeners
        self._restore: list[Callable[[], None]] = []
        self._inside = threading.local()
        self._owner = os.getpid()

    def listen(self) -> None:
        """Begin to listen to the streams as they are now; those that are listened to already are left alone."""
        for stream in {id(one): one for one in (sys.stdout, sys.stderr) if one is not None}.values():
            if getattr(stream.write, "_runfolio", None) is not self:
                self._wrap(stream)

    def stop(self) -> None:
        """Give the streams back as they were, unless somebody else has changed them since."""
        while self._restore:
            self._restore.pop()()

    def _wrap(self, stream: Any) -> None:
        original = stream.write

        def write(text: str, *rest: Any) -> Any:
            result = original(text, *rest)
            if os.getpid() == self._owner and isinstance(text, str):
                self._tell(text)
            return result

        write._runfolio = self  # type: ignore[attr-defined]
        try:
            stream.write = write
        except AttributeError:  # a stream that takes no attributes is not listened to
            return

        def restore() -> None:
            if getattr(stream.write, "_runfolio", None) is self:
                with suppress(AttributeError):
                    del stream.write

        self._restore.append(restore)

    def _tell(self, text: str) -> None:
        if getattr(self._inside, "now", False):  # what we print while listening is not output of the script
            return
        self._inside.now = True
        try:
            for listener in self._listeners():
                with suppress(OSError, ValueError):  # a full disk, a folder that is gone: the script goes on
                    listener.write(text)
        finally:
            self._inside.now = False
