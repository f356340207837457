"""Tries random learning rates; each trial is a run of another entry point, nested in this one."""

from concurrent.futures import ThreadPoolExecutor

import click
import mlflow
import mlflow.projects
import numpy as np
from mlflow.tracking import MlflowClient


@click.command(help="Random search over the entry point train.")
@click.option("--max-runs", type=int, default=4)
@click.option("--max-p", type=int, default=2, help="So many at once.")
@click.option("--epochs", type=int, default=4)
@click.option("--metric", type=str, default="rmse")
@click.option("--seed", type=int, default=97)
@click.argument("training_data")
def run(training_data, max_runs, max_p, epochs, metric, seed):
    """Searches."""
    train_metric, val_metric = f"train_{metric}", f"val_{metric}"
    client = MlflowClient()

    def trial_of(parent_run_id, experiment_id):
        def trial(learning_rate):
            with mlflow.start_run(nested=True, parent_run_id=parent_run_id) as child_run:
                submitted = mlflow.projects.run(
                    run_id=child_run.info.run_id,
                    uri=".",
                    entry_point="train",
                    parameters={
                        "training_data": training_data,
                        "epochs": str(epochs),
                        "learning_rate": str(learning_rate),
                        "seed": str(seed),
                    },
                    experiment_id=experiment_id,
                    env_manager="local",
                    synchronous=False,
                )
                succeeded = submitted.wait()
            if not succeeded:
                client.set_terminated(submitted.run_id, "FAILED")
                return None
            return client.get_run(submitted.run_id).data.metrics[val_metric]

        return trial

    with mlflow.start_run() as parent:
        experiment_id = parent.info.experiment_id
        rates = np.random.RandomState(seed).uniform(1e-3, 2e-1, size=max_runs)
        with ThreadPoolExecutor(max_workers=max_p) as executor:
            found = list(executor.map(trial_of(parent.info.run_id, experiment_id), rates))
        print(f"{len(found)} trials, {sum(value is None for value in found)} of them failed")

        best = None
        for one in client.search_runs([experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'"):
            if best is None or one.data.metrics[val_metric] < best.data.metrics[val_metric]:
                best = one
        mlflow.set_tag("best_run", best.info.run_id)
        mlflow.log_metrics({name: best.data.metrics[name] for name in (train_metric, val_metric)})


if __name__ == "__main__":
    run()
