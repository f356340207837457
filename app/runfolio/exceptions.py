"""MLflow's `mlflow.exceptions`: our errors by MLflow's name, each with its `error_code`."""

from __future__ import annotations

from runfolio.core.errors import MlflowException

__all__ = ["MlflowException"]
