"""Runs that charts leave out, and colours chosen by hand: in the table, in charts and in the inspector alike."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from runfolio.core.columns import NAME, STATUS
from runfolio.core.views import View
from runfolio.gui import selection
from runfolio.gui.curves.lineup import owner_of
from runfolio.gui.curves.look import Light
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.main_window import MainWindow
from runfolio.gui.run_colors import run_color
from runfolio.gui.runs import eyes
from runfolio.gui.runs.color_dialog import ColorDialog
from runfolio.store import Store, open_store
from runfolio.store.colors import set_colors
from tests.gui.conftest import Opener
from tests.gui.seen import said
from tests.gui.writing import Writer


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    """Four runs, the first one at the bottom."""
    writer = Writer(store.path)
    for number in range(4):
        run = writer.run(f"run-{number}")
        writer.points(run, "loss", [1.0, 0.5 + number / 10])
        writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.model.rowCount() == 4)
    qtbot.waitUntil(lambda: drawn(window) == [1, 2, 3, 4])
    return window


def charts(window: MainWindow) -> CurvesPanel:
    assert window.page.charts is not None
    return window.page.charts


def drawn(window: MainWindow) -> list[int]:
    """The runs whose curves are drawn."""
    panel = charts(window)
    return sorted(map(owner_of, panel.grid.cards()[0].plot.drawn)) if panel.settled and panel.grid.cards() else []


def click_dot(qtbot: QtBot, window: MainWindow, row: int) -> None:
    view = window.runs.view
    cell = view.visualRect(window.runs.feed.model.index(row, window.runs.feed.model.section_of(NAME)))
    dot = view.delegate.dot_area(cell, int(window.runs.feed.model.ids[row]))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=dot.center())


def test_a_click_on_the_dot_hides_a_run_and_selects_nothing(qtbot: QtBot, window: MainWindow) -> None:
    click_dot(qtbot, window, 0)
    qtbot.waitUntil(lambda: drawn(window) == [1, 2, 3])
    assert window.session.selection.told == ()
    assert any("1 hidden" in text for text in said(charts(window)))
    click_dot(qtbot, window, 0)
    qtbot.waitUntil(lambda: drawn(window) == [1, 2, 3, 4])
    window.session.undo.undo()
    qtbot.waitUntil(lambda: drawn(window) == [1, 2, 3])


def test_space_hides_and_shows_what_is_selected(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([2, 3], 2)
    qtbot.waitUntil(lambda: drawn(window) == [2, 3])
    window.runs.view.setFocus()
    qtbot.keyClick(window.runs.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(window.session.view.hidden_runs) == 2)
    qtbot.waitUntil(lambda: charts(window).settled and not charts(window).lineup.runs)
    window.session.select_runs([])
    qtbot.waitUntil(lambda: drawn(window) == [1, 4])
    window.session.select_runs([2])
    qtbot.keyClick(window.runs.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: drawn(window) == [2])


@pytest.mark.parametrize("command", ["run.eye", "run.only"])
def test_eyes_are_of_all_selected_runs_not_only_of_those_that_charts_show(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(selection, "MOST_TOLD", 1)
    window.session.select_runs([1, 2, 3], 1)
    window.actions_by_id[command].trigger()
    qtbot.waitUntil(lambda: window.session.view != View())
    assert len(window.session.view.hidden_runs or window.session.view.only_runs) == 3
    window.session.undo.undo()
    monkeypatch.setattr(eyes, "MOST_EYES", 2)
    window.actions_by_id[command].trigger()
    qtbot.waitUntil(lambda: window.session.view != View())
    assert len(window.session.view.hidden_runs or window.session.view.only_runs) == 2
    assert window.strip.text == "That holds for the first 2 of 3 selected runs. A filter leaves out more."


def test_space_in_a_name_is_a_blank(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([4], 4)
    window.runs.view.setFocus()
    window.actions_by_id["edit.rename"].trigger()
    editor = window.runs.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "a b")
    assert editor.text() == "a b" and not window.session.view.hidden_runs


def test_only_some_stay_whatever_is_selected_later(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([1, 3], 1)
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(window.session.view.only_runs) == 2)
    window.session.select_runs([4])
    qtbot.waitUntil(lambda: drawn(window) == [1, 3])
    window.actions_by_id["run.show_all"].trigger()
    qtbot.waitUntil(lambda: drawn(window) == [4])


def test_what_is_hidden_stays_hidden_at_the_next_start(qtbot: QtBot, window: MainWindow, open_window: Opener) -> None:
    click_dot(qtbot, window, 0)
    qtbot.waitUntil(lambda: drawn(window) == [1, 2, 3])
    again = open_window(open_store(window.session.store.path))
    qtbot.waitUntil(lambda: drawn(again) == [1, 2, 3])


def test_space_opens_a_group_and_hides_the_runs_in_it(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(View(group_by=(STATUS,)), "Group")
    model, view = window.runs.feed.model, window.runs.view
    qtbot.waitUntil(lambda: model.rowCount() == 1 and int(model.ids[0]) < 0)
    view.setFocus()
    view.setCurrentIndex(model.index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: model.rowCount() == 5)
    assert not window.session.view.hidden_runs
    qtbot.waitUntil(lambda: model.row(2) is not None)
    click_dot(qtbot, window, 2)
    qtbot.waitUntil(lambda: len(window.session.view.hidden_runs) == 1)


def test_a_groups_swatch_and_its_key_hide_all_its_runs(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(View(group_by=(STATUS,)), "Group")
    model, view, eyes = window.runs.feed.model, window.runs.view, window.runs.group_eyes
    qtbot.waitUntil(lambda: model.rowCount() == 1 and int(model.ids[0]) < 0)
    group = int(model.ids[0])
    qtbot.waitUntil(lambda: drawn(window) == [group])
    cell = view.visualRect(model.index(0, model.section_of(NAME)))
    swatch = view.delegate.dot_area(cell, group).center()
    view.viewport().grab()
    shown = view.viewport().grab().toImage().pixelColor(swatch)
    assert shown == run_color(0, window.session.theme.dark) == color_of(window, group)
    click_dot(qtbot, window, 0)
    qtbot.waitUntil(lambda: len(window.session.view.hidden_runs) == 4)
    qtbot.waitUntil(lambda: view.delegate.closed == {group} and not drawn(window))
    assert view.viewport().grab().toImage().pixelColor(swatch) != shown
    assert not window.runs.selected_runs()
    window.session.undo.undo()
    qtbot.waitUntil(lambda: not eyes.closed and drawn(window) == [group])
    window.runs.feed.folding.set_open(group, True)
    qtbot.waitUntil(lambda: model.rowCount() == 5)
    view.setFocus()
    view.setCurrentIndex(model.index(2, 0))
    qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(window.session.view.hidden_runs) == 4 and eyes.closed == {group})


def color_of(window: MainWindow, run: int) -> QColor:
    return charts(window).grid.cards()[0].plot.look.color(run, Light.NORMAL)


def test_a_colour_is_chosen_for_runs_everywhere_and_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    before = color_of(window, 1)
    window.session.select_runs([1, 2], 1)
    qtbot.waitUntil(lambda: len(window.runs.selected_runs()) == 2)
    window.actions_by_id["run.color"].trigger()
    (dialog,) = window.findChildren(ColorDialog)
    assert dialog.windowTitle() == "Colour of 2 runs"
    assert [dialog.swatches[at].accessibleName() for at in (3, 13)] == ["Red", "Red, dashed"]
    qtbot.mouseClick(dialog.swatches[13], Qt.MouseButton.LeftButton)
    red = run_color(3, window.session.theme.dark)
    qtbot.waitUntil(lambda: color_of(window, 1) == color_of(window, 2) == red)
    pen = charts(window).grid.cards()[0].plot.drawn[1].stroke.pen
    assert pen.color().name() == red.name() and pen.style() is Qt.PenStyle.CustomDashLine
    assert window.runs.view.delegate.look.number(1) == 13
    window.session.undo.undo()
    qtbot.waitUntil(lambda: color_of(window, 1) == before)


def test_a_colour_chosen_elsewhere_shows_here(qtbot: QtBot, window: MainWindow) -> None:
    set_colors(window.session.store, [3], 5)
    qtbot.waitUntil(lambda: color_of(window, 3) == run_color(5, window.session.theme.dark))
    again = open_store(window.session.store.path)
    set_colors(again, [3], None)
    qtbot.waitUntil(lambda: color_of(window, 3) == run_color(3, window.session.theme.dark))
    again.close()
