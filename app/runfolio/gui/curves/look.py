"""The colours a chart takes from the theme, and the pens of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from runfolio.gui.run_colors import run_color, run_pen

if TYPE_CHECKING:
    from runfolio.gui.theme import Theme

DIMMED = 0.22
FAINT = 0.28
# Of how much of a group's colour its band is.
BAND = 0.16
# A chart that may have more corners than this takes long to be read: lines have theirs for two columns of pixels.
DENSE = 150_000


# Lengths of lines and gaps, in widths of the pen, that tell the metrics of a chart apart; the first is a whole line.
METRIC_DASHES = ((), (6.0, 3.0), (1.5, 2.5), (9.0, 3.0, 1.5, 3.0), (3.0, 6.0), (12.0, 4.0))


def dash(pen: QPen, metric: int) -> None:
    """Give a pen the dashes of a chart's metric by its number; after the last pattern they begin anew."""
    pattern = METRIC_DASHES[metric % len(METRIC_DASHES)]
    pen.setStyle(Qt.PenStyle.CustomDashLine if pattern else Qt.PenStyle.SolidLine)
    if pattern:
        pen.setDashPattern(pattern)


class Light(Enum):
    """How a run is lit: as usual, as the one that is meant, or receding behind the one that is meant."""

    NORMAL = "normal"
    LIT = "lit"
    DIMMED = "dimmed"


@dataclass(frozen=True)
class ChartLook:
    """The colours of one theme as charts use them."""

    dark: bool
    panel: QColor
    raised: QColor
    line: QColor
    text: QColor
    muted: QColor
    accent: QColor
    chosen: Mapping[int, int] = field(default_factory=dict, kw_only=True)

    @classmethod
    def of(cls, theme: Theme, chosen: Mapping[int, int] | None = None) -> ChartLook:
        """The colours of the theme in force, and those that were chosen for runs."""
        names = ("panel", "raised", "line", "text", "muted", "accent")
        return cls(theme.dark, *(theme.color(name) for name in names), chosen=chosen if chosen is not None else {})

    def unchosen(self) -> ChartLook:
        """The same for numbers that are no runs', for which no colours were chosen."""
        return replace(self, chosen={})

    def number(self, run: int) -> int:
        """The number of a run's colour."""
        return self.chosen.get(run, run)

    def color(self, run: int, light: Light) -> QColor:
        """The colour of a run's line or dot."""
        color = run_color(self.number(run), self.dark)
        if light is Light.DIMMED:
            color.setAlphaF(DIMMED)
        return color

    def pen(self, run: int, light: Light, wide: bool, metric: int | None = None) -> QPen:
        """The pen of a run's line; the current and the lit run are two pixels wide.

        Of the chart's metrics, the dash tells which one it is: its number, where there are several.
        """
        pen = run_pen(self.number(run), self.dark, 2.0 if wide or light is Light.LIT else 1.0)
        if metric is not None:
            dash(pen, metric)
        pen.setColor(self.color(run, light))
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        return pen

    def raw_pen(self, run: int, light: Light) -> QPen:
        """The pen of the unsmoothed line behind a smoothed one."""
        pen = run_pen(self.number(run), self.dark)
        color = run_color(self.number(run), self.dark)
        color.setAlphaF(FAINT * (DIMMED if light is Light.DIMMED else 1.0))
        pen.setColor(color)
        pen.setStyle(Qt.PenStyle.SolidLine)
        return pen

    def band_color(self, group: int, light: Light) -> QColor:
        """The colour that fills a group's band."""
        color = run_color(self.number(group), self.dark)
        color.setAlphaF(BAND * (DIMMED if light is Light.DIMMED else 1.0))
        return color

    def cross_pen(self) -> QPen:
        """The pen of the vertical line that all charts share."""
        pen = QPen(self.muted, 1, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        return pen
