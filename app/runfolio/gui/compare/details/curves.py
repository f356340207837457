"""The curves of a metric of all runs that are compared, in one chart that can be zoomed."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from runfolio.core.curves import Curve
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.lineup import Line
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.plot import Plot

HEIGHT = 260


class CurveDetail(QWidget):
    """Curves, and above them whose they are.

    Attributes:
        plot: the chart.

    Signals:
        zoomed(object): another part of the steps is wanted; None for all of them.
    """

    zoomed = Signal(object)

    def __init__(self, look: ChartLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot, self._legend = Plot(look), QLabel()
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

    def show_curves(self, key: str, names: Mapping[int, str], curves: Mapping[int, Curve]) -> None:
        """Draw the curves of runs with these names."""
        self._names = {run: names[run] for run in curves}
        self.plot.setAccessibleName(f"Curves of {key}")
        part = self.plot.zoom.x is not None
        self.plot.show_lines({run: Line(curve, part=part) for run, curve in curves.items()}, tuple(curves))
        self._describe()

    def set_look(self, look: ChartLook) -> None:
        """Take the colours of a theme, and those chosen for runs."""
        self.plot.set_look(look)
        self._describe()

    def forget_zoom(self) -> None:
        """Another metric is shown whole."""
        self.plot.set_zoom(Zoom())

    def _describe(self) -> None:
        look = self.plot.look
        signs = [
            f'<span style="color: {look.color(run, Light.NORMAL).name()}">■</span>&nbsp;{html.escape(name)}'
            for run, name in self._names.items()
        ]
        self._legend.setText(" &nbsp; ".join(signs))
        self._legend.setAccessibleName(_listed([*self._names.values()]))

    @Slot(object)
    def _on_zoomed(self, zoom: Zoom) -> None:
        self.plot.set_zoom(zoom)
        self.zoomed.emit(zoom.x)


def _listed(names: Sequence[str]) -> str:
    return f"Curves of {', '.join(names)}"
