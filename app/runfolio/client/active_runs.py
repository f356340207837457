"""The active runs of this process: MLflow's fluent functions that start, end and find them."""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from runfolio.client.active_run import ActiveRun, RunInfo, new_run_id
from runfolio.client.capture.capture import Capture
from runfolio.client.destination import chosen_experiment, current_tracker
from runfolio.client.ending import exception_of_process, keep_exit_code, status_of, watch_exit
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.known_runs import KnownRuns, stored_run
from runfolio.client.notebook import notebook_file
from runfolio.client.tracker import Tracker, close_all
from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.environment import value_of
from runfolio.core.errors import InvalidValue, RunStateError
from runfolio.core.names import random_name
from runfolio.core.people import user_name
from runfolio.core.states import NOTE, RunStatus

log = logging.getLogger("runfolio")


class _Local(threading.local):
    """Each thread's stack of active runs, as in MLflow."""

    def __init__(self) -> None:
        self.stack: list[ActiveRun] = []


class _Process:
    """What the functions of this module share in a process."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.last: ActiveRun | None = None
        self.others = KnownRuns()
        self.open_runs: list[ActiveRun] = []
        self.run_id_taken = False


_local = _Local()
_process = _Process()
_capture = Capture(lambda: _local.stack or _process.open_runs[-1:])


def start_run(
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Start a run, or go on with the one of that id, and make it this thread's active run.

    Without an id, the first run of a process goes on with the one that `RUNFOLIO_RUN_ID` names.

    Raises:
        RunStateError: another run is active and `nested` is False.
        NotFound: no run has that id.
        StoreError: nothing can be logged to the store.
    """
    if _local.stack and not nested:
        raise RunStateError(
            f"The run {_local.stack[-1].info.run_id} is already active.",
            "End it first with end_run(), or pass nested=True.",
        )
    named = rules.tags({**rules.mapping(tags or {}, "tags"), **({NOTE: description} if description else {})})
    run_id = run_id or _run_id_of_environment()
    if run_id is not None:
        run = _resumed(rules.run_id(run_id), run_name)
    else:
        run = _new_run(chosen_experiment(experiment_id), run_name, _parent(parent_run_id))
        named = {**_tags_of_environment(), **named}
    if named:
        run.set_tags(named)
    _local.stack.append(run)
    _process.open_runs.append(run)
    _process.last = run
    watch_exit()
    _capture.begin(run, log_system_metrics)
    return run


def end_run(status: str = RunStatus.FINISHED) -> None:
    """End this thread's active run, if there is one."""
    wanted = rules.run_status(status)
    if _local.stack:
        leave(_local.stack[-1], wanted)


def active_run() -> ActiveRun | None:
    """This thread's active run."""
    return _local.stack[-1] if _local.stack else None


def last_started() -> ActiveRun | None:
    """The run started last in this process, active or not."""
    return _process.last


def leave(run: ActiveRun, status: str, end_time: int | None = None, *, error: BaseException | None = None) -> None:
    """End a run and, with it, runs nested in it that are still open in this thread."""
    if run in _local.stack:
        while _local.stack and _local.stack[-1] is not run:
            _end(_local.stack.pop(), status)
        _local.stack.pop()
    if run in _process.open_runs:
        _end(run, status, end_time, error if status == RunStatus.FAILED else None)


def finish(run: ActiveRun, status: RunStatus, end_time: int | None = None) -> None:
    """End any run of the store; one that is active in this thread is not any more, nor what is nested in it."""
    if run in _local.stack or run in _process.open_runs:
        leave(run, status, end_time)
    else:
        run.set_status(status, now_ms() if end_time is None else end_time)


def run_to_log_to(run_id: str | None = None) -> ActiveRun:
    """The run to log to: that of the id, else the active one, else a new one. Raises NotFound."""
    if run_id is None:
        return _local.stack[-1] if _local.stack else start_run()
    return run_of_store(current_tracker(), rules.run_id(run_id))


def run_of_store(target: Tracker, run_id: str) -> ActiveRun:
    """A run of a store to log to, be it active in this process or not. Raises NotFound."""
    for run in reversed(_process.open_runs):
        if run.info.run_id == run_id and run.store == target.folder:
            return run
    return _process.others.find(target, run_id)


