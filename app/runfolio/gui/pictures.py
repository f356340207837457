"""A picture of the window after all its content has arrived."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QSettings,
    QTimer,
    QtMsgType,
    qFormatLogMessage,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFontDatabase

from runfolio.core.errors import EnvironmentProblem, UserError
from runfolio.gui.main_window import MainWindow
from runfolio.gui.theme import Theme
from runfolio.gui.windows import Windows
from runfolio.store import Store

QUIET_MS = 400
LONGEST_MS = 30_000
SELECTED = 9
# What the offscreen platform says of each thing that only a real screen has.
NOISE = "This plugin does not support"


def render(store: Store, theme: Theme, file: Path, size: tuple[int, int]) -> None:
    """Save the window on a store, its first runs selected, as a PNG of that size; then close the store.

    Raises:
        EnvironmentProblem: there is no font to write with.
        UserError: the file cannot be written.
    """
    if not QFontDatabase.families():
        store.close()
        raise EnvironmentProblem("No font was found.", "Install one: sudo apt-get install -y fonts-dejavu-core")
    windows = Windows(theme)
    # Neither does the user's own layout show in the picture, nor is it changed by it.
    with without_noise(), tempfile.TemporaryDirectory() as folder:
        window = windows.make(store, QSettings(str(Path(folder) / "layout.ini"), QSettings.Format.IniFormat))
        window.resize(*size)
        window.show()
        window.reset_layout()
        settle(window)
        ids = [int(run) for run in window.runs.feed.model.ids[:SELECTED]]
        window.session.select_runs(ids, ids[0] if ids else None)
        settle(window)
        picture = window.grab()
        windows.close_all()
    if not picture.save(str(file), "PNG"):
        raise UserError(f"The picture could not be written to {file}.", "Is the folder there, and writable?")


@contextmanager
def without_noise() -> Iterator[None]:
    """Keep the offscreen platform's noise from the terminal; everything else that Qt says is passed on."""

    def pass_on(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if text.startswith(NOISE):
            return
        if before is not None:
            before(kind, context, text)
        else:
            sys.stderr.write(f"{qFormatLogMessage(kind, context, text)}\n")

    before = qInstallMessageHandler(pass_on)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def settle(window: MainWindow) -> None:
    """Let events run until the charts are there and no job has been under way for a while."""
    loop = QEventLoop()
    quiet = QTimer(singleShot=True, interval=QUIET_MS)
    limit = QTimer(singleShot=True, interval=LONGEST_MS)

    def stop_if_complete() -> None:
        loop.quit() if window.page.charts is not None and not window.session.jobs.running else quiet.start()

    quiet.timeout.connect(stop_if_complete)
    limit.timeout.connect(loop.quit)
    window.session.jobs.busy_changed.connect(quiet.start)
    quiet.start()
    limit.start()
    loop.exec()
    window.session.jobs.busy_changed.disconnect(quiet.start)
