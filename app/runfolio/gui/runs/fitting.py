"""How many runs fit the filter: told of the filter that was read, never beside another one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from runfolio.core import numbers
from runfolio.core.views import FormulaColumn
from runfolio.gui.session import Session

# An answer that comes sooner is told at once; until then nothing flickers.
TOLD_AFTER_MS = 100


class Fitting(QObject):
    """Counts what the session's filter lets through, as told by who reads it.

    Attributes:
        number: how many runs fit the filter; None without one.
        counting: whether that is still being read, of a filter that was new a moment ago.

    Signals:
        changed(): one of them did.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.number: int | None = None
        self.counting = False
        self._session = session
        self._counted = self._asked
        self._soon = QTimer(self, singleShot=True, interval=TOLD_AFTER_MS)
        self._soon.timeout.connect(lambda: self._set(self.number, True))
        session.view_changed.connect(self._on_look)
        session.selection_changed.connect(self._on_look)

    def take(self, number: int | None) -> None:
        """So many runs fit what the session asks for now; None without a filter."""
        self._counted = self._asked
        self._soon.stop()
        self._set(number, False)

    def of(self, runs: int) -> str:
        """What is told of the number of runs: `5 of 198 runs`, or that it is being counted."""
        if self.counting:
            return f"filtering {numbers.counted(runs, 'run')}…"
        return numbers.counted_of(self.number, runs, "run")

    def give_up(self) -> bool:
        """Go back from a filter that is still being read to that of the runs in sight; False if none is."""
        view, filter = self._session.view, self._counted[1]
        if self._counted[0] != self._session.selection.experiments or view.filter == filter:
            return False
        self._session.set_view(replace(view, filter=filter), "Filter")
        return True

    @property
    def all(self) -> bool:
        """Whether there is no filter that leaves runs out."""
        return self.number is None and not self.counting

    @property
    def _asked(self) -> tuple[tuple[int, ...], str, tuple[FormulaColumn, ...]]:
        query = self._session.query
        return query.experiments, query.filter, query.formulas

    @Slot()
    def _on_look(self) -> None:
        asked, counted = self._asked, self._counted
        if asked == counted or not self._session.view.filter:
            self.take(self.number if asked == counted else None)
            return
        if asked[0] != counted[0]:  # of other experiments nothing is known
            self._set(None, self.counting)
        if not self._soon.isActive() and not self.counting:
            self._soon.start()

    def _set(self, number: int | None, counting: bool) -> None:
        if (number, counting) != (self.number, self.counting):
            self.number, self.counting = number, counting
            self.changed.emit()
