"""Tables for people: as wide as the terminal, or as wide as needed for a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.direction import headline
from runfolio.core.entities import Experiment, Run
from runfolio.core.printable import printable
from runfolio.core.system_tags import is_system_metric

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 250


def console() -> Console:
    """Where tables are printed. A pipe has no width, and what reads it can shorten a name by itself."""
    from rich.console import Console

    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(width=PIPED_WIDTH if piped else None)


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ()) -> None:
    """Print rows of plain texts below their titles; columns of numbers are set to the right."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="dim", pad_edge=False)
    for title in titles:
        table.add_column(
            Text(printable(title)),
            no_wrap=title in ("run", "status", "created"),
            justify="right" if title in numeric else "left",
        )
    for row in rows:
        # Text, not markup: a name may well have brackets in it.
        table.add_row(*(Text(printable(cell)) for cell in row))
    console().print(table)


def print_runs(found: Sequence[Run], total: int, nothing: str) -> None:
    """The table of runs, with the metric that says most; or what to say if there are none."""
    if not found:
        console().print(nothing)
        return
    key = headline(sorted({name for run in found for name in run.metrics if not is_system_metric(name)}))
    now = now_ms()
    form = numbers.column_format(run.metrics[key].last for run in found if key in run.metrics)
    titles = ["run", "name", "experiment", "status", "created", "duration", key or "metrics"]
    print_table(titles, (_cells(run, key, form, now) for run in found), titles[-1:])
    if total > len(found):
        console().print(f"{len(found)} of {total:,} runs; more with --limit.", style="dim")


def print_experiments(found: Sequence[Experiment]) -> None:
    """The table of experiments."""
    if not found:
        console().print("No experiments yet.")
        return
    now = now_ms()
    titles = ["id", "name", "runs", "running", "created"]
    rows = (
        (one.experiment_id, one.name, f"{one.runs:,}", f"{one.running:,}", numbers.age(one.creation_time, now))
        for one in found
    )
    print_table(titles, rows, ["id", "runs", "running"])


def _cells(run: Run, key: str | None, form: numbers.NumberFormat, now: int) -> tuple[str, ...]:
    spent = (run.end_time or now) - run.start_time
    metric = run.metrics.get(key or "")
    shown = form.text(metric.last) if metric is not None else ""
    who = (run.run_id[:8], run.name, run.experiment_name, str(run.status))
    return (*who, numbers.age(run.start_time, now), numbers.duration(spent), shown)
