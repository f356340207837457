"""The part of the overview that tells of a sweep; what it shows is loaded when there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.gui.session import Session

if TYPE_CHECKING:
    from runfolio.gui.sweeps.summary import SweepSummary


class SweepPart(QWidget):
    """Holds the summary of a sweep.

    Attributes:
        summary: None until there was a sweep.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.summary: SweepSummary | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def set_run(self, run: int) -> None:
        """Tell of the sweep that a run is the parent of; 0 for none."""
        if run and self.summary is None:
            from runfolio.gui.sweeps.summary import SweepSummary

            self.summary = SweepSummary(self._session)
            self.summary.opened.connect(self._session.queue.sweep_wanted)
            self._layout.addWidget(self.summary)
        if self.summary is not None:
            self.summary.set_run(run)
