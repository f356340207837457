"""Files that a user adds to a run by hand: copied into its folder, hashed on the way, and told as one change."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from runfolio.core.clock import now_ms
from runfolio.core.copying import copy_hashed, kind_of, open_regular
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, Stopped
from runfolio.core.numbers import counted
from runfolio.core.paths import artifact_path, same_name
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf, delete_files, place_of
from runfolio.store.operations import Outcome
from runfolio.store.schema import artifacts, runs
from runfolio.store.steps import TO_THE_END, InSteps, Steps
from runfolio.store.take_events import artifact_row


class _Source(NamedTuple):
    """A file to be added, and its name in the run."""

    file: Path
    name: str
    size: int


def add_files(store: Store, run: int, sources: Sequence[Path], folder: str = "", steps: Steps = TO_THE_END) -> Outcome:
    """Copy files, and folders with all that is in them, into a folder of a run; of a name that is taken, to another.

    Links within folders, pipes and the like are left out. When `steps` stops it, those that are whole stay. Taken back,
    they go into the trash.

    Raises:
        NotFound: there is no such run, or file.
        InvalidValue: a name is not allowed, a file is none, or there is nothing to add.
        EnvironmentProblem: a file cannot be read or written; none was added.
    """
    run_id, called, taken = _run(store, run)
    wanted = [_Source(file, _free(name, taken), size) for file, name, size in _below(sources, folder)]
    if not wanted:
        raise InvalidValue("There is no file to add.", "Links, pipes and empty folders are left out.")
    rows: list[dict[str, Any]] = []
    try:
        _copy_all(store, run, run_id, wanted, steps, rows)
        with store.writing() as transaction:
            if rows:
                transaction.connection.execute(insert(artifacts), rows)
                transaction.connection.execute(
                    update(runs).where(runs.c.id == run).values(revision=transaction.revision)
                )
    except BaseException as error:
        for row in rows:
            _remove(store, FileOf(run_id, row["path"]))
        if isinstance(error, OSError):
            raise EnvironmentProblem(f"{error.filename or 'A file'} cannot be added: {error.strerror}.") from error
        raise
    if not rows:
        return Outcome("Added nothing")
    what = rows[0]["path"] if len(rows) == 1 else counted(len(rows), "file")
    added = [FileOf(run_id, row["path"]) for row in rows]
    back = InSteps(lambda store, steps: delete_files(store, added, steps), "Moving to the trash")
    return Outcome(f"Added {what} to {called}", back)


def _run(store: Store, run: int) -> tuple[str, str, dict[str, str]]:
    """The public id and the name of a run, and the names that its files have."""
    with store.reading() as connection:
        found = connection.execute(select(runs.c.run_uuid, runs.c.name).where(runs.c.id == run)).one_or_none()
        if found is None:
            raise NotFound(f"There is no run {run}.")
        names = connection.execute(select(artifacts.c.path).where(artifacts.c.run_id == run)).scalars()
        return found.run_uuid, found.name, {same_name(name): name for name in names}


def _below(sources: Iterable[Path], folder: str) -> Iterator[tuple[Path, str, int]]:
    """All regular files of some files and folders, each with its name in the run and its size."""
    above = f"{folder}/" if folder else ""
    for source in sources:
        if source.is_dir():
            for inside, folders, names in os.walk(source):
                folders.sort()
                for file in (Path(inside, name) for name in sorted(names)):
                    with suppress(OSError):  # it goes while we look
                        about = file.lstat()
                        if stat.S_ISREG(about.st_mode):
                            name = f"{above}{source.resolve().name}/{file.relative_to(source).as_posix()}"
                            yield file, artifact_path(name), about.st_size
        elif not source.exists():
            raise NotFound(f"There is no file {str(source)!r} to add.")
        elif what := kind_of(source.stat().st_mode):
            raise InvalidValue(f"{source.name} is {what}, and no file.")
        else:
            yield source, artifact_path(f"{above}{source.name}"), source.stat().st_size


def _free(name: str, taken: dict[str, str]) -> str:
    """A name that the run has not, be it by case alone; it is taken then."""
    stem, dot, ending = name.rpartition(".") if "." in name.rpartition("/")[2][1:] else (name, "", "")
    free, number = name, 1
    while same_name(free) in taken:
        number += 1
        free = f"{stem}-{number}{dot}{ending}"
    taken[same_name(free)] = free
    return free


def _copy_all(
    store: Store, run: int, run_id: str, wanted: Sequence[_Source], steps: Steps, rows: list[dict[str, Any]]
) -> None:
    total, before = max(sum(one.size for one in wanted), 1), 0
    for one in wanted:
        try:
            digest, size = _copied(store, FileOf(run_id, one.name), one.file, partial(_told, steps, before, total))
        except Stopped:
            return
        about = {"path": one.name, "size": size, "time": now_ms(), "sha256": digest}
        rows.append(artifact_row(run, about))
        before += one.size


def _told(steps: Steps, before: int, total: int, done: int) -> None:
    if steps.stop():
        raise Stopped
    steps.progress(min(before + done, total), total)


def _copied(store: Store, target: FileOf, source: Path, told: Any) -> tuple[str, int]:
    """Copy a file under another name and move it into place; its hash and size. Raises OSError, Stopped."""
    place = place_of(store, target)
    if place is None:
        raise InvalidValue(f"{target.path!r} would lead out of the run's folder.")
    told(0)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{os.urandom(16).hex()}.part")
    try:
        with open_regular(source) as given, part.open("x+b") as taken:
            digest = copy_hashed(given, taken, told)
            size = taken.seek(0, os.SEEK_END)
        part.replace(place)
    finally:
        with suppress(OSError):  # it is in place, or was not made
            part.unlink()
    return digest, size


def _remove(store: Store, file: FileOf) -> None:
    place = place_of(store, file)
    with suppress(OSError):
        if place is not None:
            place.unlink()
