"""Weights & Biases, offline: durable is what `finish` has seen into the run's file, to be looked at after an upload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import wandb

PACKAGE = "wandb"
_SETTINGS = {"mode": "offline", "project": "benchmark"}


def start(folder: Path) -> None:
    """Begin a run."""
    wandb.init(dir=str(folder), **_SETTINGS)


def log(values: Mapping[str, float], step: int) -> None:
    """Log one step."""
    wandb.log(dict(values), step=step)


def finish() -> None:
    """End the run and wait for the disk."""
    wandb.finish()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags, the metrics of each step, and a file."""
    config = {f"param{at}": number * at for at in range(10)}
    tags = ["vision", "small", f"number-{number}"]
    with wandb.init(dir=str(folder), name=f"run-{number}", config=config, tags=tags, **_SETTINGS) as run:
        for step, row in enumerate(values):
            run.log(dict(row), step=step)
        run.save(str(note), base_path=str(note.parent), policy="now")


def small_runs_done() -> None:
    """Nothing: each run has waited for itself."""
