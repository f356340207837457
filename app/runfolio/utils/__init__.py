"""MLflow's `mlflow.utils`, of which scripts use the names of its tags and what prints to standard error."""

from __future__ import annotations

from runfolio.utils import logging_utils, mlflow_tags

__all__ = ["logging_utils", "mlflow_tags"]
