"""`runfolio runs`: list, show, tag, rename, move, delete, restore and export runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.columns import read_columns, split
from runfolio.cli.export import (
    ColumnsOption,
    ExportJsonOption,
    FormatOption,
    Output,
    SpreadsheetOption,
    export,
    target_of,
)
from runfolio.cli.opened import experiment_named, opened, runs_named
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import warn
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue
from runfolio.core.formats import json_rows, text_rows
from runfolio.core.states import ViewType

if TYPE_CHECKING:
    from runfolio.store import Store
    from runfolio.store.operations import Outcome

app = typer.Typer(help="List, change and export runs.", no_args_is_help=True)

Runs = Annotated[list[str], typer.Argument(help="Ids of runs, or beginnings of them.")]
OneRun = Annotated[str, typer.Argument(help="The id of a run, or its beginning.")]
ExperimentOption = Annotated[str | None, typer.Option("--experiment", "-e", help="Only of this experiment.")]
FilterOption = Annotated[str, typer.Option("--filter", "-f", help="Only runs that this lets pass: docs/filters.md.")]
OrderOption = Annotated[
    list[str] | None,
    typer.Option("--order-by", "-o", help="By these, such as 'metrics.loss ASC, created'; may be repeated."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
LimitOption = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="At most so many.")]
DeletedOption = Annotated[bool, typer.Option("--deleted", help="Those in the trash.")]


@app.command("list")
def list_runs(
    context: typer.Context,
    store: StoreOption = None,
    experiment: ExperimentOption = None,
    where: FilterOption = "",
    order_by: OrderOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 50,
    deleted: DeletedOption = False,
    columns: ColumnsOption = "",
    as_json: JsonOption = False,
) -> None:
    """List runs, the newest first."""
    from runfolio.store.bulk import read_runs

    with opened(context, store) as found:
        numbers = select(found, experiment, where, order_by or (), _view(deleted))
        if columns:
            _print_columns(read_columns(found, numbers[:limit], columns), as_json)
            return
        runs = read_runs(found, numbers[:limit])
    nothing = "No run fits the filter." if where else "No run is in the trash." if deleted else "No runs yet."
    _print_runs(runs, len(numbers), as_json, nothing)


@app.command("show")
def show(context: typer.Context, run: OneRun, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show everything about a run."""
    from runfolio.store.artifacts import list_artifacts
    from runfolio.store.checks import told

    with opened(context, store) as found:
        (one,) = runs_named(found, [run], ViewType.ALL)
        files = list_artifacts(found, one.id)
        checks = told(found, one.id)
    if as_json:
        listed = [shapes.of_artifact(file) for file in files]
        shapes.print_json(shapes.of_run(one) | {"artifacts": listed, "checks": shapes.of_checks(checks)})
    else:
        _print_run(one, [(file.path, file.size) for file in files])
        loud = [finding for finding in checks.findings if finding.check not in checks.muted]
        if loud:
            tables.print_table(("check", ""), [(one.check, f"{one.tone.shape} {one.text}") for one in loud])


