"""The page of jobs: all that the queue has, those at work first, and what the selected one prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
from runfolio.gui.chrome.labels import muted
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.icons import icon
from runfolio.gui.queue.commands import OF_JOBS, JobCommand, JobCommands
from runfolio.gui.queue.header import QueueHeader
from runfolio.gui.queue.panel import JobPanel
from runfolio.gui.queue.reading import Answer, Listed, read_queue
from runfolio.gui.queue.table import JobsTable
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.queue.working import somebody_works

#: What changes is read no more often; milliseconds.
PACE = 100
SECOND = 1_000
#: So long it is believed that somebody works at the queue, or nobody does; seconds.
BELIEVED = 2.0
WORKER = "queue.worker"
NOTHING = (
    "Jobs are runs that wait for their turn: as many at one time as you choose, also when this window is closed. "
    "Put one here from a project's form, or from a shell, where a project's folder is:"
)
SNIPPET = "runfolio run . -P alpha=0.5 --queue"
EMPTY, LISTED = range(2)
TABLE, NONE = range(2)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What was read, and whether somebody works at the queue; None where that was not asked, or cannot be told."""

    answer: Answer
    somebody: bool | None


class JobsPage(QWidget):
    """Follows the queue of the store.

    Attributes:
        header, table, panel: its parts.
        commands: what can be done.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._due = True
        self._looked, self._somebody = 0.0, False
        self.header, self.table = QueueHeader(), JobsTable(session.theme, self)
        self.panel = JobPanel(session)
        self.commands = JobCommands(session, self)
        self._nothing = muted()
        self._whole, self._rows = QStackedLayout(self), QStackedLayout()
        self._place()
        complaint = "The queue could not be read."
        self._refresh: Refresh[Read] = Refresh(
            session, self._job, self._take, complaint, self, PACE, failed=self._list_again
        )
        self._clock = QTimer(self, interval=SECOND)
        self._connect()
        self._on_presence()

    def _place(self) -> None:
        listed, rows = QWidget(), QWidget()
        rows.setLayout(self._rows)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._rows.addWidget(self.table)
        self._rows.addWidget(self._nothing)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(rows)
        both.addWidget(self.panel)
        both.setSizes([5500, 4500])
        layout = QVBoxLayout(listed)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(both, 1)
        self._whole.addWidget(Notice("No jobs yet", NOTHING, SNIPPET))
        self._whole.addWidget(listed)
        self._whole.setCurrentIndex(LISTED)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        header, table, session = self.header, self.table, self._session
        header.part_changed.connect(self._on_part)
        header.pause_asked.connect(self.commands.set_paused)
        header.slots_asked.connect(lambda: self.commands.ask_slots(header.slots))
        table.jobs.lacking.connect(self._refresh.ask_now)
        table.chosen.connect(self._on_chosen)
        table.dropped.connect(self.commands.move_before)
        table.menu_asked.connect(self._show_menu)
        table.activated.connect(self.commands.open_run)
        self._clock.timeout.connect(self._on_second)
        session.changed.connect(self._on_changed)
        session.presence_changed.connect(self._on_presence)

    @property
    def settled(self) -> bool:
        """True when all that is shown is as the store has it."""
        return self._refresh.idle and not self._due and not self.table.untold and self.panel.settled

    # Reading

    def _job(self) -> Callable[[], Read] | None:
        model, sight = self.table.jobs, self.table.sight
        if not self.isVisible():
            return None
        part = self.header.part if self._due else None
        self._due = False
        wanted = model.ids[sight.start : sight.stop].tolist() if part is not None else model.lacks(sight)
        if part is None and not wanted:
            return None
        look = part is not None and monotonic() - self._looked >= BELIEVED
        return partial(_read, self._session.store, partial(read_queue, part=part, wanted=wanted, turn=model.turn), look)

    def _list_again(self) -> None:
        self._due = True

    def _take(self, read: Read) -> None:
        if read.somebody is not None:
            self._looked, self._somebody = monotonic(), read.somebody
        self.table.jobs.now = self.table.jobs.now or now_ms()
        if read.answer.listed is not None:
            self._show_listed(read.answer.listed)
        self.table.jobs.put(read.answer.asked, read.answer.rows, read.answer.turn)
        self._on_chosen()

    def _show_listed(self, listed: Listed) -> None:
        if listed.part is not self.header.part:
            self._list_again()
            self._refresh.ask_now()
            return
        state = listed.state
        self._session.queue.show_state(state)
        self.header.show_state(state, self._somebody)
        self.table.jobs.show_listed(listed)
        self._nothing.setText(f"No job is listed under “{listed.part.title}”.")
        self._rows.setCurrentIndex(TABLE if len(listed.ids) else NONE)
        self._whole.setCurrentIndex(LISTED if any(state.counts.values()) else EMPTY)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        """Runs of jobs tell how far these are."""
        if changes.queue:
            self._due = True
            self.table.jobs.mark()
        elif changes.runs and self.table.jobs.at_work:
            self.table.jobs.mark_going()
        if self.isVisible() and (self._due or changes.runs):
            self._refresh.ask()

    @Slot()
    def _on_part(self) -> None:
        self._due = True
        self._refresh.ask_now()

    @Slot()
    def _on_second(self) -> None:
        """Seconds are counted where a job is at work; elsewhere ages need not be so fresh."""
        now = now_ms()
        if self.table.jobs.at_work or now - self.table.jobs.now >= 10 * SECOND:
            self.table.jobs.tick(now)
        if monotonic() - self._looked >= BELIEVED and not self._session.read_only:
            # Who begins or leaves changes nothing in the store by that.
            self._looked = monotonic()
            self._session.jobs.read(partial(somebody_works, self._session.store), self._show_worker, channel=WORKER)

    def _show_worker(self, somebody: bool | None) -> None:
        self._somebody = bool(somebody)
        self.header.show_worker(somebody)

    @Slot()
    def _on_presence(self) -> None:
        writable = not self._session.read_only
        self.header.set_writable(writable)
        self.table.movable = writable

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked is read now."""
        super().showEvent(event)
        self._due = True
        self.table.jobs.mark()
        self.table.jobs.now = now_ms()
        self._clock.start()
        self._refresh.ask_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    # What is selected

    @Slot()
    def _on_chosen(self) -> None:
        """The job that the keyboard is on, or the first selected one, is shown below."""
        self._session.queue.choose(self.table.chosen_jobs())
        self.panel.show_job(self.table.current_job() or 0)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self._on_chosen()
        job_menu(self._session, self.commands, self).popup(place)


def job_menu(session: Session, commands: JobCommands, parent: QWidget) -> QMenu:
    """The context menu of the selected jobs."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for command in OF_JOBS:
        if command.menu:
            if command.name in ("up", "needs", "remove"):
                menu.addSeparator()
            _add(menu, command, session, commands)
    return menu


def _add(menu: QMenu, command: JobCommand, session: Session, commands: JobCommands) -> None:
    item = menu.addAction(command.title)
    if command.symbol:
        item.setIcon(icon(command.symbol, "muted"))
    item.setEnabled(command.fits(session))
    item.triggered.connect(getattr(commands, command.name))


def _read(store: Store, question: Callable[[Store], Answer], look: bool) -> Read:
    return Read(question(store), somebody_works(store) if look else None)
