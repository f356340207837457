"""Files that a user adds to a run by hand: copied into its folder, hashed on the way, and told as one change.

They get their names when all are copied, in the transaction that tells of them: no journal is taken in meanwhile, and
what is on the disk already, whoever put it there, is never written over.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from runfolio.core.clock import now_ms
from runfolio.core.copying import copy_hashed, kind_of, open_regular
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, Stopped
from runfolio.core.folder import ARTIFACTS
from runfolio.core.numbers import counted
from runfolio.core.parts import part_name
from runfolio.core.paths import artifact_path, same_name
from runfolio.core.walking import walk_files
from runfolio.store.connection import Store
from runfolio.store.file_trash import FileOf, delete_files, place_of
from runfolio.store.operations import Outcome
from runfolio.store.schema import artifacts, runs
from runfolio.store.steps import TO_THE_END, InSteps, Steps
from runfolio.store.take_events import artifact_row

#: So many of those that are left out are named.
MOST_NAMED = 3


class _Source(NamedTuple):
    """A file to be added, and the name that it would have in the run."""

    file: Path
    name: str
    size: int


class _Copied(NamedTuple):
    """A copy in the run's folder that has a temporary name still."""

    part: Path
    name: str
    size: int
    sha256: str


def add_files(store: Store, run: int, sources: Sequence[Path], folder: str = "", steps: Steps = TO_THE_END) -> Outcome:
    """Copy files, and folders with all that is in them, into a folder of a run; of a name that is taken, to another.

    What comes into a folder that is there but for the case of its letters comes into that one.

    Links within folders, pipes and the like are left out, and named. When `steps` stops it, those that are whole stay.
    Taken back, they go into the trash.

    Raises:
        NotFound: there is no such run, or file.
        InvalidValue: a name is not allowed, or there is nothing to add.
        EnvironmentProblem: a file cannot be read or written; none was added.
    """
    run_id, called = _run(store, run)
    left_out: list[str] = []
    wanted = _spelt_as_there(store.path / ARTIFACTS / run_id, _below(sources, folder, left_out))
    without = f"; left out: {listed(left_out)}" if left_out else ""
    if not wanted:
        hint = "Links, pipes and empty folders are left out."
        raise InvalidValue(f"There is no file to add{without}.", hint)
    copied: list[_Copied] = []
    try:
        _copy_all(store, run_id, wanted, steps, copied)
        names = _published(store, run, copied) if copied else []
    except OSError as error:
        raise EnvironmentProblem(f"{error.filename or 'A file'} cannot be added: {error.strerror}.") from error
    finally:
        for one in copied:
            _remove(one.part)
    if not names:
        return Outcome("Added nothing")
    what = names[0] if len(names) == 1 else counted(len(names), "file")
    added = [FileOf(run_id, name) for name in names]
    back = InSteps(lambda store, steps: delete_files(store, added, steps), "Moving to the trash")
    return Outcome(f"Added {what} to {called}{without}", back)


def _run(store: Store, run: int) -> tuple[str, str]:
    """The public id and the name of a run."""
    with store.reading() as connection:
        found = connection.execute(select(runs.c.run_uuid, runs.c.name).where(runs.c.id == run)).one_or_none()
        if found is None:
            raise NotFound(f"There is no run {run}.")
        return found.run_uuid, found.name


def _below(sources: Iterable[Path], folder: str, left_out: list[str]) -> Iterator[_Source]:
    """All regular files of some files and folders, each with its name in the run; of others, what they are."""
    above = f"{folder}/" if folder else ""
    for source in sources:
        if source.is_dir():
            for file, about in walk_files(source, partial(_leave_out, left_out)):
                if stat.S_ISREG(about.st_mode):
                    name = f"{above}{source.resolve().name}/{file.relative_to(source).as_posix()}"
                    yield _Source(file, artifact_path(name), about.st_size)
                else:
                    left_out.append(f"{file.name}, which is {kind_of(about.st_mode)}")
        elif not source.exists():
            raise NotFound(f"There is no file {str(source)!r} to add.")
        elif what := kind_of(source.stat().st_mode):
            left_out.append(f"{source.name}, which is {what}")
        else:
            yield _Source(source, artifact_path(f"{above}{source.name}"), source.stat().st_size)


