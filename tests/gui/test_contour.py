"""Contours and the keyboard's rubber band of the points, in a real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric, param
from runfolio.core.surface import Surface
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

Key, Modifier = Qt.Key, Qt.KeyboardModifier
SIDE = 4
LR, WIDTH, ACC = param("lr", numeric=True), param("width", numeric=True), metric("val/acc")


@pytest.fixture
def filled(store: Store) -> Store:
    """A grid of learning rates and widths; the accuracy grows with both."""
    with Script(store) as script:
        for number, run in sweep(script, SIDE * SIDE):
            row, column = divmod(number, SIDE)
            script.params(run, {"lr": str(10.0 ** (row - 4)), "width": str(10 * column), "optimizer": "adam"})
            script.log(run, "val/acc", [(row + column) / 10])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), SIDE * SIDE)


def surface(page: ComparePage) -> Surface | str | None:
    return page.compared.surface if page.compared is not None else None


def selected(window: MainWindow) -> list[int]:
    return sorted(window.session.selection.ids.tolist())


def contoured(qtbot: QtBot, window: MainWindow) -> ComparePage:
    page = compared(qtbot, window)
    QTest.mouseClick(page.scatter.contour, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.settled and surface(page) is not None)
    return page


def test_two_params_have_a_surface_of_the_metric_that_is_undone(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    assert surface(page) is None and page.scatter.legend.isHidden()
    page = contoured(qtbot, window)
    assert page.scatter.title.text() == "last val/acc over lr, width" and page.scatter.legend.isVisible()
    found = surface(page)
    assert isinstance(found, Surface) and found.heights[-1, -1] > 0.95 and found.heights[0, 0] < 0.05
    assert page.compared is not None and page.compared.x is not None and page.compared.x.scale.log, "as the axis is"
    window.session.undo.undo()
    until(
        qtbot,
        lambda: page.settled and surface(page) is None and page.scatter.title.text() != "last val/acc over lr, width",
    )


def test_the_surface_has_the_colours_of_the_runs_on_it_and_ends_with_them(qtbot: QtBot, window: MainWindow) -> None:
    page = contoured(qtbot, window)
    points = page.scatter.view
    assert page.compared is not None and page.compared.x is not None and page.compared.y is not None
    panel = window.session.theme.color("panel")

    def color(x: float, y: float) -> tuple[int, int, int]:
        image, area = points.grab().toImage(), points.area
        pixel = image.pixelColor(round(area.left() + x * area.width()), round(area.bottom() - y * area.height()))
        return pixel.red(), pixel.green(), pixel.blue()

    behind = panel.red(), panel.green(), panel.blue()
    low, high = color(0.12, 0.12), color(0.88, 0.88)
    assert low != behind and high != behind
    assert low[2] - low[0] > 20 > high[2] - high[0], "blue is low, yellow is high"
    window.session.select_runs([1, 2, 5, 6, 9])
    page.compare_selected()
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == 5)
    assert color(0.9, 0.95) == behind != color(0.3, 0.3), "beyond the runs nothing is known"


@pytest.mark.parametrize(
    ("runs", "said"),
    [([1, 2, 5], "Too few runs for a surface"), ([1, 2, 3, 4], "lie on one line")],
)
def test_where_there_is_no_surface_this_is_said(qtbot: QtBot, window: MainWindow, runs: list[int], said: str) -> None:
    page = contoured(qtbot, window)
    window.session.select_runs(runs)
    page.compare_selected()
    until(qtbot, lambda: page.settled and isinstance(surface(page), str))
    assert said in str(surface(page))


def test_runs_on_the_surface_are_selected_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    page = contoured(qtbot, window)
    window.session.select_runs([1, 16])
    until(qtbot, lambda: page.settled)
    assert page.scatter.view._picked is not None
    assert np.flatnonzero(page.scatter.view._picked).tolist() == [0, 15]
    page.bars.table.setFocus()
    page.bars.table.selectRow(0)
    until(qtbot, lambda: selected(window) == [16])
    assert page.scatter.view._lit == 0


def test_the_keyboard_draws_a_rubber_band(qtbot: QtBot, window: MainWindow) -> None:
    page = contoured(qtbot, window)
    points = page.scatter.view
    points.setFocus()
    QTest.keyClick(points, Key.Key_Right)
    assert page.compared is not None and page.compared.runs[points._lit] == 1, "the lowest of the first column"
    QTest.keyClick(points, Key.Key_Space)
    until(qtbot, lambda: page.settled and selected(window) == [1])
    for _ in range(2):
        QTest.keyClick(points, Key.Key_Right, Modifier.ControlModifier)
    until(qtbot, lambda: page.settled and selected(window) == [1, 5])
    assert points.accessibleDescription() == "Rubber band around 2 runs"
    for _ in range(2):
        QTest.keyClick(points, Key.Key_Up, Modifier.ControlModifier)
    until(qtbot, lambda: page.settled and selected(window) == [1, 2, 5, 6])
    assert page.parallel.view._picked is not None and int(page.parallel.view._picked.sum()) == 4
    QTest.keyClick(points, Key.Key_Left, Modifier.ControlModifier)
    QTest.keyClick(points, Key.Key_Left, Modifier.ControlModifier)
    QTest.keyClick(points, Key.Key_Return)
    until(qtbot, lambda: page.settled and selected(window) == [1, 2])
    assert points._band is None, "it has ended, and what was in it stays selected"
    QTest.keyClick(points, Key.Key_Right)
    QTest.keyClick(points, Key.Key_Space)
    until(qtbot, lambda: page.settled and len(selected(window)) == 1)
    QTest.keyClick(points, Key.Key_Escape)
    until(qtbot, lambda: page.settled and not selected(window))
    assert page.isVisible(), "Escape ends the band alone"
