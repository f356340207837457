"""Runs compared in a real window: what is brushed is selected in the table and inspector, and the other way round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric, param
from runfolio.gui.columns.picker import ColumnPicker
from runfolio.gui.compare.boxes import MOST_DOTS, box_of, range_of
from runfolio.gui.compare.brushes import MISSING, levels
from runfolio.gui.compare.group_table import BOX, VERSUS
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.compare.parallel import ParallelView
from runfolio.gui.main_window import MainWindow
from runfolio.gui.views.bar import Place
from runfolio.store import Store
from runfolio.store.runs import get_run
from tests.gui.comparing import compared, listed, pick, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
ACC, LR, OPTIMIZER = metric("val/acc"), param("lr", numeric=True), param("optimizer")
RUNS = 12


@pytest.fixture
def filled(store: Store) -> Store:
    """Twelve runs whose accuracy grows with their number; the last one has none, and no optimizer."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            values = {"lr": str(10.0 ** -(number % 4)), "epochs": "3"}
            last = number == RUNS - 1
            script.params(run, values if last else values | {"optimizer": ("adamw", "lion", "sgd")[number % 3]})
            script.log(run, "val/acc", [float("nan") if last else number / 10])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def axis_of(view: ParallelView, column: object) -> int:
    return next(place for place, axis in enumerate(view.axes) if axis.column == column)


def at(view: ParallelView, axis: int, place: float) -> QPoint:
    """Where a place of an axis is."""
    return QPointF(view.x_of(axis), float(view.y_of(np.array(place)))).toPoint()


def drag(view: ParallelView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, Button.LeftButton, Modifier.NoModifier, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Button.LeftButton, Modifier.NoModifier, end)


def names(window: MainWindow) -> list[str]:
    """The selected runs, as the table has them."""
    ids = window.runs.selected_runs()
    return [f"run {run - 1}" for run in sorted(ids)]


