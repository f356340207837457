"""MLflow's `mlflow.tracking.fluent`: the functions that `import runfolio` has at hand."""

from __future__ import annotations

from typing import Any

import runfolio
from runfolio.client.destination import active_experiment


def _get_experiment_id() -> str:
    """The id of the active experiment, by the name under which MLflow's own examples of projects ask for it."""
    return active_experiment().experiment_id


def __getattr__(name: str) -> Any:
    return getattr(runfolio, name)
