"""MLflow on SQLite, its default: each call returns when its transaction is committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import mlflow

PACKAGE = "mlflow"


def _use(folder: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    if mlflow.get_experiment_by_name("benchmark") is None:
        mlflow.create_experiment("benchmark", artifact_location=(folder / "artifacts").as_uri())
    mlflow.set_experiment("benchmark")


def start(folder: Path) -> None:
    """Begin a run."""
    _use(folder)
    mlflow.start_run()


def log(values: Mapping[str, float], step: int) -> None:
    """Log one step."""
    mlflow.log_metrics(dict(values), step=step)


def finish() -> None:
    """End the run."""
    mlflow.end_run()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags, the metrics of each step, and a file."""
    if number == 0:
        _use(folder)
    with mlflow.start_run(run_name=f"run-{number}"):
        mlflow.log_params({f"param{at}": number * at for at in range(10)})
        mlflow.set_tags({"team": "vision", "kind": "small", "number": number})
        for step, row in enumerate(values):
            mlflow.log_metrics(dict(row), step=step)
        mlflow.log_artifact(str(note))


def small_runs_done() -> None:
    """Nothing: each call was durable."""
