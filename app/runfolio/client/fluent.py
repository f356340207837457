"""MLflow's fluent functions: the active run and experiment of this process, and logging to them."""

from __future__ import annotations

import atexit
import getpass
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.client import files, media
from runfolio.client.active_run import ActiveRun, RunInfo, new_run_id, status_of
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.tracker import close_all, tracker
from runfolio.core import rules
from runfolio.core.entities import DEFAULT_EXPERIMENT, NOTE, RunStatus
from runfolio.core.errors import InvalidValue, NotFound, RunStateError
from runfolio.core.names import random_name
from runfolio.core.paths import store_path

EXPERIMENT_VARIABLE = "RUNFOLIO_EXPERIMENT_NAME"


class _Local(threading.local):
    """Each thread's stack of active runs, as in MLflow."""

    def __init__(self) -> None:
        self.stack: list[ActiveRun] = []


class _Process:
    """What the functions of this module share in a process."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.uri: str | os.PathLike[str] | None = None
        self.experiment: ExperimentHandle | None = None
        self.last: ActiveRun | None = None
        self.others: dict[str, ActiveRun] = {}
        self.open_runs: list[ActiveRun] = []


_local = _Local()
_process = _Process()


def set_tracking_uri(uri: str | os.PathLike[str]) -> None:
    """Choose the store: a folder or a `file:` URI. Ends nothing; the next run goes there."""
    store_path(uri)
    _process.uri = uri
    _process.experiment = None


def get_tracking_uri() -> str:
    """The folder of the store that runs go to."""
    return str(store_path(_process.uri))


def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None) -> ExperimentHandle:
    """Make an experiment the active one; a new name makes a new experiment, `/` in it makes folders."""
    handle = ExperimentHandle(store_path(_process.uri), experiment_name, experiment_id)
    handle.reference()
    _process.experiment = handle
    return handle


def start_run(
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
) -> ActiveRun:
    """Start a run, or go on with the one of that id, and make it this thread's active run.

    Raises:
        RunStateError: another run is active and `nested` is False.
        NotFound: no run has that id.
        StoreError: nothing can be logged to the store.
    """
    if _local.stack and not nested:
        raise RunStateError(
            f"The run {_local.stack[-1].info.run_id} is already active.", "End it first, or pass nested=True."
        )
    if run_id is not None:
        run = _resumed(rules.run_id(run_id))
    else:
        parent = (rules.run_id(parent_run_id) if parent_run_id else None) or (
            _local.stack[-1].info.run_id if _local.stack else None
        )
        run = _new_run(_experiment(experiment_id), run_name, parent)
    if tags or description:
        run.set_tags({**(tags or {}), **({NOTE: description} if description else {})})
    _local.stack.append(run)
    _process.open_runs.append(run)
    _process.last = run
    return run


def end_run(status: str = RunStatus.FINISHED) -> None:
    """End this thread's active run, if there is one."""
    if status not in RunStatus.__members__:
        raise InvalidValue(f"{status!r} is not a status of a run.", f"Use one of {', '.join(RunStatus)}.")
    if _local.stack:
        leave(_local.stack[-1], status)


def active_run() -> ActiveRun | None:
    """This thread's active run."""
    return _local.stack[-1] if _local.stack else None


def last_active_run() -> ActiveRun | None:
    """The run started last in this process, active or not."""
    return _process.last


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
) -> None:
    """Append a point to a metric: a number at a step (0 if not given) and a time (now; epoch milliseconds)."""
    run = _local.stack[-1] if run_id is None and _local.stack else _run(run_id)
    run.log_metric(key, value, step, timestamp)
    if synchronous:
        run.flush()


