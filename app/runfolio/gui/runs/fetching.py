"""What the run table has yet to read: the pages that are looked at, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject, QTimer

# Dragging the scroll bar passes many pages; only the last ones can still be on screen.
WANTED_PAGES = 3


class Fetching:
    """Calls `fetch` with runs that are missing; there is at most one unanswered call, so that scrolling makes no queue.

    `missing` tells which runs of a page have not been read.
    """

    def __init__(
        self, fetch: Callable[[list[int]], None], missing: Callable[[int], list[int]], parent: QObject
    ) -> None:
        self._fetch = fetch
        self._missing = missing
        self._wanted: dict[int, None] = {}
        self._asked: frozenset[int] = frozenset()
        self._gone: set[int] = set()
        self._timer = QTimer(parent, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)

    def __contains__(self, run: int) -> bool:
        """Whether a run is being read."""
        return run in self._asked

    def want(self, run: int, page: int) -> None:
        """A run of this page is looked at and not here; one that is gone from the store is not asked for again."""
        if run in self._gone:
            return
        self._wanted.pop(page, None)
        self._wanted[page] = None
        if not self._asked and not self._timer.isActive():
            self._timer.start()

    def answered(self, asked: Collection[int], found: Collection[int]) -> None:
        """Runs have been read; those asked for and not found are gone."""
        self._gone.update(run for run in asked if run not in found)
        if self._asked.issubset(asked):
            self._asked = frozenset()
        if self._wanted:
            self._timer.start()

    def failed(self) -> None:
        """The last call has no answer; what is missing is asked for when it is looked at again."""
        self._asked = frozenset()

    def restart(self) -> None:
        """The runs stand on other pages now, and one that was gone may be back."""
        self._wanted.clear()
        self._gone.clear()

    def _ask(self) -> None:
        if self._asked:
            return
        pages = list(self._wanted)[-WANTED_PAGES:]
        self._wanted.clear()
        runs = [run for page in pages for run in self._missing(page) if run not in self._gone]
        if runs:
            self._asked = frozenset(runs)
            self._fetch(runs)
