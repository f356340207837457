"""What a process that only tries a model finds in its environment."""

from __future__ import annotations

import os
from pathlib import Path

from runfolio.core.environment import of_no_run


def apart(scratch: Path) -> dict[str, str]:
    """The variables of our environment, with which what the model may log goes to a store of its own, and is lost."""
    left = of_no_run(os.environ)
    store = str(scratch / "store")
    return {
        **left,
        "RUNFOLIO_STORE": store,
        "MLFLOW_TRACKING_URI": f"sqlite:///{store}.db",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
