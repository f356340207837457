"""Runs trials on this machine: a thread each, which waits for the trial's process."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Event, Thread

from runfolio.core.errors import Stopped, UserError
from runfolio.core.sweeps.records import TrialState
from runfolio.projects.sweeps.parts import Parameters, RunTrial, TrialResult


class LocalExecutor:
    """Calls a function for each trial; as many at a time as are submitted."""

    def __init__(self, run_trial: RunTrial) -> None:
        self._run_trial = run_trial
        self._ended: SimpleQueue[tuple[int, TrialResult | BaseException]] = SimpleQueue()
        self._running: dict[int, tuple[Thread, Event]] = {}

    def submit(self, number: int, parameters: Parameters) -> None:
        """Have a trial run."""
        stopped = Event()
        thread = Thread(target=self._run, args=(number, parameters, stopped), name=f"trial {number}")
        self._running[number] = thread, stopped
        thread.start()

    def _run(self, number: int, parameters: Parameters, stopped: Event) -> None:
        found: TrialResult | BaseException
        try:
            found = self._run_trial(number, parameters, stopped.is_set)
        except Stopped:
            found = TrialResult(number, TrialState.STOPPED)
        except UserError as problem:
            found = TrialResult(number, TrialState.FAILED, reason=str(problem))
        except BaseException as error:  # handed to the thread that waits
            found = error
        self._ended.put((number, found))

    def wait(self, timeout: float) -> list[TrialResult]:
        """Trials that have ended; waits for one for so many seconds at most."""
        results: list[TrialResult] = []
        try:
            ended = self._ended.get(timeout=timeout)
            while True:
                number, found = ended
                if isinstance(found, BaseException):
                    if not results:
                        raise found
                    self._ended.put(ended)  # after those that have ended well
                    return results
                self._running.pop(number)[0].join()
                results.append(found)
                ended = self._ended.get_nowait()
        except Empty:
            return results

    def cancel(self, number: int) -> None:
        """Have a trial end before its time."""
        if number in self._running:
            self._running[number][1].set()

    def close(self) -> None:
        """End all that runs, and return when it has ended."""
        for _, stopped in self._running.values():
            stopped.set()
        for thread, _ in self._running.values():
            thread.join()
        self._running.clear()
