"""All commands of `runfolio registry`."""

from __future__ import annotations

import typer

from runfolio.cli.registry import changing, delivering, gates, history, moving, showing

app = typer.Typer(help="Register, promote, roll back and prove models.", no_args_is_help=True)

for command in (
    showing.list_models,
    showing.show,
    showing.versions,
    moving.register,
    moving.promote,
    moving.rollback,
    changing.alias,
    changing.tag,
    changing.describe,
    changing.rename,
    changing.delete,
    changing.restore,
    gates.gates,
    history.history,
    history.verify,
    delivering.deliver,
    delivering.deliveries,
):
    app.command(command.__name__.removesuffix("_models"))(command)
