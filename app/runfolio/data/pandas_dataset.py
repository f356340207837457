"""MLflow's `mlflow.data.pandas_dataset`."""

from __future__ import annotations

from runfolio.client.datasets.dataset import PandasDataset
from runfolio.client.datasets.frames import from_pandas

__all__ = ["PandasDataset", "from_pandas"]
