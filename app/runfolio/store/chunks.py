"""Writing points: compressed chunks of a series, merged as they grow, with a coarse picture of each for drawing.

The pyramid has three levels: the points, buckets of 128 points (`envelope`, for chunks worth it), and the chunk's own
row. Buckets and rows carry the first, lowest, highest and last point: all that a narrow column of a plot shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, bindparam, delete, select

from runfolio.core.curves import Floats, Integers, Points, first_where
from runfolio.store import codec
from runfolio.store.batches import insert_columns, raw_rows
from runfolio.store.connection import Transaction
from runfolio.store.dialect import among, among_given, as_list, real
from runfolio.store.schema import chunks, series

CHUNK = 8192
BUCKET = 128
SMALLEST_WITH_ENVELOPE = 8 * BUCKET
MERGE_EVERY = 16
GROWTH = 4
# As many chunks as are worth a second thread.
SHARED = 32
# So many points, of 16 to 24 bytes each, are in memory at a time where those of many series are read.
POINTS_AT_ONCE = 1 << 20

Indices = NDArray[np.intp]

DATA = (
    select(chunks.c.series_id, chunks.c.count, chunks.c.data)
    .where(among_given(chunks.c.series_id, "series"), chunks.c.start.between(bindparam("first"), bindparam("last")))
    .order_by(chunks.c.series_id, chunks.c.start)
)


def add_chunks(
    connection: Connection, points: Points, starts: Indices, numbers: Sequence[int], befores: Sequence[int]
) -> None:
    """Append points to series: to each those from its place in `starts` up to the next one's.

    Args:
        numbers: of the series.
        befores: how many points each of them has already.
    """
    owner, at = _pieces(starts, len(points))
    columns = _pictures(points, at)
    columns["series_id"] = np.array(numbers)[owner].tolist()
    columns["start"] = (np.array(befores)[owner] + at - starts[owner]).tolist()
    pieces = list(pairwise([*at.tolist(), len(points)]))
    columns["envelope"] = [
        _envelope(points, start, end) if ordered and end - start >= SMALLEST_WITH_ENVELOPE else None
        for ordered, (start, end) in zip(columns["ordered"], pieces, strict=True)
    ]
    columns["data"] = codec.pack_parts([points.steps, points.times, points.values], at.tolist())
    insert_columns(connection, chunks, columns)


def _pieces(starts: Indices, length: int) -> tuple[Indices, Indices]:
    """Parts in pieces of one chunk each: of each piece the index of its part, and where in the points it begins."""
    counts = -(-np.diff(starts, append=length) // CHUNK)
    owner = np.repeat(np.arange(len(starts)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, starts[owner] + CHUNK * number


def merge_tail(connection: Connection, number: int, *, final: bool = False) -> None:
    """Join the newest small chunks of a series.

    As it goes on, only chunks of like size are joined, so that a point is rewritten a few times in its life; at the
    end of a run all that are not full are.
    """
    key = chunks.c.series_id == number
    newest = connection.execute(
        select(chunks.c.start, chunks.c.count).where(key).order_by(chunks.c.start.desc()).limit(4 * MERGE_EVERY)
    )
    for starts in _to_join([(start, count) for start, count in newest], final):
        where = and_(key, chunks.c.start.between(starts[-1], starts[0]))
        points = read_points(connection, where)
        connection.execute(delete(chunks).where(where))
        add_chunks(connection, points, np.zeros(1, np.intp), [number], [starts[-1]])


def merge_series_of(transaction: Transaction, runs: Collection[int]) -> None:
    """Join the small chunks of runs that are over."""
    if not runs:
        return
    query = select(series.c.id).where(among(series.c.run_id, runs), series.c.appends > 1)
    for found in transaction.connection.execute(query).scalars().all():
        merge_tail(transaction.connection, found, final=True)


def read_points(connection: Connection, where: Any, *, helped: bool = False) -> Points:
    """The points of the chunks that match, in the order they were logged; `helped` takes a second thread for many."""
    rows = _packed(connection, where)
    return _unpacked(rows, helped and len(rows) >= SHARED)


def read_values_of(
    connection: Connection, numbers: Sequence[int], first: int, last: int
) -> dict[int, tuple[Integers, Floats]]:
    """The steps and values of several series as they were logged, of chunks that begin from one point to another.

    Times, which take as long to unpack as either of them, are left out.
    """
    rows = raw_rows(connection, DATA, series=as_list(numbers), first=first, last=last)
    found = {}
    for number, own in groupby(rows, itemgetter(0)):
        packed = [(count, blob) for _, count, blob in own]
        ends, length = _ends(packed)
        steps, values = np.empty(length, np.int64), np.empty(length)
        for (count, blob), end in zip(packed, ends, strict=True):
            part = slice(end - count, end)
            codec.unpack_into(blob, [steps[part], None, values[part]])
        found[number] = steps, values
    return found


def _packed(connection: Connection, where: Any) -> Sequence[tuple[int, bytes]]:
    query = select(chunks.c.count, chunks.c.data).where(where).order_by(chunks.c.start)
    return [(count, blob) for count, blob in raw_rows(connection, query)]


def _ends(rows: Sequence[tuple[int, bytes]]) -> tuple[list[int], int]:
    """Where each chunk ends among all, and how many points that are."""
    ends = list(accumulate(count for count, _ in rows))
    return ends, ends[-1] if ends else 0


def read_points_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Points]:
    """The points of several series, each in the order they were logged; of those that have some."""
    query = select(chunks.c.series_id, chunks.c.count, chunks.c.data).where(among(chunks.c.series_id, numbers))
    rows = raw_rows(connection, query.order_by(chunks.c.series_id, chunks.c.start))
    if not rows:
        return {}
    owners = np.array([owner for owner, _, _ in rows])
    points = _unpacked([(count, blob) for _, count, blob in rows], len(rows) >= SHARED)
    counts = np.array([count for _, count, _ in rows])
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    ends = np.cumsum(np.add.reduceat(counts, first)).tolist()
    parts = zip([0, *ends], ends, strict=False)
    return {
        owner: Points(points.steps[start:end], points.times[start:end], points.values[start:end])
        for owner, (start, end) in zip(owners[first].tolist(), parts, strict=True)
    }


def _unpacked(rows: Sequence[tuple[int, bytes]], helped: bool) -> Points:
    """Chunks, each with its count, as one: every chunk is unpacked to its place."""
    ends, length = _ends(rows)
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


def _to_join(newest: Sequence[tuple[int, int]], final: bool) -> list[list[int]]:
    """The starts of the chunks to join, newest first; at the end of a run there may be several such groups."""
    groups: list[list[int]] = [[]]
    total = 0
    for start, count in newest:
        if total + count > CHUNK or (groups[-1] and not final and count > GROWTH * total):
            if not final:
                break
            groups.append([])
            total = 0
        groups[-1].append(start)
        total += count
    return [group for group in groups if len(group) > 1]


def _pictures(points: Points, starts: Indices) -> dict[str, list[Any]]:
    """What the table holds of chunks besides their place and their data."""
    steps = points.steps
    back = np.append(steps[1:] < steps[:-1], False)
    ends = np.append(starts[1:], len(steps))
    back[ends - 1] = False
    ordered = ~np.logical_or.reduceat(back, starts)
    first_step, low_step, high_step, last_step, *values = _picture(points, starts)
    found = {
        "count": ends - starts,
        "ordered": ordered,
        "first_step": np.where(ordered, first_step, np.minimum.reduceat(steps, starts)),
        "last_step": np.where(ordered, last_step, np.maximum.reduceat(steps, starts)),
        "low_step": low_step,
        "high_step": high_step,
        "non_finite": np.add.reduceat(~np.isfinite(points.values), starts, dtype=np.int64),
    }
    columns = {name: column.tolist() for name, column in found.items()}
    for name, column in zip(("first_value", "low_value", "high_value", "last_value"), values, strict=True):
        columns[name] = [real(value) for value in column.tolist()]
    return columns


def _envelope(points: Points, start: int, end: int) -> bytes:
    part = Points(points.steps[start:end], points.times[start:end], points.values[start:end])
    return codec.pack(_picture(part, np.arange(0, len(part), BUCKET)))


def _picture(points: Points, starts: Indices) -> list[codec.Array]:
    """Steps, then values, of the first, lowest, highest and last point of each group; NaN where none is finite."""
    values = points.values
    finite = np.isfinite(values)
    ends = np.append(starts[1:], len(values)) - 1
    lowest = first_where(np.where(finite, values, np.inf), np.minimum, starts)
    highest = first_where(np.where(finite, values, -np.inf), np.maximum, starts)
    at = [starts, lowest, highest, ends]
    shown = np.where(finite, values, np.nan)
    return [points.steps[i] for i in at] + [shown[i] for i in at]
