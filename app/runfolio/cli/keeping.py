"""`runfolio backup` and `runfolio gc`: copies of a store, and emptying its trash."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from runfolio.cli import shapes
from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import progress_bar, say
from runfolio.cli.runs import JsonOption
from runfolio.core import numbers
from runfolio.core.errors import InvalidValue

UNITS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="A new folder, or a new .zip file.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the store while others may write to it. The copy is a store: open it, or put it in the place of another."""
    from runfolio.store.backup import back_up

    with opened(context, store) as found, progress_bar("Copying") as progress:
        made = back_up(found, target, progress)
    shapes.print_done(f"Copied {found.path} to {made}", as_json, store=str(found.path), target=str(made))


def gc(
    context: typer.Context,
    store: StoreOption = None,
    older_than: Annotated[str, typer.Option(help="Only what went into the trash before, such as 30d or 12h.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Empty the trash for good: runs, experiments, their files and single ones."""
    from runfolio.store.garbage import collect_garbage

    with opened(context, store) as found, progress_bar("Removing") as progress:
        gone = collect_garbage(found, _milliseconds(older_than), dry_run, progress)
    if as_json:
        told = asdict(gone) | {"dry_run": dry_run}
        del told["trouble"]
        shapes.print_json(told)
    else:
        verb = "Would remove" if dry_run else "Removed"
        files = gone.files + gone.single_files
        what = f"{gone.runs:,} runs, {gone.experiments:,} experiments and {files:,} files"
        rows = f", and about {numbers.size(gone.row_bytes)} of the database" if gone.row_bytes else ""
        left = f"; {gone.left_runs:,} runs are still there" if gone.trouble is not None else ""
        what += f", {numbers.counted(gone.versions, 'version')} of models" if gone.versions else ""
        size = gone.bytes + gone.single_bytes + gone.version_bytes
        say(f"{verb} {what}, {numbers.size(size)}{rows}{left}")
    if gone.trouble is not None:
        raise gone.trouble


def _milliseconds(text: str) -> int | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,9})\s*([smhdw])", text.strip())
    if found is None:
        raise InvalidValue(f"{text!r} is not a span of time.", "Write it as 30d, 12h or 90m.")
    return int(found[1]) * UNITS[found[2]]
