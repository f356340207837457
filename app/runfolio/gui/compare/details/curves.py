"""The curves of a metric of all runs that are compared, in one chart that can be zoomed."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from runfolio.core.curves import Curve
from runfolio.core.report import Figure as ReportFigure
from runfolio.core.report import Section
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.compare.details.asked import Asked, Detail, DetailView, Reported
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.coordinates import to_axis
from runfolio.gui.curves.figure import Figure, FigureLine, FigureStyle
from runfolio.gui.curves.figure_files import picture
from runfolio.gui.curves.figure_reading import clean
from runfolio.gui.curves.limits import around_x, around_y
from runfolio.gui.curves.lineup import Line
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.nearest import extent
from runfolio.gui.curves.plot import Plot
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.session import Session

HEIGHT, LEAST_PIXELS = 260, 300
#: Of longer names the middle is left out in the legend.
LETTERS = 36
#: How curves are drawn in reports.
STYLE = FigureStyle(width=160, height=80, font=8.0, line=1.0, dpi=144)
NO_CURVE = "None of these runs has logged a point of it."


@dataclass(frozen=True, slots=True)
class Curves(Detail):
    """The curves of all runs that have any."""

    lines: Mapping[int, Curve]

    def section(self, row: Reported) -> Section | None:
        """A chart of them."""
        if not self.lines:
            return None
        key = row.asked.line.key
        file = row.keep(picture(_figure(key, self.lines, row.names, row.colors), STYLE))
        return Section(key, (ReportFigure(f"Curves of {key}", file),))


def _figure(key: str, lines: Mapping[int, Curve], names: Mapping[int, str], colors: Mapping[int, int]) -> Figure:
    drawn = tuple(FigureLine(clean(names[run]), colors.get(run, run), curve) for run, curve in lines.items())
    x = around_x(min(float(one.curve.x[0]) for one in drawn), max(float(one.curve.x[-1]) for one in drawn))
    spans = [extent(to_axis(one.curve.y, log=False), one.curve.x, *x) for one in drawn]
    ends = [span for span in spans if span is not None]
    low, high = (min(end[0] for end in ends), max(end[1] for end in ends)) if ends else (0.0, 1.0)
    return Figure(drawn, XAxis.STEP, False, x, around_y(low, high), ("step", clean(key)))


class CurveDetail(DetailView[Curves]):
    """Curves, and above them whose they are.

    Attributes:
        plot: the chart.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.plot, self._legend = Plot(self._look()), QLabel()
        self._names: Mapping[int, str] = {}
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setWordWrap(True)
        self.plot.setFixedHeight(HEIGHT)
        self.plot.wheel_needs_focus = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._legend)
        layout.addWidget(self.plot)
        self.plot.zoomed.connect(self._on_zoomed)
        self.plot.hovered.connect(session.highlighted)
        session.theme.theme_changed.connect(self._on_look)
        session.colors.changed.connect(self._on_look)

    def opening(self, asked: Asked, other_row: bool) -> Asked:
        """Another metric is shown whole; how wide curves are is known here."""
        if other_row:
            self.plot.set_zoom(Zoom())
        return replace(asked, pixels=max(self.plot.pixels(), LEAST_PIXELS))

    def show_detail(self, found: Curves, asked: Asked, names: Sequence[str]) -> tuple[bool, str]:
        """Draw the curves of runs with these names."""
        self._names = {run: name for run, name in zip(asked.runs, names, strict=True) if run in found.lines}
        self.plot.setAccessibleName(f"Curves of {asked.line.key}")
        part = self.plot.zoom.x is not None
        self.plot.show_lines({run: Line(curve, part=part) for run, curve in found.lines.items()}, tuple(found.lines))
        self._describe()
        return bool(found.lines), "" if found.lines else NO_CURVE

    def _look(self) -> ChartLook:
        return ChartLook.of(self._session.theme, self._session.colors.chosen)

    @Slot()
    def _on_look(self) -> None:
        """Take the colours of a theme, and those chosen for runs."""
        self.plot.set_look(self._look())
        self._describe()

    def _describe(self) -> None:
        look, metrics = self.plot.look, self._legend.fontMetrics()
        room = LETTERS * metrics.averageCharWidth()
        shown = {run: metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room) for run, name in self._names.items()}
        signs = [
            f'<span style="color: {look.color(run, Light.NORMAL).name()}">■</span>&nbsp;{html.escape(name)}'
            for run, name in shown.items()
        ]
        self._legend.setText(" &nbsp; ".join(signs))
        self._legend.setAccessibleName(_listed([*self._names.values()]))
        cut = [name for run, name in self._names.items() if shown[run] != name]
        self._legend.setToolTip(tool_tip("\n".join(cut)))

    @Slot(object)
    def _on_zoomed(self, zoom: Zoom) -> None:
        self.plot.set_zoom(zoom)
        self.wanted.emit({"span": zoom.x})


def _listed(names: Sequence[str]) -> str:
    return f"Curves of {', '.join(names)}"
