"""Single files in the trash: out of their run's folder at once, and back in it until the trash is emptied.

A file moves inside of a transaction, to `trash/<run>/<revision>/<path>`: whoever holds the write lock sees no file half
on its way. What a process that was killed has moved and not written down is put back before the trash is emptied.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from runfolio.core.clock import now_ms
from runfolio.core.entities import Artifact
from runfolio.core.errors import EnvironmentProblem, UserError
from runfolio.core.folder import ARTIFACTS, TRASH
from runfolio.core.numbers import counted, size
from runfolio.core.paths import stored_path
from runfolio.store import dialect
from runfolio.store.batches import execute_many, in_batches
from runfolio.store.connection import Store, Transaction, note_removal
from runfolio.store.dialect import insert_or_update
from runfolio.store.ingest import take_in
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import artifacts, runs, trashed_files
from runfolio.store.steps import TO_THE_END, InSteps, Steps
from runfolio.store.take_events import artifact_row
from runfolio.store.verify import is_unchanged

#: So many files go in one transaction, and others write between.
TOGETHER = 200


class FileOf(NamedTuple):
    """A file of a run, by the run's public id and the file's name in it."""

    run: str
    path: str


def delete_files(store: Store, files: Sequence[FileOf], steps: Steps = TO_THE_END) -> Outcome:
    """Put single files into the trash; those of registered versions stay.

    Also what the tables know and the disk has lost, and what is on the disk and in no table. Those that went until
    `steps` stops it stay there. What scripts have told of their files by now is taken in before.

    Raises:
        EnvironmentProblem: a file cannot be moved, and none was.
    """
    take_in(store)
    time = now_ms()
    gone, trouble = _in_parts(list(dict.fromkeys(files)), steps, lambda part: _delete_some(store, part, time))
    text = f"Moved {told(gone)} to the trash" if gone else "Moved nothing to the trash"
    ids = [one["id"] for one in gone]
    back = InSteps(lambda store, steps: restore_files(store, ids, steps), "Restoring")
    return Outcome(text + trouble, back if gone else None)


def restore_files(store: Store, ids: Sequence[int], steps: Steps = TO_THE_END) -> Outcome:
    """Take single files out of the trash; where there is another one of the name by now, they stay in it.

    Raises:
        RunStateError: none of them can be taken back.
        EnvironmentProblem: a file cannot be moved, and none was.
    """
    back, trouble = _in_parts(ids, steps, lambda part: _restore_some(store, part))
    left = 0 if steps.stop() or trouble else _still_there(store, ids)
    if not back and not steps.stop():
        raise moved_on("The files have been removed for good since, or there are others with their names.")
    text = f"Restored {told(back)}" if back else "Restored nothing"
    text += f"; {counted(left, 'file')} {'stays' if left == 1 else 'stay'} in the trash" if left else ""
    again = list(map(_file_of, back))
    inverse = InSteps(lambda store, steps: delete_files(store, again, steps), "Moving to the trash")
    return Outcome(text + trouble, inverse if back else None)


def unknown_files(store: Store, files: Sequence[FileOf]) -> list[FileOf]:
    """Those that neither the tables nor the disk have."""
    take_in(store)
    found: list[FileOf] = []
    for part in in_batches(files):
        with store.reading() as connection:
            known = _known(connection, part)
        found += [one for one in part if one not in known and not _is_on_disk(store, one)]
    return found


def _is_on_disk(store: Store, file: FileOf) -> bool:
    place = place_of(store, file)
    return place is not None and _about(place) is not None


def told(rows: Sequence[Any]) -> str:
    """How many files, and their bytes; a single one by name."""
    total = size(sum(row["size"] for row in rows))
    return f"{rows[0]['path']} ({total})" if len(rows) == 1 else f"{counted(len(rows), 'file')} ({total})"


def place_of(store: Store, file: FileOf) -> Path | None:
    """Where a file of a run is; None if the way there leads out of the run's folder."""
    root = store.path / ARTIFACTS
    folder = root / file.run
    if folder.parent != root or file.run in ("", ".", "..") or folder.is_symlink():
        return None
    try:
        place = folder / stored_path(file.path)
    except UserError:
        return None
    between = [one for one in place.parents if one.is_relative_to(folder) and one != folder]
    return None if any(one.is_symlink() for one in between) else place


