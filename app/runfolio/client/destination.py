"""Where this process logs to: the chosen store and the active experiment."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import Any

from runfolio.client.experiment import ExperimentHandle
from runfolio.client.tracker import Tracker, tracker
from runfolio.core.clock import now_ms
from runfolio.core.environment import value_of
from runfolio.core.paths import is_folder_uri, store_path
from runfolio.core.states import DEFAULT_EXPERIMENT

log = logging.getLogger("runfolio")


class _Destination:
    """What was chosen in this process."""

    def __init__(self) -> None:
        self.uri: str | os.PathLike[str] | None = None
        self.experiment: ExperimentHandle | None = None


_destination = _Destination()


def set_tracking_uri(uri: str | os.PathLike[str] | None) -> None:
    """Choose the store: a folder or a `file:` URI. Ends nothing; the next run goes there.

    The address of a server or a database is answered as `folder_or_none` does: the store is then the one that
    `RUNFOLIO_STORE` names or the default one.
    """
    _destination.uri = folder_or_none(uri)
    _destination.experiment = None


def folder_or_none(uri: str | os.PathLike[str] | None) -> str | os.PathLike[str] | None:
    """The store that a script names; None, with a warning, if it names a server or a database: there is none here.

    Raises:
        InvalidValue: it names something else that is no folder.
    """
    if uri is not None and not is_folder_uri(uri):
        log.warning("%s is no folder: logging to the store in %s instead.", uri, store_path())
        return None
    store_path(uri)
    return uri or None


def get_tracking_uri() -> str:
    """The folder of the store that runs go to."""
    return str(store_path(_destination.uri))


def is_tracking_uri_set() -> bool:
    """Whether the store was chosen, by a call or in the environment."""
    return bool(_destination.uri or value_of("STORE"))


def current_tracker() -> Tracker:
    """The store that runs go to, as this process writes to it. Raises StoreError if nothing can be logged there."""
    if _destination.uri is None:
        _warn_of_server(value_of("STORE"))
    return tracker(_destination.uri)


@cache
def _warn_of_server(uri: str) -> None:
    if not is_folder_uri(uri):
        log.warning("%s is no folder: logging to the store in %s instead.", uri, store_path())


def set_experiment(
    experiment_name: str | None = None, experiment_id: str | None = None, trace_location: Any = None
) -> ExperimentHandle:
    """Make an experiment the active one; a new name makes a new experiment, `/` in it makes folders."""
    handle = ExperimentHandle(store_path(_destination.uri), experiment_name, experiment_id)
    named = handle.reference().get("experiment")
    if named is not None:
        current_tracker().writer.event({"type": "experiment", "name": named, "time": now_ms()})
    _destination.experiment = handle
    return handle


def active_experiment() -> ExperimentHandle:
    """The experiment that new runs go to."""
    if _destination.experiment is None:
        number = value_of("EXPERIMENT_ID")
        if number:
            return set_experiment(experiment_id=number)
        return set_experiment(value_of("EXPERIMENT_NAME") or DEFAULT_EXPERIMENT)
    return _destination.experiment


def chosen_experiment(experiment_id: str | None) -> ExperimentHandle:
    """The experiment of that id, or the active one."""
    if experiment_id is not None:
        return ExperimentHandle(store_path(_destination.uri), number=experiment_id)
    return active_experiment()
