"""Writing many runs as CSV, JSON, Parquet or Markdown."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from runfolio.cli.shapes import number
from runfolio.core.errors import EnvironmentProblem, InvalidValue

TIMES = ("start_time", "end_time")


class Format(StrEnum):
    """The formats, each also a file's suffix."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    MARKDOWN = "md"


def export(frame: Mapping[str, Any], columns: Sequence[str], form: Format | None, output: Path | None) -> None:
    """Write columns of runs to a file, or to standard output.

    Raises:
        InvalidValue: no run has such a column; or the format is neither given nor known by the file's suffix.
        EnvironmentProblem: pyarrow is not installed, which Parquet needs; or the file cannot be written.
    """
    unknown = [name for name in columns if name not in frame]
    if unknown:
        raise InvalidValue(f"No run has a column {unknown[0]!r}.", f"There are {', '.join(frame)}.")
    chosen = {name: frame[name] for name in columns or frame}
    content = _WRITERS[_format(form, output)](chosen)
    if output is not None:
        _write(output, content)
    elif isinstance(content, str):
        sys.stdout.write(content)
    else:
        sys.stdout.buffer.write(content)


def _format(form: Format | None, output: Path | None) -> Format:
    if form is not None:
        return form
    if output is None:
        return Format.CSV
    suffix = output.suffix.lstrip(".").lower()
    if suffix not in tuple(Format):
        raise InvalidValue(f"{output.name!r} does not tell its format.", f"Use --format {'|'.join(Format)}.")
    return Format(suffix)


def _write(output: Path, content: str | bytes) -> None:
    """Write a file in one go: none is ever half there."""
    temporary = output.with_name(f".{output.name}.part")
    try:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.replace(output)
    except OSError as error:
        with suppress(OSError):  # it was not made, or it cannot be removed either; the first failure is reported
            temporary.unlink()
        raise EnvironmentProblem(f"{output} cannot be written: {error.strerror}.") from error


def _rows(frame: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    columns = [[_plain(name, value) for value in values.tolist()] for name, values in frame.items()]
    return list(zip(*columns, strict=True))


def _plain(name: str, value: Any) -> Any:
    """A cell as text or number: times in ISO 8601, nothing where there is none."""
    if value is None or (isinstance(value, float) and value != value and not name.startswith("metrics.")):
        return None
    if name in TIMES:
        return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC).isoformat(timespec="milliseconds")
    return value


def _csv(frame: Mapping[str, Any]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame)
    writer.writerows(["" if cell is None else cell for cell in row] for row in _rows(frame))
    return text.getvalue()


def _json(frame: Mapping[str, Any]) -> str:
    rows = [
        {name: number(cell) if isinstance(cell, float) else cell for name, cell in zip(frame, row, strict=True)}
        for row in _rows(frame)
    ]
    return json.dumps(rows, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _markdown(frame: Mapping[str, Any]) -> str:
    lines = [list(frame), ["---"] * len(frame), *_rows(frame)]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _parquet(frame: Mapping[str, Any]) -> bytes:
    import pandas

    table = pandas.DataFrame(dict(frame))
    for name in TIMES:
        if name in table:
            table[name] = pandas.to_datetime(table[name], unit="ms", utc=True)
    try:
        return bytes(table.to_parquet(index=False))
    except ImportError as error:
        raise EnvironmentProblem("Parquet files need pyarrow.", "pip install 'runfolio[parquet]'") from error


_WRITERS: dict[Format, Callable[[Mapping[str, Any]], str | bytes]] = {
    Format.CSV: _csv,
    Format.JSON: _json,
    Format.MARKDOWN: _markdown,
    Format.PARQUET: _parquet,
}
