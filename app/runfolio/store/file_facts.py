"""Reads the files of runs that are compared, as far as that is needed to say whether they are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runfolio.core.entities import Artifact
from runfolio.core.file_facts import FileFact, Slot, is_compared, slots_of, to_be_read
from runfolio.store.artifacts import list_artifacts
from runfolio.store.connection import Store
from runfolio.store.verify import keep_hashes, kept_digest, read_digest

#: Files of so many bytes together are read for one comparison, which takes some seconds.
MOST = 2 << 30


def file_facts(store: Store, runs: Sequence[int], most: int = MOST) -> list[dict[Slot, FileFact]]:
    """What is known of the files of each run, of which the first is what the others are compared with.

    Hashes that are known are taken; of the other files the smallest are read first, and what lies beyond `most` bytes
    is not read. What was read is recorded.
    """
    listed = [_compared(store, run) for run in runs]
    slots = slots_of(listed)
    places = zip(listed, slots, strict=True)
    files = [{slot: of_run[path] for slot, path in in_run.items()} for of_run, in_run in places]
    wanted = to_be_read([{slot: file.size for slot, file in of_run.items()} for of_run in files])
    digests: dict[tuple[int, Slot], str] = {}
    for number, slot in sorted(wanted, key=lambda one: files[one[0]][one[1]].size):
        file = files[number][slot]
        digest = kept_digest(store, runs[number], file)
        if not digest:
            most -= file.size
            digest = read_digest(store, runs[number], file.path) if most >= 0 else ""
        digests[number, slot] = digest
    keep_hashes(store, [(runs[number], files[number][slot], digest) for (number, slot), digest in digests.items()])
    return [
        {
            slot: FileFact(path, files[number][slot].size, digests.get((number, slot), ""))
            for slot, path in of_run.items()
        }
        for number, of_run in enumerate(slots)
    ]


def _compared(store: Store, run: int) -> dict[str, Artifact]:
    return {file.path: file for file in list_artifacts(store, run) if is_compared(file.path)}


def unread(facts: Sequence[Mapping[Slot, FileFact]]) -> bool:
    """Whether files that would have to be read were not."""
    sizes = [{slot: fact.size for slot, fact in of_run.items()} for of_run in facts]
    return any(not facts[number][slot].digest for number, slot in to_be_read(sizes))