@app.command("tag")
def tag(
    context: typer.Context,
    run: OneRun,
    key: Annotated[str, typer.Argument(help="The tag's key.")],
    value: Annotated[str | None, typer.Argument(help="Its value; without one, the tag is removed.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set or remove a tag of a run."""
    from runfolio.store.operations import set_tag

    with opened(context, store) as found:
        chosen = runs_named(found, [run])
        _done(set_tag(found, chosen[0].id, key, value), chosen, as_json)


@app.command("rename")
def rename(
    context: typer.Context,
    run: OneRun,
    name: Annotated[str, typer.Argument(help="The new name.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a run another name."""
    from runfolio.store.operations import rename_run

    with opened(context, store) as found:
        chosen = runs_named(found, [run])
        _done(rename_run(found, chosen[0].id, name), chosen, as_json)


@app.command("move")
def move(
    context: typer.Context,
    runs: Runs,
    experiment: Annotated[str, typer.Option("--to", help="The experiment to move them to.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put runs into another experiment."""
    from runfolio.store.moving import move_runs

    with opened(context, store) as found:
        chosen = runs_named(found, runs)
        target = experiment_named(found, experiment)
        _done(move_runs(found, [run.id for run in chosen], target), chosen, as_json)


@app.command("delete")
def delete(context: typer.Context, runs: Runs, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Put runs into the trash; `runfolio gc` empties it."""
    from runfolio.store.trash import delete_runs

    with opened(context, store) as found:
        chosen = runs_named(found, runs)
        _done(delete_runs(found, [run.id for run in chosen]), chosen, as_json)


@app.command("restore")
def restore(context: typer.Context, runs: Runs, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Take runs out of the trash."""
    from runfolio.store.trash import restore_runs

    with opened(context, store) as found:
        chosen = runs_named(found, runs, ViewType.DELETED_ONLY)
        _done(restore_runs(found, [run.id for run in chosen]), chosen, as_json)


@app.command("export")
def export_runs(
    context: typer.Context,
    output: Output = None,
    store: StoreOption = None,
    experiment: ExperimentOption = None,
    where: FilterOption = "",
    order_by: OrderOption = None,
    limit: LimitOption = None,
    columns: ColumnsOption = "",
    form: FormatOption = None,
    spreadsheet: SpreadsheetOption = False,
    deleted: DeletedOption = False,
    as_json: ExportJsonOption = False,
) -> None:
    """Write runs as CSV, JSON, Parquet or Markdown: params, tags and last metrics as columns."""
    target = target_of(output, form, spreadsheet=spreadsheet, as_json=as_json)

    def choose(found: Store) -> list[int]:
        return select(found, experiment, where, order_by or (), _view(deleted))[:limit]

    export(context, store, choose, columns, target)


def select(
    store: Store, experiment: str | None, where: str, order_by: Sequence[str], view: ViewType = ViewType.ACTIVE_ONLY
) -> list[int]:
    """The numbers of the runs that the options of a command choose."""
    from runfolio.store.checks import unchecked
    from runfolio.store.completion import doubts_about
    from runfolio.store.search import find_runs

    for told in filter(None, [unchecked(store, where), *(doubts_about(store, where) if where else ())]):
        warn(told)
    chosen = [] if experiment is None else [experiment_named(store, experiment, ViewType.ALL)]
    keys = [key for text in order_by for key in split(text)]
    return find_runs(store, experiments=chosen, filter=where, order_by=keys, view=view)


def _done(outcome: Outcome, chosen: Sequence[Run], as_json: bool) -> None:
    shapes.print_done(outcome.text, as_json, run_ids=[run.run_id for run in chosen])


def _print_runs(runs: Sequence[Run], total: int, as_json: bool, nothing: str = "") -> None:
    if as_json:
        shapes.print_json([shapes.of_run(run) for run in runs])
    else:
        tables.print_runs(runs, total, nothing)


def _print_columns(frame: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        shapes.print_json(json_rows(frame))
    else:
        numeric = [name for name, cells in frame.items() if any(isinstance(cell, float) for cell in cells)]
        tables.print_table(list(frame), text_rows(frame), numeric)


def _view(deleted: bool) -> ViewType:
    return ViewType.DELETED_ONLY if deleted else ViewType.ACTIVE_ONLY


def _print_run(run: Run, files: Sequence[tuple[str, int]]) -> None:
    from runfolio.core import numbers

    facts = {
        "run": run.run_id,
        "name": run.name,
        "experiment": run.experiment_name,
        "status": str(run.status),
        "started": numbers.full_time(run.start_time),
        "ended": numbers.full_time(run.end_time) if run.end_time is not None else "",
        "user": run.user,
    }
    tables.print_table(("", ""), [(name, value) for name, value in facts.items() if value])
    for title, texts in (("param", run.params), ("tag", run.tags)):
        if texts:
            tables.print_table((title, "value"), texts.items())
    if run.metrics:
        rows = [
            (key, *_alike(one.last, one.minimum, one.maximum), f"{one.last_step:,}", f"{one.count:,}")
            for key, one in run.metrics.items()
        ]
        titles = ("metric", "last", "min", "max", "last step", "points")
        tables.print_table(titles, rows, titles[1:])
    if files:
        tables.print_table(("file", "size"), [(path, numbers.size(size)) for path, size in files], ["size"])


def _alike(*values: float | None) -> Iterator[str]:
    """Values of one metric with the same digits; nothing for what is not there."""
    from runfolio.core import numbers

    form = numbers.column_format(value for value in values if value is not None)
    return ("" if value is None else form.text(value) for value in values)


def print_runs(store: Store, experiment: str, limit: int, as_json: bool) -> None:
    """Print an experiment's newest runs. Raises NotFound, InvalidValue."""
    from runfolio.store.bulk import read_runs

    numbers = select(store, experiment, "", ())
    if not numbers:
        raise InvalidValue(f"The experiment {experiment!r} has no runs.")
    _print_runs(read_runs(store, numbers[:limit]), len(numbers), as_json)
