"""Proving the log and the files from the window: how far it is, and what came of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from runfolio.core.numbers import counted
from runfolio.gui.chrome.labels import fixed_font, plain_label
from runfolio.gui.chrome.snippet import copy_button
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.gui.storage.work_bar import WorkBar
from runfolio.store import Store
from runfolio.store.registry.verify import Fault, Proof, verify
from runfolio.store.steps import Steps

#: Of more faults these are told.
MOST = 12


class ProofBar(QFrame):
    """Runs one proof at a time, and tells what came of the last one.

    Attributes:
        work: how far it is.
        told: what was found.
        hash: the last hash, with which all before it can be proved.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.work = WorkBar(self)
        self.told, self.hash = plain_label(), plain_label()
        self.told.setWordWrap(True)
        self.told.setAccessibleName("What was proved")
        self.hash.setFont(fixed_font(self.hash.font()))
        self.hash.setProperty("role", "muted")
        self.copy = copy_button(self.hash.text, "Copy the last hash")
        self.copy.setProperty("kind", "small")
        self._result = QFrame()
        self._result.setProperty("role", "card")
        row = QHBoxLayout()
        row.addWidget(self.hash)
        row.addWidget(self.copy)
        row.addStretch()
        inner = QVBoxLayout(self._result)
        inner.setContentsMargins(12, 8, 12, 8)
        inner.addWidget(self.told)
        inner.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.work)
        layout.addWidget(self._result)
        self.work.stopped.connect(self.forget)
        self.forget()

    def prove(self, model: str | None) -> None:
        """Look at the whole log and the files of a model, or of all."""
        if self.work.job is not None:
            return
        self.forget()
        self.show()
        work = partial(_verify, self._session.store, model)
        job = self._session.jobs.read_long(
            work, self._on_proved, title="Verifying the registry", failed=self._on_failed, channel="registry.proof"
        )
        self.work.follow(job)

    @Slot()
    def forget(self) -> None:
        """What was proved is of another model, or of an earlier moment."""
        self._result.hide()
        if self.work.job is None:
            self.hide()

    def _on_proved(self, proof: Proof) -> None:
        self.work.finish()
        role = "ok" if proof.good else "bad"
        self.told.setText(summary(proof))
        self.told.setProperty("role", role)
        _polish(self.told)
        self.hash.setText(proof.last_hash)
        self._result.show()
        self.show()

    def _on_failed(self, error: Exception) -> None:
        self.work.finish()
        self.hide()
        self._session.message.emit(Message.of_error(error, "The registry could not be verified."))


def _verify(store: Store, model: str | None, job: Job) -> Proof:
    def progress(done: int, total: int) -> None:
        job.progress = done / max(total, 1)

    return verify(store, model, steps=Steps(progress, lambda: job.cancelled))


def summary(proof: Proof) -> str:
    """What came of it: how much was proved, or what is damaged, the log first."""
    looked = f"{entries_text(proof.entries)}, {counted(proof.versions, 'version')}, {counted(proof.files, 'file')}"
    if proof.good:
        return f"✓ {looked} proved"
    lines = [f"✗ {counted(len(proof.faults), 'fault')} in {looked}", *map(fault_text, proof.faults[:MOST])]
    more = len(proof.faults) - MOST
    return "\n".join([*lines, f"… {more:,} more"] if more > 0 else lines)


def entries_text(number: int) -> str:
    """So many entries of the log."""
    return "1 entry" if number == 1 else f"{number:,} entries"


def fault_text(fault: Fault) -> str:
    """What is damaged, in a line."""
    of = f"{fault.model} v{fault.version}: " if fault.version else f"{fault.model}: " if fault.model else ""
    return f"{of}{fault.what}"


def _polish(label: QLabel) -> None:
    label.style().unpolish(label)
    label.style().polish(label)
