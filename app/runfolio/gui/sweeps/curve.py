"""The best value so far over the trials of a sweep, with each trial's own as a dot."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from runfolio.core.curves import Floats
from runfolio.core.numbers import counted, exact
from runfolio.core.outliers import outside, usual_span
from runfolio.core.sweeps.judging import in_order
from runfolio.core.sweeps.records import Trial, TrialState
from runfolio.gui.curves.canvas import Canvas
from runfolio.gui.curves.limits import around_x, around_y
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.curves.polyline import NONE
from runfolio.gui.sweeps.reading import SweepFacts
from runfolio.gui.theme import Theme

#: Of more trials the dots are thinned out, evenly; the line keeps every step.
MOST_DOTS = 2_000
NEAR = 10.0
#: How high it is, in lines of text.
HIGH = 13
SIZE, BEST_SIZE = 7.0, 12.0


class BestCurve(Canvas):
    """Trials from the left in the order in which they ended.

    Attributes:
        trials: those that have a dot.
        left_out: how many dots are not there, for they are too many.
        beyond: how many are above or below what is seen.

    Signals:
        trial_clicked(object): this `Trial` was clicked.
    """

    trial_clicked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(ChartLook.of(theme), parent)
        self._theme = theme
        self.trials: list[Trial] = []
        self.left_out = self.beyond = 0
        self._places: tuple[Floats, Floats] = (NONE, NONE)
        self._facts: SweepFacts | None = None
        self._line = pg.PlotCurveItem(connect="finite")
        self._dots = pg.ScatterPlotItem(pxMode=True, antialias=True)
        for item in (self._line, self._dots):
            self.view.addItem(item)
        self.wheel_needs_focus = True
        self.setAccessibleName("Best value so far")
        self.clicked.connect(self._on_clicked)
        self.pointed.connect(self._on_pointed)
        self.zoomed.connect(lambda zoom: self._fit() if zoom.x is None else self.show_range(zoom.x, self.span_y()))
        theme.theme_changed.connect(self._take_theme)

    def sizeHint(self) -> QSize:
        """As high as some marks along its axis need; it takes more where there is more."""
        return QSize(480, self.fontMetrics().height() * HIGH)

    def minimumSizeHint(self) -> QSize:
        """Less than that would tell little."""
        return QSize(240, self.sizeHint().height())

    def show_facts(self, facts: SweepFacts) -> None:
        """Draw a sweep as it is now."""
        self._facts = facts
        self._draw(facts)
        self._fit()

    def _draw(self, facts: SweepFacts) -> None:
        ended = [one for one in in_order(facts.trials) if one.value is not None]
        order = np.arange(1, len(ended) + 1, dtype=np.float64)
        values = np.array([one.value for one in ended], np.float64)
        kept = _thinned(ended, facts)
        self.left_out = len(ended) - len(kept)
        self.trials = [ended[at] for at in kept.tolist()]
        self._places = order[kept], values[kept]
        self.setAccessibleDescription(f"{counted(len(ended), 'trial')} with a value")
        self.forget_picture()
        pen = QPen(self.look.accent, 2)
        pen.setCosmetic(True)
        self._line.setData(*_steps(ended, facts), pen=pen, antialias=True)
        self._dots.setData(
            x=self._places[0],
            y=self._places[1],
            size=[BEST_SIZE if _is_best(one, facts) else SIZE for one in self.trials],
            brush=[self._brush(one) for one in self.trials],
            pen=[_thin(self._color(one)) for one in self.trials],
        )

    def _fit(self) -> None:
        """All trials in sight, but for outliers."""
        x, y = self._places
        span = usual_span(y)
        if span is None:
            self.show_range(around_x(0.0, 1.0), around_y(0.0, 1.0))
            return
        best = self._facts.best if self._facts is not None else None
        low, high = span if best is None or best.value is None else (min(span[0], best.value), max(span[1], best.value))
        self.beyond = outside(y, low, high)
        self.show_range(around_x(1.0, max(float(x[-1]), 2.0)), around_y(low, high))

    def _color(self, trial: Trial) -> QColor:
        if self._facts is not None and _is_best(trial, self._facts):
            return self._theme.color("ok")
        return self._theme.color("muted" if trial.state is TrialState.PRUNED else "accent")

    def _brush(self, trial: Trial) -> QColor:
        """Those that were pruned are hollow."""
        return QColor(Qt.GlobalColor.transparent) if trial.state is TrialState.PRUNED else self._color(trial)

    def _take_theme(self) -> None:
        self.set_look(ChartLook.of(self._theme))
        if self._facts is not None:
            self._draw(self._facts)

    def near(self, place: QPointF) -> Trial | None:
        """The trial whose dot is at a place."""
        x, y = self._places
        if not len(x):
            return None
        wide, high = self.scale_of_view()
        away = np.hypot((x - place.x()) * wide, (y - place.y()) * high)
        at = int(np.argmin(away))
        return self.trials[at] if away[at] <= NEAR else None

    def said_at(self, place: QPointF) -> str:
        """The trial there, with its parameters."""
        trial = self.near(place)
        if trial is None or trial.value is None:
            return ""
        lines = [f"{name} = {value}" for name, value in trial.parameters.items()]
        return "\n".join([f"trial {trial.number} · {trial.state} · {exact(trial.value)}", *lines])

    def _on_pointed(self, place: QPointF | None) -> None:
        there = place is not None and self.near(place) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if there else Qt.CursorShape.ArrowCursor)

    def _on_clicked(self, place: QPointF, _with_ctrl: bool) -> None:
        trial = self.near(place)
        if trial is not None:
            self.trial_clicked.emit(trial)


def _thin(color: QColor) -> QPen:
    """One pixel wide, whatever the size of what it goes around."""
    pen = QPen(color, 1)
    pen.setCosmetic(True)
    return pen


def _is_best(trial: Trial, facts: SweepFacts) -> bool:
    return facts.best is not None and trial.number == facts.best.number


def _thinned(ended: list[Trial], facts: SweepFacts) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Which of the trials have a dot: all, or evenly some, with those of the line among them."""
    if len(ended) <= MOST_DOTS:
        return np.arange(len(ended), dtype=np.intp)
    steps = {one.number for one in facts.steps}
    own = [at for at, one in enumerate(ended) if one.number in steps]
    return np.union1d(np.linspace(0, len(ended) - 1, MOST_DOTS).astype(np.intp), np.array(own, np.intp)).astype(np.intp)


def _steps(ended: list[Trial], facts: SweepFacts) -> tuple[Floats, Floats]:
    """The corners of the line: level from each that was better to the next one, and to the last trial."""
    place = {one.number: at for at, one in enumerate(ended, start=1)}
    steps = [(float(place[one.number]), float(one.value)) for one in facts.steps if one.value is not None]
    if not steps:
        return NONE, NONE
    x, y = np.array(steps).T
    return np.repeat([*x, float(len(ended))], 2)[1:-1], np.repeat(y, 2)
