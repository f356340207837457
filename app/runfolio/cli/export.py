"""Where an export goes, in which format and with which columns."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from runfolio.cli.formats import WRITERS, Format, spreadsheet_csv
from runfolio.cli.printing import write_bytes
from runfolio.core.errors import EnvironmentProblem, InvalidValue

Output = Annotated[Path | None, typer.Argument(help="The file; its suffix tells the format.")]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Of standard output: CSV if not given.")]
ColumnsOption = Annotated[str, typer.Option("--columns", help="Only these, such as 'run_id,params.lr,metrics.loss'.")]
SpreadsheetOption = Annotated[
    bool, typer.Option("--spreadsheet", help="CSV for a spreadsheet: no cell is taken for a formula.")
]


def chosen_columns(frame: Mapping[str, Any], names: str) -> dict[str, Any]:
    """The columns of a frame that are named, with commas between; all if none is. Raises InvalidValue."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in frame]
    if unknown:
        raise InvalidValue(f"No run has a column {unknown[0]!r}.", f"There are {', '.join(frame)}.")
    return {name: frame[name] for name in wanted or frame}


def export(frame: Mapping[str, Any], form: Format | None, output: Path | None, *, spreadsheet: bool = False) -> None:
    """Write columns of runs to a file, or to standard output.

    Raises:
        InvalidValue: the format is neither given nor known by the file's suffix; or it is not one to print.
        EnvironmentProblem: pyarrow is not installed, which Parquet needs; or the file cannot be written.
    """
    chosen = _format(form, output)
    if spreadsheet and chosen != Format.CSV:
        raise InvalidValue(f"--spreadsheet is for CSV, not for {chosen}.")
    if output is None and chosen == Format.PARQUET and sys.stdout.isatty():
        raise InvalidValue("Parquet is nothing for a terminal.", "Name a file, or put '> runs.parquet' behind it.")
    content = spreadsheet_csv(frame) if spreadsheet else WRITERS[chosen](frame)
    if output is not None:
        _write(output, content)
    else:
        write_bytes(content)


def _format(form: Format | None, output: Path | None) -> Format:
    if form is not None:
        return form
    if output is None:
        return Format.CSV
    suffix = output.suffix.lstrip(".").lower()
    if suffix not in tuple(Format):
        raise InvalidValue(f"{output.name!r} does not tell its format.", f"Use --format {'|'.join(Format)}.")
    return Format(suffix)


def _write(output: Path, content: bytes) -> None:
    """Write a file in one go: none is ever half there."""
    temporary = output.with_name(f".{output.name}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(output)
    except OSError as error:
        raise EnvironmentProblem(f"{output} cannot be written: {error.strerror}.") from error
    finally:  # Ctrl+C leaves nothing either
        with suppress(OSError):  # it was not made, it is in place, or it cannot be removed
            temporary.unlink()
