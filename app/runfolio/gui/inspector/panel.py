"""The inspector as the window places it: it follows the current run and shows everything about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QTabBar, QVBoxLayout, QWidget

from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
from runfolio.gui.chrome.labels import muted, scaled
from runfolio.gui.inspector.choose_run import choose_run
from runfolio.gui.inspector.code_page import CodePage
from runfolio.gui.inspector.console_page import ConsolePage
from runfolio.gui.inspector.edits import keep_run_edits
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.heading import Heading
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.once_shown import OnceShown
from runfolio.gui.inspector.overview import OverviewPage
from runfolio.gui.inspector.pages import FilesPage, MetricsPage, Page
from runfolio.gui.inspector.reading import Reading, read, readable
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.system_page import SystemPage
from runfolio.gui.pending import Pending
from runfolio.gui.refresh import Refresh
from runfolio.gui.selection import Selection
from runfolio.gui.session import Session

KINDS: tuple[type[Page], ...] = (OverviewPage, MetricsPage, FilesPage, CodePage, SystemPage, ConsolePage)
OVERVIEW, METRICS, ARTIFACTS, CODE, SYSTEM, CONSOLE = range(len(KINDS))
P = TypeVar("P", bound=Page)
#: A run, and the number of the page that is wanted of it.
Question = tuple[int | None, int]
NOTHING = "Select a run to see its parameters,\nmetrics and files."
# A live run is brought up to date so often, in milliseconds; figures that change faster cannot be read.
PACE = 100
# What changes seldom, and takes longer to read, such as the comparison, follows so often.
SLOW_PACE = 2_000
SECOND, CALM = 1_000, 10_000
# So many letters wide it is at least: in less room figures would be cut off.
LEAST_LETTERS = 36
# As wide as it is at first in a large window, it has room for all tabs; in a small one, for five.
TAB_SIZE = 12 / 13


class Inspector(QWidget):
    """The right zone.

    Attributes:
        session: what all parts share.
        details: what is shown; None for nothing.
        shown_page: the number of the page that is shown.
        heading, tabs, overview: its parts; the other pages are had from `of`.
        empty: stands in their place while nothing is shown.

    Signals:
        stepped(int): the user wants the next run of the table, or with -1 the previous one.
    """

    stepped = Signal(int)

    def __init__(self, session: Session, kept: QSettings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.details: Details | None = None
        self.session = session
        self._now = 0
        self._whole: Pending[int] = Pending()
        self._asked: Question = None, OVERVIEW
        self._memory = Memory(kept)
        self._once_shown = OnceShown(self)
        self.heading = Heading(session.theme, session.colors, not session.store.read_only, self)
        self.tabs = QTabBar(self)
        self.sparks = Sparks(session, self)
        self._parts = session, self._memory, self.sparks
        self._made: dict[int, Page] = {}
        self._wanted, self.shown_page = OVERVIEW, OVERVIEW
        self.empty = muted(NOTHING)
        self._outer, self._inner = QStackedLayout(self), QStackedLayout()
        self.overview = self.of(OverviewPage)
        complaint = "The run could not be read."
        self._refresh = Refresh(session, self._job, self._take, complaint, self, PACE, pending=self._whole)
        self._clock = QTimer(self, interval=SECOND)
        self._later = QTimer(self, interval=SLOW_PACE, singleShot=True)
        self._place()
        self._connect()
        self._on_selection(session.selection)

    def _place(self) -> None:
        for kind in KINDS:
            self.tabs.addTab(kind.title)
        self._wanted = next((at for at, kind in enumerate(KINDS) if kind.title == self._memory.text("tab")), OVERVIEW)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setFont(scaled(self.font(), TAB_SIZE))
        self.tabs.setAccessibleName("Parts of the run")
        self.setMinimumWidth(LEAST_LETTERS * self.fontMetrics().averageCharWidth())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 24, 24, 24)
        shown = QWidget(self)
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        tabs = QVBoxLayout()
        tabs.setContentsMargins(14, 6, 5, 0)
        tabs.addWidget(self.tabs)
        layout.addLayout(tabs)
        layout.addLayout(self._inner, 1)
        self._outer.addWidget(self.empty)
        self._outer.addWidget(shown)

    def _connect(self) -> None:
        session = self.session
        self.tabs.currentChanged.connect(self._on_tab)
        self.heading.stepped.connect(self.stepped)
        keep_run_edits(session, self.heading.name, self.overview.tags, self.overview.note)
        self.overview.other_asked.connect(self.choose_other)
        self.overview.followed.connect(self._on_followed)
        self._clock.timeout.connect(self._on_clock)
        self._later.timeout.connect(self._read_whole)
        session.selection_changed.connect(self._on_selection)
        session.view_changed.connect(self._read_whole)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self._on_theme)
        session.colors.changed.connect(self._on_theme)

    def of(self, kind: type[P]) -> P:
        """The page of a kind; made when it is first wanted, for the window is to open at once."""
        page = self.page(KINDS.index(kind))
        assert isinstance(page, kind)
        return page

    def page(self, number: int) -> Page:
        """The page of a tab."""
        if number not in self._made:
            self._made[number] = KINDS[number](*self._parts)
            self._inner.addWidget(self._made[number])
        return self._made[number]

    @property
    def settled(self) -> bool:
        """True when everything known to have changed has been read."""
        return self._refresh.idle and not self._later.isActive()

    # What the window's commands do

    def add_tag(self) -> None:
        """Open the line for a new tag, as soon as the run is shown."""
        self._on_overview(self.overview.add_tag)

    def edit_note(self) -> None:
        """Begin to write the description, as soon as the run is shown."""
        self._on_overview(self.overview.edit_note)

    def _on_overview(self, begin: Callable[[], None]) -> None:
        def go() -> None:
            self.tabs.setCurrentIndex(OVERVIEW)
            begin()

        shown = self.details.run.id if self.details is not None else None
        self._once_shown.do(self.session.selection.current, shown, go)

    def choose_other(self) -> None:
        """Ask for the run to compare with."""
        if self.details is not None:
            self.tabs.setCurrentIndex(OVERVIEW)
            choose_run(self.session, self.details.run, self.window(), self._on_chosen)

    def compare_with(self, other: int) -> None:
        """Show what differs between the current run and another one."""
        self.tabs.setCurrentIndex(OVERVIEW)
        self.overview.sections["changes"].set_open(True)
        self._on_chosen(other)

    def focus_tabs(self) -> None:
        """Give the keyboard to the tabs, which the arrow keys switch."""
        self.tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Reading

    def _question(self) -> Question:
        return self.session.selection.current, self._wanted

    def _job(self) -> Callable[[], Reading] | None:
        self._asked = asked = self._question()
        run, wanted = asked
        if run is None:
            return None
        if self.details is None or self.details.run.id != run:
            self._whole.add([run])
        numbers = dict.fromkeys((wanted, OVERVIEW)) if self._whole.take() else ()
        pages = [readable(number, self.page(number)) for number in numbers]
        return partial(read, self.session.store, run, pages, lambda: self._question() == asked)

    @Slot()
    def _read_whole(self) -> None:
        self._mark()
        self._refresh.ask()

    def _mark(self) -> None:
        """What is read next is not only the details, but the page too."""
        run = self.session.selection.current
        self._whole.add([] if run is None else [run])

    def _take(self, reading: Reading) -> None:
        if self._asked != self._question():
            self._refresh.read_again()
            return
        if reading.details is None:
            self._show_nothing("This run is gone.")
            return
        run = reading.details.run.id
        other = self.details is None or self.details.run.id != run
        if reading.page is None and (other or run in self._whole):
            self._read_whole()
            return
        self.details = reading.details
        self._show(reading.details, reading)
        self._outer.setCurrentIndex(1)
        self._clock.start()
        if other:
            for page in self._made.values():
                page.to_top()
        self._once_shown.on_shown(run)

    def _show_nothing(self, text: str) -> None:
        self.details = None
        self._clock.stop()
        self.page(self.shown_page).hidden()
        self.empty.setText(text)
        self._outer.setCurrentIndex(0)

    def _show(self, details: Details, reading: Reading) -> None:
        self._now = now_ms()
        self.heading.show_details(details, self._now)
        self.sparks.mark()
        if reading.page is None:
            self.page(self.shown_page).update_run(details)
        else:
            self.sparks.set_run(details.run.id, {})
            self.page(reading.page).show_run(details, reading.found)
            self._turn_to(reading.page)
        self._show_tabs(details)

    def _turn_to(self, number: int) -> None:
        """Show a page; the tab that the user has chosen stays chosen for the runs that have something there."""
        if number != self.shown_page:
            self.page(self.shown_page).hidden()
        self.shown_page = number
        self._inner.setCurrentWidget(self.page(number))

    def _show_tabs(self, details: Details) -> None:
        self.tabs.blockSignals(True)
        for number, kind in enumerate(KINDS):
            applies = kind.applies(details)
            if applies != self.tabs.isTabVisible(number):  # by what is no change, Qt forgets the changes before it
                self.tabs.setTabVisible(number, applies)
        if self.tabs.currentIndex() != self.shown_page:
            self.tabs.setCurrentIndex(self.shown_page)
        self.tabs.blockSignals(False)

    # What happens

    @Slot(int)
    def _on_tab(self, tab: int) -> None:
        """What is read for the page comes first, and the page then: until it is there, the old one stays."""
        self._wanted = tab
        self._memory.keep("tab", KINDS[tab].title)
        if self.details is not None and self.page(tab).reader() is None:
            self.page(tab).show_run(self.details, None)
            self._turn_to(tab)
        elif self.details is not None:
            self._mark()
            self._refresh.ask_now()

    @Slot(object)
    def _on_selection(self, selection: Selection) -> None:
        shown = self.details.run.id if self.details is not None else None
        self._once_shown.drop(selection.current)
        if selection.current != shown:
            # What is being typed belongs to the run it was begun on.
            self.heading.name.finish()
            self.overview.finish()
        if selection.current is None:
            self._show_nothing(NOTHING)
        elif selection.current != shown:
            self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        current = self.session.selection.current
        if current in changes.runs or current in changes.checked or changes.moved:
            self._refresh.ask()
            if not self._later.isActive():
                self._later.start()

    @Slot()
    def _on_clock(self) -> None:
        """Seconds are counted while the run is going; later its age need not be so fresh."""
        now = now_ms()
        if self.details is not None and (not self.details.run.status.ended or now - self._now >= CALM):
            self._now = now
            self.heading.show_details(self.details, now)

    @Slot()
    def _on_theme(self) -> None:
        for page in self._made.values():
            page.recolor()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.page(self.shown_page).hidden()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.details is not None:
            self._read_whole()

    # What the user does

    def _on_chosen(self, run: int | None) -> None:
        self.overview.chosen = run
        self._read_whole()

    @Slot(object)
    def _on_followed(self, other: object) -> None:
        """To another run, in whichever experiment it is."""
        run, experiment = getattr(other, "id", None), getattr(other, "experiment", None)
        if run is None or experiment is None:
            return
        chosen = self.session.selection.experiments
        if chosen and experiment not in chosen:
            self.session.select_experiments([experiment])
        self.session.select_runs([run], run)
