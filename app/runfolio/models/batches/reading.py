"""Rows out of CSV, JSON, JSON lines and Parquet, a batch at a time, with the types of a model's signature."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound
from runfolio.models.batches.bodies import BODIES, cast, read_body, read_rows
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.specs import Schema

#: Rows that are predicted together.
ROWS = 10_000
#: Of a JSON file, which is read as a whole; bytes.
MAX_JSON = 2 << 30


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file.

    Attributes:
        data: as the model takes them.
        done, total: how far in the file they end, in bytes or rows.
        params: what the file says beside the rows; JSON only.
    """

    data: Any
    done: int
    total: int
    params: Mapping[str, Any] | None = None


Reader = Callable[[Path, Schema | None, int], Iterator[Batch]]


def batches(file: Path, schema: Schema | None, rows: int = ROWS) -> Iterator[Batch]:
    """The rows of a file, whose suffix tells the format.

    Raises:
        NotFound: there is no such file.
        InvalidValue: its format is not known, or it is not of the format.
        EnvironmentProblem: pyarrow is missing, which Parquet needs.
    """
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise InvalidValue(f"{file.name!r} is of no format that can be predicted.", f"Known: {', '.join(READERS)}.")
    if not file.is_file():
        raise NotFound(f"There is no file {str(file)!r}.")
    try:
        yield from reader(file, schema, rows)
    except (ValueError, RecursionError) as problem:  # pandas' and pyarrow's errors of parsing are such
        if isinstance(problem, InvalidValue):
            raise
        raise InvalidValue(f"{file.name!r} cannot be read as {file.suffix.lstrip('.')}: {problem}.") from problem


def _csv(file: Path, schema: Schema | None, rows: int) -> Iterator[Batch]:
    import pandas as pd

    specs = () if schema is None or not schema.has_input_names() else schema.inputs
    texts: dict[Any, Any] = {one.name: str for one in specs if one.type is DataType.string}
    total = file.stat().st_size
    with file.open("rb") as stream:
        try:
            for table in pd.read_csv(stream, chunksize=rows, dtype=texts):
                yield Batch(cast(table, schema), stream.tell(), total)
        except pd.errors.EmptyDataError:
            return


def _lines(file: Path, schema: Schema | None, rows: int) -> Iterator[Batch]:
    total, number = file.stat().st_size, 0
    with file.open("rb") as stream:
        while lines := list(islice(stream, rows)):
            records = [_record(line, number + place) for place, line in enumerate(lines, start=1) if line.strip()]
            number += len(lines)
            if records:
                yield Batch(read_rows(records, schema), stream.tell(), total)


def _record(line: bytes, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as problem:
        raise InvalidValue(f"Line {number} is not JSON: {problem}.") from None


def _parquet(file: Path, schema: Schema | None, rows: int) -> Iterator[Batch]:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise EnvironmentProblem("Parquet needs pyarrow.", "pip install 'runfolio[parquet]'") from error
    with parquet.ParquetFile(file) as opened:
        total, done = opened.metadata.num_rows, 0
        for part in opened.iter_batches(batch_size=rows):
            done += part.num_rows
            yield Batch(cast(part.to_pandas(), schema), done, total)


def _json(file: Path, schema: Schema | None, rows: int) -> Iterator[Batch]:
    """The body of a request to a server of models, or the rows alone, as records or values."""
    if file.stat().st_size > MAX_JSON:
        raise InvalidValue(f"{file.name!r} is larger than {MAX_JSON >> 30} GB.", "JSON lines are read in pieces.")
    told = json.loads(file.read_bytes())
    body = next((key for key in BODIES if key in told), None) if isinstance(told, dict) else None
    params = told.get("params") if body else None
    if params is not None and not isinstance(params, dict):
        raise InvalidValue("`params` in the file is no dictionary.")
    data = read_body(told if body is None else told[body], body, schema)
    # What is one row, or arrays by name, is predicted at once.
    whole = not hasattr(data, "__len__") or isinstance(data, dict | str)
    total = 1 if whole else len(data)
    for start in range(0, total, rows):
        part = data if whole else data[start : start + rows]
        yield Batch(part, min(start + rows, total), total, params)


READERS: dict[str, Reader] = {
    ".csv": _csv,
    ".json": _json,
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".parquet": _parquet,
}