def test_the_axes_are_those_in_which_the_runs_differ_and_the_headline_metric_comes_last(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = compared(qtbot, window)
    view = page.parallel.view
    assert [axis.column for axis in view.axes] == [LR, OPTIMIZER, ACC], "all have three epochs"
    assert page.compared is not None and len(page.compared.runs) == RUNS
    assert page.parallel.color.text() == "colour: last val/acc ▾"
    assert "val/acc\n1 run: NaN or infinite" in page.parallel.note.toolTip()
    assert "optimizer\n1 run: no value" in page.parallel.note.toolTip()
    assert window.focusWidget() is view


def test_what_is_brushed_is_selected_in_the_table_and_what_is_selected_there_is_shown(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = compared(qtbot, window)
    view = page.parallel.view
    accuracy = axis_of(view, ACC)
    drag(view, at(view, accuracy, 0.75), at(view, accuracy, 1.0) - QPoint(0, 4))
    until(qtbot, lambda: page.settled and len(window.session.selection.ids) == 3)
    assert names(window) == ["run 8", "run 9", "run 10"]
    optimizer = axis_of(view, OPTIMIZER)
    drag(view, at(view, optimizer, 0.4), at(view, optimizer, 0.6))
    until(qtbot, lambda: names(window) == ["run 10"])
    until(qtbot, lambda: window.inspector.isVisible() and window.session.selection.current == 11)
    QTest.mouseClick(view, Button.LeftButton, Modifier.NoModifier, at(view, optimizer, 0.0))
    until(qtbot, lambda: len(names(window)) == 3)
    assert set(view.brushes) == {ACC}
    # The other way round: another selection is no longer what is brushed.
    window.runs.view.selectAll()
    window.runs.view.tell()
    assert not view.brushes and len(names(window)) == RUNS
    window.session.select_runs([1, 2])
    assert page.parallel.view._picked is not None and np.flatnonzero(page.parallel.view._picked).tolist() == [10, 11]


def test_a_brush_reaches_the_runs_that_have_no_place_on_the_axis(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    view = page.parallel.view
    accuracy = axis_of(view, ACC)
    drag(view, at(view, accuracy, -0.05), at(view, accuracy, -0.16))
    until(qtbot, lambda: names(window) == ["run 11"])
    QTest.keyClick(view, Key.Key_Escape)
    until(qtbot, lambda: not view.brushes and not len(window.session.selection.ids))
    QTest.keyClick(view, Key.Key_Escape)
    assert page.isHidden() and window.focusWidget() is window.runs.view


def test_the_keyboard_brushes_turns_and_moves_axes_and_each_step_is_undone(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    view, session = page.parallel.view, window.session

    def columns() -> list[str]:
        return [axis.column.key for axis in view.axes] if page.settled else []

    QTest.keyClick(view, Key.Key_Right)
    QTest.keyClick(view, Key.Key_Right)
    QTest.keyClick(view, Key.Key_Down, Modifier.ControlModifier)
    until(qtbot, lambda: len(names(window)) == 10)
    assert view.accessibleDescription() == "Axis last val/acc, brushed from 0 to 0.9"
    QTest.keyClick(view, Key.Key_Left, Modifier.ControlModifier)
    until(qtbot, lambda: columns() == ["lr", "val/acc", "optimizer"])
    assert session.undo.undo_text == "Move Axis" and set(view.brushes) == {ACC}, "the brush moves with its axis"
    QTest.keyClick(view, Key.Key_F)
    until(qtbot, lambda: page.settled and view.axes[1].scale.flipped)
    assert len(names(window)) == 10, "the same values are brushed"
    QTest.keyClick(view, Key.Key_Left)
    assert view.axes[0].scale.log and view.axes[0].at[[0, 1]].tolist() == [0.0, pytest.approx(1 / 3)], "by itself"
    QTest.keyClick(view, Key.Key_L)
    until(qtbot, lambda: page.settled and not view.axes[0].scale.log)
    assert view.axes[0].at[[0, 1]].tolist() == [0.0, pytest.approx(0.009 / 0.999)]
    for _ in range(3):
        session.undo.undo()
    until(qtbot, lambda: columns() == ["lr", "optimizer", "val/acc"] and view.axes[0].scale.log)
    QTest.keyClick(view, Key.Key_Backspace)
    assert set(view.brushes) == {ACC}, "only what is brushed of this axis goes"


def test_an_axis_is_moved_by_its_name_and_has_a_menu(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    card, view = page.parallel, page.parallel.view
    drag(view, view.title_rect(0).center().toPoint(), QPoint(view.width() - 10, 12))
    until(qtbot, lambda: page.settled and [axis.column.key for axis in view.axes][-1] == "lr")
    menu = card.axis_menu(OPTIMIZER)
    offered = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert not offered["Logarithmic"].isEnabled() and not offered["Move Left"].isEnabled()
    offered["Colour by This"].trigger()
    until(qtbot, lambda: page.settled and card.color.text() == "colour: optimizer ▾")
    assert card.legend.accessibleName() == "Colours: adamw\nlion\nsgd\nno value"
    offered["Remove"].trigger()
    until(qtbot, lambda: page.settled and [axis.column.key for axis in view.axes] == ["val/acc", "lr"])
    menu.deleteLater()


def test_columns_are_found_by_their_names(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    page.parallel.choose_axes()
    picker = window.findChild(ColumnPicker)
    assert picker is not None
    QTest.keyClicks(picker.field, "epo")
    QTest.keyClick(picker.field, Key.Key_Return)
    picker.close()
    until(qtbot, lambda: page.settled and len(page.parallel.view.axes) == 4)
    assert [axis.column.key for axis in page.parallel.view.axes] == ["lr", "optimizer", "epochs", "val/acc"]


def test_selected_runs_alone_are_compared_and_all_again(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([2, 3, 5])
    page = compared(qtbot, window)
    assert page.compared is not None and page.compared.runs.tolist() == [5, 3, 2]
    QTest.mouseClick(page.everything, Button.LeftButton)
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == RUNS)
    assert page.parallel.view._picked is not None and not page.everything.isVisible()
    window.session.select_runs([])
    window.page.focus_table()
    page = compared(qtbot, window)
    assert page.parallel.view._picked is None


def test_the_button_of_the_bar_compares_three_runs_here_and_two_in_the_inspector(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.session.select_runs([2, 3, 5])
    button = window.page.bar.button(Place.COMPARE)
    assert "3" in button.text()
    QTest.mouseClick(button, Button.LeftButton)
    page = window.page.compare
    assert page is not None
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == 3)
    window.page.focus_table()
    window.session.select_runs([2, 3])
    QTest.mouseClick(button, Button.LeftButton)
    assert page.isHidden() and window.inspector.isVisible()


def test_the_page_follows_filter_and_what_is_logged(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    page = compared(qtbot, window)
    window.page.filter.edit.setPlainText("params.optimizer = 'sgd'")
    QTest.keyClick(window.page.filter.edit, Key.Key_Return)
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == 3)
    assert page.isVisible(), "the filter is above this page too"
    with Script(filled) as script:
        run = script.start(experiment="a", name="new")
        script.params(run, {"optimizer": "sgd", "lr": "1"})
        script.log(run, "val/acc", [2.0])
        script.end(run)
        script.take()
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == 4)
    assert page.parallel.view.axes[-1].scale.high == 2.0


def test_every_line_is_drawn_in_its_colour_and_others_recede(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    view = page.parallel.view

    def color(image: QImage, run: int) -> tuple[int, int, int]:
        """That of a line in the middle between the last two axes."""
        half = (view.x_of(1) + view.x_of(2)) / 2
        start, end = (float(view.y_of(np.array(view._levels[run, axis]))) for axis in (1, 2))
        pixel = image.pixelColor(round(half), round((start + end) / 2))
        return pixel.red(), pixel.green(), pixel.blue()

    def strength(run: int) -> int:
        shown = color(view.grab().toImage(), run)
        return max(shown) - min(shown)

    assert strength(1) > 60
    window.session.select_runs([11, 9])
    until(qtbot, lambda: page.settled)
    assert strength(1) > 60 > strength(2) + 20, "places follow the order of the table: run 10 is at place 1"


def test_a_line_is_lit_selected_by_a_click_and_lit_from_elsewhere(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    view = page.parallel.view
    lit: list[int | None] = []
    window.session.highlighted.connect(lit.append)
    # Beside the last axis, where each run has a place of its own.
    place = QPoint(round(view.x_of(2)) - 18, round(float(view.y_of(view._levels[1, 2]))))
    QTest.mouseMove(view, place)
    assert lit and view._lit == 1
    QTest.mouseClick(view, Button.LeftButton, Modifier.NoModifier, place)
    until(qtbot, lambda: names(window) == ["run 10"])
    window.session.highlighted.emit(3)
    assert view._lit == RUNS - 3
    window.session.highlighted.emit(None)
    assert view._lit == 1, "the one that is selected alone"


# Points


def test_a_rubber_band_selects_in_all_views_and_lets_go_of_what_is_brushed(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    view, points = page.parallel.view, page.scatter.view
    assert page.scatter.title.text() == "last val/acc vs lr" and page.scatter.note.text() == "1 run beside an axis"
    view.set_brush(ACC, (0.0, 0.1))
    area = points.area
    start, end = area.topLeft() - QPointF(6, 6), area.topLeft() + QPointF(area.width() * 0.75, area.height() * 0.25)
    QTest.mousePress(points, Button.LeftButton, Modifier.NoModifier, start.toPoint())
    QTest.mouseMove(points, end.toPoint())
    QTest.mouseRelease(points, Button.LeftButton, Modifier.NoModifier, end.toPoint())
    until(qtbot, lambda: page.settled and names(window) == ["run 9", "run 10"])
    assert not view.brushes and view._picked is not None
    assert np.flatnonzero(view._picked).tolist() == [1, 2], "the same lines are in front"
    # With Ctrl, more are selected; those without a place can be too.
    beside = points.y_of(np.array(MISSING))
    low, high = QPointF(0, float(beside) - 4).toPoint(), QPointF(points.width() - 1, float(beside) + 4).toPoint()
    QTest.mousePress(points, Button.LeftButton, Modifier.NoModifier, low)
    held = Button.NoButton, Button.LeftButton, Modifier.ControlModifier
    moved = QMouseEvent(QEvent.Type.MouseMove, high, points.mapToGlobal(high), *held)
    QApplication.sendEvent(points, moved)
    QTest.mouseRelease(points, Button.LeftButton, Modifier.NoModifier, high)
    until(qtbot, lambda: page.settled and names(window) == ["run 9", "run 10", "run 11"])
    QTest.mouseClick(points, Button.LeftButton, Modifier.NoModifier, area.center().toPoint())
    until(qtbot, lambda: not names(window))


def test_what_points_show_is_chosen_and_undone(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    card = page.scatter
    for part, word in (("x", "optim"), ("size", "lr")):
        pick(qtbot, page, card.buttons[part], word)
    assert card.title.text() == "last val/acc vs optimizer" and not card.log_x.isEnabled()
    assert page.compared is not None and page.compared.size is not None and page.compared.size.column == LR
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and page.compared is not None and page.compared.size is None)
    QTest.mouseClick(card.log_y, Button.LeftButton)
    until(qtbot, lambda: page.settled and card.note.text() == "2 runs beside an axis")
    assert "1 run: not above 0" in card.note.toolTip() and page.parallel.view.axes[-1].scale.log, "it is the same axis"


def test_the_keyboard_goes_from_point_to_point(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    points = page.scatter.view
    QTest.keyClick(points, Key.Key_Down)
    assert points._lit == 1, "the one with the greatest value"
    QTest.keyClick(points, Key.Key_Down)
    assert page.parallel.view._lit == 2, "it is lit everywhere"
    QTest.keyClick(points, Key.Key_Return)
    until(qtbot, lambda: names(window) == ["run 9"])


def test_points_are_painted_where_their_values_are(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    points = page.scatter.view
    image, panel = points.grab().toImage(), window.session.theme.color("panel")
    assert page.compared is not None and page.compared.x is not None and page.compared.y is not None
    for place in range(RUNS):
        x = float(points.x_of(levels(page.compared.x))[place])
        y = float(points.y_of(levels(page.compared.y))[place])
        assert image.pixelColor(round(x), round(y)) != panel, f"run at place {place}"


# Groups


def group_cells(page: ComparePage) -> list[list[str]]:
    model = page.groups.model
    return [[str(model.index(row, at).data()) for at in range(model.columnCount())] for row in range(model.rowCount())]


def test_groups_are_compared_with_the_baselines_and_select_their_runs(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    QAbstractItemModelTester(page.groups.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert not group_cells(page) and page.groups.seed.isHidden(), "no run has a seed"
    window.session.set_view(replace(window.session.view, group_by=(OPTIMIZER,)))
    until(qtbot, lambda: page.settled and len(group_cells(page)) == 4)
    assert group_cells(page) == [
        ["adamw", "4", "0.45 ± 0.39", "", "−0.166 to 1.066", "baseline"],
        ["lion", "4", "0.55 ± 0.39", "", "−0.066 to 1.166", "+0.1 n.s."],
        ["sgd", "3", "0.50 ± 0.30", "", "−0.245 to 1.245", "+0.05 n.s."],
        ["not set", "0 +1 not finite", "", "", "", "too few values to tell"],
    ]
    assert page.groups.note.text() == "Welch's t-test, Holm's correction for 2 comparisons · baseline: the first group"
    tip = str(page.groups.model.index(1, VERSUS).data(Qt.ItemDataRole.ToolTipRole))
    assert "Mean differs by +0.1" in tip and "Rank-sum test: U=10, exact, p=" in tip
    heading = page.groups.model.headerData(0, Qt.Orientation.Horizontal)
    assert heading == "optimizer"
    box = page.groups.model.index(1, BOX)
    assert str(box.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Half of the values lie from 0.325 to 0.775")
    baseline = get_run(window.session.store, 3).run_id
    window.session.set_view(replace(window.session.view, baseline=baseline))
    until(qtbot, lambda: page.settled and group_cells(page)[2][VERSUS] == "baseline")
    assert "first group" not in page.groups.note.text()
    page.groups.table.selectRow(1)
    until(qtbot, lambda: names(window) == ["run 1", "run 4", "run 7", "run 10"])
    assert sorted(window.session.selection.ids.tolist()) == [2, 5, 8, 11]
    assert page.parallel.view._picked is not None and int(page.parallel.view._picked.sum()) == 4
    window.session.select_runs([1])
    assert not page.groups.table.selectionModel().hasSelection()


def test_what_groups_are_compared_by_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    window.session.set_view(replace(window.session.view, group_by=(OPTIMIZER,)))
    until(qtbot, lambda: page.settled and len(group_cells(page)) == 4)
    pick(qtbot, page, page.groups.by, "epochs")
    until(qtbot, lambda: page.settled and page.groups.by.text() == "by: epochs ▾")
    assert [row[2:] for row in group_cells(page)][1] == ["3 ± 0", "", "3 to 3", "too few values to tell"]


@given(st.lists(st.floats(allow_infinity=False), max_size=30))
def test_a_box_has_the_quartiles_and_what_is_beyond_its_whiskers(values: list[float]) -> None:
    box = box_of(np.array(values))
    finite = sorted(value for value in values if np.isfinite(value))
    if not finite:
        assert box is None
        return
    assert box is not None and box.low <= box.high
    ends = [value for value in finite if box.low <= value <= box.high]
    assert len(ends) + box.count == len(finite) and (ends[0], ends[-1]) == (box.low, box.high)
    assert range_of([box, None]) == (finite[0], finite[-1])
    small = np.array([value for value in finite if abs(value) < 1e100])
    if len(small) == len(finite):
        assert np.allclose([box.lower, box.median, box.upper], np.quantile(small, [0.25, 0.5, 0.75]))


@pytest.mark.parametrize("many", [MOST_DOTS, MOST_DOTS + 1, 3 * MOST_DOTS])
def test_of_very_many_values_beyond_the_whiskers_the_farthest_are_kept(many: int) -> None:
    values = np.concatenate([np.zeros(10 * many), np.linspace(-5, 7, many + 1)])
    box = box_of(values)
    assert box is not None and box.count == many + 1 - int(0 in np.linspace(-5, 7, many + 1))
    assert len(set(box.beyond)) == MOST_DOTS and range_of([box]) == (-5.0, 7.0)


def test_boxes_are_painted_on_one_scale(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1700, 1000)
    page = compared(qtbot, window)
    window.session.set_view(replace(window.session.view, group_by=(OPTIMIZER,)))
    until(qtbot, lambda: page.settled and len(group_cells(page)) == 4)
    table, model = page.groups.table, page.groups.model
    table.scrollTo(model.index(0, BOX))
    image, text = table.viewport().grab().toImage(), window.session.theme.color("text")

    def median(row: int) -> int:
        """Where the line of the median is."""
        area = table.visualRect(model.index(row, BOX))
        y = area.center().y() - 4
        return next(x for x in range(area.left(), area.right()) if image.pixelColor(x, y) == text)

    assert median(0) < median(2) < median(1), "0.45, 0.5 and 0.55"
