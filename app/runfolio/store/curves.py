"""Curves of series for a plot, at the cost of its pixels: from few points, or from coarser pictures of many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, bindparam, select

from runfolio.core.curves import EMPTY, Curve, Floats, Integers, reduce
from runfolio.store import codec
from runfolio.store.batches import in_portions, raw_rows
from runfolio.store.chunks import POINTS_AT_ONCE, read_values_of
from runfolio.store.connection import Store
from runfolio.store.dialect import among_given, as_list
from runfolio.store.outlines import Outline, read_outlines
from runfolio.store.schema import chunks, keys, series

FEW_POINTS = 1 << 17
NONE: tuple[Floats, Floats] = np.empty(0), np.empty(0)

# Charts ask these again and again while runs log: they take longer to make than to answer.
SERIES = (
    select(series.c.run_id, series.c.id, series.c.count)
    .join(keys, keys.c.id == series.c.key_id)
    .where(among_given(series.c.run_id, "runs"), keys.c.name == bindparam("key"))
)
ENVELOPES = select(chunks.c.series_id, chunks.c.start, chunks.c.envelope).where(
    among_given(chunks.c.series_id, "series"),
    chunks.c.start.between(bindparam("first"), bindparam("last")),
    chunks.c.envelope.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A part of a plot's x axis, in steps, and how many pixels it is wide."""

    low: float | None
    high: float | None
    pixels: int

    def ends(self, outline: Outline) -> tuple[float, float]:
        """Where what is shown of a series begins and ends."""
        first, last = float(outline.first[0]), float(outline.last[-1])
        return first if self.low is None else max(self.low, first), last if self.high is None else min(self.high, last)

    def width(self, outline: Outline) -> float:
        """How many steps a column of pixels is wide."""
        left, right = self.ends(outline)
        return max((right - left) / self.pixels, 0.0)

    def is_exact(self, outline: Outline) -> bool:
        """Whether all points are to be read: there are few of them, or no coarser picture is fine enough."""
        count = int(outline.count.sum())
        few = count <= FEW_POINTS and bool((outline.buckets > self.width(outline)).any())
        return count <= 4 * self.pixels or few or not outline.ordered

    def edges(self, outline: Outline) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which chunks are seen only in part."""
        left, right = self.ends(outline)
        return np.asarray((outline.first < left) | (outline.last > right))

    def narrow(self, outline: Outline) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which of those that are seen whole are wider than a column of pixels."""
        return np.asarray((outline.last - outline.first > self.width(outline)) & ~self.edges(outline))

    def reduced(self, x: Floats, y: Floats) -> Curve:
        """The polyline through points."""
        return reduce(*_in_order(x, y), self.low, self.high, self.pixels)


def curve(
    store: Store, run: int, key: str, low: float | None = None, high: float | None = None, pixels: int = 1000
) -> Curve:
    """The polyline of a metric over the steps from `low` to `high`, for a plot `pixels` wide."""
    return curves(store, [run], key, low, high, pixels).get(run, EMPTY)


def curves(
    store: Store,
    runs: Collection[int],
    key: str,
    low: float | None = None,
    high: float | None = None,
    pixels: int = 1000,
) -> dict[int, Curve]:
    """The same of several runs, of those that have the metric: to ask for each would take longer than to read it."""
    sight = Sight(low, high, pixels)
    with store.reading() as connection:
        found = raw_rows(connection, SERIES, runs=as_list(runs), key=key)
        outlines = read_outlines(connection, {number: count for _, number, count in found})
        seen = {number: outline.in_sight(low, high) for number, outline in outlines.items()}
        exact = {number: outline for number, outline in seen.items() if sight.is_exact(outline)}
        coarse = {number: outline for number, outline in seen.items() if number not in exact}
        envelopes = _envelopes(connection, {n: outline.start[sight.narrow(outline)] for n, outline in coarse.items()})
        made: dict[int, Curve] = {}
        for some in in_portions(
            {number: int(outline.count.sum()) for number, outline in exact.items()}, POINTS_AT_ONCE
        ):
            points = _points(connection, {number: exact[number] for number in some})
            made |= {number: sight.reduced(*points[number]) for number in some}
        made |= {n: _coarse(connection, n, outline, sight, envelopes[n]) for n, outline in coarse.items()}
    return {run: made[number] for run, number, _ in found if number in made}


def _points(connection: Connection, outlines: Mapping[int, Outline]) -> dict[int, tuple[Floats, Floats]]:
    """Steps and values of chunks; those of series that have the same numbers of points are read together."""
    ranges: dict[tuple[int, int], list[int]] = {}
    for number, outline in outlines.items():
        if len(outline):
            ranges.setdefault((int(outline.start[0]), int(outline.start[-1])), []).append(number)
    found = {number: NONE for number in outlines}
    for (first, last), numbers in ranges.items():
        for number, (steps, values) in read_values_of(connection, numbers, first, last).items():
            found[number] = steps.astype(np.float64), values
    return found


def _envelopes(connection: Connection, starts: Mapping[int, Integers]) -> dict[int, dict[int, bytes]]:
    """For each series, the envelopes of some of its chunks by where they begin."""
    found: dict[int, dict[int, bytes]] = {number: {} for number in starts}
    wanted = {number: set(some.tolist()) for number, some in starts.items() if len(some)}
    if wanted:
        first, last = min(map(min, wanted.values())), max(map(max, wanted.values()))
        for number, start, envelope in raw_rows(connection, ENVELOPES, series=as_list(wanted), first=first, last=last):
            if start in wanted[number]:
                found[number][start] = envelope
    return found


def _coarse(
    connection: Connection, number: int, outline: Outline, sight: Sight, envelopes: Mapping[int, bytes]
) -> Curve:
    """The curve from the coarsest level that still has a picture for every column of pixels."""
    (left, right), width, edge = sight.ends(outline), sight.width(outline), sight.edges(outline)
    alone = edge | sight.narrow(outline)
    parts: list[tuple[Floats, Floats]] = []
    seen, non_finite = int(outline.count[~edge].sum()), int(outline.non_finite[~edge].sum())
    for group in np.split(np.arange(len(outline)), np.flatnonzero(np.diff(alone)) + 1):
        if not alone[group[0]]:
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
    drawn = reduce(x, y, sight.low, sight.high, sight.pixels)
    return Curve(drawn.x, drawn.y, seen, seen > len(drawn.x), non_finite)


def _chunk_picture(
    connection: Connection, number: int, start: int, width: float, envelope: bytes | None
) -> tuple[Floats, Floats]:
    """A chunk's polyline from its envelope, where its buckets are narrow enough, else from its points."""
    if envelope and width:
        columns = codec.unpack(envelope)
        if (columns[3] - columns[0]).max() <= width:
            x, y = (np.stack(part, 1).ravel().astype(np.float64) for part in (columns[:4], columns[4:]))
            return _in_order(x, y)
    steps, values = read_values_of(connection, [number], start, start)[number]
    return steps.astype(np.float64), values


def _in_order(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if (x[1:] >= x[:-1]).all():
        return x, y
    order = np.argsort(x, kind="stable")
    return x[order], y[order]
