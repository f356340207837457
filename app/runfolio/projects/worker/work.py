"""The process that works at a queue: it starts jobs, has them end that are cancelled, and ends when nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from runfolio.client.capture import nvidia
from runfolio.client.tracker import Tracker, tracker
from runfolio.core.errors import StoreBusy, StoreError
from runfolio.core.queue.choosing import held_by, never, startable
from runfolio.core.queue.records import Job, JobState, QueueState, Slots
from runfolio.projects.worker.job import JobThread
from runfolio.projects.worker.leftovers import take_care_of_left
from runfolio.store import Store, open_store
from runfolio.store.queue.reading import queue_revision, queue_state, waiting_jobs
from runfolio.store.queue.starting import is_due
from runfolio.store.queue.working import alone_working, begin_job, end_job, told_to_end
from runfolio.store.watch import Watch

#: Seconds between two looks at the store, which cost microseconds where nothing was committed.
LOOK = 0.1
#: So many of those that wait are looked at for one that can begin.
AHEAD = 200


class Worker:
    """Works at the queue of a store until nothing is left to be done, or it is stopped.

    Args:
        tell: takes a sentence about each job that begins or ends.

    Attributes:
        stopping: whether it was told to stop.
    """

    def __init__(self, store: Store, target: Tracker, tell: Callable[[str], None]) -> None:
        self._store, self._tracker, self._tell = store, target, tell
        self._running: dict[int, JobThread] = {}
        self._cards = len(nvidia.cards())
        self._wake = threading.Event()
        # The revision of the queue that was looked at last.
        self._seen: int | None = None
        self.stopping = False

    def stop(self) -> None:
        """Have all jobs end and wait again; may be called from a signal, in which nothing may be waited for."""
        self.stopping = True

    def work(self) -> None:
        """Work until nothing runs, and nothing that could begin waits."""
        watch = Watch(self._store)
        # What waits was put there before anything was watched, and may be all that ever comes.
        due = True
        try:
            while not self.stopping:
                due = any([self._gather(), due])
                if due or (watch.poll() and self._has_news()):
                    begun = self._look()
                    due = begun is None
                    if begun is False and not self._running:
                        return
                self._wake.wait(LOOK)
                self._wake.clear()
        finally:
            watch.close()
            self._interrupt()

    def _gather(self) -> bool:
        """Let go of what has ended; whether something has."""
        over = [number for number, thread in self._running.items() if thread.is_over()]
        for number in over:
            self._running.pop(number).join()
            self._tell(f"Job {number} is over.")
        return bool(over)

    def _has_news(self) -> bool:
        """Whether jobs have changed; what scripts log changes the store many times a second."""
        try:
            return queue_revision(self._store) != self._seen
        except StoreError:  # which looking will tell
            return True

    def _look(self) -> bool | None:
        """End what was cancelled, begin what can begin; whether anything was begun, None where that is to be seen.

        What runs goes on where the store is busy or gone for a while; with nothing at work, one that is gone is told.
        """
        try:
            return self._begun()
        except StoreError as problem:
            if not self._running and not isinstance(problem, StoreBusy):
                raise
            self._tell(f"{problem} It is tried again.")
            return None

    def _begun(self) -> bool:
        self._store.check_present()
        self._seen = queue_revision(self._store)
        for number in told_to_end(self._store):
            if number in self._running:
                self._running[number].cancel()
        state = queue_state(self._store)
        return False if state.paused else self._begin(state)

    def _begin(self, state: QueueState) -> bool:
        waiting = [job for job in waiting_jobs(self._store, AHEAD) if not self._fails(job, state.slots)]
        held = [held_by(thread.job, state.slots) for thread in self._running.values()]
        begun = False
        for job in startable(waiting, held, state.slots, self._cards):
            if begin_job(self._store, job.id):
                self._start(job, state)
                begun = True
        return begun

    def _fails(self, job: Job, slots: Slots) -> bool:
        """Whether a job can never begin; it has failed then."""
        why = never(job, slots, self._cards)
        if why and begin_job(self._store, job.id):
            end_job(self._store, job.id, JobState.FAILED, why)
        return bool(why)

    def _start(self, job: Job, state: QueueState) -> None:
        taken = {card for thread in self._running.values() for card in thread.cards}
        free = [card for card in range(state.slots.gpu or self._cards) if card not in taken]
        cards = free[: held_by(job, state.slots).gpu]
        self._running[job.id] = JobThread(self._store, self._tracker, job, cards, self._wake.set)
        self._tell(f"Job {job.id} begins: {job.title}")
        self._running[job.id].start()

    def _interrupt(self) -> None:
        for thread in self._running.values():
            thread.interrupt()
        for thread in self._running.values():
            thread.join()


def work_at(folder: Path, tell: Callable[[str], None], made: Callable[[Worker], None] = lambda _: None) -> bool:
    """Work at the queue of a store as long as there is something to be done; False if another process does.

    Args:
        made: is given what works, to be able to stop it.
    """
    target = tracker(folder)
    store = open_store(target.folder)
    worked = False
    try:
        while True:
            with alone_working(store) as alone:
                if not alone:
                    return worked
                worked = True
                for job in take_care_of_left(store):
                    tell(f"Job {job.id} was left by a process that is gone.")
                worker = Worker(store, target, tell)
                made(worker)
                worker.work()
            # What was put into the queue since the last look, by who found this process still at it, must not stay.
            if worker.stopping or not is_due(store):
                return True
    finally:
        store.close()
