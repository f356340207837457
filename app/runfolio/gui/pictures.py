"""A picture of the window after all its content has arrived."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from runfolio.core.errors import EnvironmentProblem, UserError
from runfolio.gui.main_window import MainWindow
from runfolio.gui.theme import Theme
from runfolio.gui.windows import Windows
from runfolio.store import Store

QUIET_MS = 400
LONGEST_MS = 30_000
SELECTED = 9


def render(store: Store, theme: Theme, file: Path, size: tuple[int, int]) -> None:
    """Save the window on a store, its first runs selected, as a PNG of that size.

    Raises:
        EnvironmentProblem: there is no font to write with.
        UserError: the file cannot be written.
    """
    if not QFontDatabase.families():
        raise EnvironmentProblem("No font was found.", "Install one: sudo apt-get install -y fonts-dejavu-core")
    windows = Windows(theme)
    window = windows.make(store)
    window.resize(*size)
    window.show()
    settle(window)
    ids = [int(run) for run in window.runs.feed.model.ids[:SELECTED]]
    window.session.select_runs(ids, ids[0] if ids else None)
    settle(window)
    picture = window.grab()
    windows.close_all()
    window.deleteLater()
    if not picture.save(str(file), "PNG"):
        raise UserError(f"The picture could not be written to {file}.", "Is the folder there, and writable?")


def settle(window: MainWindow) -> None:
    """Let events run until no job has been under way for a while."""
    loop = QEventLoop()
    quiet = QTimer(singleShot=True, interval=QUIET_MS)
    quiet.timeout.connect(loop.quit)
    limit = QTimer(singleShot=True, interval=LONGEST_MS)
    limit.timeout.connect(loop.quit)
    window.session.jobs.busy_changed.connect(quiet.start)
    quiet.start()
    limit.start()
    loop.exec()
    window.session.jobs.busy_changed.disconnect(quiet.start)
    QApplication.processEvents()
