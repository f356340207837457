"""The whole: each step is a run of its own, and one that was done with the same code and values is not done again."""

import os

import click
import mlflow
from mlflow.entities import RunStatus
from mlflow.tracking import MlflowClient
from mlflow.tracking.fluent import _get_experiment_id
from mlflow.utils import mlflow_tags
from mlflow.utils.logging_utils import eprint


def _already_ran(entry_point_name, parameters, git_commit, experiment_id=None):
    """The newest run of an entry point that can be used again, if there is one."""
    experiment_id = experiment_id if experiment_id is not None else _get_experiment_id()
    client = MlflowClient()
    for run in client.search_runs([experiment_id]):
        tags = run.data.tags
        if tags.get(mlflow_tags.MLFLOW_PROJECT_ENTRY_POINT, None) != entry_point_name:
            continue
        if any(run.data.params.get(key) != str(value) for key, value in parameters.items()):
            continue
        if RunStatus.from_string(run.info.status) != RunStatus.FINISHED:
            eprint(f"Run matched, but is not FINISHED, so skipping (run_id={run.info.run_id}, {run.info.status})")
            continue
        previous = tags.get(mlflow_tags.MLFLOW_GIT_COMMIT, None)
        if git_commit != previous:
            eprint(f"Run matched, but has a different source version, so skipping (found={previous})")
            continue
        return client.get_run(run.info.run_id)
    eprint("No matching run has been found.")
    return None


def _get_or_run(entrypoint, parameters, git_commit, use_cache=True):
    existing = _already_ran(entrypoint, parameters, git_commit)
    if use_cache and existing:
        print(f"Found existing run for entrypoint={entrypoint} and parameters={parameters}")
        return existing
    print(f"Launching new run for entrypoint={entrypoint} and parameters={parameters}")
    submitted = mlflow.run(".", entrypoint, parameters=parameters, env_manager="local")
    return MlflowClient().get_run(submitted.run_id)


@click.command()
@click.option("--degree", default=2, type=int)
@click.option("--max-row-limit", default=100000, type=int)
def workflow(degree, max_row_limit):
    """Runs the steps that are not done yet; each is told where the one before has left its files."""
    with mlflow.start_run() as active_run:
        git_commit = active_run.data.tags.get(mlflow_tags.MLFLOW_GIT_COMMIT)
        raw = _get_or_run("load_raw_data", {}, git_commit)
        ratings_csv = os.path.join(raw.info.artifact_uri, "ratings-csv-dir", "ratings.csv").replace("file://", "")
        etl = _get_or_run("etl_data", {"ratings_csv": ratings_csv, "max_row_limit": max_row_limit}, git_commit)
        data = os.path.join(etl.info.artifact_uri, "ratings-json-dir").replace("file://", "")
        trained = _get_or_run("train", {"data": data, "degree": degree}, git_commit, use_cache=False)
        mlflow.log_metric("test_mse", trained.data.metrics["test_mse"])


if __name__ == "__main__":
    workflow()
