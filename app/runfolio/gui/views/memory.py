"""How the runs of each experiment were looked at last, from one start of the program to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, Slot

from runfolio.core.errors import InvalidValue
from runfolio.core.views import View, read_view
from runfolio.gui.session import Session

#: Each combination of experiments has a view of its own; so many are remembered of one store.
MOST_KEPT = 300


class ViewMemory(QObject):
    """Gives experiments the view they had, and remembers each that they get."""

    def __init__(self, session: Session, kept: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept = kept
        self._here: dict[tuple[int, ...], View] = {}
        self._group = f"views/{hashlib.sha256(str(session.store.path).encode()).hexdigest()[:16]}"
        self._latest = str(kept.value(f"{self._group}/latest", "")).split()
        session.view_of = self.view_of
        session.view_changed.connect(self._on_view)

    @Slot(object)
    def _on_view(self, view: View) -> None:
        experiments = self._session.selection.experiments
        if experiments:
            self._keep(self._key(experiments), view)

    def _keep(self, key: str, view: View) -> None:
        """Remember it, and forget what was looked at before very many others."""
        self._kept.setValue(key, view.to_json())
        if self._latest[-1:] != [key]:
            self._latest = [*(one for one in self._latest if one != key), key]
            for old in self._latest[:-MOST_KEPT]:
                self._kept.remove(old)
            self._latest = self._latest[-MOST_KEPT:]
            self._kept.setValue(f"{self._group}/latest", " ".join(self._latest))

    def view_of(self, experiments: Sequence[int]) -> View:
        """The last one; of experiments that were never looked at, the usual one."""
        # What those have that are left for these; the latest last.
        left = self._session.selection.experiments
        self._here = {**{one: view for one, view in self._here.items() if one != left}, left: self._session.view}
        for old in list(self._here)[:-MOST_KEPT]:
            del self._here[old]
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
        return f"{self._group}/{ending}"
