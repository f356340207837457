"""Health checks in the background: a few runs at a time, the newest first, while nobody waits for anything else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from runfolio.core.entities import Changes
from runfolio.core.errors import UserError
from runfolio.gui.messages import Message
from runfolio.gui.pending import Pending
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.checks import Looked, due, due_among, keep, look_at_each

#: The first rows come first; then there is a pause after each batch several times as long as the batch.
START_MS, PAUSE_MS, TROUBLE_MS = 2_000, 300, 10_000
#: Who has just looked at the runs another way waits for them, and will look on.
HOLD_MS = 1_000
BATCH, BUDGET_S = 12, 0.05
#: More changed runs than these are not noted one by one.
MANY = 2_000


@dataclass(frozen=True, slots=True)
class Batch:
    """What was found in some runs, those for which there was no time, and how far down all runs have been seen.

    `below` is None once there is nothing left further down.
    """

    looked: tuple[Looked, ...]
    left: tuple[int, ...]
    below: int | None


class Checker(QObject):
    """Looks at every run of a session's store that is due, and again at those that change."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._again: Pending[int] = Pending()
        self._below: int | None = None
        self._all_seen = False
        self._busy = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._step)
        if not session.store.read_only:
            session.changed.connect(self._on_changed)
            session.view_changed.connect(self._on_looked_another_way)
            session.selection_changed.connect(self._on_looked_another_way)
            self._timer.start(START_MS)

    @property
    def idle(self) -> bool:
        """True when every run that is due has been looked at."""
        return self._all_seen and not self._again.waiting and not self._busy

    def stop(self) -> None:
        """No more work; what is under way is finished with the session."""
        self._timer.stop()

    @Slot()
    def _step(self) -> None:
        if self._busy or self.idle:
            return
        if not all(job.takes_long for job in self._session.jobs.running):
            self._timer.start(PAUSE_MS)
            return
        self._busy = True
        again = sorted(self._again.take(BATCH), reverse=True)
        work = partial(look_at, self._session.store, again, self._below, everything=not self._all_seen)
        self._session.jobs.read(work, self._on_looked, failed=self._on_failed)

    def _on_looked(self, batch: Batch) -> None:
        kept = partial(self._on_kept, batch)
        if batch.looked:
            self._session.jobs.write(partial(keep, self._session.store, batch.looked), kept, failed=self._on_failed)
        else:
            kept([])

    def _on_kept(self, batch: Batch, again: list[int]) -> None:
        self._busy = False
        self._again.settle()
        self._again.add([*batch.left, *again])
        if not self._all_seen:
            self._below, self._all_seen = batch.below, batch.below is None
        if not self.idle:
            self._timer.start(PAUSE_MS)

    def _on_failed(self, error: Exception) -> None:
        """A store that is busy or gone is tried again later; a bug of ours is told, and the runs are left alone."""
        self._busy = False
        if isinstance(error, UserError):
            self._again.restore()
            self._timer.start(TROUBLE_MS)
        else:
            self._again.settle()
            self._all_seen = True
            self._session.message.emit(Message.of_error(error, "The health checks failed."))

    @Slot()
    def _on_looked_another_way(self) -> None:
        if 0 <= self._timer.remainingTime() < HOLD_MS:
            self._timer.start(HOLD_MS)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if len(changes.runs) > MANY:  # all that are due, from the newest one on, hold these
            self._below, self._all_seen = None, False
        else:
            self._again.add(changes.runs)
        if changes.runs and not self._timer.isActive() and not self._busy:
            self._timer.start(PAUSE_MS)


def look_at(store: Store, again: Sequence[int], below: int | None, *, everything: bool) -> Batch:
    """Look at some of the runs that are due: of these first, then of all below a number; no longer than a moment."""
    first = due_among(store, again) if again else []
    more = due(store, BATCH, below) if everything and len(first) < BATCH else []
    chosen = [*first, *(one for one in more if one not in first)][:BATCH]
    looked: list[Looked] = []
    done = set(chosen)
    end = time.monotonic() + BUDGET_S
    for found in look_at_each(store, chosen):
        looked.append(found)
        if time.monotonic() > end:
            done = set(chosen[: chosen.index(found.run) + 1])
            break
    reached = [run for run in more if run in done]
    lowest = min(reached, default=below)
    finished = everything and len(first) < BATCH and len(more) < BATCH and len(reached) == len(more)
    return Batch(tuple(looked), tuple(run for run in first if run not in done), None if finished else lowest)
