"""`runfolio runs`: what was run, as a table for people or JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any

import typer

from runfolio.cli.options import StoreOption, chosen
from runfolio.core.clock import now_ms

PIPED_WIDTH = 250
app = typer.Typer(help="List runs.", no_args_is_help=True)


@app.callback()
def runs() -> None:
    """Look at runs."""


@app.command("list")
def list_runs(
    context: typer.Context,
    store: StoreOption = None,
    experiment: Annotated[str | None, typer.Option("--experiment", "-e", help="Only this experiment.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with everything about each run.")] = False,
) -> None:
    """List runs, the newest first."""
    from runfolio.core.errors import StoreBusy
    from runfolio.store import open_store
    from runfolio.store.recover import recover

    opened = open_store(chosen(context, store), create=False)
    try:
        try:
            recover(opened)
        except StoreBusy as error:
            typer.echo(f"runfolio: {error.message} What was logged last may be missing.", err=True)
        found, total = _read(opened, experiment, limit)
    finally:
        opened.close()
    if as_json:
        print(json.dumps(found, indent=2, allow_nan=False))
    else:
        _print_table(found, total)


def print_runs(store: Any, experiment: str, limit: int) -> None:
    """The table of an experiment's runs."""
    _print_table(*_read(store, experiment, limit))


def _read(store: Any, experiment: str | None, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The runs as plain data, and how many there are in all."""
    from runfolio.core.errors import NotFound
    from runfolio.store.experiments import list_experiments
    from runfolio.store.runs import get_run
    from runfolio.store.table import RunQuery, run_ids

    wanted: tuple[int, ...] = ()
    if experiment is not None:
        wanted = tuple(e.id for e in list_experiments(store) if e.name == experiment)
        if not wanted:
            raise NotFound(f"There is no experiment {experiment!r} in {store.path}.")
    ids = run_ids(store, RunQuery(wanted))
    return [_plain(get_run(store, int(run))) for run in ids[:limit]], len(ids)


def _plain(run: Any) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "name": run.name,
        "experiment": run.experiment_name,
        "status": str(run.status),
        "start_time": run.start_time,
        "end_time": run.end_time,
        "params": run.params,
        "tags": run.tags,
        "metrics": {
            key: {
                "last": _json_number(metric.last),
                "last_step": metric.last_step,
                "min": _json_number(metric.minimum),
                "max": _json_number(metric.maximum),
                "count": metric.count,
            }
            for key, metric in run.metrics.items()
        },
    }


def _json_number(value: float | None) -> float | str | None:
    """JSON has no NaN and no infinities: those are written as texts."""
    if value is None or value - value == 0:
        return value
    return str(value)


def _print_table(found: list[dict[str, Any]], total: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from runfolio.core import numbers
    from runfolio.core.direction import headline

    key = headline(sorted({name for run in found for name in run["metrics"]}))
    table = Table(box=None, header_style="dim", pad_edge=False)
    for title in ("run", "name", "experiment", "status", "created", "duration"):
        table.add_column(title, no_wrap=title in ("run", "status", "created"))
    table.add_column(key or "metrics", justify="right")
    now = now_ms()
    for run in found:
        last = run["metrics"].get(key, {}).get("last")
        spent = (run["end_time"] or now) - run["start_time"]
        cells = (run["run_id"][:8], run["name"], run["experiment"], run["status"], numbers.age(run["start_time"], now))
        shown = numbers.short(float(last)) if last is not None else ""
        # Text, not markup: a run's name may well have brackets in it.
        table.add_row(*(Text(cell) for cell in (*cells, numbers.duration(spent), shown)))
    # A pipe has no width, and what reads it can shorten a name by itself.
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    console = Console(width=PIPED_WIDTH if piped else None)
    console.print(table if found else "No runs yet.")
    if total > len(found):
        console.print(f"{len(found)} of {total:,} runs; more with --limit.", style="dim")
