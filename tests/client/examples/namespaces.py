"""The modules of MLflow's API that tracking scripts import names from, and reach as attributes."""

import mlflow
import mlflow.config
import mlflow.data
import mlflow.exceptions
import mlflow.utils.mlflow_tags
import pandas as pd
from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.numpy_dataset import NumpyDataset
from mlflow.data.pandas_dataset import PandasDataset
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking.client import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

mlflow.config.enable_async_logging(True)
assert mlflow.tracking.MlflowClient is mlflow.MlflowClient is MlflowClient
assert mlflow.tracking.get_tracking_uri() == mlflow.get_tracking_uri() == mlflow.config.get_tracking_uri()
assert issubclass(RestException, MlflowException) and mlflow.exceptions.MlflowException is MlflowException

dataset: PandasDataset = mlflow.data.from_pandas(pd.DataFrame({"x": [1.0]}), source="s3://bucket/x.csv")
assert isinstance(dataset, PandasDataset) and isinstance(dataset, Dataset) and not isinstance(dataset, NumpyDataset)
assert isinstance(dataset.source, DatasetSource) and isinstance(mlflow.data.get_source(dataset), DatasetSource)

with mlflow.start_run(run_name="outer") as outer:
    with mlflow.start_run(run_name="inner", nested=True) as inner:
        mlflow.log_param("lr", 0.1)
    mlflow.log_metric("m", 1.0, timestamp=1_700_000_000_000)
mlflow.flush_async_logging()
tags = mlflow.get_run(inner.info.run_id).data.tags
assert tags[MLFLOW_PARENT_RUN_ID] == outer.info.run_id and tags[MLFLOW_RUN_NAME] == "inner"

client = MlflowClient()
child = client.create_run(outer.info.experiment_id, tags={MLFLOW_PARENT_RUN_ID: outer.info.run_id})
client.set_terminated(child.info.run_id)
query = f"tags.{MLFLOW_PARENT_RUN_ID} = '{outer.info.run_id}'"
children = client.search_runs([outer.info.experiment_id], query, run_view_type=ViewType.ACTIVE_ONLY)
assert {one.info.run_id for one in children} == {inner.info.run_id, child.info.run_id}
