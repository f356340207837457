"""One chart's drawing: a line for each run or group, lit or dimmed, on linear or logarithmic values, at any zoom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from runfolio.core.curves import Curve, Floats
from runfolio.core.outliers import outside, usual_span
from runfolio.gui.curves.area import Area
from runfolio.gui.curves.canvas import Canvas, Span, Zoom
from runfolio.gui.curves.coordinates import to_axis
from runfolio.gui.curves.dots import Dots
from runfolio.gui.curves.limits import Ends, Limits, around_x, around_y, ended, to_come
from runfolio.gui.curves.lines import Lines
from runfolio.gui.curves.lineup import Line, LineId, metric_of, owner_of
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.marks import REACH as MARK_REACH
from runfolio.gui.curves.marks import Mark, Marks, said_at
from runfolio.gui.curves.nearest import distance, extent, point_near
from runfolio.gui.curves.polyline import Polyline
from runfolio.gui.curves.x_axes import XAxis

# As few points as this are dots, for a line through them could be taken for many.
FEW = 3
REACH, FAR = 9.0, 400.0
# The edges of bands that have more corners together are not smoothed, which takes three times as long.
FEW_CORNERS = 2000
EMPTY_SPAN: Span = (0.0, 1.0)
# Where the edge of a band is drawn on a logarithmic axis that is at 0 or below: less than the least number's exponent.
BOTTOM = -330.0


@dataclass(slots=True)
class Drawn:
    """One run or group in the plot: its line and what shows it, the band of a group too.

    `faint` is what is behind: the points of a line that is smoothed, or the runs of a group. `whole` is the x range of
    all its points.
    """

    line: Line
    stroke: Polyline = field(default_factory=Polyline)
    faint: list[Polyline] = field(default_factory=list)
    band: Area = field(default_factory=Area)
    height: int = 0
    whole: Span | None = None
    style: tuple[object, ...] = ()


class Plot(Canvas):
    """The lines of one metric, or of several.

    Attributes:
        drawn: the lines; of one metric they are named by their runs or groups.
        dots: the points that no line shows.

    Signals:
        hovered(int | None): the run or group whose line is under the mouse.
        picked(int, bool): a run's or group's line was clicked; True with Ctrl held.
    """

    hovered = Signal(object)
    picked = Signal(object, bool)  # numbers of groups are too large for Qt's

    def __init__(self, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.drawn: dict[LineId, Drawn] = {}
        self._owners: set[int] = set()
        self._metrics: dict[str, int] = {}
        self._colored = False
        self.zoom = Zoom()
        self.log = False
        self.limits = Limits()
        self._current: int | None = None
        self._lit: int | None = None
        self._under: int | None = None
        self.marks = Marks(self.view.childGroup)
        self._lines = Lines(self.view.childGroup)
        self.dots = Dots(self.view.childGroup)
        self._lines.picture.setParent(self)
        self._lines.picture.changed.connect(self._on_pictured)
        self.pointed.connect(self._on_pointed)
        self.clicked.connect(self._on_clicked)

    # What is drawn

    def show_lines(self, lines: dict[LineId, Line], kept: Collection[LineId]) -> None:
        """Draw these lines anew, and of the others only those to be kept."""
        self.drawn = {one: drawn for one, drawn in self.drawn.items() if one in kept}
        for one, line in lines.items():
            if one in kept:
                self._show(one, line)
        self._owners = set(map(owner_of, self.drawn))
        self._restyle()
        self.fit()

    def _show(self, one: LineId, line: Line) -> None:
        if not len(line.curve.x):
            self.drawn.pop(one, None)
            return
        drawn = self.drawn.get(one) or Drawn(line)
        self.drawn[one] = drawn
        drawn.line = line
        if not line.part or drawn.whole is None:
            drawn.whole = float(line.curve.x.min()), float(line.curve.x.max())
        self._fill(drawn)

    def _fill(self, drawn: Drawn) -> None:
        """Hand the corners to the items, as logarithms where the axis is logarithmic."""
        line, spread = drawn.line, drawn.line.spread
        pens = [drawn.stroke.pen, *[drawn.faint[0].pen if drawn.faint else QPen()] * len(line.faint)]
        drawn.stroke, *drawn.faint = (
            Polyline(curve.x, self.to_plot(curve.y), pen, forward=not line.path)
            for curve, pen in zip((line.curve, *line.faint), pens, strict=True)
        )
        if spread is not None:
            low, high = (_edge(edge.y, self.log) for edge in (spread.low, spread.high))
            drawn.band.set_edges(spread.low.x, low, spread.high.x, high)

    def to_plot(self, values: Floats) -> Floats:
        """Metric values as plot coordinates: those too large to be drawn where they can be, and as gaps what a
        logarithmic axis cannot show."""
        return to_axis(values, self.log)

    def to_plot_value(self, value: float) -> float:
        """One metric value as a plot coordinate."""
        return float(self.to_plot(np.array([value]))[0])

    # How it is drawn

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme."""
        super().set_look(look)
        for drawn in self.drawn.values():
            drawn.style = ()
        self._restyle()

    def set_kind(self, kind: XAxis, log: bool = False) -> None:
        """Say what x is, and whether it is logarithms; the zoom, in other units, is forgotten."""
        self.forget_picture()
        self.x_axis.set_kind(kind, log)
        self.zoom = Zoom()

    def set_log(self, log: bool) -> None:
        """Show logarithmic or linear values."""
        if log == self.log:
            return
        self.log = log
        self.zoom = Zoom(self.zoom.x)
        self.y_axis.set_log(log)
        for drawn in self.drawn.values():
            self._fill(drawn)
        self._restyle()
        self.fit()

    def set_metrics(self, metrics: Sequence[str], *, colored: bool = False) -> None:
        """Say which metrics there are, where there are several: each has dashes of its own, or a colour."""
        numbers = {metric: number for number, metric in enumerate(metrics)}
        if (numbers, colored) != (self._metrics, self._colored):
            self._metrics, self._colored = numbers, colored
            for drawn in self.drawn.values():
                drawn.style = ()
            self._restyle()

    def set_lights(self, current: int | None, lit: int | None) -> None:
        """Make the current run wide; light one run, if it is drawn here, and dim the others."""
        if (current, lit) != (self._current, self._lit):
            self._current, self._lit = current, lit
            self._restyle()

    def colored_as(self, one: LineId) -> tuple[ChartLook, int]:
        """The look and the number that say a line's colour: its run's or group's, or its metric's."""
        if self._colored and (metric := metric_of(one)):
            return self.look.unchosen(), self._metrics.get(metric, 0)
        return self.look, owner_of(one)

    def light_of(self, run: int) -> Light:
        """How a run is lit now."""
        if self._lit is None or self._lit not in self._owners:
            return Light.NORMAL
        return Light.LIT if run == self._lit else Light.DIMMED

    def _restyle(self) -> None:
        self.forget_picture()
        for one, drawn in self.drawn.items():
            run = owner_of(one)
            light, wide = self.light_of(run), run == self._current
            style = (light, wide, bool(drawn.faint))
            if style != drawn.style:
                drawn.style = style
                look, number = self.colored_as(one)
                dashes = None if self._colored else self._metrics.get(metric_of(one))
                drawn.stroke.pen = look.pen(number, light, wide, dashes)
                for behind in drawn.faint:
                    behind.pen = look.raw_pen(number, light)
                drawn.band.set_color(look.band_color(number, light))
                drawn.height = 2 if light is Light.LIT else 1 if wide else 0
        by_height = sorted(self.drawn.values(), key=lambda drawn: drawn.height)
        bands = [drawn.band for drawn in by_height if len(drawn.band.low)]
        smooth = sum(len(band.low) + len(band.high) for band in bands) <= FEW_CORNERS
        for band in bands:
            band.smooth = smooth
        faint = [line for drawn in self.drawn.values() for line in drawn.faint]
        self._lines.show_lines(bands, [*faint, *(drawn.stroke for drawn in by_height)], self.look.panel)
        self._show_dots()

    def _show_dots(self) -> None:
        """Dots for series of very few points, and for single points between two gaps."""
        dots = []
        for one, drawn in self.drawn.items():
            line, few = drawn.stroke, drawn.line.curve.points <= FEW
            shown = np.flatnonzero(np.isfinite(line.y)) if few else line.dots
            if len(shown):
                look, number = self.colored_as(one)
                dots.append((line.x[shown], line.y[shown], look.color(number, self.light_of(owner_of(one)))))
        self.dots.show_dots(dots)

    @property
    def settled(self) -> bool:
        """True when all lines are drawn as they are to be."""
        return self._lines.picture.idle

    def _on_pictured(self) -> None:
        self.forget_picture()
        self.viewport().update()

    # Which part is shown

    def set_zoom(self, zoom: Zoom) -> None:
        """Show a part, or all of it."""
        self.zoom = zoom
        self.fit()

    def set_limits(self, limits: Limits) -> None:
        """Say where the axes begin and end while nothing is zoomed."""
        if limits != self.limits:
            self.limits = limits
            self.fit()

    @property
    def asked_x(self) -> Ends:
        """The part of x to read for: what is zoomed to, else what the user has set."""
        return self.zoom.x or self.limits.x

    def outside(self) -> int | None:
        """How many corners of lines are above or below what is shown; None unless that was chosen."""
        if self.zoom.y is not None or not self.limits.cuts:
            return None
        low, high = self.span_y()
        return sum(outside(values, low, high) for values in _in_sight(self.drawn.values(), *self.span_x()))

    def fit(self) -> None:
        """Set both ranges: as zoomed, else so that everything visible fits."""
        x = self.zoom.x or self._whole_x()
        self.show_range(x, self.zoom.y or self._whole_y(*x))
        for part in (self._lines, self.dots, self.marks):
            part.cover(self.view.viewRect())

    def _whole_x(self) -> Span:
        spans = [drawn.whole for drawn in self.drawn.values() if drawn.whole is not None]
        if not spans:
            return ended(EMPTY_SPAN, self.limits.x)
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        high = max([high, *to_come((drawn.line for drawn in self.drawn.values()), self.limits)])
        return ended(around_x(low, high), self.limits.x)

    def _whole_y(self, left: float, right: float) -> Span:
        found = [span for drawn in self.drawn.values() for span in self._extents(drawn, left, right)]
        spans = [span for span in found if span is not None]
        if not spans:
            return ended(EMPTY_SPAN, self.limits.y)
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        if self.limits.usual:
            low, high = usual_span(np.concatenate(_in_sight(self.drawn.values(), left, right))) or (low, high)
        return ended(around_y(low, high), self.limits.y)

    def _extents(self, drawn: Drawn, left: float, right: float) -> list[Span | None]:
        """From where to where what is drawn goes. A band that comes near to zero makes no logarithmic chart deeper than
        a power of ten below the line.
        """
        line, *others = (one.extent(left, right) for one in (drawn.stroke, *drawn.faint))
        band, low = drawn.band, drawn.band.low
        if not len(low):
            return [line, *others]
        if self.log and line is not None:
            low = np.where(low > BOTTOM, np.maximum(low, line[0] - 1), np.nan)
        edges = extent(low, band.low_x, left, right), extent(band.high, band.high_x, left, right)
        return [line, *others, *edges]

    # What is under the mouse

    def _on_pointed(self, place: QPointF | None) -> None:
        under = None if place is None else self.run_near(place)
        if under != self._under:
            self._under = under
            self.hovered.emit(under)

    def _on_clicked(self, place: QPointF, control: bool) -> None:
        run = self.run_near(place)
        if run is not None:
            self.picked.emit(run, control)

    def run_near(self, place: QPointF) -> int | None:
        """The run whose line passes within a few pixels of a place, the nearest one."""
        return self.nearest(place, REACH)

    def nearest(self, place: QPointF, reach: float = FAR) -> int | None:
        """The run whose line passes nearest to a place, within so many pixels."""
        scale, at = self.scale_of_view(), (place.x(), place.y())
        distances = {
            one: distance(drawn.line.curve.x, drawn.stroke.y, at, scale, reach, drawn.line.path)
            for one, drawn in self.drawn.items()
        }
        nearest = min(distances, key=distances.__getitem__, default=None)
        return owner_of(nearest) if nearest is not None and distances[nearest] <= reach else None

    def values_at(self, x: float) -> dict[LineId, tuple[float, float]]:
        """For each line with a point there: the x and the metric's value of the drawn point nearest to x."""
        found: dict[LineId, tuple[float, float]] = {}
        for one, drawn in self.drawn.items():
            curve: Curve = drawn.line.curve
            index = point_near(curve.x, curve.y, x, drawn.line.path)
            if index is not None and (not self.log or curve.y[index] > 0):
                found[one] = float(curve.x[index]), float(curve.y[index])
        return found

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Mark these stretches."""
        if tuple(marks) != self.marks.marks:
            self.forget_picture()
            self.marks.show_marks(marks)

    def said_at(self, place: QPointF) -> str:
        """What the marks under the mouse say."""
        return said_at(self.marks.marks, place.x(), MARK_REACH / (self.scale_of_view()[0] or 1.0))

    def spread_at(self, one: LineId, x: float) -> str:
        """What is told of a group at a drawn x: its value, the band and of how many runs they are; empty of a run."""
        line = self.drawn[one].line
        return "" if line.spread is None else line.spread.text(int(np.searchsorted(line.curve.x, x)))


def _edge(values: Floats, log: bool) -> Floats:
    """The edge of a band as plot coordinates: one that a logarithmic axis cannot show is below all that it can."""
    edge = to_axis(values, log)
    return np.where(values <= 0, BOTTOM, edge) if log else edge


def _in_sight(drawn: Iterable[Drawn], left: float, right: float) -> list[Floats]:
    """The places on the y axis of the corners between two of x."""
    curves = ((one.stroke.x, one.stroke.y) for one in drawn)
    return [y[(x >= left) & (x <= right)] for x, y in curves]