def open_run(
    target: Tracker,
    experiment: ExperimentHandle,
    name: str | None,
    parent: str | None,
    start_time: int | None = None,
    *,
    detached: bool = False,
    source: str | None = None,
) -> ActiveRun:
    """Make a run that is open until it, or this process, ends, without making it the active one.

    A `detached` run outlives this process: it goes on until somebody says how it ended. Its `source` is this program,
    if no other is given.
    """
    reference = experiment.reference()
    info = RunInfo(new_run_id(), rules.run_name(name) if name else random_name(), experiment, target.folder)
    if start_time is not None:
        info.start_time = rules.timestamp(start_time)
    run = ActiveRun(target, info)
    source = rules.text((notebook_file() or (sys.argv or [""])[0]) if source is None else source)
    # Of a run that is no journal's, no journal's end is the end.
    owner = {"journal": ""} if detached else {}
    run.start(parent=parent, user=rules.text(user_name()), source=source, **reference, **owner)
    return run


def is_open(run: ActiveRun) -> bool:
    """Whether this process is to end a run, because it has begun it or gone on with it."""
    return run in _process.open_runs


def keep_open(run: ActiveRun) -> None:
    """Have a run end with this process, unless it ends before."""
    _process.open_runs.append(run)


def _end(run: ActiveRun, status: str, end_time: int | None = None, error: BaseException | None = None) -> None:
    _capture.end(run, error)
    run.end(status, end_time)
    _process.open_runs.remove(run)


def _parent(given: str | None) -> str | None:
    if given:
        return rules.run_id(given)
    return _local.stack[-1].info.run_id if _local.stack else None


def _run_id_of_environment() -> str | None:
    """The run that whoever started this process has made for it; it is gone on with once."""
    if _process.run_id_taken:
        return None
    _process.run_id_taken = True
    return value_of("RUN_ID") or None


def _tags_of_environment() -> dict[str, str]:
    """The tags that whoever started this process has chosen for its runs, as a JSON object."""
    given = value_of("RUN_CONTEXT")
    try:
        return rules.tags(json.loads(given)) if given else {}
    except (ValueError, RecursionError, InvalidValue) as error:
        log.warning("The tags of RUNFOLIO_RUN_CONTEXT are passed over: %s", error)
        return {}


def _new_run(experiment: ExperimentHandle, name: str | None, parent: str | None) -> ActiveRun:
    return open_run(current_tracker(), experiment, name or value_of("RUN_NAME"), parent)


def _resumed(run_id: str, name: str | None) -> ActiveRun:
    target = current_tracker()
    run = _begun_elsewhere(target, run_id)
    if run is None:
        run = stored_run(target, run_id)
        run.start(time=now_ms(), **ExperimentHandle(target.folder, number=run.info.experiment_id).reference())
    if name:
        run.rename(rules.run_name(name))
    return run


def _begun_elsewhere(target: Tracker, run_id: str) -> ActiveRun | None:
    """The run that whoever started this process has begun a moment ago: it may be in no table yet.

    Whose record of it gets there first makes the run.
    """
    try:
        origin = json.loads(value_of("RUN_ORIGIN") or "{}")
        if origin.pop("run", None) != run_id:
            return None
        named = {"number": origin["experiment_id"]} if "experiment_id" in origin else {"name": origin["experiment"]}
        info = RunInfo(run_id, origin["name"], ExperimentHandle(target.folder, **named), target.folder)
        info.start_time = origin["time"]
        told = rules.tags(origin.get("tags", {}))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, InvalidValue) as error:
        log.warning("What RUNFOLIO_RUN_ORIGIN says is passed over: %r", error)
        return None
    run = ActiveRun(target, info)
    run.start(**{name: origin[name] for name in ("parent", "user", "source") if name in origin}, **_reference(origin))
    run.data.tags.update(told)
    return run


def _reference(origin: Mapping[str, Any]) -> dict[str, Any]:
    return {name: origin[name] for name in ("experiment", "experiment_id") if name in origin}


def _at_exit() -> None:
    """End what is still open when the process ends, by how it ends. A forked child's end is not its parent's run's."""
    if os.getpid() == _process.owner:
        error = exception_of_process()
        status = status_of(error)
        for run in reversed(_process.open_runs.copy()):
            _tried(lambda run=run: _end(run, status, error=error if status == RunStatus.FAILED else None))  # type: ignore[misc]
        _tried(_capture.stop)
        _tried(close_all)
        keep_exit_code(error)
    else:
        close_all()


def _tried(step: Callable[[], None]) -> None:
    """One step of the end, whose trouble must not keep the others from what they bring to the store."""
    try:
        step()
    except Exception:
        log.exception("A bug of Runfolio's at the end of the process. Please report this.")


def _before_fork() -> None:
    _capture.at_work.acquire()


def _after_fork_in_parent() -> None:
    _capture.at_work.release()


def _after_fork_in_child() -> None:
    """The threads that capture are the parent's; what a child prints is not its parent's run's."""
    global _capture
    _capture = Capture(lambda: _local.stack or _process.open_runs[-1:])


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
