"""MLflow's `mlflow.tracking.fluent`: the functions that `import runfolio` has at hand."""

from __future__ import annotations

from typing import Any

import runfolio


def __getattr__(name: str) -> Any:
    return getattr(runfolio, name)
