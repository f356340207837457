"""A model's process as the server sees it: started, asked with all that waits, ended when it oversteps its time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runfolio.previews.frames import BrokenFrame
from runfolio.serving.front.frames import receive, send
from runfolio.serving.worker.replies import Reply

#: Seconds that a model may take to load, and to end once nobody asks any more.
LOADING, ENDING = 600.0, 5.0
#: Seconds that what it has printed is waited for, once it has ended.
LAST_WORDS = 1.0
#: Bytes that a pipe holds, where that can be chosen; usually 64 kB.
PIPE = 1 << 20
#: Lines of what it prints that are kept.
TAIL = 200


class WorkerLost(Exception):
    """The process has ended, or said what nobody understands; what it was asked is not answered."""


class NotLoaded(Exception):
    """The model cannot be loaded; the message says why."""


class ModelWorker:
    """A model's process.

    Attributes:
        by_row: whether it answers requests that come at one time faster than one by one.
        tail: the last lines that it has printed.
    """

    def __init__(self, process: asyncio.subprocess.Process, protocol: _Protocol) -> None:
        self._process, self._exited = process, protocol.exited
        self.by_row = False
        self.tail: deque[str] = deque(maxlen=TAIL)
        self._listening = asyncio.create_task(self._listen())

    @property
    def number(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    async def ask(self, requests: Sequence[tuple[str, bytes]], seconds: float) -> list[Reply]:
        """The answers to requests, each its type and its body, in their order.

        Raises:
            TimeoutError: it took longer; it is ended.
            WorkerLost: it has ended, maybe for want of memory.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                send(self._process.stdin, {"types": [kind for kind, _ in requests]}, [body for _, body in requests])
                await self._process.stdin.drain()
                head, bodies = await receive(self._process.stdout)
            return [Reply(status, body, kind) for (status, kind), body in zip(head["replies"], bodies, strict=True)]
        except TimeoutError:
            self.kill()
            raise
        except (EOFError, OSError, BrokenFrame, ValueError, KeyError, TypeError) as problem:
            self.kill()
            raise WorkerLost("\n".join(self.tail)) from problem

    async def ended(self) -> None:
        """Return when it has ended."""
        await self._exited.wait()

    def kill(self) -> None:
        """End it at once, with all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    async def close(self) -> None:
        """Let it end by itself, or end it after a while."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._exited.wait(), ENDING)
        self.kill()
        await self._exited.wait()
        await asyncio.wait([self._listening], timeout=LAST_WORDS)
        _transport(self._process).close()  # processes that it has left may have the other ends
        await self._listening

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        while line := await _line(self._process.stderr):
            self.tail.append(line.decode("utf-8", "replace").rstrip()[:2000])


class _Protocol(asyncio.subprocess.SubprocessStreamProtocol):
    """Tells of the end of a process at once: `Process.wait` waits for all that have its pipes, as its children may."""

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        self.exited.set()
        super().process_exited()


async def start_worker(
    python: str, model: Mapping[str, Any], environment: Mapping[str, str], folder: Path
) -> ModelWorker:
    """Start a model's process, and wait until the model is loaded.

    Args:
        python: of the model's environment.
        model: what the process is told of it.
        folder: where it works.

    Raises:
        NotLoaded: the model cannot be loaded, or no process started.
    """
    loop, pipe = asyncio.get_running_loop(), asyncio.subprocess.PIPE
    try:
        folder.mkdir(parents=True, exist_ok=True)  # who tidies up where it is may have removed it
        transport, protocol = await loop.subprocess_exec(
            lambda: _Protocol(limit=1 << 20, loop=loop),
            *(python or sys.executable, "-P", "-m", "runfolio.serving.worker"),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=folder,
            env=dict(environment),
            start_new_session=os.name == "posix",
        )
    except OSError as problem:
        raise NotLoaded(f"no process can be started: {problem}") from problem
    process = asyncio.subprocess.Process(transport, protocol, loop)
    worker = ModelWorker(process, protocol)
    try:
        assert process.stdin is not None and process.stdout is not None
        _widen(process)
        send(process.stdin, model)
        await process.stdin.drain()
        head, _ = await asyncio.wait_for(receive(process.stdout), LOADING)
        if "error" in head:
            raise NotLoaded(str(head["error"]))
        worker.by_row = bool(head.get("by_row"))
    except (EOFError, OSError, TimeoutError, BrokenFrame) as problem:
        worker.kill()
        await worker.close()
        raise NotLoaded("\n".join(worker.tail) or f"its process has ended: {problem}") from problem
    except BaseException:
        worker.kill()
        await worker.close()
        raise
    return worker


def _widen(process: asyncio.subprocess.Process) -> None:
    """Have large requests and answers go through in few pieces, where the system lets them."""
    if sys.platform != "linux":
        return
    import fcntl

    transport = _transport(process)
    for number in (0, 1):
        with contextlib.suppress(OSError):  # more than this user may have
            pipe = transport.get_pipe_transport(number).get_extra_info("pipe")
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


def _transport(process: asyncio.subprocess.Process) -> Any:
    return process._transport  # type: ignore[attr-defined]  # asyncio has no other way to the pipes


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line; of one that is too long, a piece."""
    try:
        return await stream.readline()
    except ValueError:
        return await stream.read(1 << 16)
