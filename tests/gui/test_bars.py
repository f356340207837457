"""Bars of runs and of groups in a real window: the best first, selected here and seen everywhere, and the other way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric, param
from runfolio.gui.aliases import Ids
from runfolio.gui.compare.bar_paint import BAR_ROLE, Bar
from runfolio.gui.compare.bars_card import BarsTable
from runfolio.gui.compare.bars_model import BAR, NAME, VALUE, VERSUS, BarLine, scale_of
from runfolio.gui.compare.boxes import BOX_ROLE, Box
from runfolio.gui.compare.group_table import BOX
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from runfolio.store.runs import get_run
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 12
OPTIMIZER = param("optimizer")
NOBODY: Ids = np.empty(0, np.int64)


@pytest.fixture
def filled(store: Store) -> Store:
    """Twelve runs, whose last accuracy grows with their number and whose best one falls; the last one has none."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            script.params(run, {"optimizer": ("adamw", "sgd")[number % 2]})
            last = float("nan") if number == RUNS - 1 else number / 20
            script.log(run, "val/acc", [float("nan") if number == RUNS - 1 else 1 - number / 40, last])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def column(page: ComparePage, at: int) -> list[str]:
    model = page.bars.table.bars
    return [str(model.index(row, at).data()) for row in range(model.rowCount())]


def chosen(page: ComparePage) -> list[str]:
    rows = sorted(index.row() for index in page.bars.table.selectionModel().selectedRows())
    return [column(page, NAME)[row] for row in rows]


def hover(table: BarsTable, place: QPoint) -> None:
    """The mouse comes to a place, be it out of sight on the page that scrolls."""
    view, none = table.viewport(), Qt.MouseButton.NoButton
    where = QPointF(place), QPointF(view.mapToGlobal(place))
    moved = QMouseEvent(QEvent.Type.MouseMove, *where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, moved)


