"""An empty store says what to do next, and does it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.states import RunStatus
from runfolio.store import Store, open_store
from runfolio.store.bulk import read_runs
from runfolio.store.search import find_runs
from tests.gui.conftest import Opener


def test_the_demo_is_trained_from_the_welcome_page_and_ends_with_the_window(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    window = open_window(store)
    buttons = {button.text(): button for button in window.page.welcome.findChildren(QPushButton)}
    assert list(buttons) == ["Copy", "Watch a Demo", "Open Store…"]
    qtbot.mouseClick(buttons["Watch a Demo"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() > 0, timeout=60_000)
    assert [job.title for job in window.session.jobs.running if job.title] == ["Training the demo"]
    window.close()
    left = open_store(store.path)
    states = {run.status for run in read_runs(left, find_runs(left))}
    left.close()
    assert states and RunStatus.RUNNING not in states
