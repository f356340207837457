"""`runfolio storage`: what takes the room of a store, whether its files are whole, and what can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import experiment_named, opened, runs_named
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import progress_bar, say
from runfolio.cli.runs import ExperimentOption, JsonOption, OneRun
from runfolio.core import direction
from runfolio.core.errors import NotFound
from runfolio.core.numbers import counted, size
from runfolio.core.retention import CHECKPOINTS, Rule
from runfolio.core.states import ViewType

if TYPE_CHECKING:
    from runfolio.store import Store
    from runfolio.store.file_trash import FileOf
    from runfolio.store.operations import Outcome
    from runfolio.store.retention import Planned

app = typer.Typer(help="See what takes the room of a store, check its files, delete what can go.", no_args_is_help=True)


class By(StrEnum):
    """What the room is told by."""

    EXPERIMENT = "experiment"
    RUN = "run"
    KIND = "kind"
    METRIC = "metric"


@app.command("show")
def show(
    context: typer.Context,
    store: StoreOption = None,
    by: Annotated[By, typer.Option("--by", help="What the room is told by.")] = By.EXPERIMENT,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many lines.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show what takes the room: experiments, runs, kinds of files, or metrics."""
    from runfolio.store import storage

    with opened(context, store) as found:
        totals = storage.totals(found)
        shares = storage.BY[by](found)
    if as_json:
        shapes.print_json({"totals": asdict(totals), "by": str(by), "shares": [asdict(one) for one in shares[:limit]]})
        return
    say(
        f"{counted(totals.count, 'file')} of {size(totals.files)}, a database of {size(totals.database)}; "
        f"emptying the trash gives {size(totals.trashed)} back. {size(totals.free)} are free on the disk."
    )
    what = "points" if by is By.METRIC else "files"
    rows = [
        (f"{one.place} / {one.name}" if one.place else one.name, f"{one.count:,}", size(one.bytes), size(one.row_bytes))
        for one in shares[:limit]
    ]
    titles = [str(by), what, "bytes", "curves"] if by is By.EXPERIMENT else [str(by), what, "bytes"]
    tables.print_table(titles, [row[: len(titles)] for row in rows], titles[1:])