def log_metrics(
    metrics: Mapping[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
) -> None:
    """Append a point to each of several metrics; all are checked before any is logged."""
    run = _run(run_id)
    run.log_metrics(metrics, step, timestamp)
    if synchronous:
        run.flush()


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Set a param, once and for all; returns the value."""
    log_params({key: value}, synchronous)
    return value


def log_params(params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None) -> None:
    """Set several params; either all or, when one breaks a rule, none."""
    run = _run(run_id)
    run.log_params(params)
    if synchronous:
        run.flush()


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> None:
    """Set a tag."""
    set_tags({key: value}, synchronous)


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> None:
    """Set several tags."""
    run = _run()
    run.set_tags(tags)
    if synchronous:
        run.flush()


def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy a file or a folder into the run's files."""
    files.log_file(_run(run_id), local_path, artifact_path)


def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy everything in a folder into the run's files."""
    files.log_folder(_run(run_id), local_dir, artifact_path)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Store a text as a file of the run."""
    files.log_text(_run(run_id), text, artifact_file)


def log_dict(dictionary: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Store a dictionary as a JSON or, by its suffix, YAML file of the run."""
    files.log_mapping(_run(run_id), dictionary, artifact_file)


def log_figure(figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None) -> None:
    """Store a matplotlib or plotly figure as a file of the run."""
    media.log_figure(_run(), figure, artifact_file, save_kwargs)


def log_image(
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = False,
) -> None:
    """Store an array or PIL image as a file, or as one of a series by key and step."""
    media.log_image(_run(), image, artifact_file, key, step, timestamp)
    if synchronous:
        flush()


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Where the active run's files, or one of them, are on disk."""
    root = _run().info.artifact_uri
    return str(Path(root, artifact_path)) if artifact_path else root


def flush() -> bool:
    """Wait until everything logged is in the tables; False if the store cannot take it now."""
    return tracker(_process.uri).flush()


def leave(run: ActiveRun, status: str) -> None:
    """End a run and, with it, runs nested in it that are still open in this thread."""
    if run in _local.stack:
        while _local.stack and _local.stack[-1] is not run:
            _end(_local.stack.pop(), status)
        _local.stack.pop()
    if run in _process.open_runs:
        _end(run, status)


def _end(run: ActiveRun, status: str) -> None:
    run.end(status)
    _process.open_runs.remove(run)


def _run(run_id: str | None = None) -> ActiveRun:
    """The run to log to: that of the id, else the active one, else a new one."""
    if run_id is None:
        return _local.stack[-1] if _local.stack else start_run()
    for run in reversed(_process.open_runs):
        if run.info.run_id == run_id:
            return run
    if run_id not in _process.others:
        _process.others[run_id] = _handle(run_id)
    return _process.others[run_id]


def _experiment(experiment_id: str | None) -> ExperimentHandle:
    if experiment_id is not None:
        return ExperimentHandle(store_path(_process.uri), number=experiment_id)
    if _process.experiment is None:
        set_experiment(os.environ.get(EXPERIMENT_VARIABLE) or DEFAULT_EXPERIMENT)
    assert _process.experiment is not None
    return _process.experiment


def _new_run(experiment: ExperimentHandle, name: str | None, parent: str | None) -> ActiveRun:
    reference = experiment.reference()
    target = tracker(_process.uri)
    info = RunInfo(new_run_id(), rules.run_name(name) if name else random_name(), experiment, target.folder)
    run = ActiveRun(target, info)
    source = rules.text(sys.argv[0]) if sys.argv else ""
    run.start(parent=parent, user=rules.text(_user()), source=source, **reference)
    return run


def _resumed(run_id: str) -> ActiveRun:
    run = _handle(run_id)
    run.start(**ExperimentHandle(store_path(_process.uri), number=run.info.experiment_id).reference())
    return run


def _handle(run_id: str) -> ActiveRun:
    """A run of the store, to log to without starting it. Raises NotFound."""
    from runfolio.store import runs

    target = tracker(_process.uri)
    store = target.opened_store()
    number = runs.find_run(store, run_id)
    if number is None:
        raise NotFound(f"There is no run {run_id!r} in {target.folder}.")
    found = runs.get_run(store, number)
    handle = ExperimentHandle(target.folder, number=str(found.experiment))
    run = ActiveRun(target, RunInfo(run_id, found.name, handle, target.folder))
    run.data.params.update(found.params)
    run.data.tags.update(found.tags)
    return run


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _at_exit() -> None:
    """End what is still open when the process ends, by how it ends. A forked child's end is not its parent's run's."""
    if os.getpid() == _process.owner:
        status = status_of(getattr(sys, "last_value", None))
        for run in reversed(_process.open_runs):
            run.end(status)
        _process.open_runs.clear()
    close_all()


atexit.register(_at_exit)
