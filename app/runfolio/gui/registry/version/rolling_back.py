"""Rolling a stage back to who was there before, with a reason that is asked for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from runfolio.gui.chrome.labels import muted
from runfolio.gui.columns.popup import Popup
from runfolio.gui.session import Session
from runfolio.store.registry.transitions import rollback


class RollBack(Popup):
    """Says what will be done, and does it with Return.

    Attributes:
        reason: why, as the log keeps it.
        go: the button.
    """

    def __init__(self, session: Session, model: str, stage: str, now: int, before: int, parent: QWidget) -> None:
        super().__init__(f"Roll back {stage}", parent)
        self._session, self._model, self._stage = session, model, stage
        words = muted(f"v{before} moves back to {stage}, and v{now} to Archived. Gates are not asked.")
        words.setWordWrap(True)
        self.reason = QLineEdit(placeholderText="Why (kept in the log)")
        self.reason.setAccessibleName("Reason")
        self.go = QPushButton("Roll Back")
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._on_go)
        self.body.addWidget(words)
        self.add_row(self.reason, self.go)
        self.reason.setFocus()

    @Slot()
    def _on_go(self) -> None:
        self._session.run(partial(rollback, name=self._model, stage=self._stage, reason=self.reason.text().strip()))
        self.close()
