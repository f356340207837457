"""Columns of runs as the bytes of CSV, JSON, JSON lines, Parquet or Markdown."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from runfolio.core.columns import Source
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.numbers import NumberFormat, column_format, exact, setting
from runfolio.core.printable import Progress, json_number, json_text, quietly

TIMES = ("start_time", "end_time")
# What a spreadsheet takes for the beginning of a formula, after blanks too.
FORMULA = ("=", "+", "-", "@")
#: Rows between two tellings of how far it is.
STRIDE = 1000


class Format(StrEnum):
    """The formats, each also a file's suffix."""

    CSV = "csv"
    JSON = "json"
    LINES = "jsonl"
    PARQUET = "parquet"
    MARKDOWN = "md"


def json_rows(frame: Mapping[str, Any], progress: Progress = quietly) -> list[dict[str, Any]]:
    """The rows as JSON can hold them."""
    return [
        {name: _json_number(cell) if isinstance(cell, float) else cell for name, cell in zip(frame, row, strict=True)}
        for row in _rows(frame, progress)
    ]


def _json_number(value: float) -> float | int | str | None:
    """A number as `exact` writes it: whole ones without a fraction."""
    return int(value) if value.is_integer() and "e" not in exact(value) else json_number(value)


def text_rows(frame: Mapping[str, Any], progress: Progress = quietly) -> list[list[str]]:
    """The rows as people read them, with as many digits as the window shows."""
    forms = [column_format(cell for cell in cells.tolist() if isinstance(cell, float)) for cells in frame.values()]
    return [list(map(_text, frame, row, forms)) for row in _rows(frame, progress)]


def check_libraries(form: Format) -> None:
    """Raises EnvironmentProblem if the format needs a library that is not installed."""
    if form != Format.PARQUET:
        return
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise EnvironmentProblem("Parquet files need pyarrow.", "pip install 'runfolio[parquet]'") from error


def _rows(frame: Mapping[str, Any], progress: Progress) -> Iterator[tuple[Any, ...]]:
    columns = [map(partial(_plain, name), values.tolist()) for name, values in frame.items()]
    total = len(next(iter(frame.values())))
    for done, row in enumerate(zip(*columns, strict=True)):
        if done % STRIDE == 0:
            progress(done, total)
        yield row


def _plain(name: str, value: Any) -> Any:
    """A cell as text or number: times in ISO 8601, nothing where there is none."""
    if name not in TIMES:
        return value
    if value is None or value != value:  # the end of a run that goes on
        return None
    return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC).isoformat(timespec="milliseconds")


def _csv(frame: Mapping[str, Any], progress: Progress = quietly) -> bytes:
    return _csv_of(frame, _rows(frame, progress)).encode()


def spreadsheet_csv(frame: Mapping[str, Any], progress: Progress = quietly) -> bytes:
    """CSV that a spreadsheet reads as UTF-8, by its mark, and in which it finds no formula."""
    safe = ([_no_formula(cell) for cell in row] for row in _rows(frame, progress))
    return _csv_of(map(_no_formula, frame), safe).encode("utf-8-sig")


def _csv_of(titles: Iterable[Any], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if names := list(titles):
        writer.writerow(names)
    writer.writerows(map(_field, row) for row in rows)
    return text.getvalue()


def _field(cell: Any) -> Any:
    """A cell as a file of texts holds it: a number with all its digits, nothing where there is none."""
    return "" if cell is None else exact(cell) if isinstance(cell, float) else cell


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


def _json(frame: Mapping[str, Any], progress: Progress = quietly) -> bytes:
    return (json_text(json_rows(frame, progress)) + "\n").encode()


def _lines(frame: Mapping[str, Any], progress: Progress = quietly) -> bytes:
    return "".join(json_text(row, indent=None) + "\n" for row in json_rows(frame, progress)).encode()


def _markdown(frame: Mapping[str, Any], progress: Progress = quietly) -> bytes:
    lines = [
        list(frame),
        ["---"] * len(frame),
        *([str(_field(cell)) for cell in row] for row in _rows(frame, progress)),
    ]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines).encode()


def _text(name: str, value: Any, form: NumberFormat) -> str:
    if isinstance(value, float):
        return form.text(value)
    return "" if value is None else setting(value) if name.startswith(f"{Source.PARAM}.") else str(value)


def _cell(text: str) -> str:
    """A text in a cell of Markdown: one line, and neither columns nor HTML of its own."""
    for character, escape in (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;")):
        text = text.replace(character, escape)
    return " ".join(text.splitlines())


def _parquet(frame: Mapping[str, Any], _progress: Progress = quietly) -> bytes:
    import pandas

    table = pandas.DataFrame(dict(frame))
    for name in TIMES:
        if name in table:
            table[name] = pandas.to_datetime(table[name], unit="ms", utc=True)
    return bytes(table.to_parquet(index=False))


#: A frame -> the content of a file.
WRITERS: dict[Format, Callable[[Mapping[str, Any], Progress], bytes]] = {
    Format.CSV: _csv,
    Format.JSON: _json,
    Format.LINES: _lines,
    Format.MARKDOWN: _markdown,
    Format.PARQUET: _parquet,
}


def in_parts(form: Format, frames: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The content of a file of CSV or JSON lines, part by part."""
    for number, frame in enumerate(frames):
        if form == Format.CSV:
            yield _csv_of(frame if number == 0 else (), _rows(frame, quietly)).encode()
        else:
            yield WRITERS[form](frame, quietly)
