"""Bringing in, while a process runs, what it logs, where its environment has not what that takes."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from runfolio.client.tracker import Tracker
from runfolio.core.errors import RunfolioError

log = logging.getLogger("runfolio")
#: Seconds between two looks.
LOOK = 0.25


class Following:
    """A thread that does so until it is left; then all that the process has logged is in the tables."""

    def __init__(self, target: Tracker) -> None:
        self._target = target
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="runfolio-following", daemon=True)

    def __enter__(self) -> Following:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _follow(self) -> None:
        # Loaded here, so that no process is started later for it.
        from runfolio.store.ingest import Aid
        from runfolio.store.recover import recover

        aid: Aid | None = None
        over = told = False
        while not over:
            over = self._end.wait(LOOK)
            try:
                aid = aid or Aid(self._target.open_store())
                aid.run()
                if over:
                    recover(aid.store)
            except RunfolioError as problem:  # a store that is busy now; what is logged is in journals
                if not told:
                    log.warning("What the process logs comes in later: %s", problem)
                told = True
