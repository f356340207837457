"""The inspector as the window places it: it follows the current run and shows everything about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
from runfolio.core.states import NOTE
from runfolio.gui.chrome.labels import muted
from runfolio.gui.inspector import facts
from runfolio.gui.inspector.artifacts import ArtifactsView
from runfolio.gui.inspector.facts import Details, read_details
from runfolio.gui.inspector.heading import Heading
from runfolio.gui.inspector.note import Note
from runfolio.gui.inspector.section import Section, page
from runfolio.gui.inspector.tags import TagChips
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Selection, Session
from runfolio.store.operations import rename_run, rename_tag, set_tag

OVERVIEW, METRICS, ARTIFACTS = range(3)
NOTHING = "Select a run to see its parameters, metrics and files."
# A live run is brought up to date so often, in milliseconds; figures that change faster cannot be read.
PACE = 100
SECOND, CALM = 1_000, 10_000


class Inspector(QWidget):
    """The right zone.

    Attributes:
        details: what is shown; None for nothing.
        heading, tabs, tags, artifacts: its parts.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.details: Details | None = None
        self._session = session
        self._now = 0
        editable = not session.store.read_only
        color = session.theme.color
        self.heading = Heading(session.theme, editable, self)
        self.tabs = QTabBar(self)
        self.params = TextTable("Parameters", color)
        self.metrics = TextTable("Metrics", color)
        self.facts = TextTable("Details", color)
        self.statistics = TextTable("All statistics", color)
        self.tags = TagChips(editable)
        self.note = Note()
        self.artifacts = ArtifactsView(session)
        self.files = ArtifactsView(session)
        self._sections: dict[str, Section] = {}
        self._pages: list[QScrollArea] = []
        self._empty = muted(NOTHING)
        self._outer = QStackedLayout(self)
        self._inner = QStackedLayout()
        self._refresh = Refresh(session, self._job, self._take, "The run could not be read.", self, PACE)
        self._clock = QTimer(self, interval=SECOND)
        self._place(editable)
        self._connect()
        self._on_selection(session.selection)

    def _place(self, editable: bool) -> None:
        parts = {
            "params": Section("Parameters", self.params),
            "metrics": Section("Metrics", self.metrics),
            "tags": Section("Tags", self.tags),
            "note": Section("Description", self.note),
            "artifacts": Section("Artifacts", self.artifacts),
            "facts": Section("Details", self.facts),
        }
        self._sections = parts
        self._pages = [page([*parts.values()]), page([self.statistics]), page([self.files])]
        for title, area in zip(("Overview", "Metrics", "Artifacts"), self._pages, strict=True):
            self.tabs.addTab(title)
            self._inner.addWidget(area)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName("Parts of the run")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(24, 24, 24, 24)
        shown = QWidget(self)
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        tabs = QVBoxLayout()
        tabs.setContentsMargins(14, 6, 14, 0)
        tabs.addWidget(self.tabs)
        layout.addLayout(tabs)
        layout.addLayout(self._inner, 1)
        self._outer.addWidget(self._empty)
        self._outer.addWidget(shown)

    def _connect(self) -> None:
        session = self._session
        self.tabs.currentChanged.connect(self._on_tab)
        self.heading.name.renamed.connect(self._on_renamed)
        self.tags.set_asked.connect(self._on_tag_set)
        self.tags.remove_asked.connect(self._on_tag_removed)
        self._clock.timeout.connect(self._on_clock)
        session.selection_changed.connect(self._on_selection)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self._on_theme)

    @property
    def settled(self) -> bool:
        """True when everything known to have changed has been read."""
        return self._refresh.idle

    def add_tag(self) -> None:
        """Open the line for a new tag."""
        if self.details is not None:
            self.tabs.setCurrentIndex(OVERVIEW)
            self.tags.edit("")
            self._pages[OVERVIEW].ensureWidgetVisible(self.tags)

    # Reading

    def _job(self) -> Callable[[], Details | None] | None:
        current = self._session.selection.current
        return None if current is None else partial(read_details, self._session.store, current)

    def _take(self, details: Details | None) -> None:
        current = self._session.selection.current
        if details is not None and details.run.id != current:
            self._refresh.ask_now()
            return
        if details is None or current is None:
            self._show_nothing("This run is gone." if current is not None else NOTHING)
            return
        other = self.details is None or self.details.run.id != current
        self.details = details
        self._show(details)
        self._outer.setCurrentIndex(1)
        self._clock.start()
        if other:
            for area in self._pages:
                area.verticalScrollBar().setValue(0)

    def _show_nothing(self, text: str) -> None:
        self.details = None
        self._clock.stop()
        self._empty.setText(text)
        self._outer.setCurrentIndex(0)

    def _show(self, details: Details) -> None:
        self._now = now_ms()
        self.heading.show_details(details, self._now)
        self.tabs.setTabVisible(METRICS, bool(details.run.metrics))
        self.tabs.setTabVisible(ARTIFACTS, bool(details.artifacts))
        self._fill(details)

    def _fill(self, details: Details) -> None:
        """Bring the page that is looked at up to date; the others wait until they are."""
        run, tab = details.run, self.tabs.currentIndex()
        if tab == METRICS:
            self.statistics.set_rows(facts.all_statistics(run))
        elif tab == ARTIFACTS:
            self.files.show_files(run.id, details.artifacts)
        else:
            self.params.set_rows(facts.param_rows(run))
            self.metrics.set_rows(facts.metric_rows(run))
            self.facts.set_rows(facts.detail_rows(details))
            self.tags.set_tags(run.id, details.tags)
            self.note.set_markdown(run.tags.get(NOTE, ""))
            self.artifacts.show_files(run.id, details.artifacts)
            self._show_parts(details)

    def _show_parts(self, details: Details) -> None:
        """Headings with their counts; parts only where there is content."""
        run, parts = details.run, self._sections
        parts["params"].set_title("Parameters", numbers.count(len(run.params)))
        parts["metrics"].set_title("Metrics", numbers.count(len(run.metrics)))
        total = numbers.size(sum(file.size for file in details.artifacts))
        parts["artifacts"].set_title("Artifacts", numbers.count(len(details.artifacts)), total)
        parts["params"].setVisible(bool(run.params))
        parts["metrics"].setVisible(bool(run.metrics))
        parts["note"].setVisible(bool(run.tags.get(NOTE)))
        parts["artifacts"].setVisible(bool(details.artifacts))

    # What happens

    @Slot(int)
    def _on_tab(self, tab: int) -> None:
        self._inner.setCurrentIndex(tab)
        if self.details is not None:
            self._fill(self.details)

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        shown = self.details.run.id if self.details is not None else None
        if selection.current != shown:
            # What is being typed belongs to the run it was begun on.
            self.heading.name.finish()
            self.tags.finish()
        if selection.current is None:
            self._show_nothing(NOTHING)
        elif selection.current != shown:
            self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._session.selection.current in changes.runs or changes.moved:
            self._refresh.ask()

    @Slot()
    def _on_clock(self) -> None:
        """Seconds are counted while the run is going; later its age need not be so fresh."""
        now = now_ms()
        if self.details is not None and (not self.details.run.status.ended or now - self._now >= CALM):
            self._now = now
            self.heading.show_details(self.details, now)

    @Slot()
    def _on_theme(self) -> None:
        for table in (self.params, self.metrics, self.facts, self.statistics):
            table.recolor()
        self.note.render_again()
        self.update()

    # What the user does

    @Slot(int, str)
    def _on_renamed(self, run: int, name: str) -> None:
        self._session.run(partial(rename_run, run=run, name=name))

    @Slot(int, str, str, str)
    def _on_tag_set(self, run: int, key: str, value: str, replaced: str) -> None:
        if replaced:
            self._session.run(partial(rename_tag, run=run, key=replaced, new=key, value=value))
        else:
            self._session.run(partial(set_tag, run=run, key=key, value=value))

    @Slot(int, str)
    def _on_tag_removed(self, run: int, key: str) -> None:
        self._session.run(partial(set_tag, run=run, key=key, value=None))
