"""The windows of the program: each has a session on a store of its own, and both end with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtWidgets import QMainWindow

from runfolio.core import settings
from runfolio.core.errors import UserError
from runfolio.gui.checking import Checker
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.jobs import Jobs
from runfolio.gui.main_window import MainWindow
from runfolio.gui.messages import Message
from runfolio.gui.preferences import Preferences
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store, open_store

# A store of this version is open sooner than that; a notice would only flicker.
NOTICE_AFTER_MS = 300
# A window beside another shows the other's title bar.
CASCADE = 32
OPENING = "A store that an older version has made is brought up to date first, which takes a while if it is large."


class Windows:
    """Opens windows and closes what belongs to them.

    Attributes:
        open_windows: those that are there.
        had_store: True once a store could be opened.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._preferences = Preferences()
        self._preferences.changed.connect(self._on_preference)
        self.open_windows: list[MainWindow] = []
        self.had_store = False
        self._jobs = Jobs()
        self._unclaimed: list[Store] = []
        self._page: QMainWindow | None = None
        self._late = QTimer(singleShot=True, interval=NOTICE_AFTER_MS)
        self._late.timeout.connect(lambda: self._show_page(Notice("Opening the store…", OPENING)))

    def open_path(
        self,
        path: str | os.PathLike[str] | None,
        *,
        asked_by: MainWindow | None = None,
        opened: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the store in a folder and show a window on it, then call `opened`; if that takes long, say so.

        An error is told in the window that asked for it, else in one of its own and on the terminal.
        """
        done = partial(self._on_opened, opened)
        # It writes: an older store is brought up to date, which must never be broken off.
        self._jobs.write(partial(self._open_store, path), done, failed=partial(self._on_not_opened, asked_by))
        self._late.start()

    def open(self, store: Store) -> MainWindow:
        """Show a window on a store, and remember the store."""
        window = self.make(store)
        window.show()
        try:
            settings.remember_store(store.path)
        except OSError as error:
            window.session.message.emit(Message.of_error(error, "The list of stores was not kept."))
        return window

    def make(self, store: Store, kept: QSettings | None = None) -> MainWindow:
        """A window on a store, not yet shown; its layout comes from `kept`, by default the user's."""
        session = Session(store, self._theme, preferences=self._preferences)
        session.start()
        window = MainWindow(session, kept or QSettings())
        window.closed.connect(Checker(session).stop)
        if self.open_windows:  # else it would lie exactly on the one before it
            window.move(self.open_windows[-1].pos() + QPoint(CASCADE, CASCADE))
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.store_wanted.connect(lambda path: self.open_path(path, asked_by=window))
        window.closed.connect(partial(self._on_closed, window))
        self.open_windows.append(window)
        self.had_store = True
        return window

    def close_all(self) -> None:
        """Close all windows with their sessions and stores, those too whose window never came."""
        self._late.stop()
        for window in tuple(self.open_windows):
            window.close()
        self._close_page()
        self._jobs.close()
        for store in self._unclaimed:
            store.close()
        self._unclaimed.clear()

    def _open_store(self, path: str | os.PathLike[str] | None) -> Store:
        """On a worker thread; the program may be ending when it is done."""
        store = open_store(path)
        self._unclaimed.append(store)
        return store

    def _on_opened(self, opened: Callable[[], None], store: Store) -> None:
        self._unclaimed.remove(store)
        # The window first: closing the last one would end the program.
        self.open(store)
        self._end_notice()
        QTimer.singleShot(0, opened)

    def _on_not_opened(self, asked_by: MainWindow | None, error: Exception) -> None:
        self._end_notice()
        if asked_by in self.open_windows:
            asked_by.session.message.emit(Message.of_error(error, "The store could not be opened."))
            return
        if not isinstance(error, UserError):
            raise error
        sys.stderr.write(f"runfolio: {error}\n")
        self._show_page(Notice("This store cannot be opened", f"{error.message}\n{error.hint}"))

    def _on_preference(self, key: str) -> None:
        if key == "theme":
            self._theme.set_mode(Mode(self._preferences[key]))

    def _on_closed(self, window: MainWindow) -> None:
        self.open_windows.remove(window)
        window.session.close()
        window.session.store.close()

    def _show_page(self, notice: Notice) -> None:
        """A window without a store."""
        self._page = self._page or QMainWindow()
        self._page.setWindowTitle("Runfolio")
        self._page.setCentralWidget(notice)
        self._page.resize(900, 500)
        self._page.show()

    def _end_notice(self) -> None:
        """Nothing more to wait for, unless another store is being opened."""
        if not self._jobs.running:
            self._late.stop()
            self._close_page()

    def _close_page(self) -> None:
        if self._page is not None:
            self._page.close()
            self._page = None
