"""Lets time pass in the run table: for ages, for the durations of runs that go on, and for filters that time moves."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from runfolio.core.clock import now_ms
from runfolio.gui.runs.model import RunTableModel

# In milliseconds: seconds are counted where a run is going; elsewhere ages need not be so fresh.
SECOND, CALM = 1_000, 10_000


class Ageing(QObject):
    """The clock of a model, which stands still until it is told to go on.

    Signals:
        passed(): time enough for other runs to fit a filter such as `created > now - 1h`.
    """

    passed = Signal()

    def __init__(self, model: RunTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._clock, self._calm = QTimer(self, interval=SECOND), QTimer(self, interval=CALM)
        self._clock.timeout.connect(self._on_second)
        self._calm.timeout.connect(self.passed)

    def go_on(self, on: bool) -> None:
        """Let time pass, or stand still."""
        for timer in (self._clock, self._calm):
            timer.start() if on else timer.stop()

    @Slot()
    def _on_second(self) -> None:
        now = now_ms()
        if self._model.has_running() or now - self._model.now >= CALM:
            self._model.tick(now)
