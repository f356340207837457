"""A server from its start to its end: a model is loaded, requests are answered, also those that came before the end."""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import socket
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.numbers import counted
from runfolio.core.serving.records import Wanted
from runfolio.serving.front.access import Access
from runfolio.serving.front.app import App
from runfolio.serving.front.environment import Places
from runfolio.serving.front.figures import Figures
from runfolio.serving.front.following import find, follow, named
from runfolio.serving.front.patience import patient
from runfolio.serving.front.served import Found, Served
from runfolio.serving.front.worker import NotLoaded

if TYPE_CHECKING:
    from runfolio.store import Store

log = logging.getLogger("runfolio.serving")
#: Seconds that requests which were taken have to be answered when the server is told to end, beside their own limit.
GRACE = 5.0
#: What ends a server.
ENDING = (signal.SIGINT, signal.SIGTERM)


def serve(
    wanted: Wanted,
    folder: Path,
    store: Path | None,
    listening: socket.socket,
    *,
    tell: Callable[[str], None],
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve a model until a signal ends it.

    Args:
        folder: the model's, of which the caller has made sure that it may be loaded.
        store: where a registered model is followed in; None for others.
        listening: a socket that is bound.
        tell: takes a sentence about each step.
        ready: called once it answers, with the version.

    Raises:
        EnvironmentProblem: the model cannot be loaded.
        UserError: its environment cannot be made.
    """
    made = tempfile.TemporaryDirectory(prefix="runfolio-serving-", ignore_cleanup_errors=True)
    with made as scratch, Places(wanted.env_manager, Path(scratch), debug=wanted.debug, tell=tell) as places:
        places.get(folder)
        asyncio.run(_until_ended(_serve(wanted, folder, store, listening, places, ready, tell)))


async def _until_ended(served: Coroutine[None, None, None]) -> None:
    """Serve; a signal before the server has taken over ends what is being loaded."""
    task, loop = asyncio.ensure_future(served), asyncio.get_running_loop()

    def end(*_: object) -> None:
        loop.call_soon_threadsafe(task.cancel)  # which wakes the loop, as a call from a signal alone does not

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        await task
    except asyncio.CancelledError:
        log.info("Ended while the model was loaded.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serve(
    wanted: Wanted,
    folder: Path,
    store_path: Path | None,
    listening: socket.socket,
    places: Places,
    ready: Callable[[str], None],
    tell: Callable[[str], None],
) -> None:
    figures = Figures()
    served = Served(wanted.uri, places.start, wanted.workers, wanted.limits, figures)
    which = named(wanted.uri) if store_path is not None else None
    store = _opened(store_path) if store_path is not None and which is not None else None
    try:
        await _first(served, store, which, folder)
        following = None if store is None or which is None else asyncio.create_task(follow(store, *which, served))
        if following is not None:
            following.add_done_callback(_tell_of_end)
        app = App(served, Access(wanted.host, wanted.token), wanted.limits, figures)
        ready(served.version)
        await _listen(app, listening, wanted, partial(_end, served, tell))
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    finally:
        await served.close()
        if store is not None:
            store.close()


def _tell_of_end(following: asyncio.Task[None]) -> None:
    """Versions that are promoted do not take over any more, which nobody would see."""
    if not following.cancelled() and (problem := following.exception()) is not None:
        log.error("The registry is not followed any more.", exc_info=problem)


def _opened(path: Path) -> Store:
    from runfolio.store import open_store  # whose libraries are not there where a model is served from a folder

    return open_store(path)


async def _first(served: Served, store: Store | None, which: tuple[str, str] | None, folder: Path) -> None:
    found = Found(folder) if store is None or which is None else await asyncio.to_thread(find, store, *which)
    try:
        await served.take_over(found)
    except NotLoaded as problem:
        raise EnvironmentProblem(f"The model cannot be loaded: {problem}", "See its requirements.txt.") from problem


def _end(served: Served, tell: Callable[[str], None], *, at_once: bool) -> None:
    """At a signal: what was taken is answered, unless a second one says that nobody waits for that."""
    if at_once:
        served.give_up()
    elif served.pending:
        tell(f"Answering {counted(served.pending, 'request')} before the end; Ctrl+C again ends it at once.")


async def _listen(app: App, listening: socket.socket, wanted: Wanted, end: Callable[..., None]) -> None:
    seconds = wanted.limits.seconds + GRACE

    config = uvicorn.Config(
        app,
        http=patient(wanted.limits.idle),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.ERROR,  # whoever sends what is no HTTP would fill the log with warnings
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=math.ceil(wanted.limits.idle),
        timeout_graceful_shutdown=int(seconds),
    )
    await _Server(config, end).serve(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn's, which does not raise a signal again that it has ended by: what comes after it is done in order.

    Args:
        end: called in the loop at each signal, with `at_once` at all but the first.
    """

    def __init__(self, config: uvicorn.Config, end: Callable[..., None]) -> None:
        super().__init__(config)
        self._end, self._loop = end, asyncio.get_running_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(partial(self._end, at_once=self.should_exit))
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in ENDING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError where the port is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio has answers sent at once and not held back for more of them.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(2048)
    except OSError:
        found.close()
        raise
    return found


def free_port(host: str, port: int, tries: int = 100) -> int | None:
    """The next port that is free; None where none of some is."""
    for number in range(port, min(port + tries, 65536)):
        try:
            bound(host, number).close()
        except OSError:
            continue
        return number
    return None
