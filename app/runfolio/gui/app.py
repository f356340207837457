"""Starting the window: guards, application, theme, session; and pictures of it without a display."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from runfolio.core import settings
from runfolio.core.errors import UserError
from runfolio.gui.icons import icon
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store


def application() -> QApplication:
    """The application object, made if there is none, in a style that looks alike on every system."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("runfolio")
    app.setApplicationName("Runfolio")
    app.setDesktopFileName("runfolio")
    app.setStyle("Fusion")
    app.setWindowIcon(QIcon(icon("logo", "accent")))
    return app


def main(store_path: str | os.PathLike[str] | None = None, *, started: Callable[[], None] | None = None) -> int:
    """Open the window on a store and stay until it is closed; returns the exit code.

    `started` is called once the window is on screen. A store that cannot be opened is told in the window and on the
    terminal, and leaves with 1.
    """
    app = application()
    theme = Theme(Mode(settings.load()["theme"]), app)
    theme.apply()
    sys.excepthook = _report
    windows = Windows(theme)
    try:
        store = open_store(store_path)
    except UserError as error:
        print(f"runfolio: {error}", file=sys.stderr)  # noqa: T201
        windows.show_error(error)
        app.exec()
        return 1
    windows.open(store)
    if started is not None:
        QTimer.singleShot(0, started)
    code = app.exec()
    windows.close_all()
    return code


def screenshot(
    store_path: str | os.PathLike[str], file: Path, *, dark: bool = True, size: tuple[int, int] = (1600, 1000)
) -> None:
    """Render the window on a store to a PNG, after all content has arrived. Needs no display.

    Raises:
        UserError: the store cannot be opened, or the file not written.
    """
    from runfolio.gui.pictures import render

    app = application()
    theme = Theme(Mode.DARK if dark else Mode.LIGHT, app)
    theme.apply()
    store = open_store(store_path, create=False)
    try:
        render(store, theme, file, size)
    finally:
        store.close()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug of ours: on the terminal, and in a dialog it can be copied from. The window goes on; data is safe."""
    report = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(report)
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    box = QMessageBox(QMessageBox.Icon.Critical, "Runfolio", "Something went wrong in Runfolio itself.")
    box.setInformativeText("Nothing that was logged is lost. Please send us the details.")
    box.setDetailedText(report)
    copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QApplication.clipboard().setText(report))
    box.addButton(QMessageBox.StandardButton.Close)
    box.exec()
