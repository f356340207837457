"""MLflow's `mlflow.data.dataset_source`."""

from __future__ import annotations

from runfolio.client.datasets.source import Source as DatasetSource

__all__ = ["DatasetSource"]
