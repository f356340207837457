"""All runs of a view as a file: read part by part, so that very many need no more memory than a part."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runfolio.core.checks import Verdict
from runfolio.core.columns import Column, Kind, Missing, is_trend
from runfolio.core.formats import WRITERS, Format, check_libraries, in_parts
from runfolio.core.numbers import Written
from runfolio.core.printable import Progress, quietly
from runfolio.store.bulk import read_frame
from runfolio.store.connection import Store
from runfolio.store.files import write_whole
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.table import rows

#: Runs that are read at once.
PART = 2000

Frame = dict[str, Any]


def export_view(
    store: Store, query: RunQuery, columns: Sequence[Column], form: Format, file: Path, progress: Progress = quietly
) -> int:
    """Write these columns of all runs of a query, and tell how many runs there were. Stops when `progress` raises.

    Columns are named as in filters; times are in ISO 8601 or, in Parquet, times; durations are seconds. Params and tags
    are the texts that were logged, also those that are numbers.

    Raises:
        EnvironmentProblem: the file cannot be written, or pyarrow is not installed, which Parquet needs.
        FilterError: the filter cannot be read.
    """
    check_libraries(form)
    ids = [int(run) for run in run_ids(store, query)]
    told = [column for column in columns if not is_trend(column)]
    frames = _frames(store, ids, told, form, progress)
    write_whole(file, lambda place: _write(place, frames, form))
    return len(ids)


def export_everything(store: Store, query: RunQuery, form: Format, file: Path, progress: Progress = quietly) -> int:
    """Write all that was logged for the runs of a query, as `runfolio runs export` does. See `export_view`."""
    check_libraries(form)
    ids = [int(run) for run in run_ids(store, query)]
    progress(0, len(ids))
    content = WRITERS[form](read_frame(store, ids, gaps=None), progress)
    write_whole(file, lambda place: place.write_bytes(content))
    return len(ids)


def _write(place: Path, frames: Iterator[Frame], form: Format) -> None:
    if form in (Format.PARQUET, Format.JSON, Format.MARKDOWN):  # these are made in one go
        place.write_bytes(WRITERS[form](_joined(list(frames)), quietly))
        return
    with place.open("wb") as stream:
        for content in in_parts(form, frames):
            stream.write(content)


def _frames(
    store: Store, ids: Sequence[int], columns: Sequence[Column], form: Format, progress: Progress
) -> Iterator[Frame]:
    """The runs as columns, part by part and at least one; those that are gone meanwhile are left out."""
    for start in range(0, max(len(ids), 1), PART):
        progress(start, len(ids))
        part = ids[start : start + PART]
        found = rows(store, part, columns)
        cells = [found[run].cells for run in part if run in found]
        yield {column.id: _array([_plain(column, row[at], form) for row in cells]) for at, column in enumerate(columns)}
    progress(len(ids), len(ids))


def _joined(frames: Sequence[Frame]) -> Frame:
    """All parts in one."""
    return {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}


def _array(values: Sequence[object]) -> Any:
    made = np.empty(len(values), object)
    made[:] = values
    return made


def _plain(column: Column, value: object, form: Format) -> object:
    """A value as other programs take it."""
    if isinstance(value, (int, float)) and column.kind is Kind.TIME:
        time = datetime.datetime.fromtimestamp(value / 1000, datetime.UTC)
        return time if form is Format.PARQUET else time.isoformat(timespec="milliseconds")
    if isinstance(value, (int, float)) and column.kind is Kind.DURATION:
        return value / 1000
    if value is None or isinstance(value, Missing):
        return None
    if isinstance(value, Written):
        return value.text
    return value if isinstance(value, (int, float)) else value.names if isinstance(value, Verdict) else str(value)
