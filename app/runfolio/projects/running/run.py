"""Running what is to be started: the run is made, its environment and its process, and it ends as these do, always."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from runfolio.client import files
from runfolio.client.active_run import ActiveRun
from runfolio.client.active_runs import finish, is_open, open_run
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.known_runs import stored_run
from runfolio.client.tracker import Tracker
from runfolio.core.captured import COMMAND, FOLDER, PACKAGES, PATCH
from runfolio.core.errors import RunfolioError, Stopped
from runfolio.core.projects.request import EnvManager, RunRequest
from runfolio.core.projects.tags import BACKEND, ENV, EXIT_CODE, PROJECT_TYPE, REQUEST, RETRIES, SOURCE_TYPE
from runfolio.core.secrets import masked
from runfolio.core.states import DEFAULT_EXPERIMENT, RunStatus
from runfolio.core.system_tags import ERROR_TAG
from runfolio.projects.environments import Prepared, prepare, prepare_locked
from runfolio.projects.running import variables
from runfolio.projects.running.following import Following
from runfolio.projects.running.launch import Launch
from runfolio.projects.running.observer import Ended, Observer
from runfolio.projects.running.output import Output
from runfolio.projects.running.resolve import code_of, launch_of
from runfolio.projects.running.resources import sampled
from runfolio.projects.running.starting import started

log = logging.getLogger("runfolio")
#: Of a longer reason so many characters become the tag.
LONGEST = 2000
CANCELLED = "It was cancelled."


def run_request(tracker: Tracker, request: RunRequest, observer: Observer, into: ActiveRun | None = None) -> Ended:
    """Run what is asked for, again after failures as often as it says; how the last of these runs has ended.

    Args:
        into: the run that the first of them is; None to make one.

    Raises:
        UserError: there is nothing to be run, and no run was made.
        Stopped: the observer said so before one was made.
    """
    with code_of(request, observer) as code:
        launch = launch_of(code, request)
        ended = run_launch(tracker, launch, observer, into)
        for attempt in range(request.retries):
            if ended.status is not RunStatus.FAILED or observer.stopped():
                break
            observer.tell(f"{ended.reason} It is tried again ({attempt + 1} of {request.retries}).")
            again = {**launch.tags, RETRIES: ended.run_id}
            ended = run_launch(tracker, replace(launch, tags=again), observer)
        return ended


def run_launch(tracker: Tracker, launch: Launch, observer: Observer, into: ActiveRun | None = None) -> Ended:
    """Run it to its end. What goes wrong from here on is how the run has ended, and raises nothing.

    Args:
        into: the run that it is; None to make one. One that is open in this process is left to who has opened it.

    Raises:
        StoreError: the run cannot be made.
    """
    request = launch.request
    experiment = request.experiment or DEFAULT_EXPERIMENT
    handle = ExperimentHandle(tracker.folder, name=experiment)
    run = into or open_run(
        tracker, handle, request.run_name or None, request.parent or None, source=request.kept()["uri"]
    )
    ended = Ended(run.info.run_id, RunStatus.FAILED, reason="A bug of Runfolio's.")
    try:
        run.set_tags(_tags(launch))
        run.log_params(launch.params)
        if launch.patch:
            files.log_bytes(run, launch.patch, PATCH)
        observer.run_made(run.info.run_id)
        ended = _watched(tracker, run, launch, experiment, observer)
    except Stopped:
        ended = Ended(run.info.run_id, RunStatus.KILLED, reason="It was cancelled before its process began.")
    except KeyboardInterrupt:
        ended = Ended(run.info.run_id, RunStatus.KILLED, reason=CANCELLED)
        raise
    except RunfolioError as problem:
        ended = Ended(run.info.run_id, RunStatus.FAILED, reason=str(problem))
    except OSError as problem:
        ended = Ended(run.info.run_id, RunStatus.FAILED, reason=f"{problem}.")
    finally:
        said = _said_by_script(tracker, run) if ended.reason else ""
        if ended.reason and not said:
            run.set_tags({ERROR_TAG: ended.reason[:LONGEST]})
        if into is None:
            run.end(ended.status)
        elif not is_open(run):
            finish(run, ended.status)
    if said and ended.status is RunStatus.FAILED and ended.exit_code:
        return replace(ended, reason=f"{_code_text(ended.exit_code)}: {said}")
    return ended


def _watched(tracker: Tracker, run: ActiveRun, launch: Launch, experiment: str, observer: Observer) -> Ended:
    """Make the environment, start the process, and wait for its end."""
    timeout = launch.request.timeout
    with _prepared(launch, observer) as prepared, Output(run, observer) as output:
        run.set_tags({ENV: prepared.manager})
        observer.tell(f"Environment: {prepared.describe}.")
        if observer.stopped():
            raise Stopped
        observer.tell(f"Running: {launch.command.shown}")
        process = started(prepared, launch, variables.of_run(run, experiment), output.take)
        with process as child, contextlib.ExitStack() as beside:
            # Before anything else that takes time: if this process is killed now, nobody else knows of that one.
            observer.process_started(child.number, child.started)
            beside.enter_context(Following(tracker))
            beside.enter_context(sampled(run, child.number))
            until = time.monotonic() + timeout if timeout else None
            _log_packages(run, prepared)
            code, stopped = child.wait(observer.stopped, until)
        if code is not None:
            run.set_tags({EXIT_CODE: code})
        return _ended(run.info.run_id, code, stopped, timeout, output.last_line)


def _log_packages(run: ActiveRun, prepared: Prepared) -> None:
    """Note what is installed, which takes a while to find out; the process runs by now, and does not end for it."""
    try:
        files.log_text(run, prepared.lock, PACKAGES)
    except (RunfolioError, OSError, ValueError) as problem:
        log.warning("The packages of the run %s are not noted: %s", run.info.run_id, problem)


@contextmanager
def _prepared(launch: Launch, observer: Observer) -> Iterator[Prepared]:
    told, stopped = observer.tell, observer.stopped
    if launch.lock and launch.request.env_manager not in (EnvManager.LOCAL, EnvManager.DOCKER):
        with prepare_locked("", launch.lock, tell=told, stopped=stopped) as prepared:
            yield prepared
    else:
        asked = launch.request.env_manager
        with prepare(launch.folder, launch.environment, asked, tell=told, stopped=stopped) as prepared:
            yield prepared


def _tags(launch: Launch) -> dict[str, str]:
    request = launch.request
    return {
        **request.tags,
        SOURCE_TYPE: PROJECT_TYPE,
        BACKEND: "local",
        REQUEST: json.dumps(request.kept()),
        COMMAND: masked(launch.command.shown),
        FOLDER: str(launch.folder),
        **launch.tags,
    }


def _ended(run_id: str, code: int | None, stopped: bool, timeout: float, last: str) -> Ended:
    if stopped:
        return Ended(run_id, RunStatus.KILLED, code, CANCELLED)
    if code is None:
        return Ended(run_id, RunStatus.FAILED, None, f"It took longer than {timeout:g} seconds and was ended.")
    if code == 0:
        return Ended(run_id, RunStatus.FINISHED, 0)
    return Ended(run_id, RunStatus.FAILED, code, f"{_code_text(code)}{f': {last}' if last else ''}")


def _code_text(code: int) -> str:
    if code >= 0:
        return f"It ended with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"It was ended by {signal.Signals(-code).name}"
    return f"It was ended by signal {-code}"


def _said_by_script(tracker: Tracker, run: ActiveRun) -> str:
    """The exception that has ended the script, if it has logged that: it says more than an exit code, if it is none."""
    try:
        said = stored_run(tracker, run.info.run_id).data.tags.get(ERROR_TAG, "")
    except RunfolioError:  # a store that cannot be read now; what it does not have is logged
        return ""
    return "" if said.startswith("SystemExit") else said
