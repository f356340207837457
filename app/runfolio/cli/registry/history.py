"""`runfolio registry history` and `verify`: what has happened, who was in a stage when, and whether all of it holds."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict
from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import tables
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import progress_bar, say, write_bytes
from runfolio.cli.registry.options import JsonOption
from runfolio.cli.shapes import print_json
from runfolio.core import numbers
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.registry.names import ARCHIVED, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runfolio.core.registry.chain import Entry
    from runfolio.core.registry.history import State
    from runfolio.store.registry.verify import Proof


_HASH = re.compile(r"[0-9a-f]{64}")


class Form(StrEnum):
    """How the log is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


OneModel = Annotated[str | None, typer.Argument(help="Only of this registered model.")]


def history(
    context: typer.Context,
    model: OneModel = None,
    store: StoreOption = None,
    as_of: Annotated[
        str,
        typer.Option("--as-of", help="Tell who was in which stage at this time: 2026-03-31, or 2026-03-31T17:00."),
    ] = "",
    form: Annotated[Form, typer.Option("--format", help="How the log is printed.")] = Form.TABLE,
    as_json: JsonOption = False,
) -> None:
    """Show what was done with registered models: who, when, what, why; or who was in which stage at some time.

    A date alone means its end.
    """
    from runfolio.core.registry.export import export_csv, plain_entry
    from runfolio.store.registry.audit import read_entries
    from runfolio.store.registry.reading import get_model

    moment = _moment(as_of) if as_of else None
    form = Form.JSON if as_json else form
    with opened(context, store) as found:
        log = read_entries(found, model)
        if model is not None and not log:
            get_model(found, model)  # raises, with the nearest name
    if moment is not None:
        _print_states(log, model, moment, form)
    elif form is Form.JSON:
        print_json([plain_entry(one) for one in log])
    elif form is Form.CSV:
        write_bytes(export_csv(log).encode())
    else:
        _print_log(log)


def _moment(text: str) -> int:
    """A time in epoch milliseconds; where it says no zone, that of this machine."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        hint = "Write it as 2026-03-31, or as 2026-03-31T17:00."
        raise InvalidValue(f"{text!r} is not a date.", hint) from None
    if len(text.strip()) <= len("2026-03-31"):
        found = datetime.combine(found, time.max)
    return int(found.timestamp() * 1000)


def _print_log(log: Sequence[Entry]) -> None:
    from runfolio.core.registry.entry_words import action_title, change

    rows = (
        (
            f"{one.number:,}",
            numbers.full_time(one.time),
            one.user,
            action_title(one.action),
            one.model if one.version is None else f"{one.model} v{one.version}",
            change(one),
            one.reason,
        )
        for one in log
    )
    tables.print_table(("", "time", "by", "what", "of", "change", "why"), rows, ("",))


def _print_states(log: Sequence[Entry], model: str | None, moment: int, form: Form) -> None:
    from runfolio.core.registry.history import name_at, replay

    states = [one for one in replay(log, moment).values() if not one.in_trash]
    if model is not None:
        name = name_at(log, model, moment)
        states = [one for one in states if one.name == name]
        if not states:
            raise NotFound(f"There was no registered model {model!r} at {numbers.full_time(moment)}.")
    told = [row for one in states for row in _rows(one)]
    if form is Form.JSON:
        print_json({"time": moment, "versions": told})
        return
    titles = ("model", "stage", "version", "since", "aliases")
    rows = [
        (one["name"], one["stage"], str(one["version"]), numbers.full_time(one["since"]), ", ".join(one["aliases"]))
        for one in told
    ]
    if form is Form.CSV:
        text = io.StringIO()
        csv.writer(text).writerows([titles, *rows])
        write_bytes(text.getvalue().encode())
        return
    say(f"At {numbers.full_time(moment)}:")
    tables.print_table(titles, rows, ("version",))


def _rows(state: State) -> list[dict[str, Any]]:
    """Each version of a model at some time, those that serve first; times are epoch milliseconds."""
    listed = sorted(state.stages.items(), key=lambda one: (one[1] in (NONE, ARCHIVED), -one[0]))
    return [
        {
            "name": state.name,
            "stage": stage,
            "version": version,
            "since": state.since.get(version, 0),
            "aliases": sorted(alias for alias, number in state.aliases.items() if number == version),
        }
        for version, stage in listed
    ]


def verify(
    context: typer.Context,
    model: OneModel = None,
    store: StoreOption = None,
    no_files: Annotated[bool, typer.Option("--no-files", help="Look at the log and the tables alone.")] = False,
    expect: Annotated[
        str, typer.Option("--expect", help="The hash of an entry, noted elsewhere: the log must still have it.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Prove the log, the tables by the log, and each file of versions by its hash; the exit code is 1 if one fails.

    The last hash proves all entries before it, to who keeps it elsewhere: see --expect.
    """
    from runfolio.store.registry.audit import read_entries
    from runfolio.store.registry.reading import get_model
    from runfolio.store.registry.verify import verify as prove
    from runfolio.store.steps import Steps

    expect = expect.strip().lower()
    if expect and not _HASH.fullmatch(expect):
        raise InvalidValue(f"A hash has 64 digits from 0 to f, not {expect!r}.", "Give it whole, as verify prints it.")
    with opened(context, store) as found:
        if model is not None:
            get_model(found, model)
        with progress_bar("Reading") as progress:
            proof = prove(found, model, not no_files, Steps(progress))
        kept = not expect or any(one.hash == expect for one in read_entries(found))
    if as_json:
        print_json(asdict(proof) | {"good": proof.good and kept, "expected": kept if expect else None})
    else:
        _print_proof(proof, no_files)
        if not kept:
            say(f"BAD  log: no entry has the hash {expect}: what stood there has been written anew.")
    if not (proof.good and kept):
        raise typer.Exit(ExitCode.TROUBLE)


def _print_proof(proof: Proof, no_files: bool) -> None:
    for one in proof.faults:
        say(f"BAD  {one}")
    files = "files not read" if no_files else f"{numbers.counted(proof.files, 'file')} of {numbers.size(proof.bytes)}"
    versions = numbers.counted(proof.versions, "version")
    faults = numbers.counted(len(proof.faults), "fault") if proof.faults else "no faults"
    say(f"{proof.entries:,} entries of the log, {versions}, {files}: {faults}.")
    say(f"The last hash is {proof.last_hash}.")
