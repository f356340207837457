"""One chart: what its items hold, how runs are lit, and what mouse and keys do."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.curves import Curve, Floats
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.lineup import Line
from runfolio.gui.curves.look import ChartLook, Light
from runfolio.gui.curves.plot import Plot
from tests.gui.charting import DARK

LIGHT = ChartLook(False, *map(QColor, ("#ffffff", "#f7f9fb", "#e1e6ec", "#1b232c", "#5e6a79", "#1b6fe0")))

NO_KEY = Qt.KeyboardModifier.NoModifier


def line(*values: float, first: int = 0) -> Line:
    y: Floats = np.array(values, dtype=np.float64)
    return Line(Curve(np.arange(first, first + len(y), dtype=np.float64), y, len(y), False))


def at(plot: Plot, x: float, y: float) -> QPoint:
    """The place in the widget of plot coordinates."""
    return QPoint(plot.mapFromScene(plot.view.mapViewToScene(QPointF(x, y))))


def test_strokes_hold_the_points_and_their_gaps(plot: Plot) -> None:
    plot.show_lines({1: line(1.0, 9.0, np.nan, 2.0, 3.0)}, {1})
    stroke = plot.drawn[1].stroke
    np.testing.assert_array_equal(stroke.y, [1.0, 9.0, np.nan, 2.0, 3.0])


def test_lines_stand_where_the_axes_say_before_they_are_painted(plot: Plot) -> None:
    """Else they would be painted a second time."""
    for last in (10, 20):
        plot.show_lines({1: line(*range(last))}, {1})
        left, right = (plot.view.childGroup.transform().map(x, 0.0)[0] for x in plot.span_x())
        assert (left, right) == (pytest.approx(0), pytest.approx(plot.view.width()))


def test_the_lines_of_other_runs_stay_unless_dropped(plot: Plot) -> None:
    plot.show_lines({1: line(1, 2, 3, 4), 2: line(1, 2, 3, 4)}, {1, 2})
    first = plot.drawn[1].stroke
    plot.show_lines({2: line(4, 3, 2, 1, 0)}, {1, 2})
    assert plot.drawn[1].stroke is first
    plot.show_lines({}, {2})
    assert list(plot.drawn) == [2]


def test_lines_that_go_leave_nothing_behind(plot: Plot) -> None:
    plot.show_lines({run: line(1, 2, 3, 4) for run in range(1, 9)}, set(range(1, 9)))
    everything = plot.view.childGroup.childItems
    items = len(everything())
    for run in range(9, 30):
        plot.show_lines({run: line(5, 6, 7, 8)}, {run})
    assert len(everything()) == items
    blank = Plot(DARK)
    blank.resize(plot.size())
    blank.show_lines({29: line(5, 6, 7, 8)}, {29})
    assert blank.grab().toImage() == plot.grab().toImage()
    blank.deleteLater()


def test_a_series_that_became_empty_is_not_drawn(plot: Plot) -> None:
    plot.show_lines({1: line(1, 2)}, {1})
    plot.show_lines({1: Line()}, {1})
    assert not plot.drawn


def test_ranges_fit_what_is_visible(plot: Plot) -> None:
    plot.show_lines({1: line(0.0, 1.0, 2.0, 100.0)}, {1})
    low, high = plot.span_y()
    assert low < 0 and high > 100
    plot.set_zoom(Zoom((0.0, 2.0)))
    assert plot.span_x() == (0.0, 2.0)
    assert plot.span_y()[1] < 3
    plot.set_zoom(Zoom())
    assert plot.span_y()[1] > 100


@pytest.mark.parametrize("values", [[5.0], [0.0, 0.0], [np.nan, np.nan], []])
def test_flat_single_and_missing_values_have_a_range(plot: Plot, values: list[float]) -> None:
    plot.show_lines({1: line(*values)}, {1})
    low, high = plot.span_y()
    assert high > low


@pytest.mark.parametrize("values", [[1e308], [1.7e308, 0.0], [-1e308, 1e308], [-1.7e308, 0.0, 1.7e308, 3.0]])
@pytest.mark.parametrize("log", [False, True])
def test_the_largest_numbers_have_a_range(plot: Plot, values: list[float], log: bool) -> None:
    plot.set_log(log)
    plot.show_lines({1: line(*values)}, {1})
    low, high = plot.span_y()
    assert low < high and np.isfinite(high - low)
    for zoom in (Zoom(), Zoom(y=(-1e308, 1e308)), Zoom((-1e308, 1e308))):
        plot.set_zoom(zoom)
        plot.grab()
        plot.run_near(plot.place(QPoint(160, 120)))


def test_few_and_lonely_points_are_dots(plot: Plot) -> None:
    plot.show_lines({1: line(1.0, 2.0), 2: line(1.0, 1.0, np.nan, 7.0, np.nan, 2.0, 2.0)}, {1, 2})
    assert sorted(value for _, y, _ in plot.dots.dots for value in y.tolist()) == [1.0, 2.0, 7.0]
    image = plot.grab().toImage()
    colors = [image.pixelColor(at(plot, x, y)).name() for x, y in ((0.0, 1.0), (1.0, 2.0), (3.0, 7.0))]
    assert colors == [DARK.color(run, Light.NORMAL).name() for run in (1, 1, 2)]


def test_logarithmic_values_are_exponents_and_the_rest_gaps(plot: Plot) -> None:
    plot.show_lines({1: line(1.0, 10.0, -1.0, 0.0, 1000.0)}, {1})
    plot.set_log(True)
    np.testing.assert_allclose(plot.drawn[1].stroke.y, [0.0, 1.0, np.nan, np.nan, 3.0])
    plot.set_log(False)
    assert plot.drawn[1].stroke.y[4] == 1000.0


def test_the_raw_curve_is_faint_behind_the_smoothed_one(plot: Plot) -> None:
    plot.show_lines({1: Line(line(1, 1.5, 1.75, 2).curve, line(1, 2, 1, 3).curve)}, {1})
    drawn = plot.drawn[1]
    (raw,) = drawn.faint
    np.testing.assert_array_equal(raw.y, [1, 2, 1, 3])
    assert raw.pen.color().alpha() < drawn.stroke.pen.color().alpha()
    assert plot.span_y()[1] > 3


def test_one_run_is_lit_and_the_others_dimmed(plot: Plot) -> None:
    plot.show_lines({1: line(1, 2, 3, 4), 2: line(4, 3, 2, 1)}, {1, 2})
    plot.set_lights(current=2, lit=None)
    assert [plot.drawn[run].stroke.pen.width() for run in (1, 2)] == [1, 2]
    plot.set_lights(current=2, lit=1)
    assert (plot.light_of(1), plot.light_of(2)) == (Light.LIT, Light.DIMMED)
    assert plot.drawn[2].stroke.pen.color().alpha() < 100 < plot.drawn[1].stroke.pen.color().alpha()
    plot.set_lights(current=2, lit=77)
    assert plot.light_of(1) is Light.NORMAL


def test_a_theme_recolours_what_is_drawn(plot: Plot) -> None:
    plot.show_lines({3: line(1, 2, 3, 4)}, {3})
    plot.set_look(LIGHT)
    assert plot.drawn[3].stroke.pen.color() == LIGHT.color(3, Light.NORMAL) != DARK.color(3, Light.NORMAL)


def test_hovering_tells_the_run_and_leaving_takes_it_back(plot: Plot, qtbot: QtBot) -> None:
    plot.show_lines({1: line(0, 0, 0, 0), 2: line(9, 9, 9, 9)}, {1, 2})
    with qtbot.waitSignal(plot.hovered) as found:
        QTest.mouseMove(plot.viewport(), at(plot, 1.5, 9.0))
    assert found.args == [2]
    with qtbot.waitSignal(plot.hovered) as found:
        QTest.mouseMove(plot.viewport(), at(plot, 1.5, 4.5))
    assert found.args == [None]


def test_a_click_on_a_line_picks_its_run(plot: Plot, qtbot: QtBot) -> None:
    plot.show_lines({1: line(0, 0, 0, 0), 2: line(9, 9, 9, 9)}, {1, 2})
    with qtbot.waitSignal(plot.picked) as found:
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 1.5, 0.0))
    assert found.args == [1, False]
    with qtbot.assertNotEmitted(plot.picked):
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 1.5, 4.5))


def test_a_drag_zooms_to_its_box(plot: Plot, qtbot: QtBot) -> None:
    plot.show_lines({1: line(*range(11))}, {1})
    with qtbot.waitSignal(plot.zoomed) as found:
        QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 2, 8))
        QTest.mouseMove(plot.viewport(), at(plot, 6, 3))
        QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 6, 3))
    zoom = found.args[0]
    assert zoom.x == pytest.approx((2, 6), abs=0.2) and zoom.y == pytest.approx((3, 8), abs=0.2)


def test_a_flat_drag_zooms_along_x_only(plot: Plot, qtbot: QtBot) -> None:
    plot.show_lines({1: line(*range(11))}, {1})
    with qtbot.waitSignal(plot.zoomed) as found:
        QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 2, 5))
        QTest.mouseMove(plot.viewport(), at(plot, 6, 5))
        QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 6, 5))
    assert found.args[0].y is None


def test_a_double_click_fits(plot: Plot, qtbot: QtBot) -> None:
    with qtbot.waitSignal(plot.zoomed) as found:
        QTest.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at(plot, 0.5, 0.5))
    assert found.args == [Zoom()]


def wheel(plot: Plot, place: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QWheelEvent:
    event = QWheelEvent(
        QPointF(place),
        QPointF(plot.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), event)
    return event


def test_the_wheel_zooms_about_the_mouse(plot: Plot, qtbot: QtBot) -> None:
    plot.show_lines({1: line(*range(101))}, {1})
    with qtbot.waitSignal(plot.zoomed) as found:
        wheel(plot, at(plot, 25, 50))
    left, right = found.args[0].x
    assert left > 0 and right < 100 and found.args[0].y is None
    assert (25 - left) / (right - left) == pytest.approx(0.25, abs=0.03)


def test_the_wheel_scrolls_the_page_unless_the_chart_is_meant(plot: Plot, qtbot: QtBot) -> None:
    plot.wheel_needs_focus = True
    plot.clearFocus()
    with qtbot.assertNotEmitted(plot.zoomed):
        assert not wheel(plot, at(plot, 0.5, 0.5)).isAccepted()
    with qtbot.waitSignal(plot.zoomed):
        wheel(plot, at(plot, 0.5, 0.5), Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [(Qt.Key.Key_Plus, 10, 90), (Qt.Key.Key_Minus, -12.5, 112.5), (Qt.Key.Key_Right, 10, 110)],
)
def test_keys_zoom_and_pan(plot: Plot, qtbot: QtBot, key: Qt.Key, low: float, high: float) -> None:
    plot.set_zoom(Zoom((0.0, 100.0)))
    with qtbot.waitSignal(plot.zoomed) as found:
        QTest.keyClick(plot, key)
    assert found.args[0].x == pytest.approx((low, high))


def test_values_at_a_place_are_those_of_drawn_points(plot: Plot) -> None:
    plot.show_lines({1: line(5.0, 6.0, 7.0), 2: line(1.0, np.nan, 3.0), 3: line(1.0, 2.0, first=10)}, {1, 2, 3})
    assert plot.values_at(1.2) == {1: (1.0, 6.0)}
    assert plot.values_at(1.8) == {1: (2.0, 7.0), 2: (2.0, 3.0)}


def column(plot: Plot, x: float) -> set[str]:
    """The colours on the screen in the columns about a place."""
    picture = plot.viewport().grab().toImage()
    place = at(plot, x, 0.0).x()
    columns = range(place - 1, place + 2)
    return {picture.pixelColor(column, y).name() for column in columns for y in range(20, picture.height() - 40)}


def test_the_crosshair_moves_over_an_unchanged_picture(plot: Plot) -> None:
    plot.show_lines({1: line(5, 5, 5, 5, 5)}, {1})
    without = plot.viewport().grab().toImage()
    plot.cross_at(2.5)
    assert DARK.muted.name() in column(plot, 2.5)
    plot.cross_at(1.5)
    assert DARK.muted.name() not in column(plot, 2.5) and DARK.muted.name() in column(plot, 1.5)
    plot.cross_at(None)
    assert plot.viewport().grab().toImage() == without


def test_what_changes_below_the_crosshair_is_painted(plot: Plot, qtbot: QtBot) -> None:
    plot.show_lines({1: line(5, 5, 5, 5, 5)}, {1})
    plot.cross_at(2.5)
    before = plot.viewport().grab().toImage()
    plot.show_lines({2: line(1, 2, 3, 4, 5)}, {2})
    qtbot.waitUntil(lambda: plot.viewport().grab().toImage() != before)
    with_cross = plot.viewport().grab().toImage()
    plot.cross_at(None)
    plot.cross_at(2.5)
    assert plot.viewport().grab().toImage() == with_cross


class Paints(QObject):
    """Counts the points that each paint of a chart finds drawn."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self.points: list[int] = []
        self._plot = plot
        plot.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.points.append(sum(len(drawn.stroke.y) for drawn in self._plot.drawn.values()))
        return False


def test_every_new_point_is_painted_by_itself(plot: Plot, qtbot: QtBot) -> None:
    """Far from zero: the scene left such a view as it was while its signal `changed` was connected."""
    values = [1.8e9 + step for step in range(8)]
    plot.show_lines({1: line(*values[:1])}, {1})
    paints = Paints(plot)
    for count in range(2, len(values)):
        plot.show_lines({1: line(*values[:count])}, {1})
        qtbot.waitUntil(lambda count=count: count in paints.points)  # type: ignore[misc]
