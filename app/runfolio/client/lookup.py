"""MLflow's fluent functions about what is in the store: experiments and runs, read, made, tagged and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runfolio.client import active_runs, changes, destination, reading
from runfolio.client.destination import current_tracker
from runfolio.client.entities import Experiment, Run
from runfolio.client.tracker import tracker


def create_experiment(
    name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None, trace_location: Any = None
) -> str:
    """Make an experiment; returns its id. Files always go into the store.

    Raises:
        AlreadyExists: there is one of that name, in use or in the trash.
    """
    return changes.create_experiment(current_tracker(), name, artifact_location, tags)


def get_experiment(experiment_id: str) -> Experiment:
    """An experiment by its id. Raises NotFound."""
    return reading.experiment(current_tracker(), experiment_id)


def get_experiment_by_name(name: str) -> Experiment | None:
    """An experiment by its name, if there is one."""
    return reading.experiment_by_name(current_tracker(), name)


def delete_experiment(experiment_id: str) -> None:
    """Put an experiment and its runs into the trash."""
    changes.delete_experiment(current_tracker(), experiment_id)


def restore_experiment(experiment_id: str) -> None:
    """Take an experiment, and the runs that went with it, out of the trash."""
    changes.restore_experiment(current_tracker(), experiment_id)


def set_experiment_tag(key: str, value: Any) -> None:
    """Set a tag of the active experiment."""
    set_experiment_tags({key: value})


def set_experiment_tags(tags: Mapping[str, Any]) -> None:
    """Set several tags of the active experiment."""
    experiment = destination.active_experiment()
    changes.set_experiment_tags(current_tracker(), experiment.experiment_id, tags)


def delete_experiment_tag(key: str) -> None:
    """Remove a tag of the active experiment."""
    changes.set_experiment_tags(current_tracker(), destination.active_experiment().experiment_id, {key: None})


def get_run(run_id: str) -> Run:
    """A run as it is now. Raises NotFound."""
    return reading.run(current_tracker(), run_id)


def get_parent_run(run_id: str) -> Run | None:
    """The run that a run is nested in, if it is."""
    return reading.parent_run(current_tracker(), run_id)


def last_active_run() -> Run | None:
    """The run started last in this process, active or not, as it is now."""
    last = active_runs.last_started()
    return None if last is None else reading.run(tracker(last.store), last.info.run_id)


def delete_run(run_id: str) -> None:
    """Put a run into the trash."""
    changes.delete_run(current_tracker(), run_id)


def restore_run(run_id: str) -> None:
    """Take a run out of the trash."""
    changes.restore_run(current_tracker(), run_id)
