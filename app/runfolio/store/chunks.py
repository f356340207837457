"""Writing points: compressed chunks of a series, merged as they grow, with a coarse picture of each for drawing.

The pyramid has three levels: the points, buckets of 128 points (`envelope`, for chunks worth it), and the chunk's own
row. Buckets and rows carry the first, lowest, highest and last point: all that a narrow column of a plot shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, delete, insert, select

from runfolio.core.curves import Points, first_where
from runfolio.store import codec
from runfolio.store.connection import Transaction
from runfolio.store.dialect import among, real
from runfolio.store.schema import chunks, series

CHUNK = 8192
BUCKET = 128
SMALLEST_WITH_ENVELOPE = 8 * BUCKET
MERGE_EVERY = 16
GROWTH = 4
# As many chunks as are worth a second thread.
SHARED = 32

Row = dict[str, Any]


def chunk_rows(number: int, start: int, points: Points) -> Iterable[Row]:
    """Rows of the table `chunks` for points that follow the first `start` ones."""
    for at in range(0, len(points), CHUNK):
        part = slice(at, at + CHUNK)
        yield _row(number, start + at, Points(points.steps[part], points.times[part], points.values[part]))


def only_row(number: int, start: int, points: Points, summary: Row) -> Row:
    """The row of points that fit one chunk, are in order and finite: their summary knows all but the data."""
    return {
        "series_id": number,
        "start": start,
        "count": len(points),
        "ordered": True,
        "first_step": summary["first_step"],
        "last_step": summary["last_step"],
        "low_step": summary["min_step"],
        "high_step": summary["max_step"],
        "first_value": summary["first_value"],
        "low_value": summary["min_value"],
        "high_value": summary["max_value"],
        "last_value": summary["last_value"],
        "non_finite": 0,
        "envelope": _envelope(points) if len(points) >= SMALLEST_WITH_ENVELOPE else None,
        "data": codec.pack([points.steps, points.times, points.values]),
    }


def merge_tail(connection: Connection, number: int, *, final: bool = False) -> None:
    """Join the newest small chunks of a series.

    As it goes on, only chunks of like size are joined, so that a point is rewritten a few times in its life; at the
    end of a run all that are not full are.
    """
    key = chunks.c.series_id == number
    newest = connection.execute(
        select(chunks.c.start, chunks.c.count).where(key).order_by(chunks.c.start.desc()).limit(4 * MERGE_EVERY)
    )
    starts = _tail([(start, count) for start, count in newest], final)
    if len(starts) < 2:
        return
    where = and_(key, chunks.c.start >= starts[-1])
    rows = list(chunk_rows(number, starts[-1], read_points(connection, where)))
    connection.execute(delete(chunks).where(where))
    connection.execute(insert(chunks), rows)


def merge_series_of(transaction: Transaction, runs: Collection[int]) -> None:
    """Join the small chunks of runs that are over."""
    if not runs:
        return
    query = select(series.c.id).where(among(series.c.run_id, runs), series.c.appends > 1)
    for found in transaction.connection.execute(query).scalars().all():
        merge_tail(transaction.connection, found, final=True)


def read_points(connection: Connection, where: Any, *, helped: bool = False) -> Points:
    """The points of the chunks that match, in the order they were logged; `helped` takes a second thread for many."""
    result = connection.execute(select(chunks.c.count, chunks.c.data).where(where).order_by(chunks.c.start))
    assert result.cursor is not None
    rows = result.cursor.fetchall()
    result.close()
    return _unpacked(rows, helped and len(rows) >= SHARED)


def _unpacked(rows: Sequence[tuple[int, bytes]], helped: bool) -> Points:
    """Chunks, each with its count, as one: every chunk is unpacked to its place."""
    ends = list(accumulate(count for count, _ in rows))
    length = ends[-1] if ends else 0
    columns = np.empty(length, np.int64), np.empty(length, np.int64), np.empty(length)

    def unpack(numbers: range) -> None:
        for number in numbers:
            count, blob = rows[number]
            part = slice(ends[number] - count, ends[number])
            codec.unpack_into(blob, [column[part] for column in columns])

    if helped:
        _shared(unpack, len(rows))
    else:
        unpack(range(len(rows)))
    return Points(*columns)


def _shared(work: Callable[[range], None], count: int) -> None:
    """Do every second piece of work in another thread. What goes wrong there is raised here."""
    trouble: list[BaseException] = []

    def other_half() -> None:
        try:
            work(range(1, count, 2))
        except BaseException as error:
            trouble.append(error)

    thread = Thread(target=other_half, name="runfolio reading")
    thread.start()
    try:
        work(range(0, count, 2))
    finally:
        thread.join()
    if trouble:
        raise trouble[0]


def _tail(newest: Sequence[tuple[int, int]], final: bool) -> list[int]:
    """The starts of the chunks to join, newest first."""
    taken: list[int] = []
    total = 0
    for start, count in newest:
        if total + count > CHUNK or (taken and not final and count > GROWTH * total):
            break
        taken.append(start)
        total += count
    return taken


def _row(number: int, start: int, points: Points) -> Row:
    ordered = bool((points.steps[1:] >= points.steps[:-1]).all())
    whole = _picture(points, np.zeros(1, np.intp))
    first_step, low_step, high_step, last_step, first, low, high, last = (column.tolist()[0] for column in whole)
    finite = np.isfinite(points.values)
    return {
        "series_id": number,
        "start": start,
        "count": len(points),
        "ordered": ordered,
        "first_step": first_step if ordered else int(points.steps.min()),
        "last_step": last_step if ordered else int(points.steps.max()),
        "low_step": low_step,
        "high_step": high_step,
        "first_value": real(first),
        "low_value": real(low),
        "high_value": real(high),
        "last_value": real(last),
        "non_finite": len(points) - int(finite.sum()),
        "envelope": _envelope(points) if ordered and len(points) >= SMALLEST_WITH_ENVELOPE else None,
        "data": codec.pack([points.steps, points.times, points.values]),
    }


def _envelope(points: Points) -> bytes:
    return codec.pack(_picture(points, np.arange(0, len(points), BUCKET)))


def _picture(points: Points, starts: NDArray[np.intp]) -> list[codec.Array]:
    """Steps, then values, of the first, lowest, highest and last point of each group; NaN where none is finite."""
    values = points.values
    finite = np.isfinite(values)
    ends = np.append(starts[1:], len(values)) - 1
    lowest = first_where(np.where(finite, values, np.inf), np.minimum, starts)
    highest = first_where(np.where(finite, values, -np.inf), np.maximum, starts)
    at = [starts, lowest, highest, ends]
    shown = np.where(finite, values, np.nan)
    return [points.steps[i] for i in at] + [shown[i] for i in at]
