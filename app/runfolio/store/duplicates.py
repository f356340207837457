"""Files of runs that have the same in them: by their hashes, which are computed where they are not known yet."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from runfolio.core.entities import Artifact
from runfolio.core.errors import Stopped
from runfolio.core.states import LifecycleStage
from runfolio.store.batches import raw_rows
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf, place_of
from runfolio.store.registry.sources import Sources, is_source, registered_sources
from runfolio.store.schema import artifacts, experiments, runs
from runfolio.store.verify import digest_now, is_unchanged, keep_hashes, read_digest

#: So many groups are told of, those that waste the most.
MOST = 1_000
#: Hashes are recorded after so many files.
TOGETHER = 100
#: What is in the trash goes when that is emptied: no copy that one may count on.
_IN_USE = artifacts.c.run_id.in_(select(runs.c.id).where(runs.c.lifecycle_stage == LifecycleStage.ACTIVE))


@dataclass(frozen=True, slots=True)
class Copy:
    """One of several equal files; `place` is the name of its experiment, `experiment` the number.

    `spare` is all but the oldest of those that are there and what registered versions have: it can go, and the content
    stays in use.
    """

    file: FileOf
    run: int
    experiment: int
    name: str
    place: str
    time: int
    spare: bool


class _Listed(NamedTuple):
    """A file with a hash, as the tables have it."""

    file: Artifact
    run: int
    uuid: str
    experiment: int
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Files with the same in them, the oldest first.

    Attributes:
        sha256: of each.
        size: of each, in bytes.
        copies: where they are: of runs in use, there now, and as they were when they were hashed.
        wasted: what the spare ones take, in bytes; of several names of one file nothing while one of these stays.
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
    alike = select(artifacts.c.sha256).where(artifacts.c.sha256.is_not(None), artifacts.c.size > 0, _IN_USE)
    alike = alike.group_by(artifacts.c.sha256).having(count > 1)
    alike = alike.order_by((artifacts.c.size * (count - 1)).desc()).limit(most)
    with store.reading() as connection:
        rows = raw_rows(connection, _copies().where(artifacts.c.sha256.in_(alike)))
        sources = registered_sources(connection)
    groups: dict[str, list[_Listed]] = {}
    for digest, size, path, time, *known in rows:
        groups.setdefault(digest, []).append(_Listed(Artifact(path, size, time, digest), *known))
    found = [_group(store, digest, listed, sources) for digest, listed in groups.items() if not stop()]
    return sorted((one for one in found if one.wasted), key=lambda one: (-one.wasted, one.sha256))


def _copies() -> Select[Any]:
    columns = artifacts.c.sha256, artifacts.c.size, artifacts.c.path, artifacts.c.time
    known = runs.c.id, runs.c.run_uuid, runs.c.experiment_id, runs.c.name, experiments.c.name
    source = artifacts.join(runs, runs.c.id == artifacts.c.run_id).join(
        experiments, experiments.c.id == runs.c.experiment_id
    )
    found = select(*columns, *known).select_from(source).where(_IN_USE)
    return found.order_by(artifacts.c.time, runs.c.id, artifacts.c.path)


def _group(store: Store, digest: str, listed: list[_Listed], sources: Sources) -> Duplicate:
    there = [(place, one) for one in listed if (place := _identity(store, one)) is not None]
    copies: list[Copy] = []
    going: set[tuple[int, int]] = set()
    staying: set[tuple[int, int]] = set()
    for at, (place, one) in enumerate(there):
        file = FileOf(one.uuid, one.file.path)
        spare = at > 0 and not is_source(sources, *file)
        (going if spare else staying).add(place)
        copies.append(Copy(file, one.run, one.experiment, one.name, one.place, one.file.time, spare))
    size = listed[0].file.size
    return Duplicate(digest, size, tuple(copies), size * len(going - staying))


def _identity(store: Store, one: _Listed) -> tuple[int, int] | None:
    """What tells a file on disk from others, whatever its names; None of one that is not there, or is another by now.

    One that was touched since it was hashed, as by a copy of the whole store, is read again.
    """
    place = place_of(store, FileOf(one.uuid, one.file.path))
    if place is not None:
        with suppress(OSError):
            about = place.lstat()
            if stat.S_ISREG(about.st_mode) and (
                is_unchanged(one.file, about) or read_digest(store, one.run, one.file.path) == one.file.sha256
            ):
                return about.st_dev, about.st_ino
    return None


def _hash_unknown(store: Store, progress: Callable[[int, int], None], stop: Callable[[], bool]) -> None:
    """Compute the hashes of files that could be the same as others, for they are as large."""
    twins = (
        select(artifacts.c.size)
        .where(artifacts.c.size > 0, _IN_USE)
        .group_by(artifacts.c.size)
        .having(func.count() > 1)
    )
    columns = artifacts.c.run_id, artifacts.c.path, artifacts.c.size, artifacts.c.time
    query = select(*columns).where(artifacts.c.sha256.is_(None), artifacts.c.size.in_(twins), _IN_USE)
    with store.reading() as connection:
        waiting = raw_rows(connection, query.order_by(artifacts.c.size))
    total, before = sum(size for _, _, size, _ in waiting), 0
    fresh: list[tuple[int, Artifact, str]] = []

    def told(done: int) -> None:
        if stop():
            raise Stopped
        progress(before + done, total)

    with suppress(Stopped):
        for run, path, size, time in waiting:
            told(0)
            fresh.append((run, Artifact(path, size, time), digest_now(store, run, path, told)))
            before += size
            if len(fresh) >= TOGETHER:
                keep_hashes(store, fresh)
                fresh = []
    keep_hashes(store, fresh)
