"""Exports: which runs, with which columns, in which format, and where to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runfolio.cli import shapes
from runfolio.cli.columns import read_columns
from runfolio.cli.opened import opened
from runfolio.cli.printing import progress_bar, write_bytes
from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.formats import WRITERS, Format, check_libraries, spreadsheet_csv

if TYPE_CHECKING:
    from runfolio.store import Store

Output = Annotated[Path | None, typer.Argument(help="The file; its suffix tells the format.")]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Of standard output: CSV if not given.")]
ColumnsOption = Annotated[
    str, typer.Option("--columns", help="Only these, such as 'run_name,params.lr,metrics.loss.min': docs/cli.md.")
]
SpreadsheetOption = Annotated[
    bool, typer.Option("--spreadsheet", help="CSV for a spreadsheet: no cell is taken for a formula.")
]
ExportJsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs: what was written; without a file, the runs.")
]


@dataclass(frozen=True)
class Target:
    """Where an export goes: a file, or standard output if there is none; and in which format."""

    file: Path | None
    format: Format
    spreadsheet: bool = False
    as_json: bool = False


def target_of(file: Path | None, form: Format | None, *, spreadsheet: bool = False, as_json: bool = False) -> Target:
    """What the options ask for; checked before anything is read.

    Raises:
        InvalidValue: the format is neither given nor known by the file's suffix; or the options contradict each other.
        EnvironmentProblem: pyarrow is not installed, which Parquet needs.
    """
    if as_json and file is None:
        if form not in (None, Format.JSON):
            raise InvalidValue(f"Standard output cannot be both JSON and {form}.", "Name a file for one of them.")
        form = Format.JSON
    chosen = _format(form, file)
    if spreadsheet and chosen != Format.CSV:
        raise InvalidValue(f"--spreadsheet is for CSV, not for {chosen}.")
    if file is None and chosen == Format.PARQUET and sys.stdout.isatty():
        raise InvalidValue("Parquet is nothing for a terminal.", "Name a file, or put '> runs.parquet' behind it.")
    check_libraries(chosen)
    return Target(file, chosen, spreadsheet, as_json)


def export(
    context: typer.Context,
    store: Path | None,
    choose: Callable[[Store], Sequence[int]],
    columns: str,
    target: Target,
) -> None:
    """Write the runs that are chosen in a store. Raises StoreError, InvalidValue, EnvironmentProblem."""
    with progress_bar("Exporting") as progress:
        with opened(context, store) as found:
            frame = read_columns(found, choose(found), columns)
        content = (spreadsheet_csv if target.spreadsheet else WRITERS[target.format])(frame, progress)
    if target.file is None:
        write_bytes(content)
    elif _write(target.file, content):
        runs = len(next(iter(frame.values())))
        told = {"target": str(target.file), "format": str(target.format), "runs": runs}
        shapes.print_done(f"Wrote {runs:,} runs to {target.file}", target.as_json, **told)


def _format(form: Format | None, output: Path | None) -> Format:
    if form is not None:
        return form
    if output is None:
        return Format.CSV
    suffix = output.suffix.lstrip(".").lower()
    if suffix not in tuple(Format):
        raise InvalidValue(f"{output.name!r} does not tell its format.", f"Use --format {'|'.join(Format)}.")
    return Format(suffix)


def _write(output: Path, content: bytes) -> bool:
    """Write a file in one go, so that none is ever half there; False if it is no file but a pipe or a device."""
    if output.exists() and not output.is_file():
        try:
            output.write_bytes(content)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise EnvironmentProblem(f"{output} cannot be written: {error.strerror}.") from error
        return False
    from runfolio.store.files import write_whole

    write_whole(output, lambda place: place.write_bytes(content))
    return True
