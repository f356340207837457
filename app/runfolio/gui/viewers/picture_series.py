"""Pictures that were logged step by step, of all selected runs at once: one slider, one zoom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow, NotFound, UserError
from runfolio.core.numbers import counted
from runfolio.core.picture_series import logged_at, series_of
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.jobs import Job
from runfolio.gui.runs.cells import one_line
from runfolio.gui.session import Session
from runfolio.gui.viewers.picture_grid import PictureGrid, Shown
from runfolio.gui.viewers.picture_questions import AskPicture, Pixels
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.runs import get_run

#: So many runs stand beside each other; all their pictures together have so many pixels.
MOST_RUNS, MOST_PIXELS = 12, 6_000_000
PACE_MS = 400


@dataclass(frozen=True, slots=True)
class Steps:
    """What a run has of a series: the path of the picture of each step, in order."""

    run: int
    name: str
    paths: dict[int, str]

    def until(self, step: int) -> int | None:
        """The step of the picture that is shown for a step: the last one until then."""
        steps = sorted(self.paths)
        place = bisect_right(steps, step)
        return steps[place - 1] if place else None


class SeriesViewer(Viewer):
    """A series.

    Attributes:
        grid: the pictures.
        slider: which step they are of.
        play: goes from step to step by itself.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._series: Sequence[Steps] = ()
        self._steps: Sequence[int] = ()
        self._at: dict[int, tuple[str, int]] = {}
        self._stale = False
        self.grid = PictureGrid(session.theme)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.play = QPushButton()
        self._step = muted()
        self._timer = QTimer(self, interval=PACE_MS)
        self._timer.timeout.connect(self._on_tick)
        self._place()
        self.slider.valueChanged.connect(self._on_slider)
        self.play.clicked.connect(self._on_play)
        session.selection_changed.connect(self._on_selection)

    def _place(self) -> None:
        self.slider.setAccessibleName("Step of the pictures")
        self.slider.setPageStep(1)
        self.play.setAccessibleName("Play the series")
        self._show_playing()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self._step)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.grid, 1)
        self.setFocusProxy(self.slider)

    def show_file(self, file: ViewedFile) -> None:
        """Read which pictures there are of the series that this one is of."""
        self._at = {}
        self._read_series()

    def leave(self) -> None:
        """It does not go on unseen."""
        self._timer.stop()
        self._show_playing()
        super().leave()

    def showEvent(self, event: QShowEvent) -> None:
        """The runs that were selected while nobody saw it take their places now."""
        super().showEvent(event)
        if self._stale and self.file is not None:
            self._read_series()

    def hideEvent(self, event: QHideEvent) -> None:
        """Neither does it where another page is looked at."""
        self._timer.stop()
        self._show_playing()
        super().hideEvent(event)

    def _read_series(self) -> None:
        assert self.file is not None
        self._stale = False
        runs = [self.file.run, *(run for run in self.session.selection.told if run != self.file.run)]
        read = partial(read_steps, self.session.store, runs[:MOST_RUNS], self.file.path)
        self.read(lambda _job: read(), self._show_series, "series")

    def _show_series(self, series: Sequence[Steps]) -> None:
        assert self.file is not None
        logged = logged_at(self.file.path)
        step = self._steps[self.slider.value()] if self._at and self._steps else logged.step if logged else 0
        self._series = series
        self._steps = sorted({step for of_run in series for step in of_run.paths})
        if not self._steps:
            self.refused.emit(CannotShow("This picture is of no series."))
            return
        number = self.session.colors.number
        if self.grid.set_runs([Shown(one.run, one_line(one.name), number(one.run)) for one in series]):
            self._at = {}
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._steps) - 1)
        self.slider.setValue(max(bisect_right(self._steps, step) - 1, 0))
        self.slider.blockSignals(False)
        self._show_step()

    def _show_step(self) -> None:
        """Ask for what is not shown already."""
        step = self._steps[self.slider.value()]
        self._step.setText(f"step {step:,}")
        most = MOST_PIXELS // max(len(self._series), 1)
        for place, one in enumerate(self._series):
            own = one.until(step)
            if own is None:
                self._at.pop(one.run, None)
                self.grid.tiles[place].tell(
                    f"Its first one is at step {min(one.paths):,}." if one.paths else "It has none."
                )
            elif self._at.get(one.run) != (one.paths[own], own):
                self._at[one.run] = (one.paths[own], own)
                work = partial(self._picture, one.run, one.paths[own], most)
                self.read(work, partial(self._show_picture, one.run, own), f"run {one.run}")
        self.told.emit(f"{counted(len(self._steps), 'step')}, {self._steps[0]:,} to {self._steps[-1]:,}")

    def _picture(self, run: int, path: str, most: int, job: Job) -> Pixels | UserError:
        """What is wrong with one picture leaves the others."""
        try:
            question = AskPicture(str(artifact_file(self.session.store, run, path)), most=most)
            return self.session.previews.ask(question, lambda: job.cancelled)
        except UserError as error:
            return error

    def _show_picture(self, run: int, step: int, found: Pixels | UserError) -> None:
        tile = next((tile for tile in self.grid.tiles if tile.shown.run == run), None)
        if tile is None:
            return
        if isinstance(found, UserError):
            tile.tell(str(found))
        else:
            tile.show_image(found.image(), QSize(found.width, found.height), f"step {step:,}")

    @Slot(int)
    def _on_slider(self, _place: int) -> None:
        if self.file is not None and self._steps:
            self._show_step()

    @Slot()
    def _on_play(self) -> None:
        self._timer.stop() if self._timer.isActive() else self._timer.start()
        self._show_playing()

    @Slot()
    def _on_tick(self) -> None:
        """From the last step on to the first one."""
        self.slider.setValue((self.slider.value() + 1) % max(len(self._steps), 1))

    def _show_playing(self) -> None:
        playing = self._timer.isActive()
        self.play.setText("Pause" if playing else "Play")
        self.play.setIcon(icon("stop" if playing else "play", "muted"))

    @Slot()
    def _on_selection(self) -> None:
        """The same series of other runs; that another file is looked at then is told by `show_file`."""
        if self.file is not None and self.session.selection.current == self.file.run:
            self._stale = True
            if self.isVisible():
                self._read_series()


def read_steps(store: Store, runs: Sequence[int], path: str) -> list[Steps]:
    """Of each run that is still there, its pictures of the series that a path is of; for workers."""
    logged = logged_at(path)
    found: list[Steps] = []
    for run in runs:
        try:
            name, files = get_run(store, run).name, list_artifacts(store, run)
        except NotFound:
            continue
        series = series_of(file.path for file in files)
        found.append(Steps(run, name, series.get(logged.series, {}) if logged is not None else {}))
    return found
