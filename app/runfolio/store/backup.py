"""Copies of a store while others write to it."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, InvalidValue, StoreDamaged
from runfolio.core.folder import DATABASE, FILES, JOURNAL
from runfolio.core.parts import is_unfinished
from runfolio.core.walking import walk_files
from runfolio.store import dialect, health
from runfolio.store.connection import Store
from runfolio.store.opening import open_store

Progress = Callable[[int, int], None]
BLOCK = 1 << 20


def back_up(store: Store, target: Path, progress: Progress | None = None) -> Path:
    """Copy a store to a new folder or a new `.zip` file; returns it. The copy is a store: to restore it, use it.

    Whatever was logged before the call is in the copy. While the database is copied others cannot write to it; what
    they log waits in their journals.

    Raises:
        InvalidValue: the target is there already, or inside the store.
        EnvironmentProblem: a file cannot be read, or the copy cannot be written.
        StoreDamaged: the copy is not whole.
    """
    target = target.absolute()
    if target.is_relative_to(store.path):
        raise InvalidValue(f"{target} is inside the store.", "Copy it to another place.")
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise InvalidValue(f"{target} is there already.", "Give a new folder or a new .zip file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir()
    try:
        _copy_tables_and_journals(store, unfinished)
        _copy_files(store.path, unfinished, progress)
        _check(unfinished)
        _put_in_place(unfinished, target, progress)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _copy_tables_and_journals(store: Store, copy: Path) -> None:
    """Both as they are at one moment: no journal can be taken in, and so none goes, while the write lock is held."""
    if store.read_only:
        dialect.backup(store.database, copy / DATABASE)
        _copy_journals(store.path / JOURNAL, copy / JOURNAL)
        return
    with store.writing():
        dialect.backup(store.database, copy / DATABASE)
        _copy_journals(store.path / JOURNAL, copy / JOURNAL)


def _copy_journals(source: Path, copy: Path) -> None:
    copy.mkdir()
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        if file.is_file():
            into = copy / file.relative_to(source)
            into.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(file, into)
            except FileNotFoundError:  # its records were in the tables before
                continue


def _copy_files(source: Path, copy: Path, progress: Progress | None) -> None:
    """The files of runs and of registered versions, and the single ones in the trash.

    What is being written is not theirs yet, and what goes meanwhile is not theirs any more. Names of one file are names
    of one file in the copy, too.
    """
    try:
        folders = [name for name in FILES if (source / name).is_dir()]
        for name in folders:
            (copy / name).mkdir()
        found = [one for name in folders for one in _files_below(source / name)]
        total, done = sum(about.st_size for _, about in found), 0
        copies: dict[tuple[int, int], Path] = {}
        for path, about in found:
            into = copy / path.relative_to(source)
            into.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # the trash was emptied, or pieces of a run's output became one
                _copy_file(path, about, into, copies)
            done += about.st_size
            if progress is not None:
                progress(done, total)
    except OSError as error:
        raise EnvironmentProblem(f"{error.filename or copy} cannot be copied: {error.strerror or error}.") from error


def _copy_file(path: Path, about: os.stat_result, into: Path, copies: dict[tuple[int, int], Path]) -> None:
    place = about.st_dev, about.st_ino
    if about.st_nlink > 1 and place in copies:
        with suppress(OSError):  # a file system without links
            into.hardlink_to(copies[place])
            return
    shutil.copy2(path, into)
    if about.st_nlink > 1:
        copies[place] = into


def _files_below(source: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Each file that is whole. Raises OSError."""
    for path, about in walk_files(source):
        if stat.S_ISREG(about.st_mode) and not is_unfinished(path.relative_to(source).as_posix()):
            yield path, about


def _check(copy: Path) -> None:
    opened = open_store(copy, create=False, read_only=True)
    try:
        damage = health.integrity(opened)
    finally:
        opened.close()
    if damage:
        raise StoreDamaged(f"The copy is not whole: {damage[0]}.", "Run runfolio doctor on the store.")


def _put_in_place(copy: Path, target: Path, progress: Progress | None) -> None:
    if target.suffix != ".zip":
        if target.exists():
            target.rmdir()
        copy.rename(target)
        return
    archive = target.with_name(f".{target.name}.zip")
    try:
        _pack(copy, archive, progress)
        archive.rename(target)
    finally:  # an interrupt leaves no half of it
        archive.unlink(missing_ok=True)


def _pack(folder: Path, archive: Path, progress: Progress | None) -> None:
    paths = sorted(folder.rglob("*"))
    # Files may well be dated before 1980, where the years of zip files begin.
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as packed:
        for done, path in enumerate(paths, start=1):
            packed.write(path, path.relative_to(folder))
            if progress is not None:
                progress(done, len(paths))
