"""Lines that Qt would paint for too long are a picture of the same lines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QImage, QPen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.curves import Curve
from runfolio.gui.curves import line_picture
from runfolio.gui.curves import lines as lines_module
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.lines import MOST, costly_of
from runfolio.gui.curves.lineup import Line, LineId
from runfolio.gui.curves.look import Light
from runfolio.gui.curves.plot import Plot
from runfolio.gui.curves.polyline import Polyline
from tests.gui.charting import DARK

Mask = NDArray[np.bool_]
# How far a pixel may be from a colour, all three parts together: nearly it, and mixed with much of the ground.
FULL, FAINT = 110, 330


def noise(seed: int, points: int = 400) -> Line:
    y = np.random.default_rng(seed).uniform(0, 1, points)
    y[points // 2 : points // 2 + 20] = np.nan
    return Line(Curve(np.linspace(0.0, 100.0, points), y, points, False))


def colors(plot: Plot) -> NDArray[np.uint8]:
    """The pixels that are seen once everything has been drawn, (height, width, 3)."""
    plot.viewport().repaint()
    while not plot.settled:
        QApplication.processEvents()
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(memoryview(image.constBits()), np.uint8).reshape(
        image.height(), image.bytesPerLine() // 4, 4
    )
    return pixels[:, : image.width(), :3].copy()


def drawn(plot: Plot, color: QColor, tolerance: int = FULL) -> Mask:
    """Where something of about this colour is."""
    away = np.abs(colors(plot).astype(int) - [color.red(), color.green(), color.blue()]).sum(axis=2)
    return np.asarray(away <= tolerance, np.bool_)


def grown(mask: Mask) -> Mask:
    """With the pixels around it."""
    padded = np.pad(mask, 1)
    height, width = mask.shape
    shifts = [(down, across) for down in range(3) for across in range(3)]
    grown: Mask = np.any([padded[down : down + height, across : across + width] for down, across in shifts], axis=0)
    return grown


@pytest.fixture
def pictured(monkeypatch: pytest.MonkeyPatch, plot: Plot) -> Callable[[bool], None]:
    """Chooses whether all lines are too costly, or none."""

    def choose(on: bool) -> None:
        monkeypatch.setattr(lines_module, "MOST", 0.0 if on else 1e12)
        plot.set_look(DARK)

    return choose


def same_lines(plot: Plot, pictured: Callable[[bool], None], color: QColor) -> None:
    """What the picture shows is where Qt paints it, but for smooth edges and the very points of peaks."""
    pictured(False)
    full, faint = drawn(plot, color), drawn(plot, color, FAINT)
    pictured(True)
    pixels = drawn(plot, color)
    inside = plot.view.mapRectToScene(plot.view.boundingRect()).toRect()
    room = np.s_[inside.top() : inside.bottom(), inside.left() : inside.right()]
    assert pixels.sum() > 500
    assert (pixels & ~grown(faint))[room].sum() < 0.005 * pixels.sum()
    assert (full & ~grown(pixels))[room].sum() < 0.005 * full.sum()


@pytest.mark.parametrize("zoom", [Zoom(), Zoom((20.0, 30.0)), Zoom((-50.0, 45.0), (0.2, 0.4))])
@pytest.mark.parametrize("current", [None, 1])
def test_the_picture_shows_the_same_lines(
    plot: Plot, pictured: Callable[[bool], None], zoom: Zoom, current: int | None
) -> None:
    plot.show_lines({1: noise(1)}, {1})
    plot.set_lights(current, None)
    plot.set_zoom(zoom)
    same_lines(plot, pictured, DARK.color(1, Light.NORMAL))


def test_the_picture_follows_a_zoom_and_other_lines(plot: Plot, pictured: Callable[[bool], None]) -> None:
    pictured(True)
    plot.show_lines({1: noise(1)}, {1})
    plot.grab()
    plot.set_zoom(Zoom((10.0, 20.0)))
    plot.grab()
    plot.show_lines({1: noise(2)}, {1})
    same_lines(plot, pictured, DARK.color(1, Light.NORMAL))


def test_what_is_lit_is_on_top_and_what_is_dimmed_lets_the_ground_through(
    plot: Plot, pictured: Callable[[bool], None]
) -> None:
    pictured(True)
    plot.show_lines({1: noise(1), 2: noise(2)}, {1, 2})
    first, second = (DARK.color(run, Light.NORMAL) for run in (1, 2))
    plot.set_lights(None, 1)
    assert drawn(plot, first, 0).sum() > 1000 and not drawn(plot, second, 0).any()
    plot.set_lights(None, 2)
    assert drawn(plot, second, 0).sum() > 1000 and not drawn(plot, first, 0).any()
    pictured(False)
    smooth = colors(plot)[drawn(plot, second, 0)]
    assert len(smooth), "the lit line looks the same"


def test_dashes_are_gaps_along_x(plot: Plot, pictured: Callable[[bool], None]) -> None:
    pictured(True)
    plot.show_lines({11: noise(1, 2000)}, {11})
    plot.set_zoom(Zoom((0.0, 40.0)))
    columns = drawn(plot, DARK.color(11, Light.NORMAL), 0).any(axis=0)
    changes = np.flatnonzero(np.diff(columns))
    assert set(np.diff(changes)[1:-1].tolist()) == {3, 6}


def test_cheap_lines_stay_smooth_beside_costly_ones(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MOST", 2000.0)
    slanted = Line(Curve(np.array([0.0, 100.0]), np.array([0.2, 0.9]), 2, False))
    plot.show_lines({1: noise(1), 2: slanted}, {1, 2})
    shades = {tuple(pixel) for pixel in colors(plot)[drawn(plot, DARK.color(2, Light.NORMAL), 200)].tolist()}
    assert len(shades) > 5, "its edges are of many shades"


def test_a_smooth_curve_of_the_current_run_has_smooth_edges(plot: Plot) -> None:
    """However many corners it has, and though its pen is wide; one that goes up and down as much as noise does not."""
    x = np.linspace(0.0, 100.0, 1000)
    smooth: dict[LineId, Line] = {run: Line(Curve(x, 1 - np.exp(-x / (10 + run)), 1000, False)) for run in range(1, 11)}
    plot.show_lines(smooth, set(smooth))
    plot.set_lights(1, None)
    lines = [drawn.stroke for drawn in plot.drawn.values()]
    assert not costly_of(lines, plot.scale_of_view()[1])
    plot.show_lines({1: noise(1, 1000)}, set(smooth))
    lines = [drawn.stroke for drawn in plot.drawn.values()]
    assert costly_of(lines, plot.scale_of_view()[1]) == [plot.drawn[1].stroke]


@given(st.lists(st.tuples(st.floats(0, 1e306), st.integers(1, 50), st.booleans(), st.booleans()), max_size=20))
def test_what_qt_paints_costs_no_more_than_a_part_of_a_frame(lines: list[tuple[float, int, bool, bool]]) -> None:
    made = [
        Polyline(np.arange(n, dtype=float), np.resize([0.0, height], n), forward=forward)
        for height, n, _, forward in lines
    ]
    for line, (_, _, wide, _) in zip(made, lines, strict=True):
        line.pen = QPen(QColor(), 2.0 if wide else 1.0)
    costly = costly_of(made, 1.0)
    left = [line for line in made if line not in costly and line.forward]
    assert sum(line.cost(1.0) for line in left) <= MOST
    assert all(line.forward for line in costly), "a path back and forth is no picture"
    assert not costly or sum(line.cost(1.0) for line in made) > MOST


def test_a_picture_that_takes_long_is_made_bit_by_bit(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last one stands in its place until the next one is there."""
    monkeypatch.setattr(lines_module, "MOST", 0.0)
    plot.show_lines({run: noise(run) for run in (1, 2, 3)}, {1, 2, 3})
    before = colors(plot)
    monkeypatch.setattr(line_picture, "STRETCH", 0.0)
    plot.set_zoom(Zoom((0.0, 50.0)))
    plot.viewport().repaint()
    assert not plot.settled
    stretched = np.frombuffer(memoryview(plot.grab().toImage().constBits()), np.uint8)
    assert len(np.unique(stretched)) > 50, "what was there is stretched"
    zoomed = colors(plot)
    assert not np.array_equal(zoomed, before)
    plot.set_zoom(Zoom())
    np.testing.assert_array_equal(colors(plot), before)


def test_a_picture_does_not_stand_for_other_lines_later(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MOST", 0.0)
    plot.show_lines({1: noise(1)}, {1})
    assert drawn(plot, DARK.color(1, Light.NORMAL)).any()
    plot.show_lines({}, set())
    colors(plot)
    monkeypatch.setattr(line_picture, "STRETCH", 0.0)
    plot.show_lines({2: noise(2)}, {2})
    plot.viewport().repaint()
    image = plot.grab().toImage()
    first = DARK.color(1, Light.NORMAL).rgb()
    assert all(image.pixel(x, y) != first for x in range(0, image.width(), 3) for y in range(image.height()))


def test_a_plot_may_go_while_its_picture_is_made(qtbot: QtBot, plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in (("MOST", lines_module), ("STRETCH", line_picture)):
        monkeypatch.setattr(module, name, 0.0)
    other = Plot(DARK)
    qtbot.addWidget(other)
    other.show()
    other.show_lines({1: noise(1), 2: noise(2)}, {1, 2})
    other.grab()
    assert not other.settled
    other.close()
    other.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
