"""The window's side of the process that reads files: starts it, asks it, and ends it when it oversteps."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psutil

from runfolio.core import numbers
from runfolio.core.errors import CannotShow, EnvironmentProblem, Stopped
from runfolio.previews.child import COLD, Frame, unpacked
from runfolio.previews.frames import BrokenFrame, read_frame, write_frame
from runfolio.previews.limits import MEMORY, environment
from runfolio.previews.records import Question, pack

T = TypeVar("T")
#: How often it is looked whether the answer is still wanted, and how much memory it takes so far; in seconds.
POLL, MEMORY_POLL = 0.03, 0.2
#: What nobody waits for any more has so long to come to an end; then its process is ended.
GRACE = 0.5
GOODBYE = 1.0


def command(*given: str) -> list[str]:
    """How a process that reads is started. A bundle whose program is no Python has to take `-m` as Python does."""
    return [sys.executable, "-P", "-m", "runfolio.previews.child", *given]


def _never() -> bool:
    return False


class Door:
    """Asks a process of its own, from any thread; one question at a time, in the order they came.

    The process is started with the first question, or by `warm`, and anew after it has come to harm.

    Args:
        memory: bytes that it may have.
        cold: whether it loads only what it is asked for, because it is asked little.
    """

    def __init__(self, memory: int = MEMORY, *, cold: bool = False) -> None:
        self._memory = memory
        self._command = command(COLD) if cold else command()
        self._child: _Child | None = None
        self._closed = False
        self._turns = threading.Condition()
        self._waiting: deque[object] = deque()

    def warm(self) -> None:
        """Start the process, so that it is ready when it is asked. Does not wait for it, nor for a question under way.

        Raises:
            EnvironmentProblem: it cannot be started.
        """
        with self._turns:
            if not self._waiting and not self._closed:
                self._started()

    def ask(self, question: Question[T], stop: Callable[[], bool] = _never) -> T:
        """The answer to a question; waits for it. `stop` is polled: once it is true, nobody wants the answer.

        Raises:
            CannotShow: with the reason why there is none.
            Stopped: `stop` was true, or the door has been closed.
            EnvironmentProblem: the process cannot be started.
        """
        with self._turn(stop):
            child = self._started()
            try:
                number = child.send(question)
                answer: T = unpacked(self._answer(child, number, question.seconds, stop))
                return answer
            except Stopped:
                self._let_go(child, number)
                raise
            except _Overstepped as error:
                self._end(child)
                raise CannotShow(str(error)) from None

    def close(self) -> None:
        """End the process. What is being asked raises Stopped, and so does what would be asked later."""
        with self._turns:
            self._closed = True
            self._turns.notify_all()
            while self._waiting:
                self._turns.wait()
            if self._child is not None:
                self._child.end(GOODBYE)
                self._child = None

    @contextmanager
    def _turn(self, stop: Callable[[], bool]) -> Iterator[None]:
        ticket = object()
        with self._turns:
            if self._closed:
                raise Stopped
            self._waiting.append(ticket)
            try:
                while self._waiting[0] is not ticket:
                    self._turns.wait(POLL)
                    self._check(stop)
            except BaseException:
                self._leave(ticket)
                raise
        try:
            yield
        finally:
            with self._turns:
                self._leave(ticket)

    def _leave(self, ticket: object) -> None:
        self._waiting.remove(ticket)
        self._turns.notify_all()

    def _check(self, stop: Callable[[], bool]) -> None:
        if self._closed or stop():
            raise Stopped

    def _started(self) -> _Child:
        if self._child is None or not self._child.alive:
            if self._child is not None:
                self._child.end(0)
            self._child = _Child(self._command)
        return self._child

    def _answer(self, child: _Child, number: int, seconds: float, stop: Callable[[], bool]) -> Frame:
        end, look = time.monotonic() + seconds, time.monotonic() + MEMORY_POLL
        while (frame := child.answer(number, POLL)) is None:
            self._check(stop)
            now = time.monotonic()
            if now > end:
                raise _Overstepped(f"To show this takes longer than {seconds:g} seconds.")
            if now > look:
                look = now + MEMORY_POLL
                if child.memory() > self._memory:
                    raise _Overstepped(f"To show this takes more than {numbers.size(self._memory)} of memory.")
        return frame

    def _let_go(self, child: _Child, number: int) -> None:
        """Wait a little for what nobody wants, for another process would have to open everything anew."""
        end = time.monotonic() + GRACE
        with suppress(_Overstepped):
            while time.monotonic() < end and not self._closed:
                if child.answer(number, POLL) is not None:
                    return
        self._end(child)

    def _end(self, child: _Child) -> None:
        child.end(0)
        self._child = None


class _Overstepped(Exception):
    """The process has to be ended, or has ended; with what the user is told."""


class _Child:
    """One process, and the thread that takes its answers."""

    def __init__(self, command: list[str]) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EnvironmentProblem(f"The process that reads files cannot be started: {error}.") from error
        self._answers: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._asked = 0
        self._thread = threading.Thread(target=self._take, name="previews", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None and self._thread.is_alive()

    def send(self, question: Question[Any]) -> int:
        """Ask; returns the number that the answer will have."""
        self._asked += 1
        blobs: list[bytes] = []
        packed = pack(question, blobs)
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended, which is told when the answer does not come
            write_frame(self._process.stdin, [self._asked, packed], blobs)
        return self._asked

    def answer(self, number: int, seconds: float) -> Frame | None:
        """The answer of that number, if it comes within so long. Raises _Overstepped if none will."""
        try:
            frame = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if frame is None:
            self._answers.put(None)
            raise _Overstepped("The process that read this file has come to harm: the file is damaged, or made for it.")
        return frame if frame[0][0] == number else None

    def memory(self) -> int:
        """Bytes of its own, without the files that it has mapped; 0 where that cannot be told."""
        try:
            info = psutil.Process(self._process.pid).memory_info()
        except psutil.Error:
            return 0
        return int(getattr(info, "private", info.rss - getattr(info, "shared", 0)))

    def end(self, patience: float) -> None:
        """End it, at once or after some seconds in which it may end by itself, and everything that belongs to it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join()
        self._process.stdout.close()

    def _take(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with suppress(BrokenFrame, OSError, ValueError):
            while (frame := read_frame(stream)) is not None:
                self._answers.put(frame)
        self._answers.put(None)
