"""The dialog of an experiment: its name, tags and description, kept as soon as they are edited."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes, Experiment
from runfolio.core.states import NOTE
from runfolio.core.system_tags import is_system_tag
from runfolio.gui.chrome.labels import muted, section_label
from runfolio.gui.inspector.edits import keep_edits
from runfolio.gui.inspector.heading import NameEdit
from runfolio.gui.inspector.note_edit import NoteView
from runfolio.gui.inspector.tags import TagChips
from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.store.experiments import get_experiment
from runfolio.store.operations import Operation, rename_experiment, set_experiment_tags

LETTERS, LINES = 72, 24


class ExperimentDialog(QDialog):
    """Follows the store while it is open."""

    def __init__(self, session: Session, experiment: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Experiment")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._experiment = session, experiment
        editable = not session.store.read_only
        self.name = NameEdit(self)
        self.name.setAccessibleName("Name of the experiment")
        self.name.setReadOnly(not editable)
        self.times = muted()
        self.tags = TagChips(editable, self)
        self.note = NoteView(editable, self)
        self.note.field.setPlaceholderText("What is tried here, and why. Markdown: **bold**, lists, links, tables")
        self._place()
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self.note.render_again)
        keep_edits(session, self.name, self.tags, self.note, _rename, _set_tag)
        self._job = self._read()

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        parts = self.name, self.times, section_label("Tags"), self.tags, section_label("Description"), self.note
        for part in parts:
            layout.addWidget(part)
        layout.addStretch()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        for button in (self.note.start, self.note.save, self.note.preview, self.note.cancel, self.tags.add):
            button.setAutoDefault(False)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self)
        undo.activated.connect(self._session.undo.undo)
        self.resize(self.fontMetrics().averageCharWidth() * LETTERS, self.fontMetrics().height() * LINES)

    def done(self, result: int) -> None:
        """Whatever is still being written is kept, as going elsewhere does."""
        self.name.finish()
        self.tags.finish()
        self.note.finish()
        self._job.cancel()
        super().done(result)

    def _read(self) -> Job:
        """Ask for the experiment as it is now; an answer that is still to come is not waited for."""
        work = partial(get_experiment, self._session.store, self._experiment)
        return self._session.jobs.read(work, self._on_read, channel=f"experiment.{self._experiment}")

    def _on_read(self, experiment: Experiment) -> None:
        own = {key: value for key, value in experiment.tags.items() if not is_system_tag(key)}
        self.name.set_name(experiment.id, experiment.name)
        self.tags.set_tags(experiment.id, own)
        self.note.set_note(experiment.id, experiment.tags.get(NOTE, ""))
        now = now_ms()
        made, changed = experiment.creation_time, experiment.last_update_time
        self.times.setText(f"Made {numbers.age(made, now)}, changed {numbers.age(changed, now)}")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._experiment in changes.experiments and self.isVisible():
            self._job = self._read()


def _rename(experiment: int, name: str) -> Operation:
    return partial(rename_experiment, experiment=experiment, name=name)


def _set_tag(experiment: int, key: str, value: str | None, replaced: str) -> Operation:
    values: dict[str, str | None] = {replaced: None, key: value} if replaced else {key: value}
    return partial(set_experiment_tags, experiment=experiment, values=values)
