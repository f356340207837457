"""The strip over the table that tells how far a search is, and stops it; hidden at other times."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from runfolio.gui.chrome.labels import muted
from runfolio.gui.jobs import Job

FOLLOW_MS, PERCENT = 100, 100


class WorkBar(QFrame):
    """Follows one job at a time.

    Signals:
        stopped(): the user does not want to wait any more.
    """

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job: Job | None = None
        self.text = muted()
        self.progress = QProgressBar(textVisible=False, maximum=0)
        self.progress.setAccessibleName("How far it is")
        self.progress.setFixedWidth(self.fontMetrics().averageCharWidth() * 16)
        self.stop = QPushButton("Stop")
        self._following = QTimer(self, interval=FOLLOW_MS)
        self._following.timeout.connect(self._follow)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.stop)
        self.stop.clicked.connect(self.cancel)
        self.hide()

    def follow(self, job: Job) -> None:
        """Show how far this is, until `finish`."""
        self.job = job
        self.text.setText(f"{job.title}…")
        self.progress.setMaximum(0)
        self._following.start()
        self.show()

    def finish(self) -> None:
        """It is over."""
        self.job = None
        self._following.stop()
        self.hide()

    @Slot()
    def cancel(self) -> None:
        """Nobody waits for it any more."""
        if self.job is not None:
            self.job.cancel()
            self.finish()
            self.stopped.emit()

    @Slot()
    def _follow(self) -> None:
        if self.job is not None and self.job.cancelled:  # somebody else has, in the line at the bottom
            self.finish()
            self.stopped.emit()
        elif self.job is not None and self.job.progress is not None:
            self.progress.setMaximum(PERCENT)
            self.progress.setValue(round(self.job.progress * PERCENT))
