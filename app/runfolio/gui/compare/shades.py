"""The colours of values: one for each category, or along a ramp; and what the legend says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from runfolio.core.scales import Placed
from runfolio.gui.compare.marks import value_text
from runfolio.gui.run_colors import DARK, HUES, LIGHT
from runfolio.gui.theme import Theme

#: From the least to the greatest value: hue and lightness both go one way, so that eyes of all kinds can follow.
RAMPS = {
    True: ("#5a62d8", "#3f8fd6", "#2fb3a8", "#8fcf5f", "#f3e55a"),
    False: ("#c98a00", "#5f9e2e", "#14857f", "#2a5fb8", "#3b1f8f"),
}
STEPS = 64

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shade:
    """A line of the legend."""

    text: str
    color: QColor


@dataclass(frozen=True, slots=True, eq=False)
class Shades:
    """The colours of runs.

    Attributes:
        rgb: of each run red, green and blue.
        codes: the place of each run's colour in `palette`.
        palette: the different colours; the last one is that of runs without a value.
        legend: what the colours say; of a ramp its two ends.
        ramp: whether there are colours between these.
    """

    rgb: Bytes
    codes: NDArray[np.intp]
    palette: Sequence[QColor]
    legend: tuple[Shade, ...] = ()
    ramp: bool = False


def shades(by: Placed | None, number: int, theme: Theme) -> Shades:
    """The colours of so many runs by where they stand along an axis; all alike without one."""
    nothing = theme.color("muted")
    if by is None:
        palette: list[QColor] = [theme.color("accent")]
        codes = np.zeros(number, np.intp)
        return Shades(_rgb(palette)[codes], codes, palette)
    there = ~np.isnan(by.at)
    if 0 < len(by.scale.categories) <= HUES:
        palette = [QColor(one) for one in (DARK if theme.dark else LIGHT)[: len(by.scale.categories)]]
        at = 1 - by.at if by.scale.flipped else by.at
        steps = np.where(there, at, 0) * max(len(palette) - 1, 1) if len(palette) > 1 else np.zeros(number)
        legend = [Shade(str(one), color) for one, color in zip(by.scale.categories, palette, strict=True)]
    else:
        palette = ramp(theme.dark)
        at = 1 - by.at if by.scale.flipped else by.at
        steps = np.where(there, at, 0) * (STEPS - 1)
        legend = [Shade(value_text(by, 1.0 if by.scale.flipped else 0.0), palette[0])]
        legend.append(Shade(value_text(by, 0.0 if by.scale.flipped else 1.0), palette[-1]))
    codes = np.where(there, np.rint(steps).astype(np.intp), len(palette))
    is_ramp = len(palette) == STEPS
    legend = legend if there.any() else []
    if not there.all():
        legend.append(Shade("no place" if is_ramp else "no value", nothing))
    palette = [*palette, nothing]
    return Shades(_rgb(palette)[codes], codes, palette, tuple(legend), is_ramp and bool(there.any()))


def ramp(dark: bool) -> list[QColor]:
    """The colours from the least to the greatest value."""
    stops = _rgb([QColor(one) for one in RAMPS[dark]]).astype(np.float64)
    places = np.linspace(0, len(stops) - 1, STEPS)
    parts = (np.interp(places, np.arange(len(stops)), stops[:, part]) for part in range(3))
    return [QColor(*map(round, one)) for one in np.stack(list(parts), axis=1).tolist()]


def _rgb(colors: Sequence[QColor]) -> Bytes:
    return np.array([[one.red(), one.green(), one.blue()] for one in colors], np.uint8)
