"""What takes the room of a store: by experiment, run, kind of file and metric."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, func, select

from runfolio.core.folder import BACKUPS, JOURNAL, REGISTRY
from runfolio.core.states import LifecycleStage
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store
from runfolio.store.row_sizes import CHUNK, SERIES
from runfolio.store.schema import artifacts, chunks, experiments, keys, runs, series, trashed_files

#: So many runs are told of, those with the most bytes.
MOST_RUNS = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """What something takes.

    Attributes:
        id: the store's number of the experiment, run or metric; 0 of a kind of files.
        name: what it is called.
        place: of a run, its experiment.
        count: how many files or, of a metric, how many points.
        bytes: of the files or, of a metric, about how much of the database.
        row_bytes: of an experiment, about how much of the database its curves take.
        trashed: whether it is in the trash.
        experiment: of a run, the store's number of its experiment.
    """

    id: int
    name: str
    place: str
    count: int
    bytes: int
    row_bytes: int = 0
    trashed: bool = False
    experiment: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """All that a store takes on the disk, in bytes.

    Attributes:
        files, count: of runs, and how many files these are.
        trashed: of files that emptying the trash would remove, as they were logged: of a file that has another name
            elsewhere it gives nothing back. Of runs in the trash they are among `files` too.
        database, journal, backups: of those.
        registry: of files of registered versions that are no run's file too.
        free: what the disk has left.
    """

    files: int
    count: int
    trashed: int
    database: int
    journal: int
    backups: int
    registry: int
    free: int


def totals(store: Store) -> Totals:
    """What the store takes as a whole."""
    bytes_ = func.coalesce(func.sum(artifacts.c.size), 0)
    with store.reading() as connection:
        count, size = connection.execute(select(func.count(), bytes_)).one()
        trashed = _trashed(connection)
    log = store.database.with_name(f"{store.database.name}-wal")
    database = store.size() + (log.stat().st_size if log.exists() else 0)
    free = 0
    with suppress(OSError):
        free = shutil.disk_usage(store.path).free
    journal, backups = (_size_below(store.path / name) for name in (JOURNAL, BACKUPS))
    registry = _size_below(store.path / REGISTRY, linked=False)
    return Totals(size, count, trashed, database, journal, backups, registry, free)


def _trashed(connection: Connection) -> int:
    """The bytes of files in the trash."""
    of_runs = select(func.coalesce(func.sum(artifacts.c.size), 0)).join(runs, runs.c.id == artifacts.c.run_id)
    of_runs = of_runs.where(runs.c.lifecycle_stage == LifecycleStage.DELETED)
    singles = select(func.coalesce(func.sum(trashed_files.c.size), 0))
    return int(connection.execute(of_runs).scalar_one()) + int(connection.execute(singles).scalar_one())


def by_experiment(store: Store) -> list[Share]:
    """The experiments, with the files and curves of their runs, those in the trash included."""
    files = select(runs.c.experiment_id, func.count(), func.sum(artifacts.c.size))
    curves = select(runs.c.experiment_id, _of_curves()).select_from(_chunks().join(runs, runs.c.id == series.c.run_id))
    with store.reading() as connection:
        of_files = _rows(connection, files.join(runs, runs.c.id == artifacts.c.run_id).group_by(runs.c.experiment_id))
        of_curves = dict(raw_rows(connection, curves.group_by(runs.c.experiment_id)))
        known = raw_rows(connection, select(experiments.c.id, experiments.c.name, experiments.c.lifecycle_stage))
    shares = [
        Share(one, name, "", *of_files.get(one, (0, 0)), int(of_curves.get(one, 0)), stage == LifecycleStage.DELETED)
        for one, name, stage in known
    ]
    return sorted(shares, key=lambda one: (-one.bytes - one.row_bytes, one.name))


def by_run(store: Store, most: int = MOST_RUNS) -> list[Share]:
    """The runs whose files are the largest together."""
    size = func.sum(artifacts.c.size).label("size")
    heavy = select(artifacts.c.run_id, func.count().label("count"), size).group_by(artifacts.c.run_id)
    some = heavy.order_by(size.desc()).limit(most).subquery()
    source = some.join(runs, runs.c.id == some.c.run_id).join(experiments, experiments.c.id == runs.c.experiment_id)
    named = runs.c.id, runs.c.name, experiments.c.name
    known = *named, some.c.count, some.c.size, runs.c.lifecycle_stage, runs.c.experiment_id
    with store.reading() as connection:
        rows = raw_rows(connection, select(*known).select_from(source).order_by(some.c.size.desc(), runs.c.id))
    return [
        Share(number, name, place, count, size, 0, stage == LifecycleStage.DELETED, experiment)
        for number, name, place, count, size, stage, experiment in rows
    ]


def by_kind(store: Store) -> list[Share]:
    """The kinds of files."""
    kind = func.kind_of_file(artifacts.c.path)
    query = select(kind, func.count(), func.sum(artifacts.c.size)).group_by(kind)
    with store.reading() as connection:
        rows = raw_rows(connection, query)
    return sorted(
        (Share(0, name, "", count, size) for name, count, size in rows), key=lambda one: (-one.bytes, one.name)
    )


def by_metric(store: Store) -> list[Share]:
    """The metrics, with how many points they have and about how much of the database these take."""
    points = select(series.c.key_id, func.sum(series.c.count)).group_by(series.c.key_id)
    size = select(series.c.key_id, _of_curves()).select_from(_chunks()).group_by(series.c.key_id)
    with store.reading() as connection:
        names = dict(raw_rows(connection, select(keys.c.id, keys.c.name)))
        counts = dict(raw_rows(connection, points))
        sizes = raw_rows(connection, size)
    shares = [Share(key, names[key], "", counts.get(key, 0), int(found)) for key, found in sizes]
    return sorted(shares, key=lambda one: (-one.bytes, one.name))


def _chunks() -> Any:
    return series.outerjoin(chunks, chunks.c.series_id == series.c.id)


def _of_curves() -> Any:
    """About what curves take: the contents of chunks, and what a row has beside them."""
    data = func.coalesce(func.length(chunks.c.data) + CHUNK, 0) + func.coalesce(func.length(chunks.c.envelope), 0)
    return func.sum(data) + SERIES * func.count(series.c.id.distinct())


def _rows(connection: Connection, query: Select[Any]) -> dict[int, tuple[int, int]]:
    return {number: (count, size) for number, count, size in raw_rows(connection, query)}


def _size_below(folder: Path, *, linked: bool = True) -> int:
    """The bytes of all files below a folder, or only of those that have no other name."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it goes while we look
                about = Path(place, name).lstat()
                total += about.st_size if linked or about.st_nlink == 1 else 0
    return total


#: What can be told, by its name.
BY: dict[str, Callable[[Store], list[Share]]] = {
    "experiment": by_experiment,
    "run": by_run,
    "kind": by_kind,
    "metric": by_metric,
}
