"""Aim: durable is what `close` has put into the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import aim

PACKAGE = "aim"
_open: list[aim.Run] = []


def start(folder: Path) -> None:
    """Begin a run."""
    _open.append(aim.Run(repo=str(folder)))


def log(values: Mapping[str, float], step: int) -> None:
    """Log one step."""
    _open[0].track(dict(values), step=step)


def finish() -> None:
    """End the run and wait for the disk."""
    _open.pop().close()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags, the metrics of each step, and a file's text."""
    run = aim.Run(repo=str(folder))
    run["params"] = {f"param{at}": number * at for at in range(10)}
    for tag in ("vision", "small", f"number-{number}"):
        run.add_tag(tag)
    for step, row in enumerate(values):
        run.track(dict(row), step=step)
    run.track(aim.Text(note.read_text()), name="note")
    run.close()


def small_runs_done() -> None:
    """Nothing: each run has waited for itself."""
