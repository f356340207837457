"""The outlines of series: what their chunks say of themselves, without a point being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, select

from runfolio.core.curves import Floats, Integers
from runfolio.store.batches import raw_rows
from runfolio.store.chunks import BUCKET, SMALLEST_WITH_ENVELOPE
from runfolio.store.dialect import among_given, as_list
from runfolio.store.schema import chunks

STEPS, VALUES = (
    [chunks.c[f"{which}_{what}"] for which in ("first", "low", "high", "last")] for what in ("step", "value")
)
COLUMNS = (chunks.c.start, chunks.c.count, chunks.c.ordered, chunks.c.non_finite, *STEPS, *VALUES)
# Charts ask these again and again while runs log: they take longer to make than to answer.
OUTLINES = (
    select(chunks.c.series_id, *COLUMNS)
    .where(among_given(chunks.c.series_id, "series"), chunks.c.start >= bindparam("start"))
    .order_by(chunks.c.series_id, chunks.c.start)
)
# Of chunks with an envelope all this is in an index, so that dozens of them are read with a page of the file.
INDEXED = OUTLINES.where(chunks.c.envelope.is_not(None))


@dataclass(frozen=True, slots=True)
class Outline:
    """The chunks of a series, or some of them, in their order: all but their points.

    Attributes:
        table: a row for each chunk with `COLUMNS`, NULL as NaN.
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

    def in_sight(self, low: float | None, high: float | None) -> Outline:
        """The chunks in a range of steps, and their neighbours."""
        low, high = -np.inf if low is None else low, np.inf if high is None else high
        wanted = (self.last >= low) & (self.first <= high)
        before, after = np.flatnonzero(self.last < low), np.flatnonzero(self.first > high)
        # Of several that are as near, the last one before and the first one after.
        wanted[before[::-1][np.argmax(self.last[before[::-1]])] if len(before) else before] = True
        wanted[after[np.argmin(self.first[after])] if len(after) else after] = True
        return Outline(self.table[wanted])


def read_outlines(connection: Connection, counts: Mapping[int, int]) -> dict[int, Outline]:
    """The outlines of series by their numbers, of which is known how many points they have.

    From the index come the chunks up to the first that has no envelope; those after it are looked for one by one.
    """
    long = [number for number, count in counts.items() if count >= SMALLEST_WITH_ENVELOPE]
    indexed = raw_rows(connection, INDEXED, series=as_list(long), start=0) if long else []
    rows = {number: _following(found) for number, found in groupby(indexed, itemgetter(0))}
    ends = {number: _end(rows.get(number, [])) for number in counts}
    lacking = [number for number, count in counts.items() if ends[number] < count]
    if lacking:
        first = min(ends[number] for number in lacking)
        for row in raw_rows(connection, OUTLINES, series=as_list(lacking), start=first):
            if row[1] >= ends[row[0]]:
                rows.setdefault(row[0], []).append(row)
    return {number: Outline(np.array(found, np.float64)[:, 1:]) for number, found in rows.items()}


def _following(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The chunks that follow on each other from the first point on."""
    found: list[tuple[Any, ...]] = []
    for row in rows:
        if row[1] != _end(found):
            break
        found.append(row)
    return found


def _end(rows: list[tuple[Any, ...]]) -> int:
    """The number of the point after the last chunk."""
    return rows[-1][1] + rows[-1][2] if rows else 0
