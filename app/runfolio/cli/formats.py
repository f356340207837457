"""Columns of runs as the bytes of CSV, JSON, Parquet or Markdown."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from runfolio.cli.shapes import number
from runfolio.core.errors import EnvironmentProblem

TIMES = ("start_time", "end_time")
# What a spreadsheet takes for the beginning of a formula, after blanks too.
FORMULA = ("=", "+", "-", "@")


class Format(StrEnum):
    """The formats, each also a file's suffix."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    MARKDOWN = "md"


def json_rows(frame: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows as JSON can hold them."""
    return [
        {name: number(cell) if isinstance(cell, float) else cell for name, cell in zip(frame, row, strict=True)}
        for row in _rows(frame)
    ]


def text_rows(frame: Mapping[str, Any]) -> list[list[str]]:
    """The rows as people read them."""
    return [[_text(cell) for cell in row] for row in _rows(frame)]


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


def _csv(frame: Mapping[str, Any]) -> bytes:
    return _csv_of(frame, _rows(frame)).encode()


def spreadsheet_csv(frame: Mapping[str, Any]) -> bytes:
    """CSV that a spreadsheet reads as UTF-8, by its mark, and in which it finds no formula."""
    safe = ([_no_formula(cell) for cell in row] for row in _rows(frame))
    return _csv_of(map(_no_formula, frame), safe).encode("utf-8-sig")


def _csv_of(titles: Iterable[Any], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue()


def _no_formula(cell: Any) -> Any:
    """A cell with a mark before what a spreadsheet would take for a formula; numbers stay numbers."""
    if not isinstance(cell, str) or not cell.lstrip().startswith(FORMULA) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _json(frame: Mapping[str, Any]) -> bytes:
    return (json.dumps(json_rows(frame), indent=2, allow_nan=False, ensure_ascii=False) + "\n").encode()


def _markdown(frame: Mapping[str, Any]) -> bytes:
    lines = [list(frame), ["---"] * len(frame), *text_rows(frame)]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines).encode()


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    """A text in a cell of Markdown: one line, and neither columns nor HTML of its own."""
    for character, escape in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        text = text.replace(character, escape)
    return " ".join(text.splitlines())


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


#: A frame -> the content of a file.
WRITERS: dict[Format, Callable[[Mapping[str, Any]], bytes]] = {
    Format.CSV: _csv,
    Format.JSON: _json,
    Format.MARKDOWN: _markdown,
    Format.PARQUET: _parquet,
}
