"""`runfolio queue`: what waits and runs, and what works at it."""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import made_or_there, opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import say, warn
from runfolio.cli.runs import JsonOption
from runfolio.cli.shapes import print_done
from runfolio.core.queue.records import Job, JobState

if TYPE_CHECKING:
    from runfolio.store import Store
    from runfolio.store.operations import Outcome

app = typer.Typer(help="Jobs that wait for their turn, and those that run.", no_args_is_help=True)
JobArguments = Annotated[list[int], typer.Argument(help="Numbers of jobs.")]


@app.command("list")
def list_jobs(
    context: typer.Context,
    state: Annotated[list[JobState], typer.Option("--state", help="Only jobs in this state.")] = [],  # noqa: B006
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """List jobs: those at work, those that wait, those that are over."""
    from runfolio.store.queue.reading import job_ids, jobs_of, queue_state
    from runfolio.store.queue.starting import is_due
    from runfolio.store.queue.working import somebody_works

    with opened(context, store) as found:
        numbers = [int(one) for one in job_ids(found, state or tuple(JobState))]
        jobs = jobs_of(found, numbers)
        paused = queue_state(found).paused
        worker = somebody_works(found)
        left = worker is False and is_due(found)
    listed = [jobs[number] for number in numbers if number in jobs]
    if as_json:
        say(json.dumps({"paused": paused, "worker": worker, "jobs": [_as_json(job) for job in listed]}, indent=2))
        return
    if paused:
        say("The queue is paused; `runfolio queue resume` has it go on.")
    if left:
        say("Nobody works at the queue at this moment; `runfolio queue work` does.")
    for job in listed:
        reason = f"  ({job.reason})" if job.reason else ""
        say(f"{job.id:>5}  {job.state:<10} {job.run_uuid[:8]:<8}  {job.title}{reason}")
    if not listed:
        say("No job. `runfolio run PROJECT --queue` puts one into the queue.")


@app.command("show")
def show(
    context: typer.Context,
    job: Annotated[int, typer.Argument(help="The number of a job.")],
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Show a job: what it runs, and what has become of it."""
    from runfolio.store.queue.reading import get_job

    with opened(context, store) as found:
        one = _as_json(get_job(found, job))
    if as_json:
        say(json.dumps(one, indent=2))
        return
    for name, value in one.items():
        say(f"{name}: {json.dumps(value) if isinstance(value, dict) else value}")


@app.command("cancel")
def cancel(context: typer.Context, jobs: JobArguments, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """End jobs: those that wait do so no more, those at work are told to end."""
    from runfolio.store.queue import changing

    with opened(context, store) as found:
        _tell(changing.cancel(found, _there(found, jobs)), jobs, as_json)


@app.command("move")
def move(
    context: typer.Context,
    jobs: JobArguments,
    before: Annotated[int | None, typer.Option("--before", help="The job before which. [default: the end]")] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Have jobs that wait come before another one, or last."""
    from runfolio.store.queue import changing

    with opened(context, store) as found:
        _tell(changing.move(found, _there(found, jobs), before), jobs, as_json)


@app.command("again")
def again(context: typer.Context, jobs: JobArguments, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Put new jobs like these into the queue."""
    from runfolio.store.queue import changing

    with opened(context, store) as found:
        _tell(changing.run_again(found, _there(found, jobs)), jobs, as_json)
        _start(found)


@app.command("remove")
def remove(
    context: typer.Context,
    jobs: Annotated[list[int], typer.Argument(help="Numbers of jobs. [default: all that are over]")] = [],  # noqa: B006
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Take jobs that are over, or wait, out of the list; their runs stay."""
    from runfolio.store.queue import changing

    with opened(context, store) as found:
        gone = changing.remove(found, _there(found, jobs)) if jobs else changing.remove_over(found)
        _tell(gone, jobs, as_json)


@app.command("pause")
def pause(context: typer.Context, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Have no job begin; those at work go on."""
    from runfolio.store.queue import changing

    with opened(context, store) as found:
        _tell(changing.pause(found, True), (), as_json)


@app.command("resume")
def resume(context: typer.Context, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Have jobs begin again."""
    from runfolio.store.queue import changing

    with opened(context, store) as found:
        _tell(changing.pause(found, False), (), as_json)
        _start(found)


@app.command("slots")
def slots(
    context: typer.Context,
    jobs: Annotated[int | None, typer.Option("--jobs", help="Jobs at one time.")] = None,
    cpu: Annotated[float | None, typer.Option("--cpu", help="Processors; 0 for no limit.")] = None,
    memory: Annotated[float | None, typer.Option("--memory", help="GB of memory; 0 for no limit.")] = None,
    gpu: Annotated[int | None, typer.Option("--gpu", help="Graphics cards; 0 for all there are.")] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Choose what jobs may hold at one time; without options, show it."""
    from runfolio.store.queue.changing import set_slots
    from runfolio.store.queue.reading import queue_state

    chosen: dict[str, Any] = {"jobs": jobs, "cpu": cpu, "memory_gb": memory, "gpu": gpu}
    with opened(context, store) as found:
        old = queue_state(found).slots
        new = replace(old, **{name: value for name, value in chosen.items() if value is not None})
        if new != old:
            set_slots(found, new)
            _start(found)
    limits = [f"{new.cpu:g} processors" if new.cpu else "", f"{new.memory_gb:g} GB" if new.memory_gb else ""]
    cards = f"{new.gpu} graphics cards" if new.gpu else "all graphics cards"
    jobs_text = f"{new.jobs} {'job' if new.jobs == 1 else 'jobs'} at one time"
    print_done(", ".join([jobs_text, *filter(None, limits), cards]), as_json, **asdict(new))


@app.command("work")
def work(context: typer.Context, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Work at the queue until nothing is left to be done. It starts by itself where something is put into it."""
    from runfolio.projects.worker.work import Worker, work_at

    def made(worker: Worker) -> None:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda _number, _frame: worker.stop())

    folder: Path = made_or_there(context, store)
    if not work_at(folder, (lambda _: None) if as_json else say, made):
        warn("another process works at this queue.")
        raise typer.Exit(ExitCode.TROUBLE)
    print_done("Nothing is left to be done", as_json)


def _tell(outcome: Outcome, jobs: Sequence[int], as_json: bool) -> None:
    print_done(outcome.text, as_json, jobs=list(jobs))


def _there(store: Store, numbers: list[int]) -> list[int]:
    """The jobs, all of which are there. Raises NotFound."""
    from runfolio.store.queue.reading import get_job

    for number in numbers:
        get_job(store, number)
    return numbers


def _start(store: Store) -> None:
    from runfolio.store.queue.starting import start_if_due

    start_if_due(store)


def _as_json(job: Job) -> dict[str, Any]:
    names = ("id", "kind", "title", "state", "reason", "run_uuid", "exit_code", "attempts")
    times = ("created", "started", "ended")
    return {name: getattr(job, name) for name in (*names, *times)} | {"request": dict(job.request)}
