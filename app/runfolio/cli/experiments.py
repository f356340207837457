"""`runfolio experiments`: list, create, show, tag, rename, delete, restore and export experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.columns import split
from runfolio.cli.export import (
    ColumnsOption,
    ExportJsonOption,
    FormatOption,
    Output,
    SpreadsheetOption,
    export,
    target_of,
)
from runfolio.cli.opened import experiment_named, made_or_there, opened
from runfolio.cli.options import StoreOption
from runfolio.cli.runs import DeletedOption, FilterOption, JsonOption, LimitOption, OrderOption, select
from runfolio.core.states import ViewType

if TYPE_CHECKING:
    from runfolio.store.operations import Outcome

app = typer.Typer(help="List and change experiments.", no_args_is_help=True)

OneExperiment = Annotated[str, typer.Argument(help="The name or the id of an experiment.")]


@app.command("list")
def list_experiments(
    context: typer.Context,
    store: StoreOption = None,
    where: Annotated[str, typer.Option("--filter", "-f", help="Only those, such as \"name LIKE 'vision/%'\".")] = "",
    order_by: Annotated[
        list[str] | None, typer.Option("--order-by", "-o", help="By this, such as 'creation_time DESC'; else by name.")
    ] = None,
    limit: LimitOption = None,
    deleted: DeletedOption = False,
    as_json: JsonOption = False,
) -> None:
    """List experiments."""
    from runfolio.store.search import find_experiments

    view = ViewType.DELETED_ONLY if deleted else ViewType.ACTIVE_ONLY
    with opened(context, store) as found:
        order = [key for text in order_by or ["name ASC"] for key in split(text)]
        experiments = find_experiments(found, filter=where, view=view, order_by=order, limit=limit)
    if as_json:
        shapes.print_json([shapes.of_experiment(one) for one in experiments])
    else:
        tables.print_experiments(experiments)


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name; '/' in it makes folders.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an experiment; prints its id. A store that is not there yet is made."""
    from runfolio.store import open_store
    from runfolio.store.operations import create_experiment

    store_made = open_store(made_or_there(context, store))
    try:
        made = create_experiment(store_made, name)
    finally:
        store_made.close()
    if as_json:
        shapes.print_json(shapes.of_experiment(made))
    else:
        typer.echo(made.experiment_id)


@app.command("show")
def show(
    context: typer.Context, experiment: OneExperiment, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Show an experiment and its tags."""
    from runfolio.store.experiments import list_experiments as listed

    with opened(context, store) as found:
        number = experiment_named(found, experiment, ViewType.ALL)
        one = next(one for one in listed(found, ViewType.ALL) if one.id == number)
    if as_json:
        shapes.print_json(shapes.of_experiment(one))
    else:
        tables.print_experiments([one])
        if one.tags:
            tables.print_table(("tag", "value"), one.tags.items())


@app.command("tag")
def tag(
    context: typer.Context,
    experiment: OneExperiment,
    key: Annotated[str, typer.Argument(help="The tag's key.")],
    value: Annotated[str | None, typer.Argument(help="Its value; without one, the tag is removed.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set or remove a tag of an experiment."""
    from runfolio.store.operations import set_experiment_tag

    with opened(context, store) as found:
        number = experiment_named(found, experiment)
        _done(set_experiment_tag(found, number, key, value), number, as_json)


@app.command("rename")
def rename(
    context: typer.Context,
    experiment: OneExperiment,
    name: Annotated[str, typer.Argument(help="The new name.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an experiment another name; '/' in it moves it in the tree."""
    from runfolio.store.operations import rename_experiment

    with opened(context, store) as found:
        number = experiment_named(found, experiment)
        _done(rename_experiment(found, number, name), number, as_json)


@app.command("delete")
def delete(
    context: typer.Context, experiment: OneExperiment, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Put an experiment and its runs into the trash; `runfolio gc` empties it."""
    from runfolio.store.trash import delete_experiment

    with opened(context, store) as found:
        number = experiment_named(found, experiment)
        _done(delete_experiment(found, number), number, as_json)


@app.command("restore")
def restore(
    context: typer.Context, experiment: OneExperiment, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Take an experiment, and the runs that went with it, out of the trash."""
    from runfolio.store.trash import restore_experiment

    with opened(context, store) as found:
        number = experiment_named(found, experiment, ViewType.DELETED_ONLY)
        _done(restore_experiment(found, number), number, as_json)


@app.command("export")
def export_experiment(
    context: typer.Context,
    experiment: OneExperiment,
    output: Output = None,
    store: StoreOption = None,
    where: FilterOption = "",
    order_by: OrderOption = None,
    limit: LimitOption = None,
    columns: ColumnsOption = "",
    form: FormatOption = None,
    spreadsheet: SpreadsheetOption = False,
    as_json: ExportJsonOption = False,
) -> None:
    """Write the runs of an experiment as CSV, JSON, Parquet or Markdown."""
    target = target_of(output, form, spreadsheet=spreadsheet, as_json=as_json)
    export(context, store, lambda found: select(found, experiment, where, order_by or ())[:limit], columns, target)


def _done(outcome: Outcome, number: int, as_json: bool) -> None:
    shapes.print_done(outcome.text, as_json, experiment_id=str(number))
