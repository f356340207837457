"""Environments that were made before, in the user's cache; the ones unused for longest make room for new ones."""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runfolio.core.environment import value_of
from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.journal import locks

#: Bytes that all environments together may take, unless RUNFOLIO_ENVIRONMENTS_GB says otherwise.
MOST_BYTES = 20 << 30
_DONE = ".runfolio-environment"


def root() -> Path:
    """The folder of all environments: `RUNFOLIO_ENVIRONMENTS`, else one in the user's cache."""
    if given := value_of("ENVIRONMENTS"):
        return Path(given).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("runfolio", appauthor=False) / "environments"


@contextmanager
def get(
    key: str, make: Callable[[Path], None], *, fresh: bool = False, wait: float = 3600.0
) -> Iterator[tuple[Path, bool]]:
    """The environment of a key, made if it is not there, and whether it was there. Nobody removes it meanwhile.

    Another process that makes the same one is waited for.

    Args:
        make: makes it in the folder it is given, which is not there; what it raises is raised here.
        fresh: whether one that is there is made anew, once nobody uses it.
        wait: seconds.

    Raises:
        EnvironmentProblem: the other process takes longer.
        InvalidValue: RUNFOLIO_ENVIRONMENTS_GB is no number.
        OSError: the disk.
    """
    folder, most = root() / key, _most()
    folder.parent.mkdir(parents=True, exist_ok=True)
    was_there = not fresh
    while True:  # between making it and using it, somebody may make room
        with _held(folder, wait, shared=True):
            if not fresh and (folder / _DONE).is_file():
                (folder / _DONE).touch()
                yield folder, was_there
                return
        with _held(folder, wait):
            if fresh or not (folder / _DONE).is_file():
                _make(folder, make)
                fresh = was_there = False
        _make_room(folder, most)


@contextmanager
def _held(folder: Path, wait: float, *, shared: bool = False) -> Iterator[None]:
    with locks.locked(folder.with_suffix(".lock"), wait, shared=shared) as had:
        if not had:
            raise EnvironmentProblem(f"Another process uses this environment for {wait:,.0f} s.", f"See {folder}.")
        yield


def _make(folder: Path, make: Callable[[Path], None]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        make(folder)
        _sign(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _sign(folder: Path) -> None:
    size = sum(file.lstat().st_size for file in folder.rglob("*"))
    (folder / _DONE).write_text(json.dumps({"bytes": size, "made": time.time()}), encoding="utf-8")


def _most() -> float:
    """Bytes that all environments together may take. Raises InvalidValue."""
    given = value_of("ENVIRONMENTS_GB")
    if not given:
        return MOST_BYTES
    try:
        most = float(given)
    except ValueError:
        most = math.nan
    if not most >= 0:
        raise InvalidValue(f"RUNFOLIO_ENVIRONMENTS_GB is a number of gigabytes, such as 20, not {given!r:.40}.")
    return most * (1 << 30)


def _make_room(kept: Path, most: float) -> None:
    """Remove environments, the ones unused for longest first, until all together are small enough."""
    marks: list[tuple[float, Path]] = []
    for mark in root().glob(f"*/{_DONE}"):
        with contextlib.suppress(OSError):  # another process has just removed it
            marks.append((mark.stat().st_mtime, mark))
    others = [mark for _, mark in sorted(marks, reverse=True) if mark.parent != kept]
    total = 0
    for mark in [kept / _DONE, *others]:
        total += _size(mark)
        if total > most and mark.parent != kept:
            _remove(mark.parent)


def _size(mark: Path) -> int:
    try:
        return int(json.loads(mark.read_text(encoding="utf-8"))["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _remove(folder: Path) -> None:
    """Remove an environment that nobody is making or checking right now."""
    lock = locks.acquire(folder.with_suffix(".lock"))
    if lock is not None:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
