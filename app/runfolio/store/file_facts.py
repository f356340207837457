"""Reads the files of runs that are compared, as far as that is needed to say whether they are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from runfolio.core.errors import NotFound
from runfolio.core.file_facts import FileFact, Slot, is_compared, slots_of, to_be_read
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.connection import Store

#: Files of so many bytes together are read for one comparison, which takes some seconds.
MOST = 2 << 30


def file_facts(store: Store, runs: Sequence[int], most: int = MOST) -> list[dict[Slot, FileFact]]:
    """What is known of the files of each run, of which the first is what the others are compared with.

    The smallest files are read first; what lies beyond `most` bytes is not read.
    """
    listed = [_sizes(store, run) for run in runs]
    slots = slots_of(listed)
    places = zip(listed, slots, strict=True)
    sizes = [{slot: files[path] for slot, path in of_run.items()} for files, of_run in places]
    wanted = sorted(to_be_read(sizes), key=lambda one: sizes[one[0]][one[1]])
    digests: dict[tuple[int, Slot], str] = {}
    for number, slot in wanted:
        most -= sizes[number][slot]
        if most < 0:
            break
        digests[number, slot] = _digest(store, runs[number], slots[number][slot])
    return [
        {slot: FileFact(path, sizes[number][slot], digests.get((number, slot), "")) for slot, path in of_run.items()}
        for number, of_run in enumerate(slots)
    ]


def _sizes(store: Store, run: int) -> dict[str, int]:
    return {file.path: file.size for file in list_artifacts(store, run) if is_compared(file.path)}


def unread(facts: Sequence[Mapping[Slot, FileFact]]) -> bool:
    """Whether files that would have to be read were not."""
    sizes = [{slot: fact.size for slot, fact in of_run.items()} for of_run in facts]
    return any(not facts[number][slot].digest for number, slot in to_be_read(sizes))


def _digest(store: Store, run: int, path: str) -> str:
    """Empty of a file that is not there, or cannot be read."""
    try:
        file = artifact_file(store, run, path)
        known = file.stat()
        return _digest_of(file, known.st_size, known.st_mtime_ns)
    except (NotFound, OSError):
        return ""


@lru_cache(maxsize=20_000)
def _digest_of(file: Path, size: int, changed: int) -> str:
    """SHA-256 of a file that has not changed since it had this size and time."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