def place_in_trash(store: Store, run: str, place: int, path: str) -> Path:
    """Where a file is that went into the trash at a revision."""
    return store.path / TRASH / run / str(place) / path


def in_trash(store: Store, row: Mapping[str, Any]) -> Path:
    """Where a file in the trash is, by its row."""
    return place_in_trash(store, row["run_uuid"], row["place"], row["path"])


def _in_parts(
    all_of_them: Sequence[Any], steps: Steps, do: Callable[[Sequence[Any]], list[Any]]
) -> tuple[list[Any], str]:
    """What was done of some things, a part of them in each transaction; and, for a sentence, what has ended it."""
    done: list[Any] = []
    asked = 0
    for part in in_batches(all_of_them, TOGETHER):
        if steps.stop():
            break
        try:
            done += do(part)
        except UserError as error:
            if not done:
                raise
            return done, f", but no more: {error.message}"
        asked += len(part)
        steps.progress(asked, len(all_of_them))
    return done, ""


def _delete_some(store: Store, part: Sequence[FileOf], time: int) -> list[dict[str, Any]]:
    """Move files into the trash; returns their rows there."""
    with _moving() as moved, store.writing() as transaction:
        connection = transaction.connection
        known = _known(connection, part)
        stamp = {"place": transaction.revision, "deleted_time": time}
        rows = [row | stamp for one in part if (row := _taken(store, one, known.get(one), stamp, moved))]
        for row in rows:
            row["id"] = connection.execute(insert(trashed_files).values(**row).returning(trashed_files.c.id)).scalar()
        listed = [(known[one].run_id, one.path) for one in map(_file_of, rows) if one in known]
        here = tuple_(artifacts.c.run_id, artifacts.c.path).in_(listed)
        connection.execute(delete(artifacts).where(here))
        _touch(transaction, [run for run, _ in listed])
        strangers = {row["run_uuid"] for row in rows} - _numbers(connection, {row["run_uuid"] for row in rows}).keys()
    for row in rows:
        if row["run_uuid"] in strangers:  # no run will write there
            prune_above(store.path / ARTIFACTS, store.path / ARTIFACTS / row["run_uuid"] / row["path"])
    return rows


def _taken(
    store: Store, one: FileOf, row: Any, stamp: dict[str, int], moved: Callable[[Path, Path], None]
) -> dict[str, Any] | None:
    """Move a file into the trash; what is to be known of it there, None if it is gone already.

    The hash is that of another file if somebody has written here since, of which a journal may be about to tell.
    """
    home = place_of(store, one)
    about = None if home is None else _about(home)
    if home is None or (row is None and about is None):
        return None
    if about is not None:
        moved(home, place_in_trash(store, one.run, stamp["place"], one.path))
    values = {"size": about.st_size if about else row.size, "time": row.time if row else stamp["deleted_time"]}
    same = row is not None and (
        about is None or is_unchanged(Artifact(row.path, row.size, row.time, row.sha256 or ""), about)
    )
    known = {"sha256": row.sha256 if same else None, "listed": row is not None}
    return {"run_uuid": one.run, "path": one.path, **known, **values}


