"""`runfolio log`: logging from shell scripts and other languages, one command a call or one line a call."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from runfolio.cli import shapes
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import made_or_there, runs_named
from runfolio.cli.options import StoreOption, chosen
from runfolio.cli.printing import warn
from runfolio.cli.protocol import take_lines
from runfolio.cli.runs import JsonOption
from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.printable import json_number
from runfolio.core.states import DEFAULT_EXPERIMENT, RunStatus

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun
    from runfolio.client.tracker import Tracker

RUN_VARIABLE = "RUNFOLIO_RUN_ID"
app = typer.Typer(help="Log from shell scripts and other languages.", no_args_is_help=True)

RunOption = Annotated[str | None, typer.Option("--run", "-r", help=f"The run's id. [default: {RUN_VARIABLE}]")]
ExperimentOption = Annotated[str, typer.Option("--experiment", "-e", help="The experiment, made if it is new.")]
NameOption = Annotated[str | None, typer.Option("--name", help="The run's name. [default: a random one]")]


@app.command("start")
def start(
    context: typer.Context,
    store: StoreOption = None,
    experiment: ExperimentOption = DEFAULT_EXPERIMENT,
    name: NameOption = None,
    parent: Annotated[str | None, typer.Option("--parent", help="The run that it is nested in.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Start a run that goes on until `runfolio log end`; prints its id. A store that is not there yet is made."""
    from runfolio.client.tracker import tracker

    target = tracker(made_or_there(context, store))
    above = None if parent is None else _named(target, parent).info.run_id
    run = _new_run(target, experiment, name, above, detached=True)
    _done(run)
    if as_json:
        shapes.print_json({"run_id": run.info.run_id, "name": run.info.run_name, "experiment": experiment})
    else:
        typer.echo(run.info.run_id)


@app.command("metric")
def metric(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The metric.")],
    value: Annotated[str, typer.Argument(help="The number; 'nan' and 'inf' are numbers too.")],
    step: Annotated[int, typer.Option(help="The step.")] = 0,
    run: RunOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Append a point to a metric."""
    found = _run(context, store, run)
    found.log_metric(key, value, step)  # type: ignore[arg-type]  # a number as text counts, as in MLflow
    _done(found)
    _tell(found, as_json, metric=key, value=json_number(rules.metric_value(key, value)), step=step)


@app.command("param")
def param(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The param.")],
    value: Annotated[str, typer.Argument(help="Its value.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Change a value that was set before.")] = False,
    run: RunOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set a param."""
    found = _run(context, store, run)
    found.log_params({key: value}, overwrite=overwrite)
    _done(found)
    _tell(found, as_json, param=key, value=value)


@app.command("tag")
def tag(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The tag.")],
    value: Annotated[str, typer.Argument(help="Its value.")],
    run: RunOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set a tag."""
    found = _run(context, store, run)
    found.set_tags({key: value})
    _done(found)
    _tell(found, as_json, tag=key, value=value)


@app.command("artifact")
def artifact(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A file or a folder.")],
    folder: Annotated[str | None, typer.Argument(help="The folder of the run to put it in.")] = None,
    run: RunOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a file or a folder into the run's files."""
    from runfolio.client import files

    found = _run(context, store, run)
    stored = files.log_file(found, path, folder)
    name = (path.resolve() if path.is_dir() else path).name
    _done(found, stored)
    _tell(found, as_json, artifact=str(PurePosixPath(folder or "", name)))


@app.command("text")
def text(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of the file in the run.")],
    run: RunOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store standard input as a file of the run."""
    from runfolio.client import files

    found = _run(context, store, run)
    stored = files.log_stream(found, sys.stdin.buffer, name)
    _done(found, stored)
    _tell(found, as_json, artifact=name)


@app.command("end")
def end(
    context: typer.Context,
    status: Annotated[str, typer.Option(help="FINISHED, FAILED or KILLED.")] = RunStatus.FINISHED,
    run: RunOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a run."""
    from runfolio.core.clock import now_ms

    wanted = rules.run_status(status.upper())
    if not wanted.ended:
        raise InvalidValue(f"A run does not end {wanted}.", "Use FINISHED, FAILED or KILLED.")
    found = _run(context, store, run)
    found.set_status(wanted, now_ms())
    _done(found)
    _tell(found, as_json, status=str(wanted))


@app.command("stdin")
def stdin(
    context: typer.Context,
    run: RunOption = None,
    store: StoreOption = None,
    experiment: ExperimentOption = DEFAULT_EXPERIMENT,
    name: NameOption = None,
    as_json: JsonOption = False,
) -> None:
    """Log the lines of standard input: 'metric KEY VALUE [STEP]', 'param KEY VALUE', 'tag KEY VALUE', or JSON.

    Without a run, one is started, which ends with the input. A line that cannot be logged is told with its number,
    and the others go on; the exit code is then 1.
    """
    given = run or os.environ.get(RUN_VARIABLE)
    found = _run(context, store, given) if given else _started(context, store, experiment, name)
    status = RunStatus.KILLED
    try:
        taken = take_lines(found, sys.stdin.buffer, warn)
        status = RunStatus.FINISHED
    finally:  # Ctrl+C ends the run too
        if not given:
            found.end(status)
        _done(found)
    if as_json:
        shapes.print_json({"run_id": found.info.run_id, "logged": taken.logged, "refused": taken.refused})
    if taken.refused:
        raise typer.Exit(ExitCode.TROUBLE)


# Both are one command: what reads standard input is called so by custom.
app.command("-", hidden=True)(stdin)


def _started(context: typer.Context, store: Path | None, experiment: str, name: str | None) -> ActiveRun:
    from runfolio.client.tracker import tracker

    return _new_run(tracker(made_or_there(context, store)), experiment, name, None)


def _new_run(
    target: Tracker, experiment: str, name: str | None, parent: str | None, *, detached: bool = False
) -> ActiveRun:
    from runfolio.client.active_runs import open_run
    from runfolio.client.experiment import ExperimentHandle

    return open_run(target, ExperimentHandle(target.folder, experiment), name, parent, detached=detached)


def _run(context: typer.Context, store: Path | None, given: str | None) -> ActiveRun:
    """The run to log to, in a store that is there."""
    from runfolio.client.tracker import tracker
    from runfolio.core.paths import store_path
    from runfolio.store.opening import check_there

    named = given or os.environ.get(RUN_VARIABLE)
    if not named:
        raise InvalidValue("Which run is meant?", f"Give --run, or set {RUN_VARIABLE}: runfolio log start prints it.")
    folder = store_path(chosen(context, store))
    check_there(folder)
    return _named(tracker(folder), named)


def _named(target: Tracker, word: str) -> ActiveRun:
    """A run by its id or the beginning of that. Raises NotFound, InvalidValue."""
    from runfolio.client.active_runs import run_of_store
    from runfolio.store.runs import find_run

    store = target.opened_store()
    if find_run(store, rules.run_id(word)) is None:
        (found,) = runs_named(store, [word])
        word = found.run_id
    return run_of_store(target, word)


def _tell(run: ActiveRun, as_json: bool, **logged: object) -> None:
    """Tell programs what was logged; for people, who have just said it, silence is enough."""
    if as_json:
        shapes.print_json({"run_id": run.info.run_id, **logged})


def _done(run: ActiveRun, stored: bool = True) -> None:
    """Have everything in the tables before the command ends. What cannot be is safe in the journal; files are not."""
    if not run.flush():
        warn("the store is busy; what was logged is brought in later.")
    if not stored:  # a warning has told why
        raise typer.Exit(ExitCode.MACHINE)
