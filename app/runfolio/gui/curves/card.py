"""The card of one chart: heading and plot; it knows which of its lines are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.chart_page import Chart
from runfolio.core.clock import now_ms
from runfolio.gui.curves import captions
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card_heading import CardHeading
from runfolio.gui.curves.chart_notes import ChartNotes
from runfolio.gui.curves.chart_words import words_of
from runfolio.gui.curves.figure_reading import ChartNow
from runfolio.gui.curves.limits import limits_of
from runfolio.gui.curves.lineup import (
    Lack,
    Line,
    LineId,
    Lineup,
    Shown,
    WantedLines,
    line_id,
    line_name,
    metric_of,
    owner_of,
    short_name,
    tell_apart_by_color,
)
from runfolio.gui.curves.look import DENSE, ChartLook, Light
from runfolio.gui.curves.metric_legend import MetricLegend
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.plot import Plot
from runfolio.gui.curves.range_mark import RangeMark
from runfolio.gui.curves.readout import NEAR, Reading, Readout

RADIUS = 8.0
# A plot a little wider or narrower than the one its lines were read for is good enough.
SAME_WIDTH = 0.1
# So many lines are drawn at the most where a chart shows several metrics; fewer metrics are then shown.
MOST_LINES = 200
# What is told of the time that is left is said anew so often, in milliseconds.
LEFT_MS = 20_000
_uses = count(1)


class ChartCard(QFrame):
    """One chart.

    Attributes:
        chart: what it is of.
        plot: the drawing.
        stale: the runs whose lines must be read again.
        options: how its lines are made and shown.
        notes: its annotations.
        used: greater than that of all charts that had the keyboard before; 0 if it never did.

    Signals:
        log_toggled(bool): the user wants this chart logarithmic or linear.
        expand_toggled(): the user wants this chart to fill the panel, or to go back.
        notes_changed(): its annotations, or what can be annotated, may be others.
        menu_asked(QPoint): the user wants the menu of this chart, there on the screen.
    """

    log_toggled = Signal(bool)
    expand_toggled = Signal()
    menu_asked = Signal(QPoint)
    notes_changed = Signal()

    def __init__(self, chart: Chart, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self.plot = Plot(look, self)
        self.stale: set[int] = set()
        self.used = 0
        self._runs: dict[int, Shown] = {}
        self._lacks: dict[LineId, Lack] = {}
        self.notes = ChartNotes(self.plot)
        self._look = look
        self.options = Options()
        self._pixels = 0
        self._soon = QTimer(self, singleShot=True, interval=LEFT_MS)
        self.heading = CardHeading(self)
        self._legend = MetricLegend(self)
        self._range = RangeMark(self.plot)
        self._readout = Readout(self.plot)  # over it, while the mouse is there
        self._build()
        self.set_chart(chart)
        self.set_look(look)

    @property
    def key(self) -> str:
        """The chart's own, whatever it is called."""
        return self.chart.key

    def set_chart(self, chart: Chart) -> None:
        """Be of this chart, which has the same key, and say so; other metrics have to be read."""
        if chart.metrics != self.chart.metrics:
            self.mark()
        before, self.chart = self.chart, chart
        self._show_metrics()
        if chart.problem != before.problem:
            self._describe()
        self.setAccessibleName(f"Chart of {chart.title}")
        self.plot.setAccessibleName(f"Curves of {chart.title}")
        self.heading.show_chart(chart)

    def _build(self) -> None:
        self.plot.activated.connect(self.expand_toggled)
        self._soon.timeout.connect(self._describe)
        self.heading.log_toggled.connect(self.log_toggled)
        self.heading.expand_toggled.connect(self.expand_toggled)
        self.heading.menu_asked.connect(self.menu_asked)
        self.plot.installEventFilter(self)
        for part in (self._readout, self._range):
            part.setFont(self.heading.small)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 4)
        layout.setSpacing(2)
        layout.addWidget(self.heading)
        layout.addWidget(self._legend)
        layout.addWidget(self.plot, 1)

    def follow(self, last: QWidget | None) -> QWidget:
        """Come right after another part when Tab is pressed; returns the last part of this one."""
        parts: tuple[QWidget, ...] = (self.heading.mark, *self.heading.buttons, self.plot)
        for part in parts:
            if last is not None:
                QWidget.setTabOrder(last, part)
            last = part
        return self.plot

    # Its menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu, anywhere on the card."""
        event.accept()
        self.menu_asked.emit(event.globalPos())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that the chart is used."""
        if event.type() is QEvent.Type.FocusIn:
            self.used = next(_uses)
        return super().eventFilter(watched, event)

    @property
    def has_lines(self) -> bool:
        """Whether there is anything to take out of it."""
        return bool(self.plot.drawn)

    def now(self) -> ChartNow:
        """What it shows at this moment."""
        runs, plot = self.shown, self.plot
        colors = {run: self._look.number(run) for run in self._runs}
        title, axes = self.chart.title, (plot.log, plot.span_x(), plot.span_y(), plot.asked_x)
        return ChartNow(self.key, title, runs, self._metrics, self.options, *axes, colors)

    # What to read

    def set_runs(self, runs: Sequence[Shown]) -> None:
        """Show these runs: the new ones have to be read; the old ones stay until the new ones are there."""
        new = {run.id: run for run in runs}
        moved = {run.id for run in runs if run.id in self._runs and run.basis != self._runs[run.id].basis}
        self.stale = ((self.stale | moved) & new.keys()) | (new.keys() - self._runs.keys())
        self._runs = new
        self._show_metrics()
        self._show_notes()
        if not self.stale:
            self.take({})

    @property
    def _metrics(self) -> tuple[str, ...]:
        """The metrics that are shown: as many as can be drawn of all runs."""
        return self.chart.metrics[: max(1, MOST_LINES // max(1, len(self._runs)))]

    @property
    def _wanted_lines(self) -> set[LineId]:
        return {line_id(self.key, run, metric) for run in self._runs for metric in self._metrics}

    def _show_metrics(self) -> None:
        """Name the metrics of a chart of the user's own; lines of others go at once, for their dashes are others'."""
        metrics = self._metrics if self.chart.own else ()
        colored = tell_apart_by_color(self._runs, metrics)
        self.plot.set_metrics(metrics, colored=colored)
        self._legend.show_metrics(metrics, self.chart.total, colored=colored)
        if any(metric_of(line) not in metrics for line in self.plot.drawn if metric_of(line)):
            self.plot.show_lines({}, self._wanted_lines)

    def take_lineup(self, lineup: Lineup) -> None:
        """Show the runs of a line-up, and mark the annotations at their curves."""
        self.notes.take(lineup.notes)
        if lineup.runs != self.shown:
            self.set_runs(lineup.runs)
        else:
            self._show_notes()

    def _show_notes(self) -> None:
        self.notes.show(self.shown, self._metrics, self.options, self._look)
        self.notes_changed.emit()

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The runs or groups that it shows."""
        return tuple(self._runs.values())

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
        low, high = self.plot.asked_x
        dense = 4 * self._pixels * len(self._runs) * len(self._metrics) > DENSE
        columns = self._pixels // 2 if dense else self._pixels
        return WantedLines(self.key, runs, low, high, columns, self.plot.log, self._metrics, self.options)

    def take(self, lines: dict[LineId, Line]) -> None:
        """Draw what was read, and drop the lines that are no longer shown once all new ones are there."""
        kept = self._wanted_lines | (self.plot.drawn.keys() if self.stale else set())
        self.plot.show_lines(lines, kept)
        self._lacks = {one: lack for one, lack in self._lacks.items() if one in kept and one not in lines}
        self._lacks |= {one: line.lack for one, line in lines.items() if line.lack is not None and one in kept}
        self._describe()

    def reread_if_reduced(self) -> None:
        """After a zoom or another width: mark everything unless all points are drawn already."""
        drawn = [
            line for one in self.plot.drawn.values() for line in (one.line.curve, one.line.raw) if line is not None
        ]
        if any(line.reduced for line in drawn) or self._zoomed_when_read:
            self.mark()

    def has_other_width(self) -> bool:
        """True when the lines were read for a plot much narrower or wider than this one is."""
        return abs(self.plot.pixels() - self._pixels) > SAME_WIDTH * self._pixels

    @property
    def _zoomed_when_read(self) -> bool:
        return any(one.line.part for one in self.plot.drawn.values())

    # How to show it

    def set_options(self, options: Options) -> None:
        """Show lines in another way; those that are made otherwise have to be read."""
        before, self.options = self.options, options
        if options.across != before.across:
            kind, _, log = options.across
            self.plot.set_kind(kind, log)
        if options.log != before.log:
            self.plot.set_log(options.log)
        self.plot.set_limits(limits_of(options))
        self._show_notes()
        self.heading.set_log(options.log)
        if (options.lines, options.log) != (before.lines, before.log):
            self.mark()
        self._describe()

    def set_zoom(self, zoom: Zoom) -> None:
        """Show a part, or everything."""
        self.plot.set_zoom(zoom)
        self._describe()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        self._look = look
        self.plot.set_look(look)
        self._readout.set_look(look)
        self._range.set_look(look)
        self._show_notes()
        self._legend.set_look(look)
        self.heading.set_look(look)
        self.update()

    def _describe(self) -> None:
        """Say how many series and points are shown, and whether and how far they are reduced."""
        lines = {one: drawn.line for one, drawn in self.plot.drawn.items()}
        seen = captions.Seen(self.options, self.plot.log, self._zoomed_when_read)
        words = words_of(lines, self._lacks, self._runs, seen, now_ms(), self.chart.problem)
        self.heading.tell(words.caption, words.details)
        self.heading.show_reduction(words.corners, words.points)
        reduced = words.corners < words.points
        self._range.tell(self.plot.outside(), usual=self.plot.limits.usual, reduced=reduced)
        if words.goes_on:
            self._soon.start()

    # The crosshair

    def cross_at(self, x: float | None, place: QPointF | None, lit: int | None) -> None:
        """Show the crosshair at x with the values there: the nearest ones where the mouse is, else the lit run's."""
        self.plot.cross_at(x)
        values = {} if x is None else self.plot.values_at(x)
        values = {one: value for one, value in values.items() if owner_of(one) in self._runs}
        room = self.plot.view.mapRectToScene(self.plot.view.boundingRect()).toRect()
        most = self._readout.most(room) if place is not None else NEAR
        near = self._nearest(values, place) if place is not None else [one for one in values if owner_of(one) == lit]
        more, near = len(near) - most, near[:most]
        form = numbers.column_format([values[one][1] for one in near])
        told = {one: self.plot.spread_at(one, values[one][0]) or form.text(values[one][1]) for one in near}
        readings = [
            Reading(
                look.color(number, Light.NORMAL),
                line_name(one, shown.name),
                told[one],
                shown.id == lit,
                line_name(one, short_name(shown)),
            )
            for one in sorted(near, key=lambda one: -values[one][1])
            for shown, (look, number) in ((self._runs[owner_of(one)], self.plot.colored_as(one)),)
        ]
        heading = captions.heading_at(self.options, values[near[0]][0]) if near and place is not None else ""
        mouse = None if place is None else self.plot.mapFromScene(self.plot.view.mapViewToScene(place))
        self._readout.show_readings(heading, readings, room, mouse, max(more, 0))

    def _nearest(self, values: dict[LineId, tuple[float, float]], place: QPointF) -> list[LineId]:
        """The lines by how near their values are to the mouse, the nearest first."""
        ys = {one: self.plot.to_plot_value(value) for one, (_, value) in values.items()}
        return sorted(ys, key=lambda one: abs(ys[one] - place.y()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A panel with round corners and a line around it, in the accent while the chart has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.accent if self.plot.hasFocus() else self._look.line, 1))
        painter.setBrush(self._look.panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
