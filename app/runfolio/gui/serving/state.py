"""What is looked at of the servers, and which of them this window has started."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from runfolio.gui.serving.rows import ServerRow
from runfolio.serving.control import Started


class ServingState(QObject):
    """Shared by the page, the commands and the ways to serve a model.

    Attributes:
        chosen: the selected server; None for none.
        rows: all of them, as they were read last.
        begins: the ids of those that are about to be started here; threads change it.

    Signals:
        changed(): another server is selected, or one is otherwise.
        stale(): servers were started, stopped or forgotten: they are to be read again.
        wanted(): the user wants to see the page, whatever is shown in the middle now.
        serve_asked(str): the user wants to serve the model at this address; "" for one to be chosen.
        send_asked(): the request that is typed is to be sent.
    """

    changed = Signal()
    stale = Signal()
    wanted = Signal()
    serve_asked = Signal(str)
    send_asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen: ServerRow | None = None
        self.rows: tuple[ServerRow, ...] = ()
        self.begins: set[str] = set()
        self._started: list[Started] = []
        self._closed = False

    def show(self, rows: tuple[ServerRow, ...]) -> None:
        """Take the servers as they are now."""
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()

    def choose(self, row: ServerRow | None) -> None:
        """Select a server, or tell of it what is otherwise."""
        if row != self.chosen:
            self.chosen = row
            self.changed.emit()

    def keep(self, started: Started) -> None:
        """From any thread: a server that was started here ends with this window, unless it is detached."""
        self._started.append(started)
        if self._closed:
            started.let_go()

    def close(self) -> None:
        """Have those that are not detached end; nothing waits for that."""
        self._closed = True
        for one in self._started:
            one.let_go()
