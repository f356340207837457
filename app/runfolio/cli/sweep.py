"""`runfolio sweep`: many runs of a project with values that a search chooses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import made_or_there, opened, runs_named
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import say, warn
from runfolio.cli.run import (
    EntryOption,
    ExperimentOption,
    ManagerOption,
    NameOption,
    ParamOption,
    TimeoutOption,
    UriArgument,
    VersionOption,
    Watcher,
    here,
    interrupts,
    note_used,
    parameters_of,
    put_into_queue,
    title_of,
)
from runfolio.cli.runs import JsonOption, OneRun
from runfolio.core import numbers
from runfolio.core.errors import InvalidValue, NotFound, Stopped
from runfolio.core.projects.request import EnvManager, RunRequest, env_manager_named
from runfolio.core.queue.records import JobKind
from runfolio.core.states import RunStatus, ViewType
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.core.sweeps.stored import read_written, written

if TYPE_CHECKING:
    from runfolio.client.tracker import Tracker
    from runfolio.core.importance import Explanation
    from runfolio.projects.running.observer import Ended

app = typer.Typer(help="Search for the values of parameters that are best.", no_args_is_help=True)
FileOption = Annotated[Path, typer.Option("--config", "-c", help="What is searched: docs/sweeps.md.")]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers run the trials.")
]
#: A file of a sweep is not longer; characters.
LONGEST = 1 << 20


@app.command("run")
def run(
    context: typer.Context,
    uri: UriArgument,
    config: FileOption,
    entry_point: EntryOption = "",
    param: ParamOption = [],  # noqa: B006 (typer makes a new one each time)
    version: VersionOption = "",
    experiment_name: ExperimentOption = "",
    run_name: NameOption = "",
    env_manager: ManagerOption = EnvManager.AUTO,
    timeout: TimeoutOption = 0.0,
    cluster: ClusterOption = None,
    queue: Annotated[bool, typer.Option("--queue", help="Put it into the queue instead of waiting for it.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a sweep of a project; Ctrl+C stops it, and it can go on later."""
    sweep = _read(config)
    request = RunRequest(
        here(uri),
        entry_point,
        parameters_of(param),
        version,
        experiment_name,
        run_name,
        env_manager_named(env_manager),
        timeout,
        caller=str(Path.cwd()),
    )
    folder = made_or_there(context, store)
    if queue:
        job = {"sweep": written(sweep), "run": request.written(), "cluster": cluster or ""}
        put_into_queue(folder, JobKind.SWEEP, f"Sweep of {title_of(request)}", job, as_json)
        return
    from runfolio.client.tracker import tracker
    from runfolio.projects.sweeps.sweep import run_sweep

    target = tracker(folder)

    ended = _watched(
        lambda watcher: run_sweep(target, sweep, request, watcher, cluster=cluster or "", told=_teller(sweep))
    )
    note_used(target, request)
    _tell(target, ended, as_json)