def test_runs_are_bars_with_the_best_first_and_the_baseline_marked(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    card = page.bars
    QAbstractItemModelTester(card.table.bars, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert column(page, NAME) == [f"run {number}" for number in range(10, -1, -1)]
    assert column(page, VALUE)[:2] == ["0.5000", "0.4500"] and card.note.text() == "1 run without a value"
    assert card.table.isColumnHidden(VERSUS), "there is no baseline"
    baseline = get_run(window.session.store, 4).run_id
    window.session.set_view(replace(window.session.view, baseline=baseline))
    until(qtbot, lambda: page.settled and not card.table.isColumnHidden(VERSUS))
    assert column(page, VERSUS)[6:9] == ["+0.05", "baseline", "−0.05"] and column(page, NAME)[7] == "run 3"


def test_best_values_are_shown_and_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    QTest.mouseClick(page.bars.best, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.settled and column(page, NAME)[0] == "run 0")
    assert column(page, VALUE)[:2] == ["1.000", "0.975"] and page.bars.best.isChecked()
    assert page.importance.title.text() == "What explains best val/acc?", "all cards judge by the same"
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and column(page, NAME)[0] == "run 10" and not page.bars.best.isChecked())


def test_bars_select_runs_everywhere_and_show_what_is_selected_elsewhere(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    table = page.bars.table
    table.setFocus()
    table.selectRow(0)
    until(qtbot, lambda: window.session.selection.ids.tolist() == [11])
    assert window.session.selection.current == 11 and page.scatter.view._lit == 1 and page.parallel.view._lit == 1
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: sorted(window.session.selection.ids.tolist()) == [10, 11])
    assert sorted(window.runs.selected_runs()) == [10, 11] and chosen(page) == ["run 10", "run 9"]
    assert page.parallel.view._picked is not None and page.parallel.view._picked.nonzero()[0].tolist() == [1, 2]
    window.session.select_runs([1, 3])
    until(qtbot, lambda: chosen(page) == ["run 2", "run 0"])
    view = page.parallel.view
    view.set_brush(view.axes[-1].column, (0.85, 1.0))
    until(qtbot, lambda: page.settled and chosen(page) == ["run 10", "run 9"])
    window.session.select_runs([])
    until(qtbot, lambda: chosen(page) == [])


def test_the_keyboard_stays_on_its_bar_while_runs_log(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    page = compared(qtbot, window)
    table = page.bars.table
    place = table.visualRect(table.bars.index(3, NAME)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    until(qtbot, lambda: page.settled and window.session.selection.ids.tolist() == [8])
    with Script(filled) as script:
        run = script.start(experiment="a", name="a new one")
        script.log(run, "val/acc", [7.0])
        script.end(run)
        script.take()
    until(qtbot, lambda: page.settled and column(page, NAME)[0] == "a new one")
    assert table.currentIndex().row() == 4 and chosen(page) == ["run 7"]
    QTest.keyClick(table, Qt.Key.Key_Up)
    until(qtbot, lambda: page.settled and chosen(page) == ["run 8"])


def test_the_bar_of_the_run_under_the_mouse_is_lit_and_lights_it_elsewhere(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    table = page.bars.table
    told: list[int | None] = []
    window.session.highlighted.connect(told.append)
    hover(table, table.visualRect(table.bars.index(2, NAME)).center())
    assert told == [9] and page.parallel.view._lit == RUNS - 9
    window.session.highlighted.emit(11)
    background = table.bars.index(0, NAME).data(Qt.ItemDataRole.BackgroundRole)
    assert background == window.session.theme.color("hover")
    assert table.bars.index(2, NAME).data(Qt.ItemDataRole.BackgroundRole) is None
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert told[-1] is None


def test_groups_are_bars_of_means_with_their_interval(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    window.session.set_view(replace(window.session.view, group_by=(OPTIMIZER,)))
    until(qtbot, lambda: page.settled and column(page, NAME) == ["adamw", "sgd"])
    model = page.bars.table.bars
    bar = model.index(0, BAR).data(BAR_ROLE)
    assert isinstance(bar, Bar) and bar.value == pytest.approx(0.25) and bar.reach == pytest.approx(0.1963, abs=1e-3)
    assert page.bars.title.text() == "Mean last val/acc" and page.bars.note.text() == "95 % interval of the mean"
    assert "95 % interval of the mean: 0.0537 to 0.4463" in str(model.index(0, BAR).data(Qt.ItemDataRole.ToolTipRole))
    table = page.bars.table
    place = table.visualRect(model.index(1, NAME)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    until(qtbot, lambda: len(window.session.selection.ids) == 6)
    assert sorted(window.session.selection.ids.tolist()) == [2, 4, 6, 8, 10, 12]


def test_of_many_groups_those_with_the_best_means_are_bars_wherever_they_stand(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    number, places = 41, [(place * 7) % 40 for place in range(40)]
    with Script(store) as script:
        for run_number, run in sweep(script, number):
            script.params(run, {"group": f"g{run_number}"})
            value = float("nan") if run_number == 40 else float(places[run_number])
            script.log(run, "val/acc", [value])
            script.log(run, "epoch", [value])
    window = listed(qtbot, open_window(store), number)
    page, session = compared(qtbot, window), window.session
    baseline = get_run(store, places.index(3) + 1).run_id
    session.set_view(replace(session.view, group_by=(param("group"),), baseline=baseline))
    until(qtbot, lambda: page.settled and page.groups.model.rowCount() == number)
    best = [f"g{places.index(value)}" for value in range(39, 10, -1)]
    assert column(page, NAME) == [*best, f"g{places.index(3)}"], "the baseline is there always"
    assert column(page, VERSUS)[-1] == "baseline" and column(page, VERSUS).count("baseline") == 1
    told = "30 of 40 groups · 1 group without a value · 95 % interval of the mean"
    assert page.bars.note.text() == f"the best {told}"
    compare = replace(session.view.compare, metric=metric("epoch"))
    session.set_view(replace(session.view, compare=compare, baseline=""))
    until(qtbot, lambda: page.settled and page.bars.note.text() == f"the highest {told}")
    assert column(page, VALUE)[0] == "39" and column(page, NAME)[-1] == f"g{places.index(10)}"


def test_bars_begin_at_zero_until_the_user_says_otherwise_and_then_this_is_said(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = compared(qtbot, window, 9, 10, 11)
    model = page.bars.table.bars
    assert model.scale == (0.0, 0.5) and model.headerData(BAR, Qt.Orientation.Horizontal) == ""
    QTest.mouseClick(page.bars.zero, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.settled and model.scale[0] == pytest.approx(0.39))
    assert model.headerData(BAR, Qt.Orientation.Horizontal) == "from 0.39, not 0"
    assert window.session.undo.undo_text == "Where Bars Begin"


def test_violins_stand_in_for_boxes_and_few_values_are_points(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    window.session.set_view(replace(window.session.view, group_by=(OPTIMIZER,)))
    until(qtbot, lambda: page.settled and page.groups.model.rowCount() == 2)
    table = page.groups.table

    def picture() -> bytes:
        area = table.visualRect(page.groups.model.index(0, BOX))
        return bytes(table.viewport().grab(area).toImage().constBits())

    box = picture()
    QTest.mouseClick(page.groups.violin, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.settled and page.groups.violin.isChecked())
    assert picture() != box and window.session.view.compare.violin
    told = str(page.groups.model.index(0, BOX).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Half of the values lie from" in told and "Silverman's rule" in told
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and not page.groups.violin.isChecked())
    assert isinstance(page.groups.model.index(0, BOX).data(BOX_ROLE), Box)


@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e308)), max_size=6))
def test_every_scale_has_room_for_its_bars(values: list[tuple[float, float]]) -> None:
    lines = [BarLine("", NOBODY, -1, value, reach, "", False) for value, reach in values]
    for cropped in (False, True):
        low, high = scale_of(lines, cropped=cropped)
        assert low <= high and all(low <= value <= high for value, _ in values)
        assert cropped or low <= 0 <= high
