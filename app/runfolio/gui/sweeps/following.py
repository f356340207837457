"""Follows the sweep of a run while it is looked at: its trials at once, what explains the metric less often."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from runfolio.core.entities import Changes
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.gui.sweeps.explaining import Explained, read_explained
from runfolio.gui.sweeps.reading import SweepFacts, read_facts

#: Milliseconds between two readings of the trials, and of what takes long.
PACE, SLOW_PACE = 250, 1_000


class SweepFollower(QObject):
    """One run's sweep.

    Attributes:
        run: whose sweep it is, be it as the parent or as a trial; 0 for none.
        facts, explained: as they were read last; None before, or if it is no sweep.

    Signals:
        read(): `facts` are others.
        worked_out(): `explained` is another.
    """

    read = Signal()
    worked_out = Signal()

    def __init__(self, session: Session, looked_at: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._looked_at = session, looked_at
        self.run = 0
        self.facts: SweepFacts | None = None
        self.explained: Explained | None = None
        self._reading: Refresh[tuple[int, SweepFacts | None]] = Refresh(
            session, self._job, self._take, "The sweep could not be read.", self, PACE
        )
        complaint = "What explains the metric could not be worked out."
        self._slow: Refresh[Explained] = Refresh(
            session, self._slow_job, self._take_explained, complaint, self, SLOW_PACE
        )
        session.changed.connect(self._on_changed)

    @property
    def settled(self) -> bool:
        """True when everything is read and worked out."""
        return self._reading.idle and self._slow.idle

    def follow(self, run: int) -> None:
        """Follow the sweep of another run."""
        if run != self.run:
            self.run = run
            self._reading.ask_now()

    def ask(self) -> None:
        """Read what may have changed while nobody looked."""
        self._reading.ask_now()

    def _job(self) -> Callable[[], tuple[int, SweepFacts | None]] | None:
        if not self._looked_at():
            return None
        run, store = self.run, self._session.store
        return lambda: (run, read_facts(store, run) if run else None)

    def _take(self, found: tuple[int, SweepFacts | None]) -> None:
        run, facts = found
        if run != self.run:
            self._reading.read_again()
            return
        other = facts is None or self.facts is None or facts.run != self.facts.run
        self.facts = facts
        if other:
            self.explained = None
            self.worked_out.emit()
        self.read.emit()
        if facts is not None and other:
            self._slow.ask_instead()
        elif facts is not None:
            self._slow.ask()

    def _slow_job(self) -> Callable[[], Explained] | None:
        return None if self.facts is None else partial(read_explained, self.facts, self.explained)

    def _take_explained(self, explained: Explained) -> None:
        if self.facts is not None and explained.run == self.facts.run and explained is not self.explained:
            self.explained = explained
            self.worked_out.emit()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        parent = self.facts.run if self.facts is not None else 0
        if self.run and (changes.queue or parent in changes.runs):
            self._reading.ask()
