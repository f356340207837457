"""Running a project from a script, with MLflow's arguments: in a thread, which is waited for or not."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.client.active_run import ActiveRun
from runfolio.client.active_runs import active_run, run_of_store
from runfolio.client.destination import active_experiment, chosen_experiment, current_tracker
from runfolio.client.ending import exception_of_process
from runfolio.client.tracker import Tracker
from runfolio.core import rules
from runfolio.core.errors import ExecutionException, InvalidValue
from runfolio.core.projects.request import EnvManager, RunRequest, env_manager_named
from runfolio.core.states import RunStatus
from runfolio.projects.running.observer import Ended, Observer
from runfolio.projects.running.run import run_request

#: Seconds between two looks at whether Ctrl+C was pressed.
WAKE = 0.1


class SubmittedRun(Observer):
    """A run of a project that is under way, in a thread of this process, or over. MLflow's names.

    Attributes:
        run_id: of the run.
    """

    def __init__(self, target: Tracker, request: RunRequest, into: ActiveRun | None = None) -> None:
        """Begin it, and wait until the run is made. Raises UserError if there is nothing to be run."""
        self.run_id = ""
        self._ended: Ended | None = None
        self._problem: BaseException | None = None
        self._made, self._end, self._over = threading.Event(), threading.Event(), threading.Event()
        # Not a daemon: a script that does not wait ends when what it has started has.
        self._thread = threading.Thread(target=self._work, args=(target, request, into), name="runfolio-project")
        self._thread.start()
        try:
            _wait_for(self._made)
        except KeyboardInterrupt:
            self._end.set()
            raise
        if self._problem is not None:
            self._thread.join()
            raise self._problem

    def wait(self) -> bool:
        """Wait for its end; whether it has finished well. Ctrl+C ends it, as it ends the script."""
        try:
            _wait_for(self._over)  # a join of Python 3.11 that is interrupted takes the thread for ended
        except KeyboardInterrupt:  # the process leads a group of its own, which a terminal does not interrupt
            self._end.set()
            _wait_for(self._over)
            raise
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self.get_status() == RunStatus.FINISHED

    def get_status(self) -> str:
        """Its state: RUNNING, FINISHED, FAILED or KILLED."""
        if self._problem is not None:
            return RunStatus.FAILED
        return RunStatus.RUNNING if self._ended is None else self._ended.status

    def cancel(self) -> None:
        """Have it end, and wait for that."""
        self._end.set()
        self.wait()

    @property
    def reason(self) -> str:
        """Why it has not finished well, in a sentence."""
        return "" if self._ended is None else self._ended.reason

    def tell(self, sentence: str) -> None:
        """Print what is being done."""
        print(f"runfolio: {sentence}", file=sys.stderr)  # noqa: T201 (the script's own output, as MLflow's)

    def output(self, text: str) -> None:
        """Print what it prints."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def run_made(self, run_id: str) -> None:
        """Note which run it is; of several attempts the last."""
        self.run_id = run_id
        self._made.set()

    def stopped(self) -> bool:
        """Whether it was cancelled, or Ctrl+C has ended the script, wherever in it that came."""
        return self._end.is_set() or isinstance(exception_of_process(), KeyboardInterrupt)

    def _work(self, target: Tracker, request: RunRequest, into: ActiveRun | None) -> None:
        try:
            self._ended = run_request(target, request, self, into)
        except BaseException as problem:  # raised where it is waited for
            self._problem = problem
        finally:
            self._made.set()
            self._over.set()


def run(
    uri: str,
    entry_point: str = "main",
    version: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    docker_args: Mapping[str, Any] | None = None,
    experiment_name: str | None = None,
    experiment_id: str | None = None,
    backend: str = "local",
    backend_config: Any = None,
    storage_dir: str | None = None,
    synchronous: bool = True,
    run_id: str | None = None,
    run_name: str | None = None,
    env_manager: str | None = None,
    build_image: bool = False,
    docker_auth: Any = None,
) -> SubmittedRun:
    """Run a project; nested in the active run, if there is one, and in its experiment unless another is named.

    MLflow's `backend_config`, `storage_dir`, `build_image` and `docker_auth` are taken and not used.

    Args:
        uri: a folder, a zip file or a git address, with `#subfolder` or without.
        entry_point: `main` stands for the only one, too, where it has another name.
        version: a branch, a tag or a commit.
        parameters: values by name; what is no text becomes one.
        synchronous: whether its end is waited for.
        run_id: a run that is there already and that this is to be; who has it open ends it. None to make one.
        env_manager: `local`, `uv` (MLflow's `virtualenv`), `venv`, `conda` or `docker`; None for what the project says.

    Raises:
        ExecutionException: it was waited for and has not finished well.
        InvalidValue, NotFound: something is wrong with the arguments or the project, and no run was made.
    """
    if backend != "local":
        raise InvalidValue(f"Projects are run on this machine, not by {backend!r}.", "Leave `backend` out.")
    if docker_args:
        raise InvalidValue("`docker_args` cannot be given here.", "MLproject files say in docker_env what is mounted.")
    target, parent = current_tracker(), active_run()
    into = None if run_id is None else run_of_store(target, rules.run_id(run_id))
    request = RunRequest(
        uri,
        "" if entry_point == "main" else entry_point,
        {name: str(value) for name, value in (parameters or {}).items()},
        version or "",
        _experiment(experiment_name, experiment_id, into or parent),
        run_name or "",
        EnvManager.AUTO if env_manager is None else env_manager_named(env_manager),
        parent="" if parent is None else parent.info.run_id,
        caller=str(Path.cwd()),
    )
    submitted = SubmittedRun(target, request, into)
    if synchronous and not submitted.wait():
        raise ExecutionException(f"The run {submitted.run_id} of {uri} has not finished well: {submitted.reason}")
    return submitted


def _wait_for(event: threading.Event) -> None:
    """Wait for an event, and wake now and then: a signal that comes just before a wait without end does not end it."""
    while not event.wait(WAKE):
        pass


def _experiment(name: str | None, number: str | None, beside: ActiveRun | None) -> str:
    if name is not None and number is not None:
        raise InvalidValue("Give either `experiment_name` or `experiment_id`.")
    if name is not None:
        return name
    if number is None and beside is not None:
        number = beside.info.experiment_id
    return active_experiment().name if number is None else chosen_experiment(number).name
