"""Starting the window: application, theme, store; and pictures of the window without a display.

What Qt needs of the machine is checked by `gui.guards`, before this module is imported.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtWidgets import QApplication

from runfolio.core import settings
from runfolio.gui.crash import CrashReports
from runfolio.gui.icons import icon
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import open_store

# The option of glibc's mallopt(3) that says how many heaps there are.
M_ARENA_MAX, HEAPS = -8, 2


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
    app.setWindowIcon(icon("logo", "accent"))
    # All modules and what is in them stay: to look through that for garbage again and again stops the window each time.
    gc.freeze()
    _share_heaps()
    return app


def _share_heaps() -> None:
    """Of each thread, glibc would have a heap, and give little of it back: half of all memory at a million runs."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


def main(store_path: str | os.PathLike[str] | None = None, *, started: Callable[[], None] | None = None) -> int:
    """Open the window on a store and stay until it is closed; returns the exit code.

    `started` is called once the window is shown. A store that cannot be opened is told in the window and on the
    terminal, and leaves with 1 unless another one was opened instead.
    """
    app = application()
    theme = Theme(Mode(settings.load()["theme"]), app)
    reports = CrashReports(app)
    windows = Windows(theme)
    try:
        windows.open_path(store_path, opened=started or (lambda: None))
        theme.apply()
        code = app.exec()
        return code if windows.had_store else 1
    finally:
        windows.close_all()
        reports.close()


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
    render(open_store(store_path, create=False), theme, file, size)
