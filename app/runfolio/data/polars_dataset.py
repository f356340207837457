"""MLflow's `mlflow.data.polars_dataset`."""

from __future__ import annotations

from runfolio.client.datasets.dataset import PolarsDataset
from runfolio.client.datasets.frames import from_polars

__all__ = ["PolarsDataset", "from_polars"]
