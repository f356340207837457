"""Whether files are what was logged: by their hashes, which are computed where older versions have left none."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from sqlalchemy import bindparam, update

from runfolio.core.captured import is_console
from runfolio.core.copying import Told, digest_of, open_regular, untold
from runfolio.core.entities import Artifact
from runfolio.core.errors import InvalidValue, NotFound, Stopped, UserError
from runfolio.store.artifacts import artifact_file, find_artifact, stored_artifacts
from runfolio.store.batches import execute_many
from runfolio.store.connection import Store
from runfolio.store.schema import artifacts

#: Told how many bytes of how many have been read.
Progress = Callable[[int, int], None]
_KEEP = (
    update(artifacts)
    .where(artifacts.c.run_id == bindparam("of"), artifacts.c.path == bindparam("at"))
    .where(artifacts.c.size == bindparam("large"), artifacts.c.time == bindparam("since"), artifacts.c.sha256.is_(None))
    .values(sha256=bindparam("digest"))
)


class Verdict(StrEnum):
    """What a look at a file has come to."""

    SAME = "as logged"
    NEW = "hash recorded"
    CHANGED = "changed since"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNREADABLE = "cannot be read"

    @property
    def good(self) -> bool:
        """Whether the file is what was logged, as far as that can be known."""
        return self in (Verdict.SAME, Verdict.NEW)


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that was looked at; `sha256` is that of what is there now, "" where it could not be read."""

    path: str
    verdict: Verdict
    sha256: str = ""


def verify_file(store: Store, run: int, path: str, told: Told = untold) -> Verified:
    """Read a file of a run and compare it with what was logged.

    Raises:
        NotFound: the run has no such file.
        InvalidValue: the name would leave the run's folder.
    """
    if (known := find_artifact(store, run, path)) is None:
        raise NotFound(f"The run has no file {path!r}.")
    found = _verify(store, run, known, told)
    if found.verdict is Verdict.NEW:
        keep_hashes(store, [(run, known, found.sha256)])
    return found


def verify_run(
    store: Store, run: int, progress: Progress = lambda done, total: None, stop: Callable[[], bool] = lambda: False
) -> list[Verified]:
    """As `verify_file`, all files of a run but what it prints while it runs; those that `stop` leaves time for."""
    files = [one for one in stored_artifacts(store, run) if one.size or not is_console(one.path)]
    total, before, found = sum(one.size for one in files), 0, []

    def told(done: int) -> None:
        if stop():
            raise Stopped
        progress(before + done, total)

    with suppress(Stopped):
        for one in files:
            told(0)
            found.append(_verify(store, run, one, told))
            before += one.size
    fresh = {one.path: one.sha256 for one in found if one.verdict is Verdict.NEW}
    keep_hashes(store, [(run, one, fresh[one.path]) for one in files if one.path in fresh])
    return found


def kept_digest(store: Store, run: int, known: Artifact) -> str:
    """The hash that a file was logged with, if the file has not been touched since; else ""."""
    try:
        return known.sha256 if is_unchanged(known, artifact_file(store, run, known.path).stat()) else ""
    except (NotFound, InvalidValue, OSError):
        return ""


def read_digest(store: Store, run: int, path: str) -> str:
    """SHA-256 of a file as it is now; "" if it is not there, or cannot be read. The last thousands are remembered."""
    try:
        file = artifact_file(store, run, path)
        about = file.stat()
        return _digest_of(file, about.st_size, about.st_mtime_ns)
    except (NotFound, InvalidValue, OSError):
        return ""


def digest_now(store: Store, run: int, path: str, told: Told) -> str:
    """As `read_digest`, read anew; what `told` raises ends it."""
    try:
        with open_regular(artifact_file(store, run, path)) as stream:
            return digest_of(stream, told)
    except (NotFound, InvalidValue, OSError):
        return ""


def is_unchanged(known: Artifact, about: os.stat_result) -> bool:
    """Whether the hash that was computed when a file was logged is that of the file which is there."""
    return bool(known.sha256) and about.st_size == known.size and about.st_mtime_ns <= (known.time + 1) * 1_000_000


def keep_hashes(store: Store, found: Sequence[tuple[int, Artifact, str]]) -> None:
    """Record hashes of files that have none; what was logged anew meanwhile is left alone.

    Of a file that has another size than was logged, nothing is recorded: nobody knows since when. Nor is a store that
    cannot be written now any trouble: they are computed again when they are wanted next.
    """
    rows = [
        {"of": run, "at": one.path, "large": one.size, "since": one.time, "digest": digest}
        for run, one, digest in found
        if digest and not one.sha256 and _has_its_size(store, run, one)
    ]
    if rows and not store.read_only:
        with suppress(UserError), store.writing() as transaction:
            execute_many(transaction, _KEEP, rows)


def _verify(store: Store, run: int, known: Artifact, told: Told) -> Verified:
    try:
        file = artifact_file(store, run, known.path)
        with open_regular(file) as stream:
            about = os.fstat(stream.fileno())
            digest = digest_of(stream, told)
    except NotFound:
        return Verified(known.path, Verdict.MISSING)
    except (OSError, InvalidValue):
        return Verified(known.path, Verdict.UNREADABLE)
    return Verified(known.path, verdict_on(known, about, digest), digest)


def verdict_on(known: Artifact, about: os.stat_result, digest: str) -> Verdict:
    """What the hash of a file says. Who writes to a file moves its time on; a disk that forgets does not."""
    if known.sha256 == digest:
        return Verdict.SAME
    if not known.sha256 and about.st_size == known.size:
        return Verdict.NEW
    later = about.st_mtime_ns > (known.time + 1) * 1_000_000
    return Verdict.CHANGED if later else Verdict.DAMAGED


def _has_its_size(store: Store, run: int, known: Artifact) -> bool:
    try:
        return artifact_file(store, run, known.path).stat().st_size == known.size
    except (NotFound, OSError):
        return False


@lru_cache(maxsize=20_000)
def _digest_of(file: Path, size: int, changed: int) -> str:
    """SHA-256 of a file that has not changed since it had this size and time."""
    with open_regular(file) as stream:
        return digest_of(stream)
