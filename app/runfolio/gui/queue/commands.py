"""What is done with the queue and the selected jobs: menus, buttons and keys call these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from runfolio.core.numbers import counted
from runfolio.core.projects.request import Needs
from runfolio.core.queue.records import OVER, QueueState, Slots
from runfolio.gui.middle import QUEUE
from runfolio.gui.queue.leading import go_to_run
from runfolio.gui.queue.moving import move_down, move_to_end, move_to_top, move_up
from runfolio.gui.queue.popups import NeedsPopup, SlotsPopup
from runfolio.gui.queue.state import Chosen
from runfolio.gui.queue.words import request_of
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.operations import Operation
from runfolio.store.queue import changing
from runfolio.store.queue.needing import set_needs
from runfolio.store.queue.reading import get_job

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow

Sensible = Callable[[Chosen, QueueState], bool]


def _always(_chosen: Chosen, _state: QueueState) -> bool:
    return True


def _some(chosen: Chosen, _state: QueueState) -> bool:
    return bool(chosen.jobs)


def _open(chosen: Chosen, _state: QueueState) -> bool:
    return chosen.open


def _waiting(chosen: Chosen, _state: QueueState) -> bool:
    return bool(chosen.waiting)


def _idle(chosen: Chosen, _state: QueueState) -> bool:
    return chosen.at_work < len(chosen.jobs)


def _has_run(chosen: Chosen, _state: QueueState) -> bool:
    return bool(chosen.run_uuid)


def _any_over(_chosen: Chosen, state: QueueState) -> bool:
    return any(state.counts.get(one, 0) for one in OVER)


@dataclass(frozen=True, slots=True)
class JobCommand:
    """A command of the queue.

    Attributes:
        name: that of the method of `JobCommands`.
        title, key, symbol: as in `actions.Action`.
        sensible: whether it makes sense with these jobs selected.
        changes: whether it changes something.
        menu: whether it is in the context menu of jobs.
        anywhere: whether it makes sense when another page is shown.
    """

    name: str
    title: str
    key: str = ""
    symbol: str = ""
    sensible: Sensible = _some
    changes: bool = True
    menu: bool = True
    anywhere: bool = False

    def when(self, window: MainWindow) -> bool:
        """Whether it makes sense."""
        session = window.session
        there = self.anywhere or window.middle.shown == QUEUE
        return there and self.fits(session)

    def fits(self, session: Session) -> bool:
        """Whether it makes sense where the jobs are in front."""
        return self.sensible(session.queue.chosen, session.queue.state) and not (self.changes and session.read_only)


OF_JOBS = (
    JobCommand("open_run", "Open the Job's Run", "", "run", _has_run, changes=False),
    JobCommand("cancel", "Cancel Jobs", "Ctrl+.", "stop", _open),
    JobCommand("run_again", "Run Jobs Again", "Ctrl+Alt+J", "refresh"),
    JobCommand("up", "Move Jobs Up", "Ctrl+Shift+Up", "chevron-up", _waiting),
    JobCommand("down", "Move Jobs Down", "Ctrl+Shift+Down", "chevron-down", _waiting),
    JobCommand("top", "Move Jobs to the Top", "Ctrl+Shift+Home", "", _waiting),
    JobCommand("end", "Move Jobs to the End", "Ctrl+Shift+End", "", _waiting),
    JobCommand("needs", "Change What Jobs Need…", "", "edit", _waiting),
    JobCommand("remove", "Remove Jobs From the List", "", "trash", _idle),
    JobCommand("remove_over", "Remove All Jobs That Are Over", "", "trash", _any_over),
    JobCommand("pause", "Pause the Queue or Go On", "Ctrl+Alt+Space", "pause", _always, menu=False, anywhere=True),
    JobCommand("slots", "Choose What Jobs May Hold…", "", "settings", _always, menu=False),
)


def do(window: MainWindow, command: JobCommand) -> None:
    """Carry out a command."""
    getattr(JobCommands(window.session, window), command.name)()


class JobCommands:
    """Acts on what is selected in `session.queue`."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    @property
    def _chosen(self) -> Chosen:
        return self._session.queue.chosen

    def cancel(self) -> None:
        """End the selected jobs: those that wait can be brought back, those at work are told to end."""
        self._run(partial(changing.cancel, numbers=self._chosen.jobs))

    def run_again(self) -> None:
        """Put jobs like the selected ones at the end."""
        self._run(partial(changing.run_again, numbers=self._chosen.jobs))

    def up(self) -> None:
        """One place up, of those that wait."""
        self._run(partial(move_up, jobs=self._chosen.waiting))

    def down(self) -> None:
        """One place down."""
        self._run(partial(move_down, jobs=self._chosen.waiting))

    def top(self) -> None:
        """Before all others that wait."""
        self._run(partial(move_to_top, jobs=self._chosen.waiting))

    def end(self) -> None:
        """Behind all others."""
        self._run(partial(move_to_end, jobs=self._chosen.waiting))

    def move_before(self, job: int | None) -> None:
        """Those that wait before another one, or at the end: they were dropped there."""
        self._run(partial(changing.move, numbers=self._chosen.waiting, before=job))

    def remove(self) -> None:
        """Take the selected jobs out of the list, but those at work."""
        chosen = self._chosen
        self._run(partial(changing.remove, numbers=[*chosen.waiting, *chosen.over]))

    def remove_over(self) -> None:
        """Take all that are over out of the list."""
        self._run(changing.remove_over)

    def pause(self) -> None:
        """Have no more jobs started, or have them started again."""
        self.set_paused(not self._session.queue.state.paused)

    def set_paused(self, paused: bool) -> None:
        """Have no more jobs started, or have them started again."""
        self._run(partial(changing.pause, paused=paused))

    def slots(self) -> None:
        """Ask what jobs may hold at one time."""
        self.ask_slots(self._parent)

    def ask_slots(self, beside: QWidget) -> None:
        """Ask for it below a widget, or in the middle of a window."""

        def choose(slots: Slots) -> None:
            self._run(partial(changing.set_slots, slots=slots))

        popup = SlotsPopup(self._session.queue.state.slots, choose, beside)
        place = beside.rect().center() if beside.isWindow() else beside.rect().bottomLeft()
        popup.open_at(beside.mapToGlobal(place))
        popup.jobs.setFocus()

    def needs(self) -> None:
        """Ask what the selected jobs that wait need."""
        waiting = self._chosen.waiting
        if waiting:
            self._session.jobs.read(partial(_needs_of, self._session.store, waiting[0]), partial(self._ask, waiting))

    def _ask(self, jobs: tuple[int, ...], needs: Needs) -> None:
        def choose(chosen: Needs) -> None:
            self._run(partial(set_needs, numbers=jobs, needs=chosen))

        title = "What the job needs" if len(jobs) == 1 else f"What {counted(len(jobs), 'job')} need"
        window = self._parent.window()
        popup = NeedsPopup(title, needs, choose, window)
        popup.open_at(window.mapToGlobal(window.rect().center()))
        popup.cpu.setFocus()

    def open_run(self) -> None:
        """Go to the run of the selected job; of a sweep, to its page."""
        if self._chosen.run_uuid:
            go_to_run(self._session, self._chosen.run_uuid)

    def _run(self, operation: Operation) -> None:
        if not self._session.read_only:
            self._session.run(operation)


def _needs_of(store: Store, job: int) -> Needs:
    return request_of(get_job(store, job)).needs
