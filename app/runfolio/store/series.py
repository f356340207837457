"""Reading metrics: which there are, their points, and curves for a plot at the cost of its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, bindparam, select

from runfolio.core.curves import EMPTY, Curve, Floats, Integers, Points, reduce
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
SERIES = (
    select(series.c.id, series.c.count)
    .join(keys, keys.c.id == series.c.key_id)
    .where(series.c.run_id == bindparam("run"), keys.c.name == bindparam("key"))
)
STEPS, VALUES = (
    [chunks.c[f"{which}_{what}"] for which in ("first", "low", "high", "last")] for what in ("step", "value")
)
OUTLINE = (
    select(chunks.c.start, chunks.c.count, chunks.c.ordered, chunks.c.non_finite, *STEPS, *VALUES)
    .where(chunks.c.series_id == bindparam("series"), chunks.c.start >= bindparam("start"))
    .order_by(chunks.c.start)
)
# Of chunks with an envelope this is in an index, so that a hundred of them are read with a page of the file.
INDEXED = OUTLINE.where(chunks.c.envelope.is_not(None))


@dataclass(frozen=True, slots=True)
class Outline:
    """The chunks of a series, or some of them, in their order: all but their points.

    Attributes:
        table: a row for each chunk with the columns of `OUTLINE`, NULL as NaN.
    """

    table: Floats

    def __len__(self) -> int:
        return len(self.table)

    @property
    def start(self) -> Integers:
        """The number of the first point."""
        return self.table[:, 0].astype(np.int64)

    @property
    def count(self) -> Integers:
        """How many points there are."""
        return self.table[:, 1].astype(np.int64)

    @property
    def ordered(self) -> bool:
        """Whether all points are in the order of their steps."""
        return bool(self.table[:, 2].all() and (self.last[:-1] <= self.first[1:]).all())

    @property
    def non_finite(self) -> Integers:
        """How many points are not finite."""
        return self.table[:, 3].astype(np.int64)

    @property
    def steps(self) -> Floats:
        """Of the first, lowest, highest and last point, (chunks, 4)."""
        return self.table[:, 4:8]

    @property
    def values(self) -> Floats:
        """The same of values."""
        return self.table[:, 8:12]

    @property
    def first(self) -> Floats:
        """The first step."""
        return self.steps[:, 0]

    @property
    def last(self) -> Floats:
        """The last step."""
        return self.steps[:, 3]

    @property
    def buckets(self) -> Floats:
        """About how many steps a bucket of the envelope is wide, or the chunk itself where it has none."""
        parts = np.where(self.count >= SMALLEST_WITH_ENVELOPE, BUCKET / self.count, 1.0)
        return np.asarray((self.last - self.first) * parts)

    def pictures(self) -> tuple[Floats, Floats]:
        """A polyline through the four points of each chunk."""
        steps = np.where(np.isnan(self.steps), self.first[:, None], self.steps)
        order = np.argsort(steps, axis=1, kind="stable")
        x, y = (np.take_along_axis(table, order, axis=1).ravel() for table in (steps, self.values))
        return x, y


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
        found = _series(connection, run, key)
        if found is None:
            return EMPTY
        outline = _in_sight(_outline(connection, *found), low, high)
        width = _width(outline, low, high, pixels)
        count = int(outline.count.sum())
        exact = count <= 4 * pixels or (count <= FEW_POINTS and (outline.buckets > width).any())
        if exact or not outline.ordered:
            where = and_(chunks.c.series_id == found[0], chunks.c.start.in_(outline.start.tolist()))
            steps, values = read_values(connection, where if len(outline) < 500 else chunks.c.series_id == found[0])
            return reduce(*_in_order(steps.astype(np.float64), values), low, high, pixels)
        return _coarse(connection, found[0], outline, low, high, pixels)


def _series(connection: Connection, run: int, key: str) -> tuple[int, int] | None:
    """The number of a series, and how many points it has."""
    found = connection.execute(SERIES, {"run": run, "key": key}).first()
    return None if found is None else (found[0], found[1])


def _series_id(connection: Connection, run: int, key: str) -> int | None:
    found = _series(connection, run, key)
    return None if found is None else found[0]


def _outline(connection: Connection, number: int, count: int) -> Outline:
    """The chunks of a series with so many points: from the index up to the first that has no envelope."""
    rows: list[tuple[Any, ...]] = []
    after = 0
    for row in raw_rows(connection, INDEXED, series=number, start=0) if count >= SMALLEST_WITH_ENVELOPE else ():
        if row[0] != after:
            break
        rows.append(row)
        after += row[1]
    if after < count:
        rows += raw_rows(connection, OUTLINE, series=number, start=after)
    return Outline(np.array(rows, np.float64).reshape(-1, 4 + len(STEPS) + len(VALUES)))


def _in_sight(outline: Outline, low: float | None, high: float | None) -> Outline:
    """The chunks in a range, and their neighbours."""
    low, high = -np.inf if low is None else low, np.inf if high is None else high
    wanted = (outline.last >= low) & (outline.first <= high)
    before, after = outline.last < low, outline.first > high
    if before.any():
        wanted[np.argmax(np.where(before, outline.last, -np.inf))] = True
    if after.any():
        wanted[np.argmin(np.where(after, outline.first, np.inf))] = True
    return Outline(outline.table[wanted])


def _ends(outline: Outline, low: float | None, high: float | None) -> tuple[float, float]:
    """Where what is shown begins and ends."""
    first, last = float(outline.first[0]), float(outline.last[-1])
    return first if low is None else max(low, first), last if high is None else min(high, last)


def _width(outline: Outline, low: float | None, high: float | None, pixels: int) -> float:
    """How many steps a column of pixels is wide."""
    left, right = _ends(outline, low, high) if len(outline) else (0.0, 0.0)
    return max((right - left) / pixels, 0.0)


def _coarse(
    connection: Connection, number: int, outline: Outline, low: float | None, high: float | None, pixels: int
) -> Curve:
    """The curve from the coarsest level that still has a picture for every column of pixels."""
    left, right = _ends(outline, low, high)
    width = _width(outline, low, high, pixels)
    edge = (outline.first < left) | (outline.last > right)
    narrow = (outline.last - outline.first > width) & ~edge
    envelopes = _envelopes(connection, number, outline.start[narrow].tolist()) if narrow.any() else {}
    parts: list[tuple[Floats, Floats]] = []
    seen, non_finite = int(outline.count[~edge].sum()), int(outline.non_finite[~edge].sum())
    for group in np.split(np.arange(len(outline)), np.flatnonzero(np.diff(edge | narrow)) + 1):
        if not (edge | narrow)[group[0]]:
            parts.append(Outline(outline.table[group]).pictures())
            continue
        for at in group.tolist():
            start = int(outline.start[at])
            x, y = _chunk_picture(connection, number, start, 0.0 if edge[at] else width, envelopes.get(start))
            parts.append((x, y))
            if edge[at]:
                inside = (x >= left) & (x <= right)
                seen += int(inside.sum())
                non_finite += int((inside & ~np.isfinite(y)).sum())
    x, y = (np.concatenate(column) for column in zip(*parts, strict=True))
    drawn = reduce(x, y, low, high, pixels)
    return Curve(drawn.x, drawn.y, seen, seen > len(drawn.x), non_finite)


def _envelopes(connection: Connection, number: int, starts: Sequence[int]) -> dict[int, bytes]:
    """The envelopes of those of a series' chunks, by where they begin, that have one."""
    query = select(chunks.c.start, chunks.c.envelope).where(chunks.c.series_id == number)
    return {start: blob for start, blob in raw_rows(connection, query.where(among(chunks.c.start, starts))) if blob}


def _chunk_picture(
    connection: Connection, number: int, start: int, width: float, envelope: bytes | None
) -> tuple[Floats, Floats]:
    """A chunk's polyline from its envelope, where its buckets are narrow enough, else from its points."""
    if envelope and width:
        columns = codec.unpack(envelope)
        if (columns[3] - columns[0]).max() <= width:
            x, y = (np.stack(part, 1).ravel().astype(np.float64) for part in (columns[:4], columns[4:]))
            return _in_order(x, y)
    exact = read_values(connection, and_(chunks.c.series_id == number, chunks.c.start == start))
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