@app.command("resume")
def resume(
    context: typer.Context,
    run: OneRun,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with a sweep that was stopped or has broken off; what has ended is not run again."""
    from runfolio.store.sweeps.memory import trials_of

    with opened(context, store) as found:
        (one,) = runs_named(found, [run])
        folder, told = found.path, _teller(_kept(found, one.id, one.run_id), trials_of(found, one.id))
    from runfolio.client.tracker import tracker
    from runfolio.projects.sweeps.sweep import resume_sweep

    target = tracker(folder)
    ended = _watched(lambda watcher: resume_sweep(target, one.run_id, watcher, cluster=cluster, told=told))
    _tell(target, ended, as_json)


@app.command("show")
def show(context: typer.Context, run: OneRun, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show a sweep: the best trial, all others, and which parameters matter."""
    from runfolio.core.sweeps.importance import explain_trials
    from runfolio.store.sweeps.memory import trials_of

    with opened(context, store) as found:
        (one,) = runs_named(found, [run], ViewType.ALL)
        sweep, trials = _kept(found, one.id, one.run_id), trials_of(found, one.id)
    explained = explain_trials(sweep, trials)
    if as_json:
        shapes.print_json(_shape(one.run_id, str(one.status), sweep, trials, explained))
    else:
        _print(sweep, trials, explained)


def _read(file: Path) -> Sweep:
    from runfolio.core.sweeps.spec import read_sweep

    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(LONGEST + 1)
    except OSError as problem:
        raise NotFound(f"{file} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError:
        raise InvalidValue(f"{file} is not text in UTF-8.") from None
    if len(text) > LONGEST:
        raise InvalidValue(f"{file} is longer than {LONGEST:,} characters.")
    return read_sweep(text, file.name)


def _kept(store: Any, number: int, run_id: str) -> Sweep:
    from runfolio.store.sweeps.memory import sweep_of

    found = sweep_of(store, number)
    if found is None:
        raise NotFound(f"The run {run_id} is no sweep.", "Trials are nested in the run of their sweep.")
    return read_written(found.specification)


def _watched(work: Callable[[Watcher], Ended]) -> Ended:
    watcher = Watcher(sys.stderr)
    with interrupts(watcher):
        try:
            return work(watcher)
        except Stopped:
            warn("cancelled before anything was started.")
            raise typer.Exit(ExitCode.INTERRUPTED) from None


def _teller(sweep: Sweep, before: Sequence[Trial] = ()) -> Callable[[Trial], None]:
    """What prints a line for each trial that has ended."""
    from runfolio.core.sweeps.judging import best
    from runfolio.core.sweeps.suggesting import most

    over = {one.number: one for one in before}

    def told(trial: Trial) -> None:
        if trial.state is TrialState.RUNNING:
            return
        over[trial.number] = trial
        value = trial.reason if trial.value is None else f"{sweep.metric} {trial.value:g}"
        found = best(sweep, over.values())
        so_far = "" if found is None or found.value is None else f"; best {found.value:g} (trial {found.number})"
        with contextlib.suppress(OSError):  # a terminal that is gone ends no sweep
            warn(f"trial {trial.number} of {most(sweep)} {trial.state}: {value}{so_far}")

    return told


def _tell(target: Tracker, ended: Ended, as_json: bool) -> None:
    from runfolio.client.reading import number_of_run
    from runfolio.core.sweeps.importance import explain_trials
    from runfolio.store.sweeps.memory import trials_of

    number = number_of_run(target, ended.run_id)
    store = target.open_store()
    sweep, trials = _kept(store, number, ended.run_id), trials_of(store, number)
    if as_json:
        explained = explain_trials(sweep, trials)
        shapes.print_json(_shape(ended.run_id, str(ended.status), sweep, trials, explained))
    else:
        _print_best(sweep, trials)
    warn(f"sweep {ended.run_id} {str(ended.status).lower()}. {ended.reason}".strip())
    if ended.status is RunStatus.KILLED:
        warn(f"it goes on with: runfolio sweep resume {ended.run_id[:8]}")
        raise typer.Exit(ExitCode.INTERRUPTED)
    raise typer.Exit(ExitCode.DONE if ended.status is RunStatus.FINISHED else ExitCode.TROUBLE)


def _print(sweep: Sweep, trials: list[Trial], explained: Explanation) -> None:
    _print_best(sweep, trials)
    form = numbers.column_format(one.value for one in trials if one.value is not None)
    names = [one.name for one in sweep.space]
    rows = [
        (
            str(one.number),
            one.run_uuid[:8],
            str(one.state),
            "" if one.value is None else form.text(one.value),
            *(one.parameters.get(name, "") for name in names),
        )
        for one in trials
    ]
    tables.print_table(["trial", "run", "status", sweep.metric, *names], rows, ["trial", sweep.metric])
    if explained.doubt:
        say(explained.doubt)
    elif explained.params:
        print_importance(explained)


def print_importance(explained: Explanation) -> None:
    """Print which parameters matter, the most important one first."""
    rows = [(one.column.key, f"{one.value:.0%}", "" if one.told else "may be chance") for one in explained.params]
    tables.print_table(["parameter", "importance", ""], rows, ["importance"])


def _print_best(sweep: Sweep, trials: list[Trial]) -> None:
    from runfolio.core.sweeps.judging import best

    found = best(sweep, trials)
    if found is None or found.value is None:
        say("No trial has finished with a value yet.")
        return
    values = "  ".join(f"{name}={value}" for name, value in found.parameters.items())
    say(f"best {sweep.metric} {found.value:g}: trial {found.number}, run {found.run_uuid[:8]}  {values}")


def _shape(run_id: str, status: str, sweep: Sweep, trials: list[Trial], explained: Explanation) -> dict[str, Any]:
    from runfolio.core.sweeps.judging import best

    found = best(sweep, trials)
    return {
        "run_id": run_id,
        "status": status,
        "sweep": written(sweep),
        "best": None if found is None else _trial(found),
        "trials": [_trial(one) for one in trials],
        "importance": {one.column.key: one.value for one in explained.params},
        "doubt": explained.doubt,
    }


def _trial(one: Trial) -> dict[str, Any]:
    return {
        "number": one.number,
        "run_id": one.run_uuid,
        "state": str(one.state),
        "value": one.value,
        "parameters": dict(one.parameters),
        "reason": one.reason,
        "attempts": one.attempts,
        "start_time": one.started,
        "end_time": one.ended,
    }
