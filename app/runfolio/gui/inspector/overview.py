"""The first page of the inspector: why a run failed, what changed, its params, metrics, tags, data and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from runfolio.core import numbers
from runfolio.core.captured import FOLDER, TRACEBACK
from runfolio.core.entities import DatasetInput
from runfolio.core.errors import NotFound
from runfolio.core.projects.tags import REPRODUCES
from runfolio.core.states import NOTE
from runfolio.core.tracebacks import Failure, read_traceback
from runfolio.gui.inspector import facts
from runfolio.gui.inspector.artifacts import ArtifactsView
from runfolio.gui.inspector.changes import ChangesCard, card_title
from runfolio.gui.inspector.checks import ChecksView
from runfolio.gui.inspector.datasets import dataset_rows
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.failure import FailureCard
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.note_edit import NoteView
from runfolio.gui.inspector.pages import Page, Reader
from runfolio.gui.inspector.section import Section, search_box
from runfolio.gui.inspector.sparks import Pictures, Sparks, first_keys, read_sparks
from runfolio.gui.inspector.sweep_part import SweepPart
from runfolio.gui.inspector.tags import TagChips
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.captured import captured_text
from runfolio.store.checks import Told, mute, told
from runfolio.store.comparing import Comparison, compare_two, previous_run
from runfolio.store.datasets import inputs_of
from runfolio.store.family import Family, family
from runfolio.store.runs import find_run
from runfolio.store.sweeps.memory import sweep_of

# From so many params on there is a line to search them.
SEARCHED = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What the overview shows beside the details."""

    comparison: Comparison = field(default_factory=lambda: Comparison(None))
    chosen: bool = False
    family: Family = field(default_factory=Family)
    data: tuple[DatasetInput, ...] = ()
    failure: Failure | None = None
    told: Told = field(default_factory=Told)
    sparks: Pictures = field(default_factory=dict)
    is_sweep: bool = False


def read_overview(store: Store, details: Details, chosen: int | None, lower: Mapping[str, bool]) -> Found:
    """What the overview shows of a run, compared with the previous run of its script or with a chosen one."""
    run = details.run
    comparison, by_hand = _compared(store, details, chosen, lower)
    return Found(
        comparison,
        by_hand,
        family(store, run),
        tuple(inputs_of(store, run.id)),
        _failure(store, details),
        told(store, run.id),
        read_sparks(store, run.id, first_keys(list(run.metrics))),
        sweep_of(store, run.id) is not None,
    )


def _compared(store: Store, details: Details, chosen: int | None, lower: Mapping[str, bool]) -> tuple[Comparison, bool]:
    run = details.run
    repeated = find_run(store, run.tags[REPRODUCES]) if REPRODUCES in run.tags else None
    for other, by_hand in ((chosen, True), (repeated, False), (previous_run(store, run), False)):
        if other is not None and other != run.id:
            try:
                return compare_two(store, run, other, lower), by_hand
            except NotFound:  # it was deleted for good meanwhile
                continue
    return Comparison(None), False


def _failure(store: Store, details: Details) -> Failure | None:
    run = details.run
    found = captured_text(store, run, TRACEBACK) if details.has(TRACEBACK) else None
    return read_traceback(found.text, [run.tags.get(FOLDER, "")]) if found is not None else None


