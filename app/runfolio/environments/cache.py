"""Environments that were made before, in the user's cache; the ones unused for longest make room for new ones."""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from runfolio.core.environment import value_of
from runfolio.core.errors import EnvironmentProblem, InvalidValue, Stopped
from runfolio.journal import locks

#: Bytes that all environments together may take, unless RUNFOLIO_ENVIRONMENTS_GB says otherwise.
MOST_BYTES = 20 << 30
#: The file that an environment has as soon as it is whole; when it was last touched is when that was last used.
DONE = ".runfolio-environment"
# Seconds between two looks at whether a lock is free.
_BETWEEN = 0.02
# Seconds that are waited without a word.
_UNTOLD = 0.5

Make = Callable[[Path, int], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How another process is waited for.

    Attributes:
        seconds: so long at most.
        stopped: whether nobody waits any more.
        tell: takes a sentence as soon as there is something to wait for.
    """

    seconds: float = 3600.0
    stopped: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda _: None


def root() -> Path:
    """The folder of all environments: `RUNFOLIO_ENVIRONMENTS`, else one in the user's cache."""
    if given := value_of("ENVIRONMENTS"):
        return Path(given).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("runfolio", appauthor=False) / "environments"


class Had(NamedTuple):
    """An environment that is held.

    Attributes:
        was_there: whether it had been made before.
        lock: a descriptor; nobody removes the environment while a process has it open.
    """

    folder: Path
    was_there: bool
    lock: int


@contextmanager
def get(
    key: str,
    make: Make,
    *,
    whole: Callable[[Path], bool] = Path.is_dir,
    fresh: bool = False,
    waiting: Waiting = Waiting(),
) -> Iterator[Had]:
    """The environment of a key, made if it is not there; nobody removes it meanwhile.

    Another process that makes the same one is waited for.

    Args:
        make: makes it in the folder it is given, which is not there, and hands the lock to processes that write there,
            so that nobody else makes it while one of them lives; what it raises is raised here. What it returns, which
            JSON can hold, is told of the environment when it is listed.
        whole: whether one that is there can serve still.
        fresh: whether one that is there is made anew, once nobody uses it.

    Raises:
        EnvironmentProblem: the other process takes longer than is waited.
        Stopped: `waiting` says so.
        InvalidValue: RUNFOLIO_ENVIRONMENTS_GB is no number.
        OSError: the disk.
    """
    folder, most = root() / key, _most()
    folder.parent.mkdir(parents=True, exist_ok=True)
    was_there = not fresh
    while True:  # between making it and using it, somebody may make room
        with _held(folder, waiting, shared=True) as lock:
            if not fresh and (folder / DONE).is_file() and whole(folder):
                (folder / DONE).touch()
                yield Had(folder, was_there, lock)
                return
        with _held(folder, waiting) as lock:
            if fresh or not ((folder / DONE).is_file() and whole(folder)):
                _make(folder, lock, make)
                fresh = was_there = False
        _make_room(folder, most)


@contextmanager
def _held(folder: Path, waiting: Waiting, *, shared: bool = False) -> Iterator[int]:
    begun, told = time.monotonic(), False
    while (lock := locks.acquire(folder.with_suffix(".lock"), shared=shared)) is None:
        if waiting.stopped():
            raise Stopped
        waited = time.monotonic() - begun
        if waited > waiting.seconds:
            reason = f"Another process uses this environment for {waiting.seconds:,.0f} s."
            raise EnvironmentProblem(reason, f"See {folder}.")
        if waited > _UNTOLD and not told:
            waiting.tell("Another process makes this environment, or uses it; that is waited for.")
            told = True
        time.sleep(_BETWEEN)
    try:
        yield lock
    finally:
        os.close(lock)


def _make(folder: Path, lock: int, make: Make) -> None:
    discard(folder)
    try:
        _sign(folder, make(folder, lock) or {})
    except BaseException:
        discard(folder)
        raise


def discard(folder: Path) -> None:
    """Remove the folder of an environment, whose lock the caller has; from the first moment on it counts as none."""
    (folder / DONE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _sign(folder: Path, about: Mapping[str, Any]) -> None:
    size = sum(file.lstat().st_size for file in folder.rglob("*"))
    told = {"bytes": size, "made": time.time(), "about": about}
    (folder / DONE).write_text(json.dumps(told), encoding="utf-8")


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
    for mark in root().glob(f"*/{DONE}"):
        with contextlib.suppress(OSError):  # another process has just removed it
            marks.append((mark.stat().st_mtime, mark))
    others = [mark for _, mark in sorted(marks, reverse=True) if mark.parent != kept]
    total = 0
    for mark in [kept / DONE, *others]:
        total += read_mark(mark)["bytes"]
        if total > most and mark.parent != kept:
            remove(mark.parent)


def read_mark(mark: Path) -> dict[str, Any]:
    """What is told of an environment: `bytes`, `made` in epoch seconds, and `about`; nothing if it cannot be read."""
    try:
        told = json.loads(mark.read_text(encoding="utf-8"))
        return {"bytes": int(told["bytes"]), "made": float(told["made"]), "about": dict(told.get("about", {}))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"bytes": 0, "made": 0.0, "about": {}}


def remove(folder: Path) -> bool:
    """Remove an environment; false if somebody makes or uses it right now."""
    lock = locks.acquire(folder.with_suffix(".lock"))
    if lock is None:
        return False
    try:
        discard(folder)
    finally:
        os.close(lock)
    return True
