"""The command `runfolio`: opens the window, or runs a subcommand; turns errors into a sentence and an exit code.

The exit codes are in `exit_codes.py`.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Annotated

import typer

import runfolio
from runfolio.cli import (
    demo,
    doctor,
    environments,
    experiments,
    keeping,
    log,
    models,
    packing,
    queue,
    reproduce,
    run,
    runs,
    serve,
    storage,
    sweep,
)
from runfolio.cli.exit_codes import ExitCode, code_of
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import prepare_streams, silence, warn
from runfolio.cli.registry import app as registry
from runfolio.core.errors import FilterError, UserError
from runfolio.core.printable import printable

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
app.command("run")(run.run)
app.command("reproduce")(reproduce.reproduce)
app.add_typer(runs.app, name="runs")
app.add_typer(experiments.app, name="experiments")
app.add_typer(log.app, name="log")
app.add_typer(storage.app, name="storage")
models.app.command("serve", context_settings={"help_option_names": ["--help"]})(serve.serve)
models.app.command("generate-dockerfile")(packing.generate_dockerfile)
models.app.command("build-docker")(packing.build_docker)
app.add_typer(models.app, name="models")
app.add_typer(environments.app, name="environments")
app.add_typer(registry.app, name="registry")
app.add_typer(queue.app, name="queue")
app.add_typer(sweep.app, name="sweep")


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
    prepare_streams()
    try:
        code = _run()
        sys.stdout.flush()
    except UserError as error:
        _tell(error)
        code = code_of(error)
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not find that out once more at its end.
        silence(sys.stdout)
        code = ExitCode.NOBODY_READS
    except OSError as error:  # the disk is full, a file may not be read
        warn(f"{error}.")
        silence(sys.stdout)
        code = ExitCode.MACHINE
    sys.exit(code)


def _run() -> int:
    try:
        app()
    except SystemExit as ended:  # how typer tells what a command returned, and that nobody reads its output
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from ended
        return ended.code if isinstance(ended.code, int) else ExitCode.DONE
    return ExitCode.DONE


def _tell(error: UserError) -> None:
    warn(error.message)
    if isinstance(error, FilterError):
        print(textwrap.indent(printable(error.pointer), "  "), file=sys.stderr)
    if error.hint:
        print(textwrap.indent(printable(error.hint), "  "), file=sys.stderr)


if __name__ == "__main__":
    main()
