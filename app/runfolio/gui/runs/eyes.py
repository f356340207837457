"""The runs that charts leave out, in the table: which groups have none that they show, and how runs are named."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from runfolio.core.eyes import Eyes, eyes_of
from runfolio.core.grouping import NOTHING
from runfolio.gui.aliases import Ids
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.runs.grouped import Grouped
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.runs import are_named, public_ids

# A view names so many runs that charts leave out, or show alone; it is kept as a whole each time it changes.
MOST_EYES = 2_000
ALL_OPEN: frozenset[int] = frozenset()


def with_ids(session: Session, runs: Ids, of: str, done: Callable[[list[str]], None]) -> None:
    """Hand on the public ids of runs; of very many the first, which is told: that they are those `of` something."""
    if len(runs) > MOST_EYES:
        first = f"the first {MOST_EYES:,} of {len(runs):,} {of}"
        session.message.emit(Message(f"That holds for {first}. A filter leaves out more."))
    session.read_here(partial(public_ids, session.store, runs[:MOST_EYES].tolist()), done)


class GroupEyes(QObject):
    """Follows the groups of one table, and which runs are hidden.

    Attributes:
        closed: the rows of groups all of whose runs are hidden; groups around groups are not looked at.

    Signals:
        changed(): other groups are closed.
    """

    changed = Signal()

    def __init__(self, session: Session, feed: RunFeed, parent: QObject) -> None:
        super().__init__(parent)
        self.closed = ALL_OPEN
        self._session = session
        self._feed = feed
        self._eyes = eyes_of(session.view)
        complaint = "Which groups are hidden could not be read."
        self._reading = Refresh(session, self._prepare, self._take, complaint, self)
        feed.folding.listed.connect(self._reading.ask)
        session.view_changed.connect(self._on_view)

    @property
    def settled(self) -> bool:
        """True when everything known to have changed has been read."""
        return self._reading.idle

    def _prepare(self) -> Callable[[], frozenset[int]] | None:
        grouped, eyes = self._feed.sums.grouped, self._eyes
        if grouped is None or not (eyes.hidden or eyes.only):
            self._take(ALL_OPEN)
            return None
        return partial(read_closed, self._session.store, grouped, eyes)

    def _take(self, closed: frozenset[int]) -> None:
        if closed != self.closed:
            self.closed = closed
            self.changed.emit()

    @Slot()
    def _on_view(self) -> None:
        eyes = eyes_of(self._session.view)
        if eyes != self._eyes:
            self._eyes = eyes
            self._reading.ask()


def read_closed(store: Store, grouped: Grouped, eyes: Eyes) -> frozenset[int]:
    """The rows of the innermost groups none of whose runs is shown in charts."""
    groups = grouped.groups
    seen = ~are_named(store, groups.runs, eyes.hidden)
    if eyes.only:
        seen &= are_named(store, groups.runs, eyes.only)
    shown = np.bincount(groups.of[-1][seen], minlength=len(groups))
    return frozenset(groups.ids[(shown == 0) & (grouped.colors != NOTHING)].tolist())
