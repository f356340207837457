"""What may be a slip in the filter that is applied, below the line: it filters all the same, and may be meant so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from runfolio.core.entities import Changes
from runfolio.core.errors import FilterError
from runfolio.core.views import View
from runfolio.gui.chrome.labels import Trouble
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.completion import doubts_about

# What a script may log any moment is looked for again so often, in milliseconds.
INTERVAL_MS = 1_000
AFTER_MS = 150


class Doubt(Trouble):
    """Sentences about names and texts of the filter that no run has; there only while they are true."""

    def __init__(self, session: Session, typed: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "warn")
        self._session = session
        self._typed = typed
        self._refresh: Refresh[tuple[str, list[str]]] = Refresh(
            session, self._question, self._take, "The names in the filter could not be looked up.", self, INTERVAL_MS
        )
        session.changed.connect(self._on_changed)

    @property
    def settled(self) -> bool:
        """True when nothing is to be looked up."""
        return self._refresh.idle

    def look(self) -> None:
        """The filter that is typed is applied: look for what may be a slip in it, once its runs have been read."""
        self._refresh.ask_after(AFTER_MS)

    def _question(self) -> Callable[[], tuple[str, list[str]]] | None:
        view = self._session.view
        if not view.filter or view.filter != self._typed():
            return None
        return partial(_doubts, self._session.store, view)

    def _take(self, answer: tuple[str, list[str]]) -> None:
        filter, sentences = answer
        if filter == self._typed():
            self.tell("\n".join(sentences))

    @Slot(object)
    def _on_changed(self, _changes: Changes) -> None:
        if self.text():
            self._refresh.ask()


def _doubts(store: Store, view: View) -> tuple[str, list[str]]:
    """On a worker, with the filter that they are about; of one that cannot be read, the line says why."""
    try:
        return view.filter, doubts_about(store, view.filter, view.subject)
    except FilterError:
        return view.filter, []
