"""The windows of the program: each has a session on a store of its own, and both end with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMainWindow

from runfolio.core import settings
from runfolio.core.errors import UserError
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.main_window import MainWindow
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.gui.theme import Theme
from runfolio.store import Store, open_store


class Windows:
    """Opens windows and closes what belongs to them.

    Attributes:
        open_windows: those that are there.
        had_store: True once a store could be opened.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.open_windows: list[MainWindow] = []
        self.had_store = False
        self._error_page: QMainWindow | None = None

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
        session = Session(store, self._theme)
        session.start()
        window = MainWindow(session, kept or QSettings())
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.store_wanted.connect(partial(self._on_store_wanted, window))
        window.closed.connect(partial(self._on_closed, window))
        self.open_windows.append(window)
        self.had_store = True
        return window

    def show_error(self, error: UserError) -> None:
        """Say in a window why there is nothing to see."""
        page = QMainWindow()
        page.setWindowTitle("Runfolio")
        page.setCentralWidget(Notice("This store cannot be opened", f"{error.message}\n{error.hint}"))
        page.resize(900, 500)
        page.show()
        self._error_page = page

    def close_all(self) -> None:
        """Close all windows with their sessions and stores."""
        for window in tuple(self.open_windows):
            window.close()
        if self._error_page is not None:
            self._error_page.close()
            self._error_page = None

    def _on_closed(self, window: MainWindow) -> None:
        self.open_windows.remove(window)
        window.session.close()
        window.session.store.close()

    def _on_store_wanted(self, window: MainWindow, path: str) -> None:
        """Opening may take long, for an older store is brought up to date."""
        window.session.jobs.read(partial(open_store, path), self._on_opened, title="Opening the store")

    def _on_opened(self, store: Store) -> None:
        self.open(store)
