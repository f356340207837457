"""The files of a version, taken out of a run or a folder; where the disk can do that, without room of their own."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runfolio.core.copying import copy_hashed, kind_of, linked_hashed, open_regular
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, Stopped
from runfolio.core.folder import ARTIFACTS, REGISTRY
from runfolio.core.parts import is_unfinished, part_name
from runfolio.core.paths import artifact_path
from runfolio.core.registry.records import VersionFile
from runfolio.core.walking import walk_files
from runfolio.journal.locks import acquire
from runfolio.store.connection import Store
from runfolio.store.steps import Steps


@contextmanager
def linked_folder(store: Store, source: Path, steps: Steps) -> Iterator[tuple[Path, list[VersionFile]]]:
    """A folder with all files of a file or folder, until it is moved into place; else it is removed at the end.

    Files of runs are shared with the run or linked; others, which somebody may go on writing to, are shared or copied.

    Raises:
        NotFound: there is nothing. InvalidValue: a link, a pipe or a name that is not allowed.
        Stopped: `steps` stopped it. EnvironmentProblem: the disk.
    """
    try:
        with _part(store.path / REGISTRY) as part:
            yield part, _linked(store, source, part, steps)
    except OSError as error:
        raise EnvironmentProblem(f"{source} cannot be registered: {error.strerror or error}.") from error


@contextmanager
def _part(root: Path) -> Iterator[Path]:
    """A folder for what is not whole yet, and the end of those that killed processes have left."""
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(".*.part"):
        if is_unfinished(left.name) and (lock := acquire(_lock_of(left))) is not None:
            _remove(left, lock)
    part = root / part_name()
    lock = acquire(_lock_of(part))
    assert lock is not None, "The name is a new one."
    try:
        part.mkdir()
        yield part
    finally:
        _remove(part, lock)  # unless it was moved into place


def _lock_of(part: Path) -> Path:
    """What is locked as long as somebody is at work in a folder."""
    return part.with_suffix(".lock")


def _remove(part: Path, lock: int) -> None:
    shutil.rmtree(part, ignore_errors=True)
    os.close(lock)
    _lock_of(part).unlink(missing_ok=True)


def _linked(store: Store, source: Path, part: Path, steps: Steps) -> list[VersionFile]:
    if store.path.resolve().is_relative_to(source.resolve()):
        raise InvalidValue(f"{source} holds the store itself.", "Give the folder of a model.")
    found = _files(source)
    total, done = max(sum(about.st_size for _, _, about in found), 1), 0
    ours = source.resolve().is_relative_to((store.path / ARTIFACTS).resolve())
    files = []
    for name, path, about in found:

        def told(read: int, before: int = done) -> None:
            if steps.stop():
                raise Stopped
            steps.progress(min(before + read, total), total)

        told(0)
        target = part / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = linked_hashed(path, target, told) if ours else _copied(path, target, told)
        _write_protect(target)
        files.append(VersionFile(name, target.stat().st_size, digest))
        done += about.st_size
    _to_disk(part)
    return files


def _copied(path: Path, target: Path, told: object) -> str:
    with open_regular(path) as given, target.open("x+b") as made:
        return copy_hashed(given, made, told)  # type: ignore[arg-type]


def _write_protect(file: Path) -> None:
    """Have the system refuse to write to a file of a version, under the name that it has in its run as well.

    Files are replaced and removed all the same, which is a matter of their folders; not so on Windows.
    """
    if os.name != "nt":
        with suppress(OSError):  # a file of somebody else's, or a disk without permissions
            file.chmod(stat.S_IMODE(file.stat().st_mode) & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def _files(source: Path) -> list[tuple[str, Path, os.stat_result]]:
    """All files to be taken, each with its name. Raises NotFound, InvalidValue."""
    if not os.path.lexists(source):
        raise NotFound(f"There is nothing to register at {source}.")
    if source.is_file() and not source.is_symlink():
        return [(artifact_path(source.name), source, source.stat())]
    found = []
    for path, about in walk_files(source):
        if not stat.S_ISREG(about.st_mode):
            raise InvalidValue(f"{path} is {kind_of(about.st_mode)}: a version consists of files.", "Leave it out.")
        found.append((artifact_path(path.relative_to(source).as_posix()), path, about))
    if not found:
        raise InvalidValue(f"There is no file in {source}.", "Give the folder of a model.")
    return found


def _to_disk(folder: Path) -> None:
    """Have the disk hold the files and their names: what is in Production must be there after a loss of power."""
    _names_to_disk(folder, *folder.rglob("*"))


def _names_to_disk(*paths: Path) -> None:
    """The same of files or folders alone, without what is in them."""
    for path in paths if os.name != "nt" else ():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def put_in_place(part: Path, place: Path) -> None:
    """Give the folder of a version its name; what a process that was killed has left there goes. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        left = place.with_name(part_name())
        place.rename(left)
        shutil.rmtree(left, ignore_errors=True)
    part.rename(place)
    _names_to_disk(place.parent, place.parent.parent)
