"""Opens the page of comparison, for tests of what it shows."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow


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
    qtbot.waitUntil(lambda: page.settled and page.compared is not None, timeout=20_000)
    return page
