"""Runs trials on the workers of a Dask cluster (distributed.dask.org).

Each trial is a task. A worker that ends in the middle of one does not end the trial: the scheduler has another worker
run it, and the first result is the only one. Workers log to the store themselves, so that all of them must see its
folder; whether they do is looked at before anything is run.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from runfolio.core.errors import EnvironmentProblem, Stopped, UserError
from runfolio.core.numbers import counted
from runfolio.core.sweeps.records import TrialState
from runfolio.projects.sweeps.parts import Parameters, RunTrial, TrialResult

#: Seconds: how long the scheduler and its workers are waited for, and between two questions of a trial whether to end.
PATIENCE, ASK = 30.0, 0.5
#: So often a trial is tried again after an error of ours, or of the machine that runs it.
RETRIES = 2
INSTALL = "Install it with: pip install 'dask[distributed]', here and where the workers are."


class DaskExecutor:
    """Has trials run by a cluster; as many at a time as are submitted, and as it has workers for.

    Args:
        address: of the scheduler, such as `tcp://10.0.0.1:8786`.
        run_trial: what can be sent to workers, as pickle does.
        folder: of the store, which workers must see.
        needed: what they must find under these paths, beside it.

    Raises:
        EnvironmentProblem: Dask is not installed, the cluster does not answer, or a worker does not see all of that.
    """

    def __init__(self, address: str, run_trial: RunTrial, folder: Path, needed: Sequence[Path] = ()) -> None:
        self._distributed = _distributed()
        self._run_trial, self._address = run_trial, address
        self._ended: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._running: dict[int, tuple[Any, Any]] = {}
        try:
            self._client = self._distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as problem:
            hint = "Look whether the scheduler runs: dask scheduler. Its address begins with tcp://."
            raise EnvironmentProblem(
                f"No Dask cluster answers at {address}: {_first_line(problem)}.", hint
            ) from problem
        try:
            self._check(folder, needed)
        except BaseException:
            self._client.close()
            raise

    def _check(self, folder: Path, needed: Sequence[Path]) -> None:
        """Have each worker look for a file in the folder of the store, and for what else it needs."""
        if not self._client.nthreads():
            hint = f"Start some, as many as you like: dask worker {self._address}."
            raise EnvironmentProblem(f"The Dask cluster at {self._address} has no workers.", hint)
        mark = folder / f".seen-by-workers-{uuid.uuid4().hex}"
        mark.touch()
        try:
            answers = self._client.run(_first_missing, [str(mark), *map(str, needed)], on_error="return")
        finally:
            mark.unlink(missing_ok=True)
        lacking = sorted(worker for worker, answer in answers.items() if isinstance(answer, Exception))
        if lacking:
            hint = "Install the same version of Runfolio where they run."
            problem = _first_line(answers[lacking[0]])
            raise EnvironmentProblem(f"{_these(lacking, answers)} cannot run trials: {problem}.", hint)
        blind = sorted(worker for worker, answer in answers.items() if answer)
        if blind:
            missing = answers[blind[0]]
            what = f"the store in {folder}" if missing == str(mark) else missing
            hint = "Give their machines the folder under the same path, such as by a shared disk, or leave them out."
            raise EnvironmentProblem(f"{_these(blind, answers)} cannot see {what}.", hint)

    def submit(self, number: int, parameters: Parameters) -> None:
        """Have a trial run."""
        name = f"trial-{number}-{uuid.uuid4().hex}"
        event = self._distributed.Event(f"stop-{name}", client=self._client)
        future = self._client.submit(
            _on_worker, self._run_trial, number, dict(parameters), event.name, key=name, pure=False, retries=RETRIES
        )
        self._running[number] = future, event
        future.add_done_callback(lambda one: self._ended.put((number, one)))

    def wait(self, timeout: float) -> list[TrialResult]:
        """Trials that have ended; waits for one for so many seconds at most.

        Raises:
            EnvironmentProblem: the cluster is gone. What was not told is run again when the sweep is resumed.
        """
        results: list[TrialResult] = []
        try:
            ended = self._ended.get(timeout=timeout)
            while True:
                results += self._taken(*ended)
                ended = self._ended.get_nowait()
        except Empty:
            return results

    def _taken(self, number: int, future: Any) -> list[TrialResult]:
        if number not in self._running or self._running[number][0] is not future:
            return []
        del self._running[number]
        if future.status == "finished":
            return [future.result()]
        if future.status != "error":
            hint = "Start it again, and resume the sweep: what has ended is not run again."
            raise EnvironmentProblem(f"The Dask cluster at {self._address} is gone.", hint)
        problem = future.exception()
        if isinstance(problem, self._distributed.KilledWorker):
            reason = "The workers that ran it ended each time, perhaps for want of memory."
            return [TrialResult(number, TrialState.FAILED, reason=reason)]
        raise problem

    def cancel(self, number: int) -> None:
        """Have a trial end before its time."""
        if number in self._running:
            self._running[number][1].set()

    def close(self) -> None:
        """End all that runs, and return when it has ended, or when that is waited for no longer."""
        if self._client.status == "closed":
            return
        try:
            for _, event in self._running.values():
                event.set()
            last = monotonic() + PATIENCE
            while self._running:
                number, _ = self._ended.get(timeout=max(last - monotonic(), 0))
                self._running.pop(number, None)
        except (Empty, TimeoutError, OSError):  # the cluster is gone, or does not answer
            self._running.clear()
        finally:
            self._client.close()


def _on_worker(run_trial: RunTrial, number: int, parameters: Parameters, event: str) -> TrialResult:
    """What a worker does."""
    try:
        return run_trial(number, parameters, _is_set(event))
    except Stopped:
        return TrialResult(number, TrialState.STOPPED)
    except UserError as problem:
        return TrialResult(number, TrialState.FAILED, reason=str(problem))


def _is_set(name: str) -> Callable[[], bool]:
    """Whether an event of the cluster is set, asked now and then; one that nobody can ask for any more is."""
    from distributed import Event, get_client

    event = Event(name, client=get_client())
    last, found = 0.0, False

    def is_set() -> bool:
        nonlocal last, found
        if not found and monotonic() - last >= ASK:
            last = monotonic()
            try:
                found = bool(event.is_set())
            except (OSError, TimeoutError, RuntimeError):
                found = True
        return found

    return is_set


def _first_missing(files: list[str]) -> str:
    """The first file or folder that is not there, else ""; a worker without Runfolio cannot even be asked."""
    return next((one for one in files if not Path(one).exists()), "")


def _these(some: list[str], all_of_them: Any) -> str:
    names = ", ".join(some[:3]) + (", …" if len(some) > 3 else "")
    return f"{len(some)} of {counted(len(all_of_them), 'worker')} ({names})"


def _first_line(problem: object) -> str:
    return next(iter(str(problem).strip().splitlines()), type(problem).__name__).rstrip(".")


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as problem:
        raise EnvironmentProblem("A sweep on a cluster needs Dask.", INSTALL) from problem
    return distributed