class OverviewPage(Page):
    """The overview.

    Signals:
        other_asked(): the user wants to choose the run to compare with.
        followed(object): the user wants to go to another run.
    """

    title = "Overview"
    other_asked = Signal()
    followed = Signal(object)

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__(session, memory, sparks)
        color, editable = session.theme.color, not session.store.read_only
        self.chosen: int | None = None
        self.failure = FailureCard(color)
        self.failure.hide()
        self.changes = ChangesCard(color)
        self.params = TextTable("Parameters", color)
        self.metrics = TextTable("Metrics", color, sparks)
        self.facts = TextTable("Details", color)
        self.tags = TagChips(editable)
        self.note = NoteView(editable)
        self.checks = ChecksView(editable)
        self.relatives = TextTable("Nested runs", color)
        self.data = TextTable("Datasets", color)
        self.sweep = SweepPart(session)
        self.artifacts = ArtifactsView(session)
        self.search = search_box("parameters")
        self.sections = self._sections()
        self.place([self.failure, *self.sections.values()])
        self.search.textChanged.connect(self.params.set_words)
        self.changes.other_asked.connect(self.other_asked)
        self.changes.followed.connect(self.followed)
        self.relatives.followed.connect(self.followed)
        self.checks.followed.connect(session.metric_wanted)
        self.checks.mute_asked.connect(self._on_mute)

    def _sections(self) -> dict[str, Section]:
        parts = {
            "sweep": Section("Sweep", self.sweep, self.memory),
            "changes": Section(
                "Changed since previous run", self.changes, self.memory, "changes", (self.changes.choose,)
            ),
            "params": Section("Parameters", self.params, self.memory, tools=(self.search,)),
            "metrics": Section("Metrics", self.metrics, self.memory),
            "tags": Section("Tags", self.tags, self.memory),
            "checks": Section("Checks", self.checks, self.memory),
            "note": Section("Description", self.note, self.memory),
            "relatives": Section("Nested runs", self.relatives, self.memory),
            "data": Section("Datasets", self.data, self.memory),
            "artifacts": Section("Artifacts", self.artifacts, self.memory),
            "facts": Section("Details", self.facts, self.memory),
        }
        parts["params"].toggled.connect(self._on_params_toggled)
        return parts

    def reader(self) -> Reader:
        """Reads everything in one go, so that a run appears as a whole."""
        return partial(_read, self.chosen, self.session.view.directions)

    def show_run(self, details: Details, found: Any) -> None:
        """Show a run."""
        self.sparks.set_run(details.run.id, found.sparks)
        self._show_found(details, found)
        self.update_run(details)

    def update_run(self, details: Details) -> None:
        """What may change at any moment."""
        run = details.run
        self.params.set_rows(facts.param_rows(run))
        self.metrics.set_rows(facts.metric_rows(run, self.session.view.directions))
        self.facts.set_rows(facts.detail_rows(run))
        self.tags.set_tags(run.id, details.tags)
        self.note.set_note(run.id, run.tags.get(NOTE, ""))
        self.artifacts.show_files(run.id, details.artifacts)
        self._show_counts(details)

    def _show_found(self, details: Details, found: Found) -> None:
        run, parts = details.run, self.sections
        self.failure.show_failure(found.failure)
        self.checks.set_told(run.id, found.told)
        parts["checks"].setVisible(bool(found.told.findings))
        parts["sweep"].setVisible(found.is_sweep)
        self.sweep.set_run(run.id if found.is_sweep else 0)
        parts["changes"].set_title(card_title(run, found.comparison, found.chosen))
        self.changes.show_comparison(run, found.comparison)
        self.relatives.set_rows(facts.family_rows(found.family))
        self.data.set_rows(dataset_rows(found.data))
        count = [numbers.count(found.family.total)] if found.family.total else []
        parts["relatives"].set_title("Nested runs", *count)
        parts["data"].set_title("Datasets", numbers.count(len(found.data)))
        parts["relatives"].setVisible(found.family.parent is not None or bool(found.family.total))
        parts["data"].setVisible(bool(found.data))

    def _show_counts(self, details: Details) -> None:
        """Headings with their counts; parts only where there is content."""
        run, parts = details.run, self.sections
        metrics = len(facts.metric_rows(run))
        parts["params"].set_title("Parameters", numbers.count(len(run.params)))
        parts["metrics"].set_title("Metrics", numbers.count(metrics))
        total = numbers.size(sum(file.size for file in details.artifacts))
        parts["artifacts"].set_title("Artifacts", numbers.count(len(details.artifacts)), total)
        parts["params"].setVisible(bool(run.params))
        parts["metrics"].setVisible(bool(metrics))
        parts["note"].setVisible(bool(run.tags.get(NOTE)) or not self.session.store.read_only)
        parts["artifacts"].setVisible(bool(details.artifacts))
        self._many_params = len(run.params) >= SEARCHED
        self._on_params_toggled()

    @Slot(int, str, bool)
    def _on_mute(self, run: int, check: str, muted: bool) -> None:
        self.session.run(partial(mute, run=run, check=check, muted=muted))

    _many_params = False

    @Slot()
    def _on_params_toggled(self) -> None:
        shown = self._many_params or bool(self.search.text())
        self.search.setVisible(shown and self.sections["params"].is_open)

    def add_tag(self) -> None:
        """Open the line for a new tag."""
        self.sections["tags"].set_open(True)
        self.tags.edit("")
        self._scroll_to(self.tags)

    def edit_note(self) -> None:
        """Begin to write the description."""
        self.sections["note"].set_open(True)
        self.note.edit()
        self._scroll_to(self.note)

    def _scroll_to(self, widget: QWidget) -> None:
        if self.area is not None:
            self.area.ensureWidgetVisible(widget)

    def finish(self) -> None:
        """Keep what is being typed: it belongs to the run it was begun on."""
        self.tags.finish()
        self.note.finish()

    def recolor(self) -> None:
        """Another theme."""
        super().recolor()
        self.failure.recolor()
        self.note.render_again()


def _read(chosen: int | None, lower: Mapping[str, bool], store: Store, details: Details) -> Found:
    return read_overview(store, details, chosen, lower)
