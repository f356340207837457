"""Reading metrics: which there are, their points, and curves for a plot at the cost of its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from sqlalchemy import Connection, RowMapping, and_, bindparam, select

from runfolio.core.curves import EMPTY, Curve, Floats, Points, reduce
from runfolio.core.ordering import natural_path
from runfolio.core.system_tags import is_system_metric
from runfolio.store import codec
from runfolio.store.batches import in_batches, raw_rows
from runfolio.store.chunks import BUCKET, SMALLEST_WITH_ENVELOPE, read_points, read_points_of, read_values
from runfolio.store.connection import Store
from runfolio.store.dialect import among
from runfolio.store.schema import chunks, keys, series

FEW_POINTS = 1 << 17
POINTS_AT_ONCE = 1 << 20

# A chart asks these for each of its lines, again and again while runs log: they take longer to make than to answer.
SERIES_ID = (
    select(series.c.id)
    .join(keys, keys.c.id == series.c.key_id)
    .where(series.c.run_id == bindparam("run"), keys.c.name == bindparam("key"))
)
OUTLINE = (
    select(*(column for column in chunks.c if column.name not in ("series_id", "data", "envelope")))
    .where(chunks.c.series_id == bindparam("series"))
    .order_by(chunks.c.start)
)


def metric_keys(store: Store, runs: Sequence[int]) -> list[str]:
    """The names of all metrics of these runs, in natural order; those of the machine's load last."""
    names: set[str] = set()
    with store.reading() as connection:
        for part in in_batches(runs):
            query = select(keys.c.name).join(series, series.c.key_id == keys.c.id).where(series.c.run_id.in_(part))
            names.update(connection.execute(query.distinct()).scalars())
    return sorted(sorted(names), key=lambda name: (is_system_metric(name), natural_path(name)))


def points(store: Store, run: int, key: str) -> Points:
    """All points of a metric, by step; of equal steps in the order they were logged. Empty if there are none."""
    with store.reading() as connection:
        found = _series_id(connection, run, key)
        return _by_step(read_points(connection, chunks.c.series_id == (found or -1), helped=True))


