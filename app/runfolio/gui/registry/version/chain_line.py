"""A line that tells whether the audit log is whole: `chain verified ✓ 41 entries`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.audit.proof import entries_text, fault_text
from runfolio.gui.session import Session
from runfolio.store.registry.verify import Proof, verify

#: The whole log is looked at, which is not to be done with each change of many.
PACE = 2_000


class ChainLine(QLabel):
    """Looks at the log and the tables of a model when it is asked; files are proved on the page of the log."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "muted")
        self._session = session
        self._model = ""
        complaint = "The audit log could not be verified."
        self._refresh: Refresh[Proof] = Refresh(session, self._job, self._show, complaint, self, PACE)

    @property
    def settled(self) -> bool:
        """True when what is told is so now."""
        return self._refresh.idle

    def follow(self, model: str) -> None:
        """Tell of a model, as soon as may be."""
        if model != self._model:
            self._model = model
            self.clear()
        self._refresh.ask()

    def ask(self) -> None:
        """The log is another."""
        self._refresh.ask()

    def _job(self) -> Callable[[], Proof] | None:
        if not self._model or not self.isVisible():
            return None
        return partial(verify, self._session.store, self._model, files=False)

    def _show(self, proof: Proof) -> None:
        good = f"chain verified ✓ {entries_text(proof.entries)}"
        self.setText(good if proof.good else f"chain damaged ✗ {fault_text(proof.faults[0])}")
        self.setProperty("role", "muted" if proof.good else "bad")
        self.style().unpolish(self)
        self.style().polish(self)
