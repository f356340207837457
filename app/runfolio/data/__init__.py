"""MLflow's `mlflow.data`: descriptions of data, made from arrays, tables, files and databases."""

from __future__ import annotations

from runfolio.client.datasets.arrays import from_numpy
from runfolio.client.datasets.dataset import Dataset
from runfolio.client.datasets.frames import from_pandas, from_polars, from_sql
from runfolio.client.datasets.source import Source, get_source
from runfolio.client.datasets.tables import from_csv, from_parquet
from runfolio.data import dataset, dataset_source, numpy_dataset, pandas_dataset, polars_dataset

__all__ = [
    "Dataset",
    "Source",
    "dataset",
    "dataset_source",
    "from_csv",
    "from_numpy",
    "from_pandas",
    "from_parquet",
    "from_polars",
    "from_sql",
    "get_source",
    "numpy_dataset",
    "pandas_dataset",
    "polars_dataset",
]
