"""Capture at work: a run is taken up when it starts and let go when it ends, and a thread does what takes time."""

from __future__ import annotations

import itertools
import logging
import os
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from runfolio.client.capture.switches import FACTS, is_captured
from runfolio.core.captured import CONSOLE
from runfolio.core.errors import RunfolioError

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun
    from runfolio.client.capture.console import ConsoleLog, Listener, Streams
    from runfolio.client.capture.system_metrics import Sampler

#: How long the end of a process waits for what is being gathered; seconds.
PATIENCE = 10.0
#: How long the next runs wait when all are taken care of; seconds. To hand over to a thread at the start of each of
#: many short runs would cost their script more than what the thread does.
PAUSE = 0.1
log = logging.getLogger("runfolio")


class Capture:
    """What is captured in this process.

    Args:
        speaking: the runs to which output of the calling thread belongs.
    """

    def __init__(self, speaking: Callable[[], list[ActiveRun]]) -> None:
        self._speaking = speaking
        #: Held while modules are imported. A fork waits for it: the child would find them half imported.
        self.at_work = threading.Lock()
        self._waiting: queue.SimpleQueue[ActiveRun | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._ending = threading.Event()
        self._written: dict[str, Path] = {}
        self._consoles: dict[ActiveRun, ConsoleLog | None] = {}
        self._making = threading.Lock()
        # Those whose output could not be kept at first, which has been told.
        self._mute: weakref.WeakSet[ActiveRun] = weakref.WeakSet()
        # The next step of each: drawn from a counter, so that the thread that samples never writes to this.
        self._sampled: dict[ActiveRun, Iterator[int]] = {}
        self._streams: Streams | None = None
        self._sampler: Sampler | None = None

    def begin(self, run: ActiveRun, system_metrics: bool | None = None) -> None:
        """Take up a run that has just started; returns at once."""
        if is_captured("console"):
            self._listen(run)
        if is_captured("system_metrics") if system_metrics is None else system_metrics:
            self._sampled[run] = itertools.count()
        if run in self._sampled or any(map(is_captured, FACTS)):
            self._waiting.put(run)
            self._start_worker()

    def end(self, run: ActiveRun, error: BaseException | None = None) -> None:
        """Let a run go, and keep why it failed."""
        self._sampled.pop(run, None)
        if error is not None and is_captured("failure"):
            from runfolio.client.capture.failure import keep_failure

            keep_failure(run, error)
        if run in self._consoles:
            self._close(run, self._consoles.pop(run))
        if not self._consoles and self._streams is not None:
            self._streams.stop()

    def stop(self) -> None:
        """Finish what is being gathered."""
        if self._sampler is not None:
            self._sampler.stop()
        if self._worker is not None:
            self._ending.set()
            self._waiting.put(None)
            self._worker.join(timeout=PATIENCE)
            self._worker = None

    def _start_worker(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            self._worker = threading.Thread(target=self._work, name="runfolio-capture", daemon=True)
            try:
                self._worker.start()
            except RuntimeError:  # the interpreter is ending
                self._worker = None

    def _work(self) -> None:
        while (run := self._waiting.get()) is not None:
            try:
                self._import()
                self._sample()
                self._keep_facts(run)
            except (RunfolioError, OSError) as error:
                log.warning("Not all could be captured of the run %s: %s", run.info.run_id, error)
            except ModuleNotFoundError as missing:  # an environment that has only what a project asks for
                log.info("Not all is captured of the run %s: %s", run.info.run_id, missing)
            except Exception:
                log.exception("A bug of Runfolio's in capturing; your run goes on. Please report this.")
            if self._waiting.empty():
                self._ending.wait(PAUSE)

    def _import(self) -> None:
        with self.at_work:
            from runfolio.client.capture import facts, system_metrics  # noqa: F401

    def _keep_facts(self, run: ActiveRun) -> None:
        from runfolio.client.capture.facts import facts
        from runfolio.client.storing import link_file, store_bytes

        found = facts()
        tags = {name: value for part in found for name, value in part.tags.items() if name not in run.data.tags}
        if tags:
            run.set_tags(tags)
        for part in found:
            for name, data in part.files.items():
                # Runs of a process share the bytes on disk.
                if not link_file(run, self._written.get(name), name, data):
                    store_bytes(run, name, data)
                    self._written[name] = run.folder / name

    def _listen(self, run: ActiveRun) -> None:
        if self._streams is None:
            from runfolio.client.capture.console import Streams

            self._streams = Streams(self._listeners)
        self._consoles[run] = None
        self._streams.listen()

    def _listeners(self) -> Iterator[Listener]:
        for run in self._speaking():
            if run not in self._consoles:
                continue
            console = self._consoles[run] or self._console(run)
            if console is not None:
                yield console

    def _console(self, run: ActiveRun) -> ConsoleLog | None:
        """A run's log, made when it first prints; None while the disk has no place for it: the script prints on."""
        from runfolio.client.capture.console import ConsoleLog

        with self._making:  # two threads may print first
            made = self._consoles.get(run)
            if made is not None:
                return made
            try:
                console = ConsoleLog(_free(run.folder / f"{CONSOLE}.log"))
                run.note_artifact(_name_of(console), 0)
            except (OSError, RunfolioError) as error:
                self._tell_mute(run, error)
                return None
            self._consoles[run] = console
            return console

    def _tell_mute(self, run: ActiveRun, error: Exception) -> None:
        if run not in self._mute:
            self._mute.add(run)
            log.warning("The console output of the run %s cannot be kept now: %s", run.info.run_id, error)

    def _close(self, run: ActiveRun, console: ConsoleLog | None) -> None:
        if console is None:
            return
        try:
            console.close()
            run.note_artifact(_name_of(console), (run.folder / _name_of(console)).stat().st_size)
        except OSError as error:
            log.warning("The console output of the run %s is not whole: %s", run.info.run_id, error)

    def _sample(self) -> None:
        if not self._sampled:
            return
        if self._sampler is None:
            from runfolio.client.capture.system_metrics import Sampler

            self._sampler = Sampler(self._loads)
        self._sampler.start()

    def _loads(self) -> Iterator[Callable[[dict[str, float]], None]]:
        for run, steps in self._sampled.copy().items():
            yield lambda sample, run=run, steps=steps: run.log_metrics(sample, next(steps))  # type: ignore[misc]


def _name_of(console: ConsoleLog) -> str:
    return PurePosixPath(CONSOLE).with_name(console.path.name).as_posix()


def _free(path: Path) -> Path:
    """A name that no file has: a run that is gone on with, or that several processes share, has several logs."""
    number = 1
    candidate = path
    while os.path.lexists(candidate):
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate
