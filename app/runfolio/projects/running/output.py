"""What a process prints, into the log of its run and on to who watches."""

from __future__ import annotations

import logging
import threading
from pathlib import PurePosixPath
from types import TracebackType

from runfolio.client.active_run import ActiveRun
from runfolio.client.capture.console import ConsoleLog
from runfolio.core.captured import CONSOLE
from runfolio.core.terminal import as_shown
from runfolio.projects.running.observer import Observer

log = logging.getLogger("runfolio")
#: So much of the end is looked at for the last line; characters.
END = 4000


class Output:
    """Takes the output of a process, from whatever thread; a disk that is full is told once and troubles nobody."""

    def __init__(self, run: ActiveRun, observer: Observer) -> None:
        self._run = run
        self._observer = observer
        self._end = ""
        self._log: ConsoleLog | None = None
        self._over = self._troubled = self._unheard = False
        self._guard = threading.Lock()

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            console, self._log, self._over = self._log, None, True
        if console is not None:
            try:
                console.close()
                self._run.note_artifact(_name(console), console.path.stat().st_size)
            except OSError as problem:
                log.warning("The output of the run %s is not whole: %s", self._run.info.run_id, problem)

    @property
    def last_line(self) -> str:
        """The last line that says something, as a terminal shows it."""
        lines = [as_shown(line).strip() for line in self._end.splitlines()]
        return next((line for line in reversed(lines) if line), "")

    def take(self, text: str) -> None:
        """Take a piece."""
        if not text:
            return
        self._end = (self._end + text)[-END:]
        with self._guard:
            try:
                self._keep(text)
            except OSError as problem:
                if not self._troubled:
                    log.warning("The output of the run %s cannot be kept: %s", self._run.info.run_id, problem)
                self._troubled = True
        if not self._unheard:
            self._tell(text)

    def _tell(self, text: str) -> None:
        try:
            self._observer.output(text)
        except (OSError, ValueError):  # nobody reads it any more, as behind `| head`; the run's own log has it
            self._unheard = True

    def _keep(self, text: str) -> None:
        if self._log is None and not self._over:
            self._log = ConsoleLog(self._run.folder / f"{CONSOLE}.log")
            self._run.note_artifact(_name(self._log), 0)
        if self._log is not None:
            self._log.write(text)


def _name(console: ConsoleLog) -> str:
    return PurePosixPath(CONSOLE).with_name(console.path.name).as_posix()
