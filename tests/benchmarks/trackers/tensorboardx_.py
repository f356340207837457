"""tensorboardX: durable is what `close` has written to the run's event file.

It has neither tags nor files, and params only as texts or as a run of their own; texts stand in for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tensorboardX import SummaryWriter

PACKAGE = "tensorboardX"
_open: list[SummaryWriter] = []


def start(folder: Path) -> None:
    """Begin a run."""
    _open.append(SummaryWriter(str(folder / "run")))


def log(values: Mapping[str, float], step: int) -> None:
    """Log one step."""
    add = _open[0].add_scalar
    for key, value in values.items():
        add(key, value, step)


def finish() -> None:
    """End the run and wait for the disk."""
    _open.pop().close()


def small_run(folder: Path, number: int, values: Sequence[Mapping[str, float]], note: Path) -> None:
    """A run with 10 params, 3 tags and a file as texts, and the metrics of each step."""
    with SummaryWriter(str(folder / f"run-{number}")) as writer:
        for at in range(10):
            writer.add_text(f"param{at}", str(number * at))
        for key, text in {"team": "vision", "kind": "small", "number": str(number)}.items():
            writer.add_text(key, text)
        for step, row in enumerate(values):
            for key, value in row.items():
                writer.add_scalar(key, value, step)
        writer.add_text("note", note.read_text())


def small_runs_done() -> None:
    """Nothing: each run has waited for itself."""
