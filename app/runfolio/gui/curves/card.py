"""The card of one chart: heading, badges, buttons and the plot; it knows which of its lines are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.chart_page import Chart
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.curves import captions, group_texts
from runfolio.gui.curves.axes import TEXT_SCALE
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.figure_reading import ChartNow
from runfolio.gui.curves.lineup import Line, Shown, Spread, WantedLines, short_name
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.options import Options, XAxis
from runfolio.gui.curves.plot import Plot
from runfolio.gui.curves.readout import Reading, Readout
from runfolio.gui.icons import icon

RADIUS = 8.0
NEAR = 5
# A plot a little wider or narrower than the one its lines were read for is good enough.
SAME_WIDTH = 0.1
_uses = count(1)


class ChartCard(QFrame):
    """One chart.

    Attributes:
        chart: what it is of.
        plot: the drawing.
        stale: the runs whose lines must be read again.
        used: greater than that of all charts that had the keyboard before; 0 if it never did.

    Signals:
        log_toggled(bool): the user wants this chart logarithmic or linear.
        expand_toggled(): the user wants this chart to fill the panel, or to go back.
        menu_asked(QPoint): the user wants the menu of this chart, there on the screen.
    """

    log_toggled = Signal(bool)
    expand_toggled = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, chart: Chart, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self.plot = Plot(look, self)
        self.stale: set[int] = set()
        self.used = 0
        self._runs: dict[int, Shown] = {}
        self._kind = XAxis.STEP
        self._pixels = 0
        self._ratio = ""
        self._expanded = False
        self._title = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self._info = ElidedLabel()
        self._badge = QLabel()
        self._log = self._button("log")
        self._more = self._button("")
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
        _name(self._more, f"Menu of the chart {chart.title}")
        self.set_expanded(self._expanded)

    def _build(self) -> None:
        self.plot.activated.connect(self.expand_toggled)
        self._log.setCheckable(True)
        self._log.clicked.connect(self.log_toggled)
        self._expand.clicked.connect(self.expand_toggled)
        self._more.clicked.connect(lambda: self._ask_for_menu(self._more.rect().bottomLeft(), self._more))
        self.plot.installEventFilter(self)
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
        buttons = (self._log, self._more, self._expand)
        for widget in (self._title, self._info, self._badge, *buttons):
            top.addWidget(widget, int(widget is self._info), Qt.AlignmentFlag.AlignVCenter)
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
        for part in (self._log, self._more, self._expand, self.plot):
            if last is not None:
                QWidget.setTabOrder(last, part)
            last = part
        return self.plot

    # Its menu

    def _ask_for_menu(self, place: QPoint, within: QWidget) -> None:
        self.menu_asked.emit(within.mapToGlobal(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu, anywhere on the card."""
        event.accept()
        self._ask_for_menu(event.pos(), self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that the chart is used."""
        if event.type() is QEvent.Type.FocusIn:
            self.used = next(_uses)
        return super().eventFilter(watched, event)

    @property
    def has_lines(self) -> bool:
        """Whether there is anything to take out of it."""
        return bool(self.plot.drawn)

    def now(self, options: Options) -> ChartNow:
        """What it shows at this moment, with lines made as the options say."""
        runs, plot = tuple(self._runs.values()), self.plot
        colors = {run: self._look.number(run) for run in self._runs}
        title, axes = self.chart.title, (plot.log, plot.span_x(), plot.span_y(), plot.zoom.x)
        return ChartNow(self.key, title, runs, options, *axes, colors)

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
        self._more.setIcon(icon("more", "muted"))
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
        all_spreads = self._spreads()
        seen = captions.Seen(self._kind, self.plot.log, self._zoomed_when_read)
        self._info.setText(captions.caption(seen, curves, list(all_spreads.values())) if curves else "")
        self._info.setToolTip(captions.gaps(curves))
        spreads = [(self._runs[run], spread) for run, spread in all_spreads.items() if run in self._runs]
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

    def _spreads(self) -> dict[int, Spread]:
        """What is known of the lines of groups."""
        return {run: one.line.spread for run, one in self.plot.drawn.items() if one.line.spread is not None}

    def _fit_badge(self) -> None:
        """The ratio alone where there is no room for the word, which is in the tool tip too."""
        full = f"reduced {self._ratio}"
        others = (self._title, self._info, self._log, self._more, self._expand)
        taken = sum(widget.sizeHint().width() for widget in others) + 7 * self._badge.fontMetrics().averageCharWidth()
        free = self.width() - taken - self._badge.fontMetrics().horizontalAdvance(full)
        self._badge.setText(full if free > 0 else self._ratio)
        self._badge.setAccessibleName(full)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the badge its long or short text."""
        super().resizeEvent(event)
        self._fit_badge()

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
        heading = captions.heading_at(self._kind, values[near[0]][0]) if near and place is not None else ""
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
