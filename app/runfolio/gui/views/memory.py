"""How the runs of each experiment were looked at last, from one start of the program to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, Slot

from runfolio.core.errors import InvalidValue
from runfolio.core.views import View, read_view
from runfolio.gui.session import Session


class ViewMemory(QObject):
    """Gives experiments the view they had, and remembers each that they get."""

    def __init__(self, session: Session, kept: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept = kept
        self._here: dict[tuple[int, ...], View] = {}
        self._store = hashlib.sha256(str(session.store.path).encode()).hexdigest()[:16]
        session.view_of = self.view_of
        session.view_changed.connect(self._on_view)

    @Slot(object)
    def _on_view(self, view: View) -> None:
        experiments = self._session.selection.experiments
        if experiments:
            self._kept.setValue(self._key(experiments), view.to_json())

    def view_of(self, experiments: Sequence[int]) -> View:
        """The last one; of experiments that were never looked at, the usual one."""
        # What those have that are left for these.
        self._here[self._session.selection.experiments] = self._session.view
        if (known := self._here.get(tuple(experiments))) is not None:
            return known
        try:
            return read_view(str(self._kept.value(self._key(experiments), "")))[0]
        except InvalidValue:  # there is none, or one of a later version
            return View()

    def _key(self, experiments: Sequence[int]) -> str:
        named = ",".join(map(str, experiments))
        # A folder of very many has a long name, which not all systems take.
        ending = named if len(named) <= 60 else hashlib.sha256(named.encode()).hexdigest()[:32]
        return f"views/{self._store}/{ending}"
