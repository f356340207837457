"""Reading metrics: which there are, and their points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, and_, select

from runfolio.core.curves import Points
from runfolio.core.ordering import natural_path
from runfolio.core.system_tags import is_system_metric
from runfolio.store.batches import in_batches, in_portions, raw_rows
from runfolio.store.chunks import POINTS_AT_ONCE, read_points, read_points_of
from runfolio.store.connection import Store
from runfolio.store.dialect import among
from runfolio.store.schema import chunks, keys, series


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
        owners = {number: run for run, number, _ in read}
        for part in in_portions({number: count for _, number, count in read}, POINTS_AT_ONCE):
            some = read_points_of(connection, part)
            found |= {owners[number]: _by_step(some[number]) for number in part if number in some}
    return found, len(known) - len(read)


def _series_id(connection: Connection, run: int, key: str) -> int | None:
    query = select(series.c.id).join(keys, keys.c.id == series.c.key_id)
    return connection.execute(query.where(series.c.run_id == run, keys.c.name == key)).scalar()


def _by_step(unsorted: Points) -> Points:
    if (unsorted.steps[1:] >= unsorted.steps[:-1]).all():
        return unsorted
    order = np.argsort(unsorted.steps, kind="stable")
    return Points(unsorted.steps[order], unsorted.times[order], unsorted.values[order])
