"""Files of runs that have the same in them: by their hashes, which are computed where they are not known yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from runfolio.core.entities import Artifact
from runfolio.core.errors import Stopped
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf, place_of
from runfolio.store.schema import artifacts, experiments, runs
from runfolio.store.verify import keep_hashes, read_digest

#: So many groups are told of, those that waste the most.
MOST = 1_000
#: Hashes are recorded after so many files.
TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Copy:
    """One of several equal files; `place` is the name of its experiment, `experiment` the number."""

    file: FileOf
    run: int
    experiment: int
    name: str
    place: str
    time: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Files with the same in them, the oldest first.

    Attributes:
        sha256: of each.
        size: of each, in bytes.
        copies: where they are.
        wasted: what all but one of them take, in bytes; names that are one file on disk count once.
    """

    sha256: str
    size: int
    copies: tuple[Copy, ...]
    wasted: int


def find_duplicates(
    store: Store,
    progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
    most: int = MOST,
) -> list[Duplicate]:
    """Groups of equal files, those that waste the most first; of as many as `stop` leaves time for.

    Only files of the same size are read, and only those that have no hash yet.
    """
    _hash_unknown(store, progress, stop)
    count = func.count().label("count")
    alike = select(artifacts.c.sha256).where(artifacts.c.sha256.is_not(None), artifacts.c.size > 0)
    alike = alike.group_by(artifacts.c.sha256).having(count > 1)
    alike = alike.order_by((artifacts.c.size * (count - 1)).desc()).limit(most)
    with store.reading() as connection:
        rows = raw_rows(connection, _copies().where(artifacts.c.sha256.in_(alike)))
    groups: dict[str, list[tuple[int, Copy]]] = {}
    for digest, size, path, time, number, uuid, experiment, name, place in rows:
        copy = Copy(FileOf(uuid, path), number, experiment, name, place, time)
        groups.setdefault(digest, []).append((size, copy))
    found = [_group(store, digest, copies) for digest, copies in groups.items() if not stop()]
    return sorted((one for one in found if one.wasted), key=lambda one: (-one.wasted, one.sha256))


def _copies() -> Select[Any]:
    columns = artifacts.c.sha256, artifacts.c.size, artifacts.c.path, artifacts.c.time
    known = runs.c.id, runs.c.run_uuid, runs.c.experiment_id, runs.c.name, experiments.c.name
    source = artifacts.join(runs, runs.c.id == artifacts.c.run_id).join(
        experiments, experiments.c.id == runs.c.experiment_id
    )
    return select(*columns, *known).select_from(source).order_by(artifacts.c.time, runs.c.id, artifacts.c.path)


def _group(store: Store, digest: str, copies: list[tuple[int, Copy]]) -> Duplicate:
    places = {_identity(store, copy.file) for _, copy in copies} - {None}
    size = copies[0][0]
    return Duplicate(digest, size, tuple(copy for _, copy in copies), size * max(len(places) - 1, 0))


def _identity(store: Store, file: FileOf) -> tuple[int, int] | None:
    """What tells a file on disk from others, whatever its names; None of one that is not there."""
    place = place_of(store, file)
    if place is not None:
        with suppress(OSError):
            about = place.stat()
            return about.st_dev, about.st_ino
    return None


def _hash_unknown(store: Store, progress: Callable[[int, int], None], stop: Callable[[], bool]) -> None:
    """Compute the hashes of files that could be the same as others, for they are as large."""
    twins = select(artifacts.c.size).where(artifacts.c.size > 0).group_by(artifacts.c.size).having(func.count() > 1)
    columns = artifacts.c.run_id, artifacts.c.path, artifacts.c.size, artifacts.c.time
    query = select(*columns).where(artifacts.c.sha256.is_(None), artifacts.c.size.in_(twins)).order_by(artifacts.c.size)
    with store.reading() as connection:
        waiting = raw_rows(connection, query)
    total, done = sum(size for _, _, size, _ in waiting), 0
    fresh: list[tuple[int, Artifact, str]] = []
    with suppress(Stopped):
        for run, path, size, time in waiting:
            if stop():
                break
            fresh.append((run, Artifact(path, size, time), read_digest(store, run, path)))
            done += size
            progress(done, total)
            if len(fresh) >= TOGETHER:
                keep_hashes(store, fresh)
                fresh = []
    keep_hashes(store, fresh)
