"""The ways to the servers: at the foot of the navigator, and from wherever a model is to be served."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from runfolio.core.numbers import counted
from runfolio.core.serving.records import ServerInfo
from runfolio.gui.chrome.foot_entry import FootEntry
from runfolio.gui.middle import SERVING
from runfolio.gui.serving.commands import ServingCommands
from runfolio.gui.session import Session
from runfolio.serving.notes import servers

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

#: While any runs, it is looked at so often whether it still does; milliseconds.
LOOK_MS = 5_000


class ServingEntry(FootEntry):
    """Tells how many servers run."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Serving", "serving", session.theme, parent)
        self._session = session
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self.read)
        session.serving.stale.connect(self.read)
        session.serving.changed.connect(lambda: self._show([row.info for row in session.serving.rows]))
        self._show([])
        self.read()

    @Slot()
    def read(self) -> None:
        """Look which run; trouble with that is told on the page."""
        work = partial(servers, self._session.store.path)
        self._session.jobs.read(work, self._show, channel="serving.entry", failed=lambda _: None)

    def _show(self, found: list[ServerInfo]) -> None:
        running = sum(one.running for one in found)
        self.set_note(str(running or ""), f"Serving, {counted(running, 'server') if running else 'no server'} running")
        if running and not self._clock.isActive():
            self._clock.start()
        elif not running:
            self._clock.stop()


def add_serving(window: MainWindow) -> None:
    """Put the ways to the servers into a window; those of its own end with it."""
    state = window.session.serving
    entry = ServingEntry(window.session)
    entry.clicked.connect(partial(window.middle.go_to, SERVING))
    window.middle.page_changed.connect(lambda page: entry.setChecked(page == SERVING))
    window.navigator.add_section(entry)
    state.wanted.connect(partial(window.middle.go_to, SERVING))
    state.serve_asked.connect(lambda address: serve(window, address))
    window.closed.connect(state.close)


def serve(window: MainWindow, address: str = "") -> None:
    """Ask how a model is to be served."""
    ServingCommands(window.session, window).serve(address)
