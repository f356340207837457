"""The command `runfolio`: opens the window, or runs a subcommand; turns errors into a sentence and an exit code.

Exit codes: 0 done, 1 the store or the data would not do it or are not in order, 2 wrong usage or something missing on
this machine, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import Annotated

import typer

import runfolio
from runfolio.cli import demo, doctor, experiments, keeping, log, runs
from runfolio.cli.options import StoreOption
from runfolio.core.errors import EnvironmentProblem, FilterError, InvalidValue, UserError

app = typer.Typer(
    help="Experiment tracking in one folder and one window. Without a command: opens the window.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("backup")(keeping.backup)
app.command("gc")(keeping.gc)
app.add_typer(runs.app, name="runs")
app.add_typer(experiments.app, name="experiments")
app.add_typer(log.app, name="log")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"runfolio {runfolio.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    store: StoreOption = None,
    version: Annotated[
        bool | None, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = None,
) -> None:
    """Open the window on a store."""
    context.obj = store
    if context.invoked_subcommand is None:
        raise typer.Exit(open_window(store))


def open_window(store: Path | None) -> int:
    """Open the window, after a look at what Qt would stumble over; returns the exit code."""
    from runfolio.gui import guards

    guards.check_all()
    from runfolio.gui.app import main

    return main(store)


def main() -> None:
    """The entry point: no traceback for what a user can put right."""
    try:
        app()
    except UserError as error:
        print(f"runfolio: {error.message}", file=sys.stderr)
        if isinstance(error, FilterError):
            print(textwrap.indent(error.pointer, "  "), file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(2 if isinstance(error, EnvironmentProblem | InvalidValue) else 1)
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not find that out once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
