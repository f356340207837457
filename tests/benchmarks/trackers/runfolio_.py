"""Runfolio: durable is what `flush` has seen into the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import runfolio

PACKAGE = "runfolio"


def start(folder: Path) -> None:
    """Begin a run."""
    runfolio.set_tracking_uri(folder)
    runfolio.start_run()


def log(values: Mapping[str, float], step: int) -> None:
    """Log one step."""
    runfolio.log_metrics(values, step=step)


def finish() -> None:
    """End the run and wait for the disk."""
    runfolio.end_run()
    _wait()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags, the metrics of each step, and a file."""
    runfolio.set_tracking_uri(folder)
    with runfolio.start_run(run_name=f"run-{number}"):
        runfolio.log_params({f"param{at}": number * at for at in range(10)})
        runfolio.set_tags({"team": "vision", "kind": "small", "number": number})
        for step, row in enumerate(values):
            runfolio.log_metrics(row, step=step)
        runfolio.log_artifact(note)


def small_runs_done() -> None:
    """Wait for the disk."""
    _wait()


def _wait() -> None:
    """Each attempt gives up after half a minute, or at once if the tables will never have it."""
    if not any(runfolio.flush() for _ in range(10)):
        raise SystemExit("Not everything came into the tables.")
