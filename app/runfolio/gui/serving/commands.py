"""What is done with servers: menus, buttons, keys and the palette call these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from runfolio.core.serving.records import Wanted
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.middle import SERVING
from runfolio.gui.serving.dialog import ServeDialog
from runfolio.gui.serving.reading import addresses
from runfolio.gui.serving.rows import ServerRow
from runfolio.gui.serving.state import ServingState
from runfolio.gui.session import Session
from runfolio.serving import control
from runfolio.serving.forgetting import forget_servers
from runfolio.serving.notes import new_server

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

Fits = Callable[[ServerRow], bool]


def _any(_row: ServerRow) -> bool:
    return True


def _runs(row: ServerRow) -> bool:
    return row.info.running


def _rests(row: ServerRow) -> bool:
    return not row.begins


def _gone(row: ServerRow) -> bool:
    return not row.info.running and not row.begins


def _has_address(row: ServerRow) -> bool:
    return row.info.running and bool(row.info.address)


def _is_open(row: ServerRow) -> bool:
    return _has_address(row) and not row.info.wanted.token


def _answers(row: ServerRow) -> bool:
    return row.answers


@dataclass(frozen=True, slots=True)
class ServerCommand:
    """A command of the page.

    Attributes:
        name: that of the method of `ServingCommands`.
        title, key, symbol: as in `actions.Action`.
        fits: whether it makes sense of the selected server.
        changes: whether it changes what is noted in the store.
    """

    name: str
    title: str
    key: str = ""
    symbol: str = ""
    fits: Fits = _any
    changes: bool = True

    def do(self, window: MainWindow) -> None:
        """Carry it out."""
        getattr(ServingCommands(window.session, window), self.name)()

    def when(self, window: MainWindow) -> bool:
        """Whether it makes sense: on the page, with a server that it fits."""
        return window.middle.shown == SERVING and self.suits(window.session)

    def suits(self, session: Session) -> bool:
        """Whether it makes sense of what is selected."""
        chosen = session.serving.chosen
        return chosen is not None and self.fits(chosen) and not (self.changes and session.read_only)


OF_SERVERS = (
    ServerCommand("send", "Send the Request", "", "play", _answers, changes=False),
    ServerCommand("copy_address", "Copy the Server's Address", "", "copy", _has_address, changes=False),
    ServerCommand("open_in_browser", "Open the Server in the Browser", "", "link", _is_open, changes=False),
    ServerCommand("stop", "Stop the Server", "", "stop", _runs),
    ServerCommand("restart", "Restart the Server", "", "refresh", _rests),
    ServerCommand("forget", "Forget the Server", "", "trash", _gone),
    ServerCommand("forget_ended", "Forget All Servers That Have Ended", "", "trash"),
)


class ServingCommands:
    """Acts on the server that is selected in `session.serving`."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    def serve(self, address: str = "") -> None:
        """Ask how a model is to be served."""
        if self._session.read_only:
            self._session.message.emit(Message(self._session.read_only, error=True))
            return
        self._session.jobs.read(partial(addresses, self._session.store), partial(self._ask, address))

    def _ask(self, address: str, known: list[str]) -> None:
        dialog = ServeDialog(known, address, self._parent.window())
        # Qt would not keep these commands, which nobody else needs to.
        dialog.asked.connect(lambda wanted, trust: self.begin(wanted, trust))
        dialog.open()

    def begin(self, wanted: Wanted, trust: bool = False, server: str = "") -> None:
        """Start a server, and go to the page, which tells when it answers."""
        session = self._session
        server = server or new_server(wanted).id
        session.serving.begins.add(server)
        work = partial(_start, session.serving, session.store.path, wanted, server, trust)
        session.jobs.write_aside(
            work, lambda _: session.serving.stale.emit(), title="Starting a server", failed=self._tell
        )
        session.serving.wanted.emit()

    def _tell(self, error: Exception) -> None:
        """One that has not begun is listed, with what it printed."""
        self._session.message.emit(Message.of_error(error))
        self._session.serving.stale.emit()

    def stop(self) -> None:
        """End the server; what it was asked it answers before."""
        if (row := self._session.serving.chosen) is not None:
            store, stale = self._session.store.path, self._session.serving.stale
            work = partial(_stop, store, row.info.id)
            title = f"Stopping {row.info.wanted.uri}"
            self._session.jobs.write_aside(work, lambda _: stale.emit(), title=title, failed=self._tell)

    def restart(self) -> None:
        """Start it anew, as it was started before; on the same port."""
        if (row := self._session.serving.chosen) is not None:
            self.begin(row.info.wanted, server=row.info.id)

    def forget(self) -> None:
        """Remove a server that has ended from the list."""
        if (row := self._session.serving.chosen) is not None:
            self._forget(row.info.id)

    def forget_ended(self) -> None:
        """Remove all that have ended."""
        self._forget(*(row.info.id for row in self._session.serving.rows if _gone(row)))

    def _forget(self, *servers: str) -> None:
        if servers:
            forgetting = partial(forget_servers, servers=servers)
            self._session.run(forgetting, lambda _done: self._session.serving.stale.emit())

    def send(self) -> None:
        """Send the request that is typed."""
        self._session.serving.send_asked.emit()

    def copy_address(self) -> None:
        """Put its address on the clipboard."""
        if (row := self._session.serving.chosen) is not None:
            QGuiApplication.clipboard().setText(row.info.address)
            self._session.message.emit(Message(f"Copied {row.info.address}"))

    def open_in_browser(self) -> None:
        """Have the system show the page on which the server tells how it is asked."""
        if (row := self._session.serving.chosen) is not None:
            QDesktopServices.openUrl(QUrl(f"{row.info.address}/docs"))


def _start(state: ServingState, store: Path, wanted: Wanted, server: str, trust: bool, _job: Job) -> None:
    try:
        control.stop(store, server)
        state.keep(control.start(store, wanted, server=server, trust=trust))
    finally:
        state.begins.discard(server)


def _stop(store: Path, server: str, _job: Job) -> None:
    control.stop(store, server)
