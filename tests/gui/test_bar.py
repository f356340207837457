"""The bar above the runs: its buttons have words where there is room and symbols where there is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.gui.views.bar import BarButton
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer


def compare_button(window: MainWindow) -> BarButton:
    (found,) = [b for b in window.page.bar.findChildren(BarButton) if b.accessibleName().startswith("Compare")]
    return found


def sweep(qtbot: QtBot, store: Store, open_window: Opener, runs: int) -> MainWindow:
    writer = Writer(store.path)
    for number in range(runs):
        run = writer.run(f"run-{number}")
        writer.points(run, "loss", [1.0, 1.0 / (number + 1)])
    writer.commit()
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == runs and window.runs.feed.settled)
    return window


def test_words_give_way_to_symbols_and_come_back(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = sweep(qtbot, store, open_window, 2)
    button = compare_button(window)
    window.resize(1600, 900)
    qtbot.waitUntil(lambda: button.text() == "Compare")
    assert button.icon().isNull()
    window.page.bar.resize(360, window.page.bar.height())
    assert button.text() == "" and not button.icon().isNull() and button.accessibleName() == "Compare"
    window.page.bar.resize(1000, window.page.bar.height())
    assert button.text() == "Compare"


def test_the_hint_of_the_filter_is_never_cut_off(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = sweep(qtbot, store, open_window, 1)
    edit = window.page.filter.edit
    for width in (1600, 1100, 1000):
        window.resize(width, 700)
        qtbot.waitUntil(lambda: edit.fontMetrics().horizontalAdvance(edit.placeholderText()) < edit.viewport().width())
        assert edit.placeholderText().startswith("Filter runs")


def test_the_bar_does_not_widen_a_small_window(store: Store, open_window: Opener) -> None:
    window = open_window(store)
    window.resize(1100, 700)
    bar = window.page.bar
    assert window.width() == 1100
    assert all(bar.rect().contains(button.geometry()) for button in bar.findChildren(BarButton))


def test_two_runs_are_compared_in_the_inspector(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = sweep(qtbot, store, open_window, 3)
    first, _, third = (int(run) for run in window.runs.feed.model.ids)
    button = compare_button(window)
    window.session.select_runs([first])
    assert not button.isEnabled() and button.text() == "Compare"
    window.session.select_runs([first, third], first)
    assert button.isEnabled() and button.accessibleName() == "Compare 2"
    window.toggle("inspector")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.inspector.overview.changes.link.text() == "run-0")
    assert window.inspector.isVisible() and window.session.selection.told == (first, third)


def test_why_one_run_is_not_compared_is_told(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = sweep(qtbot, store, open_window, 3)
    button, runs = compare_button(window), [int(run) for run in window.runs.feed.model.ids]
    for chosen, enabled in (([], False), (runs[:1], False), (runs[:2], True), (runs, True)):
        window.session.select_runs(chosen)
        assert button.isEnabled() is enabled
        assert button.toolTip().startswith("Compare Selected Runs" if enabled else "Select two runs or more")