def _restore_some(store: Store, ids: Sequence[int]) -> list[dict[str, Any]]:
    with _moving() as moved, store.writing() as transaction:
        query = select(trashed_files).where(trashed_files.c.id.in_(ids))
        waiting = [row._asdict() for row in transaction.connection.execute(query)]
        known = _known(transaction.connection, [FileOf(row["run_uuid"], row["path"]) for row in waiting])
        numbers = _numbers(transaction.connection, {row["run_uuid"] for row in waiting})
        lost = {row["id"] for row in waiting if not os.path.lexists(in_trash(store, row))}
        rows = [row for row in waiting if _came_back(store, row, moved)]
        listed = [row for row in rows if row["listed"] and row["run_uuid"] in numbers]
        back = [artifact_row(numbers[row["run_uuid"]], row) for row in listed if not _is_told(row, known, lost)]
        execute_many(transaction, insert_or_update(artifacts), back)
        transaction.connection.execute(delete(trashed_files).where(trashed_files.c.id.in_([row["id"] for row in rows])))
        _touch(transaction, [numbers[row["run_uuid"]] for row in listed])
    for row in rows:
        prune_above(store.path / TRASH, in_trash(store, row))
    return rows


def _still_there(store: Store, ids: Sequence[int]) -> int:
    with store.reading() as connection:
        query = select(func.count()).where(dialect.among(trashed_files.c.id, ids))
        return int(connection.execute(query).scalar_one())


def _file_of(row: Mapping[str, Any]) -> FileOf:
    return FileOf(row["run_uuid"], row["path"])


def _is_told(row: dict[str, Any], known: dict[FileOf, Any], lost: set[int]) -> bool:
    """Whether what the tables know of a file is true of what is there: it was told of after it had gone."""
    other = known.get(_file_of(row))
    return other is not None and (row["id"] in lost or (not row["sha256"] and other.size == row["size"]))


def _came_back(store: Store, row: dict[str, Any], moved: Callable[[Path, Path], None]) -> bool:
    """Move a file back, unless there is another of its name by now, which the disk alone can tell."""
    home, there = place_of(store, _file_of(row)), in_trash(store, row)
    if home is None:
        return False
    if not os.path.lexists(there):  # it was lost before it went into the trash, or is back already
        return True
    if os.path.lexists(home):
        return False
    moved(there, home)
    return True


@contextmanager
def _moving() -> Iterator[Callable[[Path, Path], None]]:
    """What moves files, all of which go back where they were if what follows fails. Raises EnvironmentProblem."""
    done: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        move_file(source, target)
        done.append((source, target))

    try:
        yield move
    except BaseException as error:
        for source, target in reversed(done):
            with suppress(OSError):  # what cannot go back now does so before the trash is emptied
                target.rename(source)
        if isinstance(error, OSError):
            raise EnvironmentProblem(f"The file {error.filename} cannot be moved: {error.strerror}.") from error
        raise


def move_file(source: Path, target: Path) -> None:
    """Move a file to a place where there is none, in folders that are made. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def prune_above(root: Path, file: Path) -> None:
    """Remove the folders that are empty without a file, up to the root."""
    for folder in file.parents:
        if folder == root or not folder.is_relative_to(root):
            return
        try:
            folder.rmdir()
        except OSError:  # something else is in it, or somebody was quicker
            return


def _about(file: Path) -> os.stat_result | None:
    """What is known of a file, or of a link itself; None of nothing and of a folder."""
    try:
        return None if file.is_dir() and not file.is_symlink() else file.lstat()
    except OSError:
        return None


def _known(connection: Connection, files: Sequence[FileOf]) -> dict[FileOf, Any]:
    """The rows of those files that the tables know."""
    query = select(runs.c.run_uuid, artifacts).join(runs, runs.c.id == artifacts.c.run_id)
    found = connection.execute(
        query.where(tuple_(runs.c.run_uuid, artifacts.c.path).in_([tuple(one) for one in files]))
    )
    return {FileOf(row.run_uuid, row.path): row for row in found}


def _numbers(connection: Connection, ids: set[str]) -> dict[str, int]:
    query = select(runs.c.run_uuid, runs.c.id).where(runs.c.run_uuid.in_(ids))
    return {run: number for run, number in connection.execute(query)}


def _touch(transaction: Transaction, numbers: Sequence[int]) -> None:
    here = runs.c.id.in_(set(numbers))
    transaction.connection.execute(update(runs).where(here).values(revision=transaction.revision))
    note_removal(transaction)  # the trash has changed, which no run tells
