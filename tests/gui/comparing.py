"""Fills a store with runs to compare, opens the page of comparison, and chooses in it as a user does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from runfolio.gui.columns.picker import ColumnPicker
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from tests.store.script import Script

# News are read seconds apart, and the more so the busier the machine is.
PATIENCE = 20_000


def until(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE)


def sweep(script: Script, runs: int, name: str = "run") -> Iterator[tuple[int, str]]:
    """Starts runs of one experiment, one by one, to be logged to; each ends before the next, and all are taken in."""
    for number in range(runs):
        run = script.start(experiment="a", name=f"{name} {number}")
        yield number, run
        script.end(run)
    script.take()


def listed(qtbot: QtBot, window: MainWindow, rows: int) -> MainWindow:
    """A window with the runs of its first experiment in the table."""
    window.session.select_experiments([1])
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == rows)
    return window


def compared(qtbot: QtBot, window: MainWindow, *runs: int) -> ComparePage:
    """The page, opened by its command, with these runs or all; when it has been read and drawn."""
    if runs:
        window.session.select_runs(list(runs))
    window.actions_by_id["view.compare"].trigger()
    page = window.page.compare
    assert page is not None
    until(qtbot, lambda: page.settled and page.compared is not None)
    return page


def pick(qtbot: QtBot, page: ComparePage, button: QToolButton, word: str) -> None:
    """Choose the first column with this word from the list that a button opens, and wait for what it changes."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    picker = next(one for one in page.window().findChildren(ColumnPicker) if one.isVisible())
    QTest.keyClicks(picker.field, word)
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    until(qtbot, lambda: page.settled)
