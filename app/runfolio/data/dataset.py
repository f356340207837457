"""MLflow's `mlflow.data.dataset`."""

from __future__ import annotations

from runfolio.client.datasets.dataset import Dataset

__all__ = ["Dataset"]
