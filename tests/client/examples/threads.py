"""Runs side by side in threads, each with an active run of its own."""

from concurrent.futures import ThreadPoolExecutor

import mlflow

mlflow.set_experiment("threads")


def train(number: int) -> str:
    with mlflow.start_run(run_name=f"worker {number}") as run:
        for step in range(100):
            mlflow.log_metric("loss", 1 / (step + 1) + number, step=step)
        mlflow.log_metrics({"a": number, "b": number * 2}, step=3, synchronous=True)
        return run.info.run_id


with ThreadPoolExecutor(4) as pool:
    ids = list(pool.map(train, range(8)))
assert len(set(ids)) == 8
client = mlflow.tracking.MlflowClient()
for number, run_id in enumerate(ids):
    history = client.get_metric_history(run_id, "loss")
    assert [point.step for point in history] == list(range(100))
    assert history[0].value == 1 + number
    assert client.get_run(run_id).data.metrics["b"] == number * 2
