"""The line at the bottom: live or not, how many runs, what is selected, what is at work, how big the store is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import monotonic

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from runfolio.core import numbers
from runfolio.core.entities import Experiment
from runfolio.gui.chrome.labels import plain_label, tool_tip
from runfolio.gui.jobs import Job
from runfolio.gui.runs.fitting import Fitting
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session

# Work shorter than this is not worth a word.
TOLD_AFTER = 0.3
PROGRESS_MS = 200
PERCENT = 100


class StatusBar(QWidget):
    """Tells; the Cancel button is all it can do."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._experiments: Sequence[Experiment] = ()
        self._fitting: Fitting | None = None
        self._live, self._runs, self._selected = QLabel(), plain_label(), plain_label()
        self._job, self._cancel, self._store = plain_label(), QPushButton("Cancel"), plain_label()
        self._busy = QProgressBar(maximum=0, textVisible=False)
        self._busy.setFixedWidth(self.fontMetrics().averageCharWidth() * 12)
        self._busy.setAccessibleName("Work under way")
        self._busy.hide()
        self._later = QTimer(self, singleShot=True, interval=round(TOLD_AFTER * 1000))
        self._later.timeout.connect(self._show_jobs)
        self._following = QTimer(self, interval=PROGRESS_MS)
        self._following.timeout.connect(self._show_progress)
        self._cancel.clicked.connect(self._cancel_oldest)
        self._cancel.hide()
        self._line = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(20)
        for label in (self._live, self._runs, self._selected):
            layout.addWidget(label)
        layout.addStretch()
        for widget in (self._job, self._busy, self._cancel, self._store):
            layout.addWidget(widget)
        session.jobs.busy_changed.connect(self._on_busy)
        session.selection_changed.connect(self._on_selection)
        session.theme.theme_changed.connect(self._show_live)
        session.presence_changed.connect(self._show_live)
        self._show_live()

    def add(self, widget: QWidget) -> None:
        """Put something else before the work that is told of."""
        self._line.insertWidget(self._line.indexOf(self._job), widget)

    def set_experiments(self, experiments: Sequence[Experiment]) -> None:
        """Take the experiments as they are now, and read the store's size."""
        self._experiments = experiments
        self._count()
        store = self._session.store
        self._session.jobs.read(partial(store.size), self._on_size, channel="status.size")

    def set_fitting(self, fitting: Fitting) -> None:
        """Tell how many runs fit the filter, from now on."""
        self._fitting = fitting
        fitting.changed.connect(self._count)

    def _count(self) -> None:
        """The runs of the chosen experiments."""
        chosen = frozenset(self._session.selection.experiments)
        shown = [e for e in self._experiments if not chosen or e.id in chosen]
        runs, running = sum(e.runs for e in shown), sum(e.running for e in shown)
        counted = numbers.counted(runs, "run") if self._fitting is None else self._fitting.of(runs)
        self._runs.setText(f"{counted} · {running:,} running")

    def _show_live(self) -> None:
        why = self._session.read_only
        role, word = ("muted", "Read-only") if why else ("ok", "Live")
        if not self._session.present:
            role, word, why = "bad", "Gone", ""
        self._live.setToolTip(tool_tip(why))
        color = self._session.theme.color(role).name()
        self._live.setText(f'<span style="color:{color}">●</span>&nbsp; {word}')

    def _on_size(self, size: int) -> None:
        self._store.setText(f"{self._session.store.name}  database {numbers.size(size)}")

    def _on_selection(self, selection: Selection) -> None:
        self._count()
        self._selected.setText(f"{len(selection.ids):,} selected" if len(selection.ids) else "")

    def _on_busy(self) -> None:
        if not self._told():
            if self._job.text():
                self._show_jobs()
        elif not self._later.isActive():
            self._later.start()

    def _told(self) -> list[Job]:
        return [job for job in self._session.jobs.running if job.title and not job.cancelled]

    def _show_jobs(self) -> None:
        told = [job for job in self._told() if monotonic() - job.started >= TOLD_AFTER * 0.9]
        more = f" (+{len(told) - 1})" if len(told) > 1 else ""
        self._job.setText(f"{told[0].title}…{more}" if told else "")
        self._busy.setVisible(bool(told))
        self._cancel.setVisible(bool(told) and (told[0].stoppable or not told[0].writes))
        self._following.start() if told else self._following.stop()
        self._show_progress()

    def _show_progress(self) -> None:
        """How far the oldest job is, where it says so."""
        progress = next((job.progress for job in self._told()), None)
        self._busy.setMaximum(0 if progress is None else PERCENT)
        self._busy.setValue(0 if progress is None else round(progress * PERCENT))

    def _cancel_oldest(self) -> None:
        told = self._told()
        if told:
            told[0].cancel()
        self._show_jobs()
