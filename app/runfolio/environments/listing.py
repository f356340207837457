"""The environments that are kept: how large each is, what it was made for, when it was last used; and removing them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.clock import now_ms
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound
from runfolio.environments import cache
from runfolio.journal import locks

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An environment in the cache.

    Attributes:
        size: bytes; 0 of one that is not whole.
        made, last_used: epoch milliseconds; 0 of one that is not whole.
        manager: what made it, such as `uv`.
        lines: what was asked to be installed.
        of: the name of the project or the model that it was first made for.
        whole: whether it can be used; one that is not is being made, or was left by a process that was killed.
        in_use: whether somebody uses or makes it right now.
    """

    key: str
    folder: Path
    size: int
    made: int
    last_used: int
    python: str
    manager: str
    lines: tuple[str, ...]
    of: str
    whole: bool
    in_use: bool


def kept() -> list[Kept]:
    """All environments, the last used first."""
    try:
        with os.scandir(cache.root()) as entries:
            folders = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return sorted(map(find, folders), key=lambda one: (-one.last_used, one.key))


def named(beginning: str) -> Kept:
    """The environment whose key begins so. Raises NotFound; InvalidValue if there are several."""
    found = [one for one in kept() if beginning and one.key.startswith(beginning)]
    if not found:
        raise NotFound(f"There is no environment {beginning!r:.60}.", "runfolio environments list")
    if len(found) > 1:
        raise InvalidValue(f"{len(found)} environments begin with {beginning}.", "Give more of its key.")
    return found[0]


def remove(one: Kept) -> None:
    """Remove an environment; it is made anew when it is next asked for. Raises EnvironmentProblem if it is in use."""
    if not cache.remove(one.folder):
        raise EnvironmentProblem(f"The environment {one.key[:8]} is in use.", "Wait until what uses it has ended.")


def clean(days: float, environments: Iterable[Kept] | None = None) -> list[Kept]:
    """Remove what has not been used for so many days, and what is not whole; what is in use stays. Tells what went."""
    until = now_ms() - round(days * DAY_MS)
    old = (one for one in (kept() if environments is None else environments) if one.last_used <= until)
    return [one for one in old if cache.remove(one.folder)]


def find(folder: Path) -> Kept:
    """The environment of a folder, which need not be there."""
    mark = folder / cache.DONE
    told, last_used = cache.read_mark(mark), 0
    with contextlib.suppress(FileNotFoundError):
        last_used = round(mark.stat().st_mtime * 1_000)
    about = told["about"]
    lines = about.get("lines")
    return Kept(
        key=folder.name,
        folder=folder,
        size=told["bytes"],
        made=round(told["made"] * 1_000),
        last_used=last_used,
        python=str(about.get("python", "")),
        manager=str(about.get("manager", "")),
        lines=tuple(map(str, lines)) if isinstance(lines, list) else (),
        of=str(about.get("of", "")),
        whole=mark.is_file(),
        in_use=_is_held(folder),
    )


def _is_held(folder: Path) -> bool:
    try:
        lock = locks.acquire(folder.with_suffix(".lock"), create=False)
    except FileNotFoundError:
        return False
    if lock is None:
        return True
    os.close(lock)
    return False
