"""Reads what can be typed next into the field of a filter or a formula, whenever that asks, off the main thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, SignalInstance, Slot

from runfolio.core.filter.complete import Complete, Known, Proposals
from runfolio.gui.filter.edit import FilterEdit
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.completion import known_names, known_values

NAMES_LAST_MS = 20_000


class Completion(QObject):
    """Answers an edit; `language` says what is typed there at the moment, `until` that nobody asks any more."""

    def __init__(
        self,
        session: Session,
        edit: FilterEdit,
        language: Callable[[], Complete],
        channel: str,
        until: SignalInstance | None = None,
    ) -> None:
        super().__init__(edit)
        self._session = session
        self._edit = edit
        self._language = language
        self._channel = channel
        self._until = until
        self._known: Known | None = None
        self._stale = QTimer(self, singleShot=True, interval=NAMES_LAST_MS)
        edit.proposals_wanted.connect(self._on_wanted)

    @Slot(str, int)
    def _on_wanted(self, text: str, cursor: int) -> None:
        known = self._known if self._stale.isActive() else None
        work = partial(find_proposals, self._session.store, known, self._language(), text, cursor)
        done, quiet = partial(self._on_found, text), lambda error: None
        self._session.jobs.read(work, done, channel=self._channel, failed=quiet, until=self._until)

    def _on_found(self, text: str, answer: tuple[Known, Proposals]) -> None:
        known, proposals = answer
        if known is not self._known:
            self._known = known
            self._stale.start()
        self._edit.propose(text, proposals)


def find_proposals(
    store: Store, known: Known | None, complete: Complete, text: str, cursor: int
) -> tuple[Known, Proposals]:
    """What can be typed at a cursor, with the store's own names and values."""
    names = known_names(store) if known is None else known
    return names, complete(text, cursor, names, partial(known_values, store))
