"""The colours a chart takes from the theme, and the pens of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
# A line of width 2 costs a stroker run; with antialiasing ten times as much. Up to here it does not show.
CHEAP_CORNERS = 500


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

    def number(self, run: int) -> int:
        """The number of a run's colour."""
        return self.chosen.get(run, run)

    def color(self, run: int, light: Light) -> QColor:
        """The colour of a run's line or dot."""
        color = run_color(self.number(run), self.dark)
        if light is Light.DIMMED:
            color.setAlphaF(DIMMED)
        return color

    def pen(self, run: int, light: Light, wide: bool) -> QPen:
        """The pen of a run's line; the current and the lit run are two pixels wide."""
        pen = run_pen(self.number(run), self.dark, 2.0 if wide or light is Light.LIT else 1.0)
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
