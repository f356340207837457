"""Tables, images, figures, dictionaries and files, and reading them back."""

import pathlib

import matplotlib
import mlflow
import numpy as np
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt

pathlib.Path("report.txt").write_text("all is well")
with mlflow.start_run() as run:
    mlflow.log_table(data={"input": ["a", "b"], "toxicity": [0.1, 0.2]}, artifact_file="eval.json")
    mlflow.log_table(data=pd.DataFrame({"input": ["c"], "toxicity": [0.3]}), artifact_file="eval.json")
    mlflow.log_image(np.zeros((8, 8, 3), np.uint8), "black.png")
    for step in range(2):
        mlflow.log_image(np.full((8, 8), step, np.uint8), key="sample", step=step)
    figure, axes = plt.subplots()
    axes.plot([0, 1], [2, 3])
    mlflow.log_figure(figure, "figure.png")
    mlflow.log_dict({"k": "v"}, "data.json")
    mlflow.log_dict({"k": "v"}, "data.yml")
    mlflow.log_artifact("report.txt", artifact_path="reports")

table = mlflow.load_table("eval.json", run_ids=[run.info.run_id], extra_columns=["run_id"])
assert list(table["input"]) == ["a", "b", "c"] and set(table["run_id"]) == {run.info.run_id}
assert mlflow.artifacts.load_dict(f"runs:/{run.info.run_id}/data.json") == {"k": "v"}
assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/reports/report.txt") == "all is well"
assert mlflow.artifacts.load_image(f"runs:/{run.info.run_id}/black.png").size == (8, 8)
local = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="reports")
assert pathlib.Path(local, "report.txt").read_text() == "all is well"
files = mlflow.MlflowClient().list_artifacts(run.info.run_id)
assert {"eval.json", "images", "figure.png", "reports"} <= {one.path for one in files}
assert [one.is_dir for one in files if one.path == "images"] == [True]