def recent_points(store: Store, run: int, key: str, most: int) -> Points:
    """The last points of a metric that were logged, at most so many, by step."""
    with store.reading() as connection:
        found = _series_id(connection, run, key)
        parts = select(chunks.c.start, chunks.c.count).where(chunks.c.series_id == (found or -1))
        newest = connection.execute(parts.order_by(chunks.c.start.desc()).limit(most)).all()
        if not newest:
            return Points(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        enough = int(np.searchsorted(np.cumsum([part.count for part in newest]), most))
        first = newest[min(enough, len(newest) - 1)].start
        where = and_(chunks.c.series_id == found, chunks.c.start >= first)
        ordered = _by_step(read_points(connection, where))
    return Points(ordered.steps[-most:], ordered.times[-most:], ordered.values[-most:])


def points_of(store: Store, runs: Sequence[int], key: str, most: int) -> tuple[dict[int, Points], int]:
    """All points of a metric of several runs, of those that have it, in the order of the runs.

    Where they have more than `most` points together, those of the last runs are not read; also returns of how many.
    There are always those of the first run.
    """
    query = select(series.c.run_id, series.c.id, series.c.count).join(keys, keys.c.id == series.c.key_id)
    found: dict[int, Points] = {}
    with store.reading() as connection:
        there = raw_rows(connection, query.where(keys.c.name == key, among(series.c.run_id, runs)))
        numbers = {run: (number, count) for run, number, count in there}
        known = [(run, *numbers[run]) for run in runs if run in numbers]
        totals = np.cumsum([count for _, _, count in known])
        read = known[: max(1, int(np.searchsorted(totals, most, "right")))]
        for part in _parts(read):
            points_by_series = read_points_of(connection, [number for _, number, _ in part])
            own = ((run, points_by_series.get(number)) for run, number, _ in part)
            found |= {run: _by_step(some) for run, some in own if some is not None}
    return found, len(known) - len(read)


def _parts(known: Sequence[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Series with their counts, in parts of not too many points at a time."""
    parts: list[list[tuple[int, int, int]]] = []
    points = 0
    for one in known:
        if not parts or points + one[2] > POINTS_AT_ONCE:
            parts.append([])
            points = 0
        parts[-1].append(one)
        points += one[2]
    return parts


def curve(
    store: Store,
    run: int,
    key: str,
    low: float | None = None,
    high: float | None = None,
    pixels: int = 1000,
) -> Curve:
    """The polyline of a metric over the steps from `low` to `high`, for a plot `pixels` wide."""
    with store.reading() as connection:
        found = _series_id(connection, run, key)
        if found is None:
            return EMPTY
        rows = _outline(connection, found, low, high)
        width = _width(rows, low, high, pixels)
        count = sum(row["count"] for row in rows)
        exact = count <= 4 * pixels or (count <= FEW_POINTS and any(_bucket(row) > width for row in rows))
        if exact or not _follow_each_other(rows):
            where = and_(chunks.c.series_id == found, chunks.c.start.in_([row["start"] for row in rows]))
            steps, values = read_values(connection, where if len(rows) < 500 else chunks.c.series_id == found)
            return reduce(*_in_order(steps.astype(np.float64), values), low, high, pixels)
        return _coarse(connection, found, rows, low, high, pixels)


def _width(rows: Sequence[RowMapping], low: float | None, high: float | None, pixels: int) -> float:
    """How many steps a column of pixels is wide."""
    if not rows:
        return 0.0
    left, right = _ends(rows, low, high)
    return max((right - left) / pixels, 0.0)


def _ends(rows: Sequence[RowMapping], low: float | None, high: float | None) -> tuple[float, float]:
    """Where what is shown begins and ends."""
    first, last = rows[0]["first_step"], rows[-1]["last_step"]
    return first if low is None else max(low, first), last if high is None else min(high, last)


def _bucket(row: RowMapping) -> float:
    """About how many steps a bucket of a chunk's envelope is wide, or the chunk itself where it has none."""
    return _span(row) * BUCKET / row["count"] if row["count"] >= SMALLEST_WITH_ENVELOPE else _span(row)


def _series_id(connection: Connection, run: int, key: str) -> int | None:
    return connection.execute(SERIES_ID, {"run": run, "key": key}).scalar()


def _outline(connection: Connection, found: int, low: float | None, high: float | None) -> Sequence[RowMapping]:
    """The rows, without blobs, of the chunks in the range and of their neighbours."""
    rows = connection.execute(OUTLINE, {"series": found}).mappings().all()
    inside = [
        i
        for i, row in enumerate(rows)
        if (low is None or row["last_step"] >= low) and (high is None or row["first_step"] <= high)
    ]
    before = [(row["last_step"], i) for i, row in enumerate(rows) if low is not None and row["last_step"] < low]
    after = [(row["first_step"], i) for i, row in enumerate(rows) if high is not None and row["first_step"] > high]
    nearest = {i for _, i in [*sorted(before)[-1:], *sorted(after)[:1]]}
    return [rows[i] for i in sorted(nearest.union(inside))]


def _follow_each_other(rows: Sequence[RowMapping]) -> bool:
    ordered = all(row["ordered"] for row in rows)
    return ordered and all(a["last_step"] <= b["first_step"] for a, b in pairwise(rows))


def _coarse(
    connection: Connection,
    found: int,
    rows: Sequence[RowMapping],
    low: float | None,
    high: float | None,
    pixels: int,
) -> Curve:
    """The curve from the coarsest level that still has a picture for every column of pixels."""
    left, right = _ends(rows, low, high)
    width = _width(rows, low, high, pixels)
    edges = {row["start"] for row in rows if row["first_step"] < left or row["last_step"] > right}
    narrow = [row["start"] for row in rows if row["start"] not in edges and _span(row) > width]
    envelopes = _envelopes(connection, found, narrow) if narrow else {}
    parts: list[tuple[Floats, Floats]] = []
    seen = non_finite = 0
    for row in rows:
        edge = row["start"] in edges
        x, y = _chunk_picture(connection, found, row, 0.0 if edge else width, envelopes.get(row["start"]))
        parts.append((x, y))
        inside = (x >= left) & (x <= right)
        seen += int(inside.sum()) if edge else row["count"]
        non_finite += int((inside & ~np.isfinite(y)).sum()) if edge else row["non_finite"]
    x, y = (np.concatenate(column) for column in zip(*parts, strict=True))
    drawn = reduce(x, y, low, high, pixels)
    return Curve(drawn.x, drawn.y, seen, seen > len(drawn.x), non_finite)


def _span(row: RowMapping) -> float:
    span: float = row["last_step"] - row["first_step"]
    return span


def _envelopes(connection: Connection, found: int, starts: Sequence[int]) -> dict[int, bytes]:
    """The envelopes of those of a series' chunks, by where they begin, that have one."""
    query = select(chunks.c.start, chunks.c.envelope).where(chunks.c.series_id == found)
    return {start: blob for start, blob in raw_rows(connection, query.where(among(chunks.c.start, starts))) if blob}


def _chunk_picture(
    connection: Connection, found: int, row: RowMapping, width: float, envelope: bytes | None
) -> tuple[Floats, Floats]:
    if _span(row) <= width:
        steps = [row["first_step"], row["low_step"], row["high_step"], row["last_step"]]
        values = [row["first_value"], row["low_value"], row["high_value"], row["last_value"]]
        return _in_order(np.array(steps, np.float64), np.array(values, np.float64))
    if envelope:
        columns = codec.unpack(envelope)
        if (columns[3] - columns[0]).max() <= width:
            steps_of, values_of = (np.stack(part, 1).ravel().astype(np.float64) for part in (columns[:4], columns[4:]))
            return _in_order(steps_of, values_of)
    exact = read_values(connection, and_(chunks.c.series_id == found, chunks.c.start == row["start"]))
    return exact[0].astype(np.float64), exact[1]


def _in_order(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if (x[1:] >= x[:-1]).all():
        return x, y
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _by_step(unsorted: Points) -> Points:
    if (unsorted.steps[1:] >= unsorted.steps[:-1]).all():
        return unsorted
    order = np.argsort(unsorted.steps, kind="stable")
    return Points(unsorted.steps[order], unsorted.times[order], unsorted.values[order])
