"""The windows of the program: each has a session on a store of its own."""

from __future__ import annotations

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
        open_windows: those on screen.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.open_windows: list[MainWindow] = []
        self._error_page: QMainWindow | None = None

    def open(self, store: Store) -> MainWindow:
        """Show a window on a store."""
        window = self.make(store)
        window.show()
        return window

    def make(self, store: Store) -> MainWindow:
        """A window on a store, not yet shown."""
        session = Session(store, self._theme)
        window = MainWindow(session)
        window.store_wanted.connect(self._on_store_wanted)
        session.start()
        self.open_windows.append(window)
        return window

    def show_error(self, error: UserError) -> None:
        """Say in a window why there is nothing to see."""
        self._error_page = QMainWindow()
        self._error_page.setWindowTitle("Runfolio")
        self._error_page.setCentralWidget(Notice("This store cannot be opened", f"{error.message}\n{error.hint}"))
        self._error_page.resize(900, 500)
        self._error_page.show()

    def close_all(self) -> None:
        """Close sessions and stores."""
        for window in self.open_windows:
            window.session.close()
            window.close()
            window.session.store.close()
        self.open_windows.clear()

    def _on_store_wanted(self, path: str) -> None:
        try:
            store = open_store(path)
        except UserError as error:
            for window in self.open_windows[:1]:
                window.session.message.emit(Message.of_error(error))
            return
        self.open(store)
        try:
            settings.remember_store(store.path)
        except OSError as error:
            self.open_windows[-1].session.message.emit(Message.of_error(error, "The list of stores was not kept."))
