"""trackio: durable is what `finish` has put into its database. It has no tags; they are params here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import trackio

PACKAGE = "trackio"


def start(folder: Path) -> None:
    """Begin a run; where its files go is read from `TRACKIO_DIR` when it is imported."""
    trackio.init(project="benchmark", embed=False)


def log(values: Mapping[str, float], step: int) -> None:
    """Log one step."""
    trackio.log(dict(values), step=step)


def finish() -> None:
    """End the run and wait for the disk."""
    trackio.finish()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags, the metrics of each step, and a file."""
    config = {f"param{at}": number * at for at in range(10)} | {"team": "vision", "kind": "small", "number": number}
    trackio.init(project="benchmark", name=f"run-{number}", config=config, embed=False)
    for step, row in enumerate(values):
        trackio.log(dict(row), step=step)
    trackio.save(str(note))
    trackio.finish()


def small_runs_done() -> None:
    """Nothing: each run has waited for itself."""
