"""MLflow's `mlflow.exceptions`: our errors by MLflow's names, each with its `error_code`."""

from __future__ import annotations

from runfolio.core.errors import ExecutionException, MlflowException

#: What MLflow raises for a server's errors; there is no server here, and so no difference.
RestException = MlflowException

__all__ = ["ExecutionException", "MlflowException", "RestException"]
