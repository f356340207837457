"""Changes that scripts make to what the store holds: experiments made and tagged, the trash filled and emptied."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from runfolio.client.reading import number_of_run
from runfolio.client.tracker import Tracker
from runfolio.core import rules

log = logging.getLogger("runfolio")


def create_experiment(
    target: Tracker, name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
) -> str:
    """Make an experiment; returns its id. Raises AlreadyExists."""
    from runfolio.store import operations

    if artifact_location is not None:
        log.warning("The files of %s go into the store, not to %s.", name, artifact_location)
    return operations.create_experiment(target.opened_store(), name, tags).experiment_id


def rename_experiment(target: Tracker, experiment_id: str, name: str) -> None:
    """Give an experiment another name. Raises NotFound, AlreadyExists."""
    from runfolio.store import operations

    operations.rename_experiment(target.opened_store(), rules.experiment_id(experiment_id), name)


def set_experiment_tags(target: Tracker, experiment_id: str, tags: Mapping[str, Any]) -> None:
    """Set tags of an experiment, all or none; None removes one. Raises NotFound."""
    from runfolio.store import operations

    number = rules.experiment_id(experiment_id)
    values = {
        rules.key(key, "tag"): None if value is None else rules.tag_value(value)
        for key, value in rules.mapping(tags, "tags").items()
    }
    if values:
        operations.set_experiment_tags(target.opened_store(), number, values)


def delete_experiment(target: Tracker, experiment_id: str) -> None:
    """Put an experiment and its runs into the trash. Raises NotFound."""
    from runfolio.store import trash

    trash.delete_experiment(target.opened_store(), rules.experiment_id(experiment_id))


def restore_experiment(target: Tracker, experiment_id: str) -> None:
    """Take an experiment, and the runs that went with it, out of the trash. Raises NotFound."""
    from runfolio.store import trash

    trash.restore_experiment(target.opened_store(), rules.experiment_id(experiment_id))


def delete_run(target: Tracker, run_id: str) -> None:
    """Put a run into the trash. Raises NotFound."""
    from runfolio.store import trash

    trash.delete_runs(target.opened_store(), [number_of_run(target, run_id)])


def restore_run(target: Tracker, run_id: str) -> None:
    """Take a run out of the trash. Raises NotFound."""
    from runfolio.store import trash

    trash.restore_runs(target.opened_store(), [number_of_run(target, run_id)])
