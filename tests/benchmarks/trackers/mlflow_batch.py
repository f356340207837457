"""MLflow on SQLite with points gathered by the script: `log_batch`, 1,000 metrics at a time, the most it takes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import mlflow
from mlflow.entities import Metric, Param, RunTag

from tests.benchmarks.trackers import mlflow_

PACKAGE = "mlflow"
MOST = 1000
_waiting: list[Metric] = []


def start(folder: Path) -> None:
    """Begin a run."""
    mlflow_.start(folder)


def log(values: Mapping[str, float], step: int) -> None:
    """Gather one step, and log what was gathered when it is enough."""
    now = time.time_ns() // 1_000_000
    _waiting.extend(Metric(key, value, now, step) for key, value in values.items())
    if len(_waiting) >= MOST:
        _send()


def finish() -> None:
    """Log the rest and end the run."""
    _send()
    mlflow_.finish()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags and the metrics of each step in one batch, and a file."""
    if number == 0:
        mlflow_.start(folder)
        mlflow_.finish()
    now = time.time_ns() // 1_000_000
    with mlflow.start_run(run_name=f"run-{number}") as run:
        metrics = [Metric(key, value, now, step) for step, row in enumerate(values) for key, value in row.items()]
        params = [Param(f"param{at}", str(number * at)) for at in range(10)]
        tags = [RunTag("team", "vision"), RunTag("kind", "small"), RunTag("number", str(number))]
        mlflow.MlflowClient().log_batch(run.info.run_id, metrics, params, tags)
        mlflow.log_artifact(str(note))


def small_runs_done() -> None:
    """Nothing: each call was durable."""


def _send() -> None:
    if _waiting:
        run = mlflow.active_run()
        assert run is not None
        mlflow.MlflowClient().log_batch(run.info.run_id, _waiting[:])
        _waiting.clear()
