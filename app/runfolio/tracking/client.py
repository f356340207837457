"""MLflow's `mlflow.tracking.client`."""

from __future__ import annotations

from runfolio.client.client import Client as MlflowClient

__all__ = ["MlflowClient"]
