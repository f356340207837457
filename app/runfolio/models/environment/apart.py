"""What a process that only tries a model finds in its environment."""

from __future__ import annotations

import os
from pathlib import Path

# Names, or beginnings of names, of what says which run is logged to.
_OF_RUNS = ("RUNFOLIO_RUN_", "RUNFOLIO_EXPERIMENT_", "MLFLOW_RUN_", "MLFLOW_EXPERIMENT_")


def apart(scratch: Path) -> dict[str, str]:
    """The variables of our environment, with which what the model may log goes to a store of its own, and is lost."""
    left = {name: value for name, value in os.environ.items() if not name.startswith(_OF_RUNS)}
    store = str(scratch / "store")
    return {
        **left,
        "RUNFOLIO_STORE": store,
        "MLFLOW_TRACKING_URI": f"sqlite:///{store}.db",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
