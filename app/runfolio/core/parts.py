"""Temporary names in a run's folder: of what is not whole yet, and of a folder that makes room for another one."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

_PART = re.compile(r"\.[0-9a-f]{32}\.part")
_ASIDE = re.compile(r"\.(.+)\.[0-9a-f]{8}\.old\.part")


def part_name() -> str:
    """A name for what is moved into place when it is whole."""
    return f".{os.urandom(16).hex()}.part"


def aside_name(name: str) -> str:
    """A name, beside its own, for a folder while another one takes its place: it tells where to put it back."""
    return f".{name}.{os.urandom(4).hex()}.old.part"


def is_part(path: str) -> bool:
    """Whether something of that kind is meant, or what is in a folder of that kind."""
    return any(_PART.fullmatch(part) or _ASIDE.fullmatch(part) for part in path.split("/"))


def is_unfinished(path: str) -> bool:
    """Whether something is meant that is not whole yet, or what is in such a folder."""
    return any(_PART.fullmatch(part) for part in path.split("/"))


def put_back(root: Path) -> None:
    """Put folders back that were set aside by a process that was killed before the new one was in their place.

    Where there is a new one, the old one stays aside: it would have been removed a moment later.
    """
    found = []
    for folder, inside, _ in os.walk(root):
        found += [Path(folder, name) for name in inside if _ASIDE.fullmatch(name)]
        inside[:] = [name for name in inside if not is_part(name)]
    for aside in sorted(found, key=_set_aside, reverse=True):
        place = aside.with_name(_ASIDE.sub(r"\1", aside.name))
        if not os.path.lexists(place):
            with suppress(OSError):  # somebody else has just done so
                aside.rename(place)


def _set_aside(aside: Path) -> int:
    """When something got the name that it has."""
    try:
        return aside.lstat().st_ctime_ns
    except OSError:
        return 0
