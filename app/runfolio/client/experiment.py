"""The active experiment: known by name at once, and by id as soon as anybody asks for it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.folder import ARTIFACTS

if TYPE_CHECKING:
    from runfolio.core.entities import Experiment


class ExperimentHandle:
    """An experiment as `set_experiment` returns it; has MLflow's attributes.

    The store is opened only when something but the name of an experiment given by name is asked for, so that a
    script starts at once.
    """

    def __init__(self, folder: Path, name: str | None = None, number: str | None = None) -> None:
        if (name is None) == (number is None):
            raise InvalidValue("Give either the name of an experiment or its id.")
        self._folder = folder
        self._name = None if name is None else rules.experiment_name(name)
        self._number = number

    @property
    def name(self) -> str:
        """Its name."""
        return self._name if self._name is not None else self._found.name

    @property
    def experiment_id(self) -> str:
        """Its id; makes the experiment if it is new."""
        return self._found.experiment_id

    @property
    def lifecycle_stage(self) -> str:
        """`active` or `deleted`."""
        return self._found.lifecycle_stage

    @property
    def creation_time(self) -> int:
        """Epoch milliseconds."""
        return self._found.creation_time

    @property
    def last_update_time(self) -> int:
        """Epoch milliseconds."""
        return self._found.last_update_time

    @property
    def artifact_location(self) -> str:
        """Where the files of all runs are."""
        return str(self._folder / ARTIFACTS)

    @property
    def tags(self) -> dict[str, str]:
        """Its tags, as they are now."""
        from runfolio.client.tracker import tracker
        from runfolio.store import experiments

        return experiments.get_experiment(tracker(self._folder).opened_store(), self._found.id).tags

    def reference(self) -> dict[str, Any]:
        """How a run's record names it: by id if it was given by id, so that a renaming does not matter."""
        if self._name is None:
            return {"experiment_id": self._found.id}
        return {"experiment": self._name}

    @cached_property
    def _found(self) -> Experiment:
        from runfolio.client.tracker import tracker
        from runfolio.store import experiments

        store = tracker(self._folder).opened_store()
        if self._name is not None:
            return experiments.get_or_create(store, self._name)
        return experiments.get_experiment(store, rules.experiment_id(self._number))
