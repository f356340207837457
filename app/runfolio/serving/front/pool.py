"""The processes of one version of a model, and what waits for them: who is free takes all that waits, up to a limit."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from runfolio.core.serving.records import Limits
from runfolio.serving.front.figures import Figures
from runfolio.serving.front.worker import ModelWorker, NotLoaded, WorkerLost
from runfolio.serving.worker.replies import Reply, of_error

log = logging.getLogger("runfolio.serving")
#: Seconds before a process that has ended is started again; twice as many each time that it ends soon.
FIRST_BREAK, LONGEST_BREAK = 0.1, 30.0
#: A process that has lived so long, in seconds, has not ended by being started.
SOON = 30.0
#: Seconds of a break that requests wait for; in a longer one they are told at once that nobody answers.
PATIENCE = 1.0
#: No more bytes of requests are given to a process at one time, but for a single one that is larger.
BATCH_BYTES = 4 << 20


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that waits: its type, its body, and what it is answered with."""

    kind: str
    body: bytes
    reply: asyncio.Future[Reply]


class Pool:
    """Processes of a model that answer from one queue.

    Args:
        start: starts a process. Raises NotLoaded.
        workers: how many.
    """

    def __init__(
        self, start: Callable[[], Awaitable[ModelWorker]], workers: int, limits: Limits, figures: Figures
    ) -> None:
        self._start, self._count, self._limits, self._figures = start, workers, limits, figures
        self._queue: deque[Waiting] = deque()
        self._filled = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._idle: set[asyncio.Task[Any]] = set()  # that start a process, or wait before they do
        self._living: set[ModelWorker] = set()
        self._closing = False
        self._resting = 0  # how many wait longer than requests do
        self._problem = ""

    @property
    def ready(self) -> bool:
        """Whether a process is there that answers."""
        return any(worker.alive for worker in self._living)

    @property
    def problem(self) -> str:
        """Why nobody answers; "" where somebody does, or a process is being started."""
        return "" if self.ready else self._problem

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes."""
        return [worker.number for worker in self._living if worker.alive]

    @property
    def tail(self) -> list[str]:
        """The last lines that the processes have printed."""
        return [line for worker in self._living for line in worker.tail]

    async def open(self) -> None:
        """Start the processes; the first one is waited for. Raises NotLoaded."""
        first = await self._start()
        self._tasks = [
            asyncio.create_task(self._serve(first if number == 0 else None)) for number in range(self._count)
        ]

    async def ask(self, kind: str, body: bytes) -> Reply:
        """The answer to a request."""
        if len(self._queue) >= self._limits.waiting:
            return unavailable("Too many requests wait for the model.")
        if self._closing or self._resting == self._count:
            return unavailable("The model's process has ended, and is started again after a while.")
        waiting = Waiting(kind, body, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._filled.set()
        try:
            return await waiting.reply
        except asyncio.CancelledError:  # it must not take the place, nor the memory, of one that is waited for
            with suppress(ValueError):
                self._queue.remove(waiting)
            raise

    async def close(self) -> None:
        """Answer all that waits, and end the processes."""
        self._closing = True
        self._filled.set()
        for task in self._idle:  # what they would start answers nobody any more
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._refuse_waiting("The server is being stopped.")

    def give_up(self) -> None:
        """End the processes at once; who waits is told that nobody answers."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        for worker in self._living:
            worker.kill()
        self._refuse_waiting("The server is being stopped.")

    async def _serve(self, worker: ModelWorker | None) -> None:
        """One process after the other, each as long as it lives."""
        pause, loop = FIRST_BREAK, asyncio.get_running_loop()
        while worker is not None or not self._closing:
            began = loop.time()
            try:
                if worker is None:
                    with self._while_idle():
                        worker = await self._start()
                self._living.add(worker)
                self._problem = ""
                await self._feed(worker)
            except (WorkerLost, TimeoutError):
                log.warning("The model's process %s has ended and is started again.", worker and worker.number)
                self._figures.restarts += 1
            except NotLoaded as problem:
                self._problem = f"The model cannot be loaded: {problem}"
                log.error("%s", self._problem)
            finally:
                if worker is not None:
                    self._living.discard(worker)
                    await worker.close()
                    worker = None
            if not self._closing:
                pause = FIRST_BREAK if loop.time() - began > SOON else min(pause * 2, LONGEST_BREAK)
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        """Wait before a process is started again; who waits for an answer is told so where nobody else gives one."""
        if not self.ready:
            self._refuse_waiting("The model's process has ended and is being started again.")
        is_long = seconds > PATIENCE
        self._resting += is_long
        try:
            with self._while_idle():
                await asyncio.sleep(seconds)
        finally:
            self._resting -= is_long

    @contextmanager
    def _while_idle(self) -> Iterator[None]:
        """Have this task ended in the block as soon as the pool is closed."""
        task = asyncio.current_task()
        assert task is not None
        self._idle.add(task)
        try:
            yield
        finally:
            self._idle.discard(task)

    def _refuse_waiting(self, message: str) -> None:
        while self._queue:
            _answer(self._queue.popleft(), unavailable(message))

    async def _feed(self, worker: ModelWorker) -> None:
        """Give a process what waits, as long as it lives and the pool is open, and then until nothing waits."""
        ended = asyncio.create_task(worker.ended())
        ended.add_done_callback(lambda _: self._filled.set())
        try:
            while self._queue or not self._closing:
                if ended.done():
                    raise WorkerLost
                if taken := self._taken(worker):
                    await self._asked(worker, taken)
                elif not self._closing:
                    self._filled.clear()
                    await self._filled.wait()
        finally:
            ended.cancel()

    def _taken(self, worker: ModelWorker) -> list[Waiting]:
        """What a process is given next: a share of what waits, where it gains from having it at one time."""
        share = -(-len(self._queue) // max(1, len(self._living)))
        most = min(self._limits.batch, share) if worker.by_row else 1
        taken: list[Waiting] = []
        size = 0
        while self._queue and len(taken) < most and (not taken or size + len(self._queue[0].body) <= BATCH_BYTES):
            one = self._queue.popleft()
            if not one.reply.done():  # who waits no more is not answered
                taken.append(one)
                size += len(one.body)
        return taken

    async def _asked(self, worker: ModelWorker, taken: list[Waiting]) -> None:
        try:
            replies = await worker.ask([(one.kind, one.body) for one in taken], self._limits.seconds)
        except TimeoutError:
            self._answer_all(taken, late(self._limits.seconds))
            raise
        except WorkerLost:
            self._answer_all(taken, unavailable("The model's process has ended while it answered."))
            raise
        except asyncio.CancelledError:
            self._answer_all(taken, unavailable("The server is being stopped."))
            raise
        self._figures.batches[len(taken)] = self._figures.batches.get(len(taken), 0) + 1
        for one, reply in zip(taken, replies, strict=True):
            _answer(one, reply)

    @staticmethod
    def _answer_all(taken: list[Waiting], reply: Reply) -> None:
        for one in taken:
            _answer(one, reply)


def unavailable(message: str) -> Reply:
    """That a request may be sent again a little later."""
    return of_error(HTTPStatus.SERVICE_UNAVAILABLE, "TEMPORARILY_UNAVAILABLE", message)


def late(seconds: float) -> Reply:
    """That a prediction took too long."""
    message = f"The prediction took longer than {seconds:g} seconds."
    return of_error(HTTPStatus.GATEWAY_TIMEOUT, "DEADLINE_EXCEEDED", message)


def _answer(waiting: Waiting, reply: Reply) -> None:
    if not waiting.reply.done():  # who asked may have gone away
        waiting.reply.set_result(reply)
