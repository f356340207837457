"""What all parts of a window share: the store, what is selected, what changed, and how to change something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from runfolio.core.columns import NEWEST_FIRST
from runfolio.core.direction import stored_column
from runfolio.core.entities import Changes
from runfolio.core.errors import StoreBusy, StoreGone, StoreReadOnly
from runfolio.core.formula_edits import formulas_in_filter
from runfolio.core.views import View
from runfolio.gui.aliases import Ids
from runfolio.gui.history import History
from runfolio.gui.jobs import Job, Jobs
from runfolio.gui.messages import Message
from runfolio.gui.preferences import Preferences
from runfolio.gui.projects.state import ProjectsState
from runfolio.gui.queue.state import QueueLook
from runfolio.gui.registry.state import RegistryState
from runfolio.gui.run_colors import RunColors
from runfolio.gui.selection import Selection
from runfolio.gui.serving.state import ServingState
from runfolio.gui.theme import Theme
from runfolio.gui.turns import Turns
from runfolio.gui.undo import NO_BURST, OperationStep, ViewStep
from runfolio.previews.door import Door
from runfolio.previews.records import Question
from runfolio.store import Store, stopping
from runfolio.store.colors import chosen_colors
from runfolio.store.operations import Operation, Outcome
from runfolio.store.recover import recover
from runfolio.store.run_query import RunQuery
from runfolio.store.steps import InSteps, Steps
from runfolio.store.watch import Watch, changes_since, current_revision

T = TypeVar("T")
# While the store cannot be read it is asked less and less often.
POLL_MS, LONGEST_POLL_MS = 50, 5000
RECOVER_MS = 2000
NOT_READ = "The store could not be read."
NOT_RECOVERED = "A run whose script has ended could not be brought in."


class Session(QObject):
    """One window's view of one store.

    Attributes:
        store, jobs, undo, theme: shared by all parts.
        previews: reads files, in a process of its own.
        scans: looks through whole models, in another one: that takes long, and no preview waits for it.
        turns: in which the answers of jobs are shown, so that no frame has to paint all of them.
        colors: those that were chosen for runs.
        preferences: the user's, shared with the other windows.
        selection: what is selected; changed by the select functions only.
        registry: which registered model is looked at, and which of its versions are selected.
        queue, projects: which jobs are selected and how the queue is; which project is looked at.
        serving: the servers of models, and which of them is selected.
        view: how the runs are looked at; changed by `set_view`, and with the experiments.
        view_of: how the runs of experiments are looked at when these are chosen; as now, unless something remembers.
        revision: the store's revision that the views show.
        present: False while the store's folder is gone, or another in its place.
        read_only: why nothing can be saved just now, or at all; empty while it can.

    Signals:
        changed(Changes): the store was changed, by this window or any process.
        selection_changed(Selection): the selection is another.
        view_changed(View): the view is another.
        highlighted(int | None): the run, or the group (below 0), under the mouse, anywhere.
        metric_wanted(str): the user wants to see the curves of this metric.
        file_wanted(str): the user wants to see this file of the current run.
        run_wanted(int, int): the user wants to go to this run in this experiment; of run 0, to the experiment.
        message(Message): something to tell.
        withdrawn(str): what this text has told is over, be it with a sentence about what did not work before it.
        presence_changed(): the store has gone or come back, or can be written or not any more.
    """

    changed = Signal(object)
    selection_changed = Signal(object)
    view_changed = Signal(object)
    highlighted = Signal(object)
    metric_wanted = Signal(str)
    file_wanted = Signal(str)
    run_wanted = Signal(int, int)
    message = Signal(object)
    withdrawn = Signal(str)
    presence_changed = Signal()

    def __init__(
        self, store: Store, theme: Theme, parent: QObject | None = None, preferences: Preferences | None = None
    ) -> None:
        super().__init__(parent)
        self.store = store
        self.theme = theme
        self.preferences = preferences or Preferences(self)
        self.turns = Turns(self)
        self.jobs = Jobs(self, deliver=self.turns.first)
        self.previews, self.scans = Door(), Door(cold=True)
        self.undo = History(self)
        self.colors = RunColors(self)
        self.selection = Selection()
        self.registry = RegistryState(self)
        self.queue = QueueLook(self)
        self.projects = ProjectsState(self)
        self.serving = ServingState(self)
        self.view = View()
        self.view_of: Callable[[Sequence[int]], View] = lambda _experiments: self.view
        self.revision = 0
        self._watch = Watch(store)
        self._asking = False
        self._stale = True
        self._recovering = False
        self.present = True
        self.read_only = _read_only(store)
        self._gone = ""
        self._troubles: dict[str, type[Exception]] = {}
        self.jobs.failed.connect(self._on_failed)
        self.preferences.not_kept.connect(self._on_not_kept)
        self._poll = _timer(self, POLL_MS, self._on_poll)
        self._recovery = _timer(self, RECOVER_MS, self._on_recover)

    @property
    def query(self) -> RunQuery:
        """The runs that are listed, in their order."""
        return self.query_of(self.view)

    def query_of(self, view: View) -> RunQuery:
        """The runs that would be listed in another view."""
        order = (replace(key, column=stored_column(key.column, view.directions)) for key in view.order)
        asked = RunQuery(self.selection.experiments, tuple(order) or (NEWEST_FIRST,), filter=view.filter)
        return replace(asked, formulas=formulas_in_filter(view))

    def start(self) -> None:
        """Begin to follow the store; what is already in it the views read themselves, later than this call."""
        self.jobs.read(partial(current_revision, self.store), self._follow, failed=self._on_not_started)

    def close(self) -> None:
        """End threads and timers; the store stays open."""
        self._poll.stop()
        self._recovery.stop()
        self.turns.clear()
        self.previews.close()
        self.scans.close()
        self.jobs.close()
        # Nobody who hears of steps needs to any more.
        self.undo.blockSignals(True)
        self._watch.close()

    def ask(self, question: Question[T]) -> T:
        """For what `jobs.read` runs: ask the process that reads files, until nobody waits for that job any more."""
        return self.previews.ask(question, stopping.asked)

    def select_experiments(self, experiments: Sequence[int]) -> None:
        """List the runs of these experiments, in the view they have."""
        chosen = tuple(experiments)
        if chosen != self.selection.experiments:
            self.look_at(chosen, self.view_of(chosen))

    def select_runs(self, runs: Sequence[int] | Ids, current: int | None = None) -> None:
        """Select these runs; the inspector shows `current`, or the first of them."""
        self._select(self.selection.with_runs(runs, current))

    def set_view(self, view: View, why: str = "", burst: int = NO_BURST) -> None:
        """Look at the runs another way; with `why`, as in "Filter", it can be undone: all of one burst in one step."""
        self.look_at(self.selection.experiments, view, why, burst)

    def look_at(self, experiments: Sequence[int], view: View, why: str = "", burst: int = NO_BURST) -> None:
        """List the runs of these experiments in this view, both of which are there before either is told of.

        With `why` it can be undone, in one step.
        """
        before, after = (self.selection.experiments, self.view), (tuple(experiments), view)
        if after == before:
            self.view = view
            return
        others, self.view = after[0] != before[0], view
        if others:
            self.selection = Selection(after[0])
        if why:
            self.undo.add(ViewStep(self, before, after, why, burst))
        if others:
            self.selection_changed.emit(self.selection)
        if self.view != before[1]:
            self.view_changed.emit(self.view)

    def read_here(
        self, function: Callable[[], T], done: Callable[[T], None], *, channel: str = "", title: str = ""
    ) -> None:
        """Read something for how the experiments are looked at; nobody waits for it once others are."""
        asked = self.selection.experiments

        def answer(found: T) -> None:
            if self.selection.experiments == asked:
                done(found)

        self.jobs.read(function, answer, channel=channel, title=title)

    def run(
        self,
        operation: Operation,
        then: Callable[[bool], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        show: Callable[[], object] | None = None,
    ) -> None:
        """Carry out an operation on the writing thread; it says what it did, and can be undone from now on.

        `then` comes after each step, with whether it is done now or undone; `failed` takes what went wrong the first
        time, which else is told of here; `show` goes to what was made.
        """
        step = OperationStep(self, operation, then, failed, show)
        self.undo.begin(step)
        step.follow()

    def perform(
        self,
        operation: Operation,
        done: Callable[[Outcome], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Carry out an operation and hand its Outcome to `done` on the main thread."""
        not_done = partial(self._on_not_done, failed)
        if isinstance(operation, InSteps):
            work = partial(_in_steps, operation, self.store)
            title, stoppable = operation.title, operation.stoppable
            self.jobs.write_in_steps(work, done, failed=not_done, title=title, stoppable=stoppable)
        else:
            self.jobs.write(partial(operation, self.store), done, failed=not_done, title="Saving")

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    @Slot()
    def _on_poll(self) -> None:
        """Ask what changed if anything did; one question at a time, and again if more came meanwhile."""
        self._stale = self._watch.poll() or self._stale
        if self._stale and not self._asking:
            self._stale, self._asking = False, True
            question = partial(changes_since, self.store, self.revision)
            self.jobs.read(question, self._on_changes, failed=self._on_not_read)

    def _follow(self, revision: int) -> None:
        """Everything after this revision is news."""
        self.revision = revision
        self._poll.start()
        self._recovery.start()
        self._read_colors()
        self._on_recover()

    def _on_not_started(self, error: Exception) -> None:
        """All that is in the store is news later on, for the views may not have been able to read it either."""
        self._follow(0)
        self._on_not_read(error)

    def _on_changes(self, changes: Changes) -> None:
        self._asking = False
        self._troubles.pop(NOT_READ, None)
        self._poll.setInterval(POLL_MS)
        self.revision = changes.revision
        if changes.looks:
            self._read_colors()
        if changes:
            self.changed.emit(changes)

    def _read_colors(self) -> None:
        """Few runs have one that was chosen."""
        self.jobs.read(partial(chosen_colors, self.store), self.colors.set_chosen, channel="session.colors")

    def _on_not_read(self, error: Exception) -> None:
        self._asking, self._stale = False, True
        self._poll.setInterval(min(2 * self._poll.interval(), LONGEST_POLL_MS))
        if isinstance(error, StoreGone):
            self._lose(error)
        self._tell_once("" if isinstance(error, StoreGone) else NOT_READ, error)

    @Slot()
    def _on_recover(self) -> None:
        """One at a time: what a long one has not come to yet, the next one finds."""
        if not self._recovering:
            self._recovering = True
            self.jobs.write(partial(_look_after, self.store), self._on_recovered, failed=self._on_not_recovered)

    def _on_recovered(self, read_only: str) -> None:
        self._recovering = False
        self._set_read_only(read_only)
        self._troubles.pop(NOT_RECOVERED, None)
        self._set_present(True)

    def _on_not_recovered(self, error: Exception) -> None:
        """A store that is busy is not worth telling: what cannot be taken in now is taken in later."""
        self._recovering = False
        self._note_read_only(error)
        if isinstance(error, StoreGone):
            self._lose(error)
            self._tell_once("", error)
        elif not isinstance(error, StoreBusy):
            self._tell_once(NOT_RECOVERED, error)

    def _lose(self, error: StoreGone) -> None:
        self._gone = str(error)
        self._set_present(False)

    def _set_present(self, present: bool) -> None:
        if present != self.present:
            self.present = present
            self._troubles.pop("", None)
            self.presence_changed.emit()
            if present:
                self.withdrawn.emit(self._gone)

    def _note_read_only(self, error: Exception) -> None:
        if isinstance(error, StoreReadOnly):
            self._set_read_only(str(error))

    def _set_read_only(self, why: str) -> None:
        if why != self.read_only:
            self.read_only = why
            self.presence_changed.emit()

    def _tell_once(self, what: str, error: Exception) -> None:
        """Trouble that comes again with each try is told the first time; and again when it is of another kind."""
        if self._troubles.get(what) is not type(error):
            self._troubles[what] = type(error)
            self.message.emit(Message.of_error(error, what))

    def _on_not_done(self, failed: Callable[[Exception], None] | None, error: Exception) -> None:
        """Nothing was changed; that the store is gone need not be found out by asking any more."""
        self._note_read_only(error)
        if isinstance(error, StoreGone):
            self._lose(error)
            self._troubles[""] = StoreGone
        (failed or partial(self._on_failed, title=""))(error)

    @Slot(object)
    def _on_not_kept(self, error: Exception) -> None:
        self.message.emit(Message.of_error(error, "The choice could not be kept."))

    def _on_failed(self, error: Exception, title: str) -> None:
        self.message.emit(Message.of_error(error, title))


def _in_steps(operation: InSteps, store: Store, job: Job) -> Outcome:
    """On the writing thread: the job knows how far it is, and whether it is to stop."""

    def progress(done: int, total: int) -> None:
        job.progress = done / max(total, 1)

    return operation.operation(store, Steps(progress, lambda: job.cancelled))


def _look_after(store: Store) -> str:
    """Whether the store is still there, and what dead scripts have left in it; why it cannot be written."""
    store.check_present()
    recover(store)
    return _read_only(store)


def _read_only(store: Store) -> str:
    try:
        store.check_writable()
    except StoreReadOnly as error:
        return str(error)
    return ""


def _timer(session: Session, interval: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(session, interval=interval)
    timer.timeout.connect(slot)
    return timer
