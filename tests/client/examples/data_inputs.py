"""Datasets as inputs of a run, found again by a search."""

import mlflow
import mlflow.data
import numpy as np
import pandas as pd

frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]})
train = mlflow.data.from_pandas(frame, source="s3://bucket/train.csv", name="train", targets="y")
test = mlflow.data.from_numpy(np.arange(6.0).reshape(3, 2), name="test")

with mlflow.start_run() as run:
    mlflow.log_input(train, context="training")
    mlflow.log_input(test, context="testing", tags={"split": "b"})

inputs = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
assert {one.dataset.name for one in inputs} == {"train", "test"}
contexts = {one.dataset.name: {tag.key: tag.value for tag in one.tags} for one in inputs}
assert contexts["train"]["mlflow.data.context"] == "training" and contexts["test"]["split"] == "b"
assert '"x"' in next(one.dataset.schema for one in inputs if one.dataset.name == "train")
found = mlflow.search_runs(filter_string="datasets.name = 'train'", output_format="list")
assert [one.info.run_id for one in found] == [run.info.run_id]
