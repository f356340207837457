"""The inspector of a registered model, while none of its versions is selected: what it is, and who is where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.entities import Changes
from runfolio.core.errors import NotFound
from runfolio.core.numbers import counted, date, size
from runfolio.core.registry.records import ModelVersion, RegisteredModel
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted, scaled
from runfolio.gui.inspector.heading import NAME_SIZE
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.note_edit import NoteView
from runfolio.gui.inspector.panel import LEAST_LETTERS
from runfolio.gui.inspector.rows import TableRow, plain, simple
from runfolio.gui.inspector.rows import muted as muted_span
from runfolio.gui.inspector.section import Section, page
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.version.chain_line import ChainLine
from runfolio.gui.registry.version.rows import row
from runfolio.gui.registry.version.usage import code_section, code_view, load_lines, predict_line
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.models import describe_model
from runfolio.store.registry.reading import get_model, list_versions

PACE = 100
HINT = "Select a version to see where it comes from, its gates and its history."
#: So many versions of a stage are named.
MOST = 8


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A model and its versions, the newest first."""

    model: RegisteredModel
    versions: Sequence[ModelVersion]


class ModelPanel(QWidget):
    """The right zone while a model is looked at as a whole.

    Attributes:
        found: what is shown; None for nothing.
        name, note, stages, aliases, facts: its parts.
    """

    def __init__(self, session: Session, memory: Memory) -> None:
        super().__init__()
        self.setObjectName("versionInspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.found: Found | None = None
        self._described: dict[int, tuple[str, str]] = {}
        self.name, self._told, self._hint = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), muted(), muted(HINT)
        self.name.setFont(scaled(self.font(), NAME_SIZE, QFont.Weight.DemiBold))
        self._hint.setWordWrap(True)
        self.note = NoteView(not session.store.read_only)
        color = session.theme.color
        self.stages, self.aliases = TextTable("Stages", color, tight=True), TextTable("Aliases", color, tight=True)
        self.facts, self.chain = TextTable("Details", color), ChainLine(session)
        self.snippet, self.shell = code_view("Load in Python"), code_view("Predict from a shell")
        self._sections = {
            "note": Section("Description", self.note, memory, "model.note"),
            "stages": Section("Stages", self.stages, memory, "model.stages"),
            "aliases": Section("Aliases", self.aliases, memory, "model.aliases"),
            "load": code_section(self.snippet, memory, "model.load"),
            "shell": code_section(self.shell, memory, "model.shell"),
            "facts": Section("Details", self.facts, memory, "model.facts"),
        }
        self._place()
        complaint = "The model could not be read."
        self._refresh: Refresh[tuple[str, Found | None]] = Refresh(
            session, self._job, self._take, complaint, self, PACE
        )
        self._connect()

    def _place(self) -> None:
        self.setMinimumWidth(LEAST_LETTERS * self.fontMetrics().averageCharWidth())
        top = QVBoxLayout()
        top.setContentsMargins(14, 12, 14, 0)
        top.setSpacing(4)
        top.addWidget(self.name)
        top.addWidget(self._told)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(page([*self._sections.values(), self.chain, self._hint]), 1)

    def _connect(self) -> None:
        session = self.session
        session.registry.model_changed.connect(self._on_model)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self._on_theme)
        self.stages.followed.connect(self._on_followed)
        self.aliases.followed.connect(self._on_followed)
        self.note.changed.connect(self._on_described)

    @property
    def settled(self) -> bool:
        """True when what is shown is the model that is looked at."""
        return self._refresh.idle and self.chain.settled

    def _job(self) -> Callable[[], tuple[str, Found | None]] | None:
        name = self.session.registry.model
        return partial(_read, self.session.store, name) if name and self.isVisible() else None

    def _take(self, answer: tuple[str, Found | None]) -> None:
        name, found = answer
        if name != self.session.registry.model:
            self._refresh.read_again()
        elif found is not None:  # of one that is gone the page lets go
            self.found = found
            self._show(found)

    def _show(self, found: Found) -> None:
        model = found.model
        self.name.setText(model.name)
        self._told.setText(f"registered model · {counted(model.versions, 'version')}")
        if not self.note.editing or model.id not in self._described:
            self._described[model.id] = model.name, model.description
        self.note.set_note(model.id, model.description)
        self.stages.set_rows(_stage_rows(found))
        self.aliases.set_rows(_alias_rows(model))
        self.facts.set_rows(_fact_rows(found))
        self.snippet.show_text(load_lines(model.name, _used(model)))
        self.shell.show_text(predict_line(model.name, _used(model)))
        self._sections["aliases"].setVisible(bool(model.aliases))
        for name in ("load", "shell"):
            self._sections[name].setVisible(model.versions > 0)
        self.chain.follow(model.name)

    # What happens

    @Slot()
    def _on_model(self) -> None:
        self.note.finish()
        self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.registry:
            self._refresh.ask()
            self.chain.ask()

    @Slot()
    def _on_theme(self) -> None:
        self.note.render_again()
        for table in self.findChildren(TextTable):
            table.recolor()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is read now."""
        super().showEvent(event)
        self._refresh.ask_now()
        self.chain.ask()

    @Slot(object)
    def _on_followed(self, version: int) -> None:
        self.session.registry.select((version,))

    @Slot(int, str)
    def _on_described(self, number: int, text: str) -> None:
        name, before = self._described[number]
        describe = partial(describe_model, name=name, description=text, expected=before)
        self.session.run(describe, failed=partial(self._on_refused, number, text))

    def _on_refused(self, number: int, text: str, error: Exception) -> None:
        """Who keeps it once more has read what is there now."""
        self.session.message.emit(Message.of_error(error))
        if self.found is not None and self.found.model.id == number:
            self._described[number] = self.found.model.name, self.found.model.description
        self.note.edit_again(number, text)


def _used(model: RegisteredModel) -> str:
    """The last stage that has a version, or else the newest."""
    held = [stage for stage in model.stages[1:-1] if stage in model.holders]
    return held[-1] if held else "latest"


def _stage_rows(found: Found) -> list[TableRow]:
    """Who is in each stage; a row leads to the newest there."""
    rows = []
    for stage in found.model.stages:
        there = [one.version for one in found.versions if one.stage == stage]
        more = f" and {len(there) - MOST:,} more" if len(there) > MOST else ""
        told = ", ".join(f"v{one}" for one in there[:MOST]) + more
        value = ("accent", told) if there else muted_span("nobody")
        rows.append(row(stage, plain(stage), value, target=there[0] if there else None))
    return rows


def _alias_rows(model: RegisteredModel) -> list[TableRow]:
    named = sorted(model.aliases.items())
    return [row(name, muted_span(f"@{name}"), ("accent", f"v{version}"), target=version) for name, version in named]


def _fact_rows(found: Found) -> list[TableRow]:
    model = found.model
    return [
        simple("created", date(model.creation_time)),
        simple("changed", date(model.last_update_time)),
        simple("size of all", size(sum(one.size for one in found.versions))),
        *(row(f"tag {name}", muted_span(f"tag {name}"), plain(value)) for name, value in sorted(model.tags.items())),
    ]


def _read(store: Store, name: str) -> tuple[str, Found | None]:
    with suppress(NotFound):
        return name, Found(get_model(store, name), list_versions(store, name))
    return name, None
