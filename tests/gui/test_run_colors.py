"""The run colours: apart for every kind of sight, readable on both panels, the same every time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from runfolio.gui.run_colors import HUES, run_color, run_pen, run_pen_style

Floats = NDArray[np.float64]

PANELS = {True: "#14181f", False: "#ffffff"}
# What the eye sees, in linear RGB (Machado and others, 2009, full severity).
SIGHTS = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
OKLAB_IN = [
    [0.41222147, 0.53633254, 0.05144599],
    [0.2119035, 0.68069955, 0.10739696],
    [0.08830246, 0.28171884, 0.6299787],
]
OKLAB_OUT = [
    [0.21045426, 0.79361779, -0.00407205],
    [1.9779985, -2.4285922, 0.45059371],
    [0.02590404, 0.78277177, -0.80867577],
]


def linear(color: QColor) -> Floats:
    """The light of a colour, without the screen's gamma."""
    channels = np.array([color.redF(), color.greenF(), color.blueF()], dtype=np.float64)
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio as accessibility guidelines define it."""
    dark, light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen(color: QColor, sight: str) -> Floats:
    """A colour in the even space Oklab, as that sight has it."""
    light = np.clip(np.array(SIGHTS[sight]) @ linear(color), 0, 1)
    return np.array(np.array(OKLAB_OUT) @ np.cbrt(np.array(OKLAB_IN) @ light), dtype=np.float64)


@pytest.mark.parametrize("dark", [True, False])
def test_every_hue_stands_out_from_the_panel(dark: bool) -> None:
    assert all(contrast(run_color(run, dark), QColor(PANELS[dark])) >= 3 for run in range(HUES))


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("sight", SIGHTS)
def test_every_pair_is_apart_for_every_sight(dark: bool, sight: str) -> None:
    colors = [seen(run_color(run, dark), sight) for run in range(HUES)]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(colors, 2)) > 0.08


def test_twenty_runs_in_a_row_differ() -> None:
    assert len({(run_color(run, True).name(), run_pen_style(run)) for run in range(137, 157)}) == 20


def test_the_second_ten_are_the_first_ten_dashed() -> None:
    assert run_color(3, False) == run_color(13, False)
    assert run_pen_style(3) == Qt.PenStyle.SolidLine
    assert run_pen_style(13) == Qt.PenStyle.DashLine


def test_a_pen_keeps_its_width_at_any_zoom() -> None:
    pen = run_pen(13, dark=True, width=2)
    assert pen.isCosmetic() and pen.widthF() == 2 and pen.style() == Qt.PenStyle.CustomDashLine
