"""MLflow's `mlflow.data.numpy_dataset`."""

from __future__ import annotations

from runfolio.client.datasets.arrays import from_numpy
from runfolio.client.datasets.dataset import NumpyDataset

__all__ = ["NumpyDataset", "from_numpy"]
