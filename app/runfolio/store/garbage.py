"""Emptying the trash for good: rows first, then files; what a crash leaves undone is done the next time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, exists, select

from runfolio.core.clock import now_ms
from runfolio.core.folder import ARTIFACTS
from runfolio.core.states import LifecycleStage
from runfolio.store import dialect, schema
from runfolio.store.batches import in_batches
from runfolio.store.connection import Store, Transaction, note_removal

Progress = Callable[[int, int], None]
#: Runs that go in one transaction.
BATCH = 200
# What belongs to a run by its number; chunks and tags of inputs belong to these in turn.
OF_RUNS = (
    schema.params, schema.tags, schema.series, schema.artifacts, schema.inputs, schema.param_history, schema.writers,
    schema.findings, schema.checked, schema.mutes,
    schema.run_colors,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Collected:
    """What went, or would go: `bytes` are those of the files."""

    runs: int
    experiments: int
    files: int
    bytes: int


def collect_garbage(
    store: Store,
    older_than_ms: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Collected:
    """Remove runs and experiments that have been in the trash for at least so long, with all they have.

    Runs nested in a run that goes stay. The room is given back to the disk at once if nobody else has the store open.
    Once `stop` says so, what has not gone yet stays; what is counted then is not all there is.
    """
    before = now_ms() - (older_than_ms or 0)
    runs = _in_trash(store, schema.runs, before)
    files = []
    for place, run_id in enumerate(runs.values(), 1):
        if stop():
            return Collected(0, 0, 0, 0)
        files.append(_measured(_folder(store, run_id)))
        if progress is not None and dry_run:
            progress(place, len(runs))
    empty = _empty_experiments(store, before, set(runs))
    found = Collected(len(runs), len(empty), sum(count for count, _ in files), sum(size for _, size in files))
    if dry_run:
        return found
    _remove_files(store)
    done = 0
    for part in in_batches(list(runs.items()), BATCH):
        if stop():
            return _gone(files[:done])
        _remove_rows(store, dict(part))
        _remove_files(store)
        done += len(part)
        if progress is not None:
            progress(done, len(runs))
    _remove_experiments(store, empty)
    if runs or empty:
        dialect.shrink(store.database)
    return found


def _gone(files: Sequence[tuple[int, int]]) -> Collected:
    return Collected(len(files), 0, sum(count for count, _ in files), sum(size for _, size in files))


def _in_trash(store: Store, table: Any, before: int) -> dict[int, str]:
    name = table.c.run_uuid if table is schema.runs else table.c.name
    query = select(table.c.id, name).where(
        table.c.lifecycle_stage == LifecycleStage.DELETED, table.c.deleted_time <= before
    )
    with store.reading() as connection:
        return {number: word for number, word in connection.execute(query.order_by(table.c.id))}


def _empty_experiments(store: Store, before: int, going: set[int]) -> list[int]:
    """The experiments in the trash whose runs all go."""
    found = _in_trash(store, schema.experiments, before)
    here = schema.runs.c.experiment_id
    with store.reading() as connection:
        kept = {
            place
            for run, place in connection.execute(select(schema.runs.c.id, here).where(here.in_(found)))
            if run not in going
        }
    return [number for number in found if number not in kept]


def _remove_rows(store: Store, runs: dict[int, str]) -> None:
    numbers = list(runs)
    with store.writing() as transaction:
        connection = transaction.connection
        rows = [{"run_uuid": run_id, "time": now_ms()} for run_id in runs.values()]
        connection.execute(dialect.insert_or_ignore(schema.removals), rows)
        series = select(schema.series.c.id).where(schema.series.c.run_id.in_(numbers))
        connection.execute(delete(schema.chunks).where(schema.chunks.c.series_id.in_(series)))
        used = select(schema.inputs.c.id).where(schema.inputs.c.run_id.in_(numbers))
        connection.execute(delete(schema.input_tags).where(schema.input_tags.c.input_id.in_(used)))
        _remove_long_values(transaction, ("params", "tags"), numbers)
        for table in OF_RUNS:
            connection.execute(delete(table).where(table.c.run_id.in_(numbers)))
        connection.execute(delete(schema.runs).where(schema.runs.c.id.in_(numbers)))
        note_removal(transaction)


def _remove_long_values(transaction: Transaction, tables: Sequence[str], owners: Iterable[int]) -> None:
    table = schema.long_values
    mine = table.c.table_name.in_(tables), table.c.owner_id.in_(list(owners))
    transaction.connection.execute(delete(table).where(*mine))


def _remove_files(store: Store) -> None:
    """Remove the files of runs whose rows are gone."""
    with store.reading() as connection:
        waiting = list(connection.execute(select(schema.removals.c.run_uuid)).scalars())
    for run_id in waiting:
        _remove_folder(_folder(store, run_id))
    if waiting:
        with store.writing() as transaction:
            for part in in_batches(waiting):
                transaction.connection.execute(delete(schema.removals).where(schema.removals.c.run_uuid.in_(part)))


def _remove_experiments(store: Store, numbers: Sequence[int]) -> None:
    if not numbers:
        return
    with store.writing() as transaction:
        connection = transaction.connection
        data = schema.datasets
        unused = ~exists().where(schema.inputs.c.dataset_id == data.c.id)
        for part in in_batches(numbers):
            connection.execute(delete(data).where(data.c.experiment_id.in_(part), unused))
            tags = schema.experiment_tags
            connection.execute(delete(tags).where(tags.c.experiment_id.in_(part)))
            _remove_long_values(transaction, ("experiment_tags",), part)
            connection.execute(delete(schema.experiments).where(schema.experiments.c.id.in_(part)))
        note_removal(transaction)


def _folder(store: Store, run_id: str) -> Path:
    """A run's folder of files; an id that would lead elsewhere has none."""
    root = store.path / ARTIFACTS
    folder = root / run_id
    return folder if folder.parent == root and run_id not in ("", ".", "..") else root / "no such run"


def _remove_folder(folder: Path) -> None:
    """Remove a folder; a link goes itself, not what it leads to."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _measured(folder: Path) -> tuple[int, int]:
    """How many files a folder has, and their bytes."""
    count = size = 0
    if folder.is_symlink():
        return 0, 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # it goes while we look
            if path.is_file():
                count, size = count + 1, size + path.lstat().st_size
    return count, size
