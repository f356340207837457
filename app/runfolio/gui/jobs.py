"""Work off the main thread: reads side by side, writes one after another, answers back on the main thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from runfolio.store.stopping import Stop

T = TypeVar("T")
READERS, LONG_READERS = 4, 4


class Job:
    """One piece of work.

    Attributes:
        title: what the user is told it does; empty for work not worth telling.
        channel: of jobs of one channel only the latest is answered; empty for none.
        started: when it was asked for, by the monotonic clock, in seconds.
        writes: True if it changes data in the order of the clicks; such a job is never dropped when the program ends.
        takes_long: True if nobody is to wait until it is over, as for a training or an export.
        stoppable: True if it changes data in steps, between which it can be stopped.
        cancelled: True once nobody waits for the answer, or what goes in steps is to stop; long functions poll it.
        progress: how much of it is done, 0 to 1, as far as long functions say so; None where nobody knows.
    """

    def __init__(
        self, title: str, channel: str, done: Callable[[Any], None], failed: Callable[[Exception], None] | None
    ) -> None:
        self.title = title
        self.channel = channel
        self.done = done
        self.failed = failed
        self.started = time.monotonic()
        self.cancelled = False
        self.writes = self.takes_long = self.stoppable = False
        self.progress: float | None = None
        self._stop = Stop()

    def cancel(self) -> None:
        """Drop the answer; work that has not begun never does, and what is being read is stopped.

        What takes long sees it by itself. Of what goes in steps, what is done is answered.
        """
        self.cancelled = True
        self._stop.ask()

    def carry_out(self, function: Callable[[], T]) -> T:
        """On the worker thread. What takes long sees by itself that it is to end, and may have to read for that."""
        if self.writes or self.takes_long:
            return function()
        with self._stop.within():
            return function()


def _at_once(answer: Callable[[], None]) -> None:
    answer()


class Jobs(QObject):
    """Runs functions on threads and hands their answers to the main thread, where it must be made.

    `deliver` calls what hands over an answer when there is time for it, one after another.

    Signals:
        busy_changed(): a job began or ended.
        failed(Exception, str): a job without a handler of its own failed; with its title.
    """

    busy_changed = Signal()
    failed = Signal(object, str)
    _finished = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, deliver: Callable[[Callable[[], None]], None] = _at_once) -> None:
        super().__init__(parent)
        self._deliver = deliver
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        # Threads of their own: what takes long must not keep what is on screen from being read.
        self._long_readers = ThreadPoolExecutor(LONG_READERS, thread_name_prefix="read long")
        # One thread: writes never wait for each other inside the database, and happen in the order of the clicks.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._latest: dict[str, Job] = {}
        self._running: list[Job] = []
        self._closed = False
        self._finished.connect(self._on_finished)

    @property
    def running(self) -> tuple[Job, ...]:
        """What is under way or waits, oldest first."""
        return tuple(self._running)

    def read(
        self,
        function: Callable[[], T],
        done: Callable[[T], None],
        *,
        channel: str = "",
        failed: Callable[[Exception], None] | None = None,
        title: str = "",
        until: SignalInstance | None = None,
    ) -> Job:
        """Run a function that changes nothing; `done` gets its answer on the main thread.

        A newer job of the same channel makes the answer of an older one be dropped, and so does a signal: that a
        dialog which asks is finished.
        """
        job = Job(title, channel, done, failed)
        if until is not None:
            until.connect(job.cancel)
        self._replace(job)
        self._start(self._readers, job, function)
        return job

    def read_long(
        self,
        function: Callable[[Job], T],
        done: Callable[[T], None],
        *,
        title: str,
        channel: str = "",
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Like `read`, for work that takes long: the function is given its Job, to see that nobody waits any more.

        It may raise anything once the job is cancelled: nobody is told.
        """
        job = Job(title, channel, done, failed)
        job.takes_long = True
        self._replace(job)
        self._start(self._long_readers, job, partial(function, job))
        return job

    def write(
        self,
        function: Callable[[], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        title: str = "",
    ) -> Job:
        """Run a function that changes data, after all earlier ones."""
        job = Job(title, "", done, failed)
        job.writes = True
        self._start(self._writer, job, function)
        return job

    def write_in_steps(
        self,
        function: Callable[[Job], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        title: str = "",
        stoppable: bool = False,
    ) -> Job:
        """Like `write`, for work that is given its Job, to say how far it is and to see whether it is to stop."""
        job = Job(title, "", done, failed)
        job.writes, job.stoppable = True, stoppable
        self._start(self._writer, job, partial(function, job))
        return job

    def write_aside(
        self,
        function: Callable[[Job], T],
        done: Callable[[T], None],
        *,
        title: str,
        failed: Callable[[Exception], None] | None = None,
        stoppable: bool = False,
    ) -> Job:
        """Run a function that changes data, in transactions of its own, while others are written.

        It is given its Job, and told to stop when the program ends.
        """
        job = Job(title, "", done, failed)
        job.takes_long, job.stoppable = True, stoppable
        self._start(self._long_readers, job, partial(function, job))
        return job

    def _replace(self, job: Job) -> None:
        """Of one channel, only the latest job is answered."""
        if job.channel:
            older = self._latest.get(job.channel)
            if older is not None:
                older.cancel()
            self._latest[job.channel] = job

    def close(self) -> None:
        """Drop the reads that wait, finish the writes, end the threads. No answer arrives afterwards."""
        self._closed = True
        for job in self._running:
            if not job.writes:
                job.cancel()
        for pool in (self._readers, self._long_readers):
            pool.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
        self._running.clear()

    def _start(self, pool: ThreadPoolExecutor, job: Job, function: Callable[[], Any]) -> None:
        if self._closed:
            return
        self._running.append(job)
        pool.submit(self._work, job, function)
        self.busy_changed.emit()

    def _work(self, job: Job, function: Callable[[], Any]) -> None:
        """On a worker thread; the signal carries the outcome over."""
        result, error = None, None
        if not job.cancelled or job.stoppable:
            try:
                result = job.carry_out(function)
            except Exception as caught:  # handed to the main thread, where it is shown
                error = caught
        if not self._closed:
            self._finished.emit(job, result, error)

    @Slot(object, object, object)
    def _on_finished(self, job: Job, result: object, error: Exception | None) -> None:
        self._deliver(partial(self._answer, job, result, error))

    def _answer(self, job: Job, result: object, error: Exception | None) -> None:
        if self._closed:
            return
        self._running.remove(job)
        if self._latest.get(job.channel) is job:
            del self._latest[job.channel]
        self.busy_changed.emit()
        if job.cancelled and not job.stoppable:
            return
        if error is None:
            job.done(result)
        elif job.failed is not None:
            job.failed(error)
        else:
            self.failed.emit(error, job.title)