@app.command("duplicates")
def duplicates(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Find files that are the same to the byte, those that waste the most first."""
    from runfolio.store.duplicates import find_duplicates

    with opened(context, store) as found, progress_bar("Reading") as progress:
        groups = find_duplicates(found, progress)
    if as_json:
        shapes.print_json([asdict(one) for one in groups])
        return
    rows = [
        (size(one.wasted) if not at else "", size(one.size), copy.file.run[:8], copy.file.path)
        for one in groups
        for at, copy in enumerate(one.copies)
    ]
    tables.print_table(("wasted", "size", "run", "file"), rows, ("wasted", "size"))
    say(f"{counted(len(groups), 'group')} of equal files; {size(sum(one.wasted for one in groups))} are wasted.")


@app.command("orphans")
def orphans(
    context: typer.Context,
    store: StoreOption = None,
    delete: Annotated[bool, typer.Option("--delete", help="Move them to the trash.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find files that no run knows of, what broken-off copies have left, and files that are not there any more."""
    from runfolio.store.strays import find_strays

    with opened(context, store) as found:
        with progress_bar("Looking") as progress:
            strays = find_strays(found, progress)
        outcome = _moved_to_trash(found, [one.file for one in strays]) if delete and strays else None
    if as_json:
        shapes.print_json({"orphans": [asdict(one) for one in strays], "message": outcome.text if outcome else None})
        return
    rows = [(str(one.kind), size(one.size), one.file.run[:8], one.file.path) for one in strays]
    tables.print_table(("what", "size", "run", "file"), rows, ("size",))
    say(outcome.text if outcome else f"{counted(len(strays), 'orphan')}.")


@app.command("verify")
def verify(
    context: typer.Context,
    run: OneRun,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read the files of a run and compare them with what was logged; the exit code is 1 if one of them is not that."""
    from runfolio.store.verify import verify_run

    with opened(context, store) as found:
        (one,) = runs_named(found, [run], ViewType.ALL)
        with progress_bar("Reading") as progress:
            files = verify_run(found, one.id, progress)
    bad = [file for file in files if not file.verdict.good]
    if as_json:
        shapes.print_json([asdict(file) for file in files])
    else:
        tables.print_table(("file", "is", "sha256"), [(file.path, file.verdict, file.sha256) for file in files])
        say(f"{counted(len(files), 'file')}, {len(bad):,} not as logged.")
    if bad:
        raise typer.Exit(ExitCode.TROUBLE)


@app.command("delete")
def delete(
    context: typer.Context,
    run: OneRun,
    paths: Annotated[list[str], typer.Argument(help="Names of files in the run.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move single files of a run to the trash: all of them, or none if the run has no file of one of the names."""
    from runfolio.store.file_trash import FileOf, unknown_files

    with opened(context, store) as found:
        (one,) = runs_named(found, [run], ViewType.ALL)
        files = [FileOf(one.run_id, path) for path in paths]
        if unknown := unknown_files(found, files):
            names = ", ".join(repr(file.path) for file in unknown)
            raise NotFound(f"The run {one.run_id} has no file {names}.", f"runfolio runs show {one.run_id[:8]}")
        outcome = _moved_to_trash(found, files)
    shapes.print_done(outcome.text, as_json, run_ids=[one.run_id])


@app.command("retain")
def retain(
    context: typer.Context,
    store: StoreOption = None,
    experiment: ExperimentOption = None,
    pattern: Annotated[str, typer.Option("--pattern", "-p", help="Which files it is about, as globs.")] = CHECKPOINTS,
    metric: Annotated[str, typer.Option("--metric", "-m", help="What says which are the best.")] = "",
    lower: Annotated[
        bool | None,
        typer.Option(
            "--lower/--higher",
            help="Which way it is better. [default: lower for loss, error and the like, else higher]",
        ),
    ] = None,
    best: Annotated[int, typer.Option("--best", min=0, help="So many of the best of each group are kept.")] = 1,
    last: Annotated[int, typer.Option("--last", min=0, help="So many of the last are kept.")] = 1,
    per: Annotated[str, typer.Option("--per", help="A group: run, experiment or params.<key>.")] = "run",
    days: Annotated[float, typer.Option("--older-than", min=0, help="Only what is older goes; in days.")] = 0,
    apply: Annotated[bool, typer.Option("--apply", help="Do it: move what would go to the trash.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep the best and the last checkpoint of each group. Without --apply it only tells what would go."""
    from runfolio.store.retention import planned

    less = direction.lower_is_better(metric) if lower is None else lower
    rule = Rule(pattern, metric, less, best, last, per, days)
    with opened(context, store) as found:
        places = None if experiment is None else [experiment_named(found, experiment)]
        with progress_bar("Reading") as progress:
            plan = planned(found, rule, places, progress)
        outcome = _moved_to_trash(found, plan.files) if apply and plan.files else None
    if as_json:
        shapes.print_json(_shape(plan) | {"message": outcome.text if outcome else None})
        return
    rows = [("would go" if not apply else "goes", one.run[:8], one.path, size(one.bytes)) for one in plan.plan.going]
    rows += [(f"kept: {reason}", one.run[:8], one.path, size(one.bytes)) for one, reason in plan.plan.kept]
    tables.print_table(("", "run", "file", "bytes"), rows, ("bytes",))
    if metric:
        way = "" if lower is not None else ", as its name tells: say it with --lower or --higher"
        say(f"The best has the {'lowest' if less else 'highest'} {metric}{way}.")
    would = f"{counted(len(plan.files), 'file')} would go, {size(plan.plan.bytes)}. Do it with --apply."
    say(outcome.text if outcome else would if plan.files else "Nothing would go.")


def _moved_to_trash(store: Store, files: Sequence[FileOf]) -> Outcome:
    from runfolio.store.file_trash import delete_files
    from runfolio.store.steps import Steps

    with progress_bar("Moving to the trash") as progress:
        return delete_files(store, files, Steps(progress))


def _shape(plan: Planned) -> dict[str, Any]:
    going = [{"run_id": one.run, "path": one.path, "files": one.files, "bytes": one.bytes} for one in plan.plan.going]
    kept = [
        {"run_id": one.run, "path": one.path, "bytes": one.bytes, "reason": reason} for one, reason in plan.plan.kept
    ]
    return {"going": going, "kept": kept, "bytes": plan.plan.bytes}
