"""MLflow's `mlflow.utils`, of which scripts use the names of its tags."""

from __future__ import annotations

from runfolio.utils import mlflow_tags

__all__ = ["mlflow_tags"]
