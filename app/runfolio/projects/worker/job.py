"""One job of the queue, from where it is taken to where it is noted how it has ended."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from runfolio.client.tracker import Tracker
from runfolio.core.errors import Stopped, StoreError, UserError
from runfolio.core.projects.request import EnvManager, RunRequest, read_request
from runfolio.core.queue.records import Job, JobKind, JobState
from runfolio.core.states import RunStatus
from runfolio.projects.running.again import run_again
from runfolio.projects.running.observer import Ended, Observer
from runfolio.projects.running.run import run_request
from runfolio.projects.sweeps.sweep import run_written
from runfolio.store import Store
from runfolio.store.queue.working import end_job, note_job

log = logging.getLogger("runfolio")
#: Seconds between two attempts to note something, and until it is given up.
RETRY, PATIENCE = 1.0, 600.0
STATES = {
    RunStatus.FINISHED: JobState.FINISHED,
    RunStatus.KILLED: JobState.CANCELLED,
    RunStatus.FAILED: JobState.FAILED,
}
#: Says which graphics cards a process may use.
CARDS = ("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES")


class JobThread(Observer):
    """A job at work, in a thread of its own.

    Attributes:
        job: as it was when it was taken.
        cards: the numbers of the graphics cards that it has.
    """

    def __init__(
        self, store: Store, tracker: Tracker, job: Job, cards: Sequence[int], over: Callable[[], None]
    ) -> None:
        self.job = job
        self.cards = tuple(cards)
        self._store, self._tracker, self._over = store, tracker, over
        self._end = threading.Event()
        self._interrupted = self._ended_and_noted = False
        self._untold: dict[str, Any] = {}
        self._told_again = 0.0
        self._thread = threading.Thread(target=self._work, name=f"job {job.id}")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Have it end; returns at once."""
        self._end.set()

    def interrupt(self) -> None:
        """Have it end because this process does: the job waits again."""
        self._interrupted = True
        self._end.set()

    def is_over(self) -> bool:
        """Whether it has ended, and that is noted."""
        return self._ended_and_noted

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def stopped(self) -> bool:
        """Whether it is to end."""
        if self._untold and time.monotonic() - self._told_again > RETRY:
            self._note()
        return self._end.is_set()

    def tell(self, sentence: str) -> None:
        """Have the list of jobs show what is being done."""
        self._note(reason=sentence)

    def run_made(self, run_id: str) -> None:
        """Note which run it is; a sweep runs from then on, in as many processes as it has trials."""
        values = {"state": JobState.RUNNING, "reason": ""} if self.job.kind is JobKind.SWEEP else {}
        self._note(run_uuid=run_id, **values)

    def process_started(self, process: int, started: float) -> None:
        """Note which process it is, for who must end it when this one is gone."""
        self._note(state=JobState.RUNNING, reason="", process=process, process_started=started)

    def _note(self, **values: Any) -> None:
        """Note it now or, where the store is busy or gone, later: no process ends because of that."""
        self._untold |= values
        try:
            note_job(self._store, self.job.id, **self._untold)
            self._untold = {}
        except StoreError as problem:
            log.warning("What has become of the job %s is noted later: %s", self.job.id, problem)
        self._told_again = time.monotonic()

    def _work(self) -> None:
        try:
            ended = self._ended()
        except Exception:
            log.exception("A bug of Runfolio's in the job %s.", self.job.id)
            ended = Ended("", RunStatus.FAILED, reason=f"A bug of Runfolio's:\n{traceback.format_exc(limit=-3)}")
        try:
            self._note_end(ended)
        finally:
            self._ended_and_noted = True
            self._over()

    def _ended(self) -> Ended:
        try:
            return RUNNERS[self.job.kind](self)
        except Stopped:
            return Ended("", RunStatus.KILLED, reason="It was cancelled before its process began.")
        except UserError as problem:
            return Ended("", RunStatus.FAILED, reason=str(problem))

    def _note_end(self, ended: Ended) -> None:
        """Note how it has ended, as soon as the store lets us: a job that is not over is run again."""
        state, reason = STATES[ended.status], ended.reason
        if self._interrupted and ended.status is RunStatus.KILLED:
            state, reason = JobState.WAITING, "It was interrupted and is run again."
        until = time.monotonic() + PATIENCE
        while True:
            try:
                end_job(self._store, self.job.id, state, reason, ended.exit_code)
                return
            except StoreError as problem:
                if self._interrupted or time.monotonic() > until:
                    log.error("How the job %s has ended (%s) cannot be noted: %s", self.job.id, state, problem)
                    return
            time.sleep(RETRY)

    def run(self) -> Ended:
        """Run a project once."""
        return run_request(self._tracker, self.request(self.job.request), self)

    def reproduce(self) -> Ended:
        """Run a run once more."""
        manager = self.job.request.get("env_manager")
        values = dict(self.job.request.get("parameters", {}))
        chosen = EnvManager(manager) if manager else None
        return run_again(self._tracker, str(self.job.request["run_id"]), values, chosen, self)

    def sweep(self) -> Ended:
        """Run a sweep, or go on with the one that was begun before this process."""
        request = self.request(self.job.request["run"])
        return run_written(self._tracker, {**self.job.request, "run": request.written()}, self.job.run_uuid, self)

    def request(self, written: Mapping[str, Any]) -> RunRequest:
        """What is to be run, on the graphics cards that it has."""
        request = read_request(written)
        if not request.needs.gpu:
            return request
        return replace(request, variables={**dict.fromkeys(CARDS, ",".join(map(str, self.cards))), **request.variables})


RUNNERS: Mapping[JobKind, Callable[[JobThread], Ended]] = {
    JobKind.RUN: JobThread.run,
    JobKind.REPRODUCE: JobThread.reproduce,
    JobKind.SWEEP: JobThread.sweep,
}
