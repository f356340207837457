"""The card of one chart: heading, badges, buttons and the plot; it knows which of its lines are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.chart_page import Chart
from runfolio.core.curves import Curve
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.curves import group_texts, ticks
from runfolio.gui.curves.axes import TEXT_SCALE
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.lineup import Line, Shown, Spread, WantedLines, short_name
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.options import XAxis
from runfolio.gui.curves.plot import Plot
from runfolio.gui.curves.readout import Reading, Readout
from runfolio.gui.icons import icon

RADIUS = 8.0
NEAR = 5
# A plot a little wider or narrower than the one its lines were read for is good enough.
SAME_WIDTH = 0.1


def heading_at(kind: XAxis, x: float) -> str:
    """The place of the crosshair in words."""
    if kind is XAxis.STEP:
        return f"step {round(x):,}"
    return ticks.span_text(x) if kind is XAxis.RELATIVE else ticks.clock_text(x, 1.0)


class ChartCard(QFrame):
    """One chart.

    Attributes:
        chart: what it is of.
        plot: the drawing.
        stale: the runs whose lines must be read again.

    Signals:
        log_toggled(bool): the user wants this chart logarithmic or linear.
        expand_toggled(): the user wants this chart to fill the panel, or to go back.
    """

    log_toggled = Signal(bool)
    expand_toggled = Signal()

    def __init__(self, chart: Chart, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self.plot = Plot(look, self)
        self.stale: set[int] = set()
        self._runs: dict[int, Shown] = {}
        self._kind = XAxis.STEP
        self._pixels = 0
        self._ratio = ""
        self._expanded = False
        self._title = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self._info = ElidedLabel()
        self._badge = QLabel()
        self._log = self._button("log")
        self._expand = self._button("")
        self._readout = Readout(self.plot)
        self._build()
        self.set_chart(chart)
        self.set_look(look)

    @property
    def key(self) -> str:
        """The chart's own, whatever it is called."""
        return self.chart.key

    def set_chart(self, chart: Chart) -> None:
        """Be of this chart, which has the same key, and say so."""
        self.chart = chart
        self.setAccessibleName(f"Chart of {chart.title}")
        self.plot.setAccessibleName(f"Curves of {chart.title}")
        self._title.setText(chart.title)
        self._title.setToolTip(tool_tip("\n".join(dict.fromkeys((chart.title, *chart.metrics)))))
        _name(self._log, f"Logarithmic values in {chart.title}")
        self.set_expanded(self._expanded)

    def _build(self) -> None:
        self.plot.activated.connect(self.expand_toggled)
        self._log.setCheckable(True)
        self._log.clicked.connect(self.log_toggled)
        self._expand.clicked.connect(self.expand_toggled)
        self._badge.hide()
        self._info.setProperty("role", "muted")
        bold, small = QFont(self.font()), QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPointSizeF(self.font().pointSizeF() * TEXT_SCALE)
        self._title.setFont(bold)
        for widget in (self._info, self._badge, self._log, self._readout):
            widget.setFont(small)
        top = QHBoxLayout()
        top.setContentsMargins(10, 6, 6, 0)
        top.setSpacing(5)
        self._log.setFixedWidth(self._log.fontMetrics().horizontalAdvance("log") + 10)
        for widget, stretch in ((self._title, 0), (self._info, 1), (self._badge, 0), (self._log, 0), (self._expand, 0)):
            top.addWidget(widget, stretch, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 4)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.plot, 1)

    def _button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAutoRaise(True)
        return button

    def follow(self, last: QWidget | None) -> QWidget:
        """Come right after another part when Tab is pressed; returns the last part of this one."""
        for part in (self._log, self._expand, self.plot):
            if last is not None:
                QWidget.setTabOrder(last, part)
            last = part
        return self.plot

    # What to read

    def set_runs(self, runs: Sequence[Shown]) -> None:
        """Show these runs: the new ones have to be read; the old ones stay until the new ones are there."""
        new = {run.id: run for run in runs}
        moved = {run.id for run in runs if run.id in self._runs and run.basis != self._runs[run.id].basis}
        self.stale = ((self.stale | moved) & new.keys()) | (new.keys() - self._runs.keys())
        self._runs = new
        if not self.stale:
            self.take({})

    def mark(self, runs: Iterable[int] | None = None) -> None:
        """Note that the lines of some runs, or of all, must be read again."""
        self.stale |= self._runs.keys() if runs is None else self._runs.keys() & set(runs)

    def wanted(self) -> WantedLines | None:
        """What to read now, or None if nothing; what is asked for is no longer stale."""
        if not self.stale:
            return None
        runs = tuple(run for run in self._runs.values() if run.id in self.stale)
        self.stale = set()
        self._pixels = self.plot.pixels()
        low, high = self.plot.zoom.x or (None, None)
        return WantedLines(self.key, runs, low, high, self._pixels, self.plot.log)

    def take(self, lines: dict[int, Line]) -> None:
        """Draw what was read, and drop the runs that are no longer shown once all new ones are there."""
        kept = self._runs.keys() | (self.plot.drawn.keys() if self.stale else set())
        self.plot.show_lines(lines, kept)
        self._describe()

    def reread_if_reduced(self) -> bool:
        """After a zoom or another width: mark everything unless all points are drawn already."""
        drawn = [
            line for one in self.plot.drawn.values() for line in (one.line.curve, one.line.raw) if line is not None
        ]
        partly = any(line.reduced for line in drawn) or self._zoomed_when_read
        if partly:
            self.mark()
        return partly

    def has_other_width(self) -> bool:
        """True when the lines were read for a plot much narrower or wider than this one is."""
        return abs(self.plot.pixels() - self._pixels) > SAME_WIDTH * self._pixels

    @property
    def _zoomed_when_read(self) -> bool:
        return any(one.line.part for one in self.plot.drawn.values())

    # How to show it

    def set_kind(self, kind: XAxis) -> None:
        """Say what x is."""
        self._kind = kind
        self.plot.set_kind(kind)

    def set_log(self, log: bool) -> None:
        """Show logarithmic or linear values."""
        self._log.setChecked(log)
        if log != self.plot.log:
            self.plot.set_log(log)
            self.mark()

    def set_zoom(self, zoom: Zoom) -> None:
        """Show a part, or everything."""
        self.plot.set_zoom(zoom)
        self._describe()

    def set_expanded(self, expanded: bool) -> None:
        """Offer the way back when the chart fills the panel."""
        self._expanded = expanded
        self._expand.setIcon(icon("collapse" if expanded else "expand", "muted"))
        _name(self._expand, f"{'Back to all charts from' if expanded else 'Enlarge the chart'} {self.chart.title}")

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self._look = look
        self.plot.set_look(look)
        self._readout.set_look(look)
        self._log.setStyleSheet(f"QToolButton:!checked:!hover {{ color: {look.muted.name()}; }}")
        self._badge.setStyleSheet(
            f"QLabel {{ color: {look.muted.name()}; border: 1px solid {look.line.name()}; border-radius: 4px;"
            " padding: 0 4px; }"
        )
        self.set_expanded(self._expanded)
        self.update()

    def _describe(self) -> None:
        """Say how many series and points are shown, and whether and how far they are reduced."""
        curves = [one.line.raw or one.line.curve for one in self.plot.drawn.values()]
        points = sum(curve.points for curve in curves)
        corners = sum(len(curve.x) for curve in curves)
        self._info.setText(self._caption(curves, points) if curves else "")
        self._info.setToolTip(self._gaps(curves_missing=sum(curve.non_finite for curve in curves), points=points))
        spreads = [(self._runs[run], spread) for run, spread in self._spreads().items() if run in self._runs]
        if spreads:
            self._info.setToolTip(tool_tip(group_texts.details(spreads)))
        reduced = corners < points
        self._badge.setVisible(reduced)
        if reduced:
            self._ratio = f"1:{max(1, round(points / corners)):,}"
            self._fit_badge()
            self._badge.setToolTip(
                f"Reduced {self._ratio}: {corners:,} of {points:,} points are drawn, the first, lowest, highest and "
                "last of every column of pixels. The minimum and maximum of every pixel column are exact. "
                "Zoom in to see more."
            )

    def _caption(self, curves: Sequence[Curve], points: int) -> str:
        """How many series and points there are; of groups, what their lines are."""
        where = " in view" if self._zoomed_when_read else ""
        counted = "1 point" if points == 1 else f"{numbers.count(points)} points"
        if points and not any(self._is_seen(curve) for curve in curves):
            nothing = "no value above 0" if self.plot.log else "no finite value"
            return f"{nothing} · {counted} · {self._extent(curves)}{where}"
        if spreads := self._spreads():
            return group_texts.caption(list(spreads.values()))
        return f"{'1 series' if len(curves) == 1 else f'{len(curves)} series'} · {counted}{where}"

    def _spreads(self) -> dict[int, Spread]:
        """What is known of the lines of groups."""
        return {run: one.line.spread for run, one in self.plot.drawn.items() if one.line.spread is not None}

    def _extent(self, curves: Sequence[Curve]) -> str:
        """From where to where there are points, be there nothing of them to be seen."""
        x = np.concatenate([curve.x for curve in curves])
        ends = dict.fromkeys(heading_at(self._kind, end) for end in (float(x.min()), float(x.max())))
        return " to ".join(ends)

    def _is_seen(self, curve: Curve) -> bool:
        """Whether there is anything of a curve that can be drawn."""
        return bool(np.any(curve.y > 0 if self.plot.log else np.isfinite(curve.y)))

    def _fit_badge(self) -> None:
        """The ratio alone where there is no room for the word, which is in the tool tip too."""
        full = f"reduced {self._ratio}"
        others = (self._title, self._info, self._log, self._expand)
        taken = sum(widget.sizeHint().width() for widget in others) + 7 * self._badge.fontMetrics().averageCharWidth()
        free = self.width() - taken - self._badge.fontMetrics().horizontalAdvance(full)
        self._badge.setText(full if free > 0 else self._ratio)
        self._badge.setAccessibleName(full)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the badge its long or short text."""
        super().resizeEvent(event)
        self._fit_badge()

    @staticmethod
    def _gaps(curves_missing: int, points: int) -> str:
        text = numbers.counted(points, "point")
        return f"{text}, of which {curves_missing:,} are NaN or infinite and leave gaps" if curves_missing else text

    # The crosshair

    def cross_at(self, x: float | None, place: QPointF | None, lit: int | None) -> None:
        """Show the crosshair at x with the values there: the nearest ones where the mouse is, else the lit run's."""
        self.plot.cross_at(x)
        values = {} if x is None else self.plot.values_at(x)
        near = self._nearest(values, place) if place is not None else [run for run in (lit,) if run in values]
        form = numbers.column_format([values[run][1] for run in near])
        told = {run: self.plot.spread_at(run, values[run][0]) or form.text(values[run][1]) for run in near}
        readings = [
            Reading(self._look.color(run, Light.NORMAL), shown.name, told[run], run == lit, short_name(shown))
            for run in sorted(near, key=lambda run: -values[run][1])
            if (shown := self._runs.get(run)) is not None
        ]
        heading = heading_at(self._kind, values[near[0]][0]) if near and place is not None else ""
        room = self.plot.view.mapRectToScene(self.plot.view.boundingRect()).toRect()
        mouse = None if place is None else self.plot.mapFromScene(self.plot.view.mapViewToScene(place))
        self._readout.show_readings(heading, readings, room, mouse)

    def _nearest(self, values: dict[int, tuple[float, float]], place: QPointF) -> list[int]:
        """The few runs whose values are nearest to the mouse, the nearest first."""
        ys = {run: self.plot.to_plot_value(value) for run, (_, value) in values.items()}
        return sorted(ys, key=lambda run: abs(ys[run] - place.y()))[:NEAR]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A panel with round corners and a line around it, in the accent while the chart has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.accent if self.plot.hasFocus() else self._look.line, 1))
        painter.setBrush(self._look.panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _name(button: QToolButton, name: str) -> None:
    button.setToolTip(tool_tip(name))
    button.setAccessibleName(name)
