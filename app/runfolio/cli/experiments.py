"""`runfolio experiments`: list, create, show, tag, rename, delete, restore and export experiments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.export import Format, export
from runfolio.cli.opened import experiment_named, opened
from runfolio.cli.options import StoreOption, chosen
from runfolio.cli.runs import DeletedOption, JsonOption, select
from runfolio.core.states import ViewType

app = typer.Typer(help="List and change experiments.", no_args_is_help=True)

OneExperiment = Annotated[str, typer.Argument(help="The name or the id of an experiment.")]


@app.command("list")
def list_experiments(
    context: typer.Context,
    store: StoreOption = None,
    where: Annotated[str, typer.Option("--filter", "-f", help="Only those, such as \"name LIKE 'vision/%'\".")] = "",
    deleted: DeletedOption = False,
    as_json: JsonOption = False,
) -> None:
    """List experiments by name."""
    from runfolio.store.search import find_experiments

    view = ViewType.DELETED_ONLY if deleted else ViewType.ACTIVE_ONLY
    with opened(context, store) as found:
        experiments = find_experiments(found, filter=where, view=view, order_by=["name ASC"])
    if as_json:
        shapes.print_json([shapes.of_experiment(one) for one in experiments])
    else:
        tables.print_experiments(experiments)


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name; '/' in it makes folders.")],
    store: StoreOption = None,
) -> None:
    """Make an experiment; prints its id. A store that is not there yet is made."""
    from runfolio.store import open_store
    from runfolio.store.operations import create_experiment

    made = open_store(chosen(context, store))
    try:
        typer.echo(create_experiment(made, name).experiment_id)
    finally:
        made.close()


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
) -> None:
    """Set or remove a tag of an experiment."""
    from runfolio.store.operations import set_experiment_tag

    with opened(context, store) as found:
        typer.echo(set_experiment_tag(found, experiment_named(found, experiment), key, value).text)


@app.command("rename")
def rename(
    context: typer.Context,
    experiment: OneExperiment,
    name: Annotated[str, typer.Argument(help="The new name.")],
    store: StoreOption = None,
) -> None:
    """Give an experiment another name; '/' in it moves it in the tree."""
    from runfolio.store.operations import rename_experiment

    with opened(context, store) as found:
        typer.echo(rename_experiment(found, experiment_named(found, experiment), name).text)


@app.command("delete")
def delete(context: typer.Context, experiment: OneExperiment, store: StoreOption = None) -> None:
    """Put an experiment and its runs into the trash; `runfolio gc` empties it."""
    from runfolio.store.trash import delete_experiment

    with opened(context, store) as found:
        typer.echo(delete_experiment(found, experiment_named(found, experiment)).text)


@app.command("restore")
def restore(context: typer.Context, experiment: OneExperiment, store: StoreOption = None) -> None:
    """Take an experiment, and the runs that went with it, out of the trash."""
    from runfolio.store.trash import restore_experiment

    with opened(context, store) as found:
        number = experiment_named(found, experiment, ViewType.DELETED_ONLY)
        typer.echo(restore_experiment(found, number).text)


@app.command("export")
def export_experiment(
    context: typer.Context,
    experiment: OneExperiment,
    output: Annotated[Path | None, typer.Argument(help="The file; its suffix tells the format.")] = None,
    store: StoreOption = None,
    form: Annotated[Format | None, typer.Option("--format", help="Of standard output: CSV if not given.")] = None,
) -> None:
    """Write all runs of an experiment as CSV, JSON, Parquet or Markdown."""
    from runfolio.store.bulk import read_frame

    with opened(context, store) as found:
        frame = read_frame(found, select(found, experiment, "", ()))
    export(frame, [], form, output)
