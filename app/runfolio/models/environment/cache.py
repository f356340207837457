"""Environments that were made before, in the user's cache; the ones unused for longest make room for new ones."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from runfolio.core.environment import value_of
from runfolio.core.errors import EnvironmentProblem
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


def get(key: str, make: Callable[[Path], None], *, fresh: bool = False, wait: float = 3600.0) -> tuple[Path, bool]:
    """The environment of a key, made if it is not there, and whether it was there.

    Another process that makes the same one is waited for.

    Args:
        make: makes it in the folder it is given, which is not there; what it raises is raised here.
        fresh: whether one that is there is made anew.
        wait: seconds.

    Raises:
        EnvironmentProblem: the other process takes longer.
        OSError: the disk.
    """
    folder = root() / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locks.locked(folder.with_suffix(".lock"), wait) as had:
        if not had:
            raise EnvironmentProblem("Another process has been making this environment for an hour.", f"See {folder}.")
        if not fresh and (folder / _DONE).is_file():
            (folder / _DONE).touch()
            return folder, True
        shutil.rmtree(folder, ignore_errors=True)
        try:
            make(folder)
            _sign(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _make_room(folder)
        return folder, False


def _sign(folder: Path) -> None:
    size = sum(file.lstat().st_size for file in folder.rglob("*"))
    (folder / _DONE).write_text(json.dumps({"bytes": size, "made": time.time()}), encoding="utf-8")


def _make_room(kept: Path) -> None:
    """Remove environments, the ones unused for longest first, until all together are small enough."""
    with contextlib.suppress(ValueError):
        most = float(value_of("ENVIRONMENTS_GB") or MOST_BYTES / (1 << 30)) * (1 << 30)
        marks = sorted(root().glob(f"*/{_DONE}"), key=lambda mark: mark.stat().st_mtime, reverse=True)
        total = 0
        for mark in [kept / _DONE, *(mark for mark in marks if mark.parent != kept)]:
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
