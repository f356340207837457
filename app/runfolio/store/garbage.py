"""Emptying the trash for good: rows first, then files; what a crash leaves undone is done the next time."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, exists, select

from runfolio.core.clock import now_ms
from runfolio.core.errors import UserError
from runfolio.core.folder import ARTIFACTS, TRASH
from runfolio.core.freed import Freed
from runfolio.core.states import LifecycleStage
from runfolio.store import dialect, schema
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction, note_removal
from runfolio.store.emptying import Removable, removable, remove_for_good
from runfolio.store.registry.evidence import keep_what_runs_told
from runfolio.store.registry.purging import Purged, purge, purgeable
from runfolio.store.row_sizes import rows_size
from runfolio.store.sweeps import tables as sweep_tables

log = logging.getLogger("runfolio")
Progress = Callable[[int, int], None]
#: Runs that go in one transaction.
BATCH = 200
# What belongs to a run by its number; chunks and tags of inputs belong to these in turn.
OF_RUNS = (
    schema.params, schema.tags, schema.series, schema.artifacts, schema.inputs, schema.param_history, schema.writers,
    schema.findings, schema.checked, schema.mutes,
    schema.run_colors, schema.curve_notes, sweep_tables.sweeps, sweep_tables.trials,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Collected:
    """What went, or would go.

    Attributes:
        bytes: what removing the files gives back.
        row_bytes: about those that the database has of it.
        single_files, single_bytes: the same of files that had been put into the trash without their runs.
        versions, version_bytes: the same of versions of registered models.
        left_runs, left_experiments: what was to go too, and did not, because it was stopped or did not work any more.
        trouble: what did not work, after some had gone.
    """

    runs: int
    experiments: int
    files: int
    bytes: int
    row_bytes: int = 0
    single_files: int = 0
    single_bytes: int = 0
    versions: int = 0
    version_bytes: int = 0
    left_runs: int = 0
    left_experiments: int = 0
    trouble: UserError | None = None


def collect_garbage(
    store: Store,
    older_than_ms: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Collected:
    """Remove runs, experiments and single files that have been in the trash for at least so long, with all they have.

    Runs nested in a run that goes stay, and so does what somebody takes out of the trash meanwhile. The room is given
    back to the disk at once if nobody else has the store open. Once `stop` says so, or it does not work any more, what
    has not gone yet stays; what is counted then is not all there is. Versions that were registered from a run have
    files of their own, and keep what it told last. Raises StoreError, EnvironmentProblem if nothing has gone.
    """
    before = now_ms() - (older_than_ms or 0)
    with store.reading() as connection:
        runs = _in_trash(connection, schema.runs, before)
        empty = _empty_experiments(connection, before, set(runs))
    if dry_run:
        return _counted(store, runs, before, len(empty), progress, stop)
    gone: list[str] = []
    removed_files: list[int] = []
    purged = Purged(0, 0)
    sizes = {}
    done = row_bytes = removed = emptied = 0
    trouble: UserError | None = None
    try:
        _remove_files(store)
        remove_for_good(store, before, removed_files.append, stop)
        purged = purge(store, before, stop)
        sizes = _sizes(store, list(runs.values()), Freed(), None, stop)
        for part in in_batches(list(runs), BATCH):
            if stop():
                break
            row_bytes += _rows_size(store, part)
            gone += _remove_rows(store, part, before)
            done += len(part)
            _remove_files(store)
            if progress is not None:
                progress(done, len(runs))
        for part in in_batches(empty, BATCH):
            if stop():
                break
            removed += _remove_experiments(store, part, before)
            emptied += len(part)
    except UserError as error:
        if not gone and not removed and not removed_files and not purged.versions:
            raise
        trouble = error
    left_runs, left_experiments = len(runs) - done, len(empty) - emptied
    if (gone or removed) and not left_runs and not left_experiments:
        dialect.shrink(store.database)
    what = _collected([sizes[run_id] for run_id in gone], removed, row_bytes)
    singles = Removable(len(removed_files), sum(removed_files))
    left = {"left_runs": left_runs, "left_experiments": left_experiments}
    return replace(_with_others(what, singles, purged), trouble=trouble, **left)


def _counted(
    store: Store,
    runs: Mapping[int, str],
    before: int,
    experiments: int,
    progress: Progress | None,
    stop: Callable[[], bool],
) -> Collected:
    """What would go; `runs` are the ids of those that would, by number."""
    freed = Freed()
    singles, versions = removable(store, before, freed, stop), purgeable(store, before, freed)
    sizes = _sizes(store, list(runs.values()), freed, progress, stop)
    what = _collected(sizes.values(), experiments, _rows_size(store, list(runs), stop))
    return _with_others(what, singles, versions)


def _with_others(what: Collected, singles: Removable, purged: Purged) -> Collected:
    what = replace(what, single_files=singles.files, single_bytes=singles.bytes)
    return replace(what, versions=purged.versions, version_bytes=purged.bytes)


def _collected(files: Collection[tuple[int, int]], experiments: int, row_bytes: int = 0) -> Collected:
    counts = sum(count for count, _ in files), sum(size for _, size in files)
    return Collected(len(files), experiments, *counts, row_bytes)


def _rows_size(store: Store, runs: Sequence[int], stop: Callable[[], bool] = lambda: False) -> int:
    """About what the database has of runs, of as many as there was time for."""
    size = 0
    for part in in_batches(runs):
        if not stop():
            with store.reading() as connection:
                size += rows_size(connection, part)
    return size


def _in_trash(connection: Connection, table: Any, before: int, asked: Sequence[int] | None = None) -> dict[int, str]:
    """The runs or experiments, of those asked for, that have been in the trash since before: number -> id or name."""
    name = table.c.run_uuid if table is schema.runs else table.c.name
    query = select(table.c.id, name).where(
        table.c.lifecycle_stage == LifecycleStage.DELETED, table.c.deleted_time <= before
    )
    if asked is not None:
        query = query.where(dialect.among(table.c.id, asked))
    return {number: word for number, word in connection.execute(query.order_by(table.c.id))}


def _empty_experiments(connection: Connection, before: int, going: Container[int] = ()) -> list[int]:
    """The experiments in the trash whose runs all go, or have gone."""
    found = _in_trash(connection, schema.experiments, before)
    here = schema.runs.c.experiment_id
    inside = connection.execute(select(schema.runs.c.id, here).where(dialect.among(here, found)))
    kept = {place for run, place in inside if run not in going}
    return [number for number in found if number not in kept]


def _remove_rows(store: Store, asked: Sequence[int], before: int) -> list[str]:
    """Remove those of the runs that are still in the trash; returns their ids."""
    with store.writing() as transaction:
        connection = transaction.connection
        runs = _in_trash(connection, schema.runs, before, asked)
        numbers = list(runs)
        if not numbers:
            return []
        keep_what_runs_told(transaction, runs.values())
        rows = [{"run_uuid": run_id, "time": now_ms()} for run_id in runs.values()]
        connection.execute(dialect.insert_or_ignore(schema.removals), rows)
        series = select(schema.series.c.id).where(schema.series.c.run_id.in_(numbers))
        connection.execute(delete(schema.chunks).where(schema.chunks.c.series_id.in_(series)))
        used = select(schema.inputs.c.id).where(schema.inputs.c.run_id.in_(numbers))
        connection.execute(delete(schema.input_tags).where(schema.input_tags.c.input_id.in_(used)))
        _remove_long_values(transaction, ("params", "tags"), numbers)
        for table in OF_RUNS:
            connection.execute(delete(table).where(table.c.run_id.in_(numbers)))
        files = schema.trashed_files
        connection.execute(delete(files).where(files.c.run_uuid.in_(list(runs.values()))))
        connection.execute(delete(schema.runs).where(schema.runs.c.id.in_(numbers)))
        note_removal(transaction)
    return list(runs.values())


def _remove_long_values(transaction: Transaction, tables: Sequence[str], owners: Iterable[int]) -> None:
    table = schema.long_values
    mine = table.c.table_name.in_(tables), table.c.owner_id.in_(list(owners))
    transaction.connection.execute(delete(table).where(*mine))


def _remove_files(store: Store) -> None:
    """Remove the files of runs whose rows are gone."""
    with store.reading() as connection:
        waiting = list(connection.execute(select(schema.removals.c.run_uuid)).scalars())
    places = ARTIFACTS, TRASH
    gone = [run_id for run_id in waiting if all([_remove_folder(_folder(store, run_id, place)) for place in places])]
    if gone:
        with store.writing() as transaction:
            for part in in_batches(gone):
                transaction.connection.execute(delete(schema.removals).where(schema.removals.c.run_uuid.in_(part)))


def _remove_experiments(store: Store, asked: Sequence[int], before: int) -> int:
    """Remove those of the experiments that are still in the trash, and empty; returns how many."""
    with store.writing() as transaction:
        connection = transaction.connection
        numbers = sorted(set(asked).intersection(_empty_experiments(connection, before)))
        data = schema.datasets
        unused = ~exists().where(schema.inputs.c.dataset_id == data.c.id)
        for part in in_batches(numbers):
            connection.execute(delete(data).where(data.c.experiment_id.in_(part), unused))
            tags = schema.experiment_tags
            connection.execute(delete(tags).where(tags.c.experiment_id.in_(part)))
            _remove_long_values(transaction, ("experiment_tags",), part)
            connection.execute(delete(schema.experiments).where(schema.experiments.c.id.in_(part)))
        note_removal(transaction)
    return len(numbers)


def _folder(store: Store, run_id: str, place: str = ARTIFACTS) -> Path:
    """A run's folder of files; an id that would lead elsewhere has none."""
    root = store.path / place
    folder = root / run_id
    return folder if folder.parent == root and run_id not in ("", ".", "..") else root / "no such run"


def _remove_folder(folder: Path) -> bool:
    """Remove a folder, a link itself and not what it leads to; False if it is in use still: it goes the next time."""
    try:
        if folder.is_symlink():
            folder.unlink()
        else:
            shutil.rmtree(folder)
    except FileNotFoundError:  # two empty the trash at once
        return not os.path.lexists(folder)
    except OSError as error:
        log.warning("The files in %s cannot be removed now: %s.", folder, error)
        return False
    return True


def _sizes(
    store: Store, run_ids: Sequence[str], freed: Freed, progress: Progress | None, stop: Callable[[], bool]
) -> dict[str, tuple[int, int]]:
    """How many files the folder of each run has, and the bytes given back; of as many as there was time for."""
    sizes: dict[str, tuple[int, int]] = {}
    for run_id in run_ids:
        if stop():
            break
        sizes[run_id] = _measured(_folder(store, run_id), freed)
        if progress is not None:
            progress(len(sizes), len(run_ids))
    return sizes


def _measured(folder: Path, freed: Freed) -> tuple[int, int]:
    count = size = 0
    if folder.is_symlink():
        return 0, 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # it goes while we look
            if path.is_file():
                count, size = count + 1, size + freed.add(path.lstat())
    return count, size
