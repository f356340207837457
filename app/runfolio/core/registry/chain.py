"""The audit log as a chain: each entry holds the hash of the one before, so that none can be changed or taken out.

An entry's canonical form is JSON (RFC 8259) in UTF-8 with sorted keys, no blanks and no escapes but those that JSON
needs; its hash is SHA-256 of that. Who knows the last hash can prove all entries before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from runfolio.core.registry.records import VersionFile

#: What the first entry has for the hash of the one before.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the registry.

    Attributes:
        number: from 1 on, without gaps.
        time: epoch milliseconds. user: who did it, by the system's name.
        action: what was done, one of `ACTIONS`.
        model: the name of the model at that time. version: the number of the version, None if it is of the model.
        old, new: what was so before and is so now, such as stages; None where there was or is nothing.
        reason: why, in the words of who did it.
        evidence: what it went by, such as what gates said.
        previous, hash: of the entry before, and its own, in hexadecimal digits.
    """

    number: int
    time: int
    user: str
    action: str
    model: str
    version: int | None = None
    old: Any = None
    new: Any = None
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    previous: str = GENESIS
    hash: str = ""


#: What entries can say was done.
ACTIONS = (
    *("create_model", "rename_model", "describe_model", "tag_model", "policy", "delete_model", "restore_model"),
    *("register", "describe", "tag", "alias", "transition", "rollback", "undo", "delete", "restore", "purge"),
)


def canonical(entry: Entry) -> bytes:
    """The canonical form of an entry, without its own hash."""
    told = {
        "number": entry.number,
        "time": entry.time,
        "user": entry.user,
        "action": entry.action,
        "model": entry.model,
        "version": entry.version,
        "from": entry.old,
        "to": entry.new,
        "reason": entry.reason,
        "evidence": entry.evidence,
        "previous": entry.previous,
    }
    return canonical_text(told).encode()


def canonical_text(value: Any) -> str:
    """A value as canonical JSON. Raises ValueError for a number that JSON has not, such as NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(entry: Entry) -> str:
    """The hash that an entry must have."""
    return hashlib.sha256(canonical(entry)).hexdigest()


@dataclass(frozen=True, slots=True)
class Damage:
    """An entry that is not what was written; `number` is that which it has or should have."""

    number: int
    what: str


def damages(entries: Iterable[Entry], last: tuple[int, str] | None = None) -> Iterator[Damage]:
    """What is wrong with a chain, from its first entry on; nothing if it is whole.

    Args:
        last: number and hash of the last entry, as they were noted elsewhere: without them a cut end is not seen.
    """
    number, previous = 0, GENESIS
    for entry in entries:
        number += 1
        if entry.number != number:
            yield Damage(number, f"entry {number} is missing: after {number - 1} comes {entry.number}")
            number = entry.number
        elif entry.previous != previous:
            yield Damage(number, f"entry {number} does not hold the hash of the one before")
        if entry.hash != hash_of(entry):
            yield Damage(number, f"entry {number} has been changed: its hash is not that of what it says")
        previous = entry.hash
    if last is not None and (number, previous) != last:
        what = f"{last[0]:,} entries were written, and the log ends with {number:,}"
        yield Damage(number, what if number != last[0] else f"entry {number} is not the one that was written last")


def digest_of_files(files: Iterable[VersionFile]) -> str:
    """SHA-256 of a list of files: of lines of hash, size and path, sorted by path. An entry of a version holds it."""
    lines = (f"{one.sha256} {one.size} {one.path}\n" for one in sorted(files, key=lambda one: one.path))
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()