def _spelt_as_there(root: Path, sources: Iterable[_Source]) -> list[_Source]:
    """Files with the names of their folders as those are spelt that are there, which some systems take for the same."""
    known: dict[str, dict[str, str]] = {}
    found = []
    for source in sources:
        inside = ""
        *folders, name = source.name.split("/")
        for folder in folders:
            if inside not in known:
                known[inside] = {same_name(one): one for one in _names_in(root / inside)}
            inside += known[inside].setdefault(same_name(folder), folder) + "/"
        found.append(source._replace(name=inside + name))
    return found


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:  # it is not there yet
        return []


def listed(names: Sequence[str]) -> str:
    """Some names, and how many others there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _leave_out(left_out: list[str], error: OSError) -> None:
    left_out.append(f"{Path(error.filename).name}, which cannot be read")


def _numbered(name: str) -> Iterator[str]:
    """A name, and others with a number before its ending."""
    yield name
    stem, dot, ending = name.rpartition(".") if "." in name.rpartition("/")[2][1:] else (name, "", "")
    yield from (f"{stem}-{number}{dot}{ending}" for number in count(2))


def _copy_all(store: Store, run_id: str, wanted: Sequence[_Source], steps: Steps, copied: list[_Copied]) -> None:
    total, before = max(sum(one.size for one in wanted), 1), 0
    for one in wanted:
        try:
            copied.append(_copied(store, run_id, one, partial(_told, steps, before, total)))
        except Stopped:
            return
        before += one.size


def _told(steps: Steps, before: int, total: int, done: int) -> None:
    if steps.stop():
        raise Stopped
    steps.progress(min(before + done, total), total)


def _copied(store: Store, run_id: str, source: _Source, told: Any) -> _Copied:
    """Copy a file under a temporary name into the folder that it is to be in. Raises OSError, Stopped."""
    place = place_of(store, FileOf(run_id, source.name))
    if place is None:
        raise InvalidValue(f"{source.name!r} would lead out of the run's folder.")
    told(0)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(part_name())
    try:
        with open_regular(source.file) as given, part.open("x+b") as taken:
            digest = copy_hashed(given, taken, told)
            return _Copied(part, source.name, taken.seek(0, os.SEEK_END), digest)
    except BaseException:
        _remove(part)
        raise


def _published(store: Store, run: int, copied: Sequence[_Copied]) -> list[str]:
    """Give copies names that are free in the tables and on the disk, and tell of them: all of them, or none."""
    placed: list[tuple[Path, os.stat_result]] = []
    try:
        with store.writing() as transaction:
            names = select(artifacts.c.path).where(artifacts.c.run_id == run)
            taken = set(map(same_name, transaction.connection.execute(names).scalars()))
            rows = []
            for one in copied:
                name = _placed(one, taken, placed)
                known = {"path": name, "size": one.size, "time": now_ms(), "sha256": one.sha256}
                rows.append(artifact_row(run, known))
            transaction.connection.execute(insert(artifacts), rows)
            transaction.connection.execute(update(runs).where(runs.c.id == run).values(revision=transaction.revision))
    except BaseException:
        for place, about in placed:
            with suppress(OSError):
                if os.path.samestat(place.lstat(), about):  # else somebody has put a file of the name in its place
                    place.unlink()
        raise
    return [row["path"] for row in rows]


def _placed(one: _Copied, taken: set[str], placed: list[tuple[Path, os.stat_result]]) -> str:
    """Move a copy to the first name that is free, be it by case alone; returns that. Raises OSError."""
    about = one.part.lstat()
    for name in _numbered(one.name):
        place = one.part.with_name(name.rpartition("/")[2])
        if same_name(name) not in taken and not os.path.lexists(place):
            with suppress(FileExistsError):  # it has come this moment
                _move_exclusively(one.part, place)
                placed.append((place, about))
                taken.add(same_name(name))
                return name
    raise AssertionError("There is always a next number.")


def _move_exclusively(part: Path, place: Path) -> None:
    """Give a file a name that none has. Raises FileExistsError, OSError."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: an empty file holds the name until then
        place.open("x").close()
        try:
            part.replace(place)
        except OSError:
            _remove(place)
            raise
    else:
        part.unlink()


def _remove(part: Path) -> None:
    with suppress(OSError):  # it is in place, or was not made
        part.unlink()
