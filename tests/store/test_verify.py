"""Files are what was logged, or it is told what became of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from runfolio.client import files
from runfolio.client.active_run import ActiveRun
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.store import Store
from runfolio.store.artifacts import find_artifact, list_artifacts
from runfolio.store.verify import Verdict, Verified, kept_digest, verify_file, verify_run
from tests.gui.writing import Writer, number_of


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    one = Writer(store.path)
    yield one
    one.close()


@pytest.fixture
def run(writer: Writer) -> ActiveRun:
    return writer.run("brave-otter")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def rot(file: Path, data: bytes) -> None:
    """Change what is in a file as a disk does that forgets, behind its back."""
    known = file.stat()
    file.write_bytes(data)
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


def test_what_became_of_files(store: Store, writer: Writer, run: ActiveRun) -> None:
    for name in ("same", "rotten", "cut", "edited", "gone"):
        files.log_bytes(run, b"1234", name)
    (run.folder / "old").write_bytes(b"1234")
    run.note_artifact("old", 4)
    rot(run.folder / "rotten", b"1235")
    rot(run.folder / "cut", b"12")
    (run.folder / "edited").write_bytes(b"12345")
    os.utime(run.folder / "edited", (2e9, 2e9))
    (run.folder / "gone").unlink()
    writer.commit()
    number = number_of(store, run)
    verdicts = {one.path: one.verdict for one in verify_run(store, number)}
    assert verdicts == {
        "same": Verdict.SAME,
        "old": Verdict.NEW,
        "rotten": Verdict.DAMAGED,
        "cut": Verdict.DAMAGED,
        "edited": Verdict.CHANGED,
        "gone": Verdict.MISSING,
    }
    assert verify_file(store, number, "old") == Verified("old", Verdict.SAME, sha(b"1234")), "it was recorded"
    assert verify_file(store, number, "rotten") == Verified("rotten", Verdict.DAMAGED, sha(b"1235"))
    with pytest.raises(NotFound, match="no file 'other'"):
        verify_file(store, number, "other")
    with pytest.raises((NotFound, InvalidValue)):
        verify_file(store, number, "../x")


def test_of_a_file_whose_size_has_changed_no_hash_is_recorded(store: Store, writer: Writer, run: ActiveRun) -> None:
    (run.folder).mkdir(parents=True)
    (run.folder / "old").write_bytes(b"12345")
    run.note_artifact("old", 4)
    writer.commit()
    assert verify_file(store, number_of(store, run), "old").verdict in (Verdict.CHANGED, Verdict.DAMAGED)
    assert [one.sha256 for one in list_artifacts(store, number_of(store, run))] == [""]


def test_a_file_that_is_logged_again_has_its_new_hash(store: Store, writer: Writer, run: ActiveRun) -> None:
    for data in (b"one", b"two"):
        files.log_bytes(run, data, "a")
        writer.commit()
        assert verify_file(store, number_of(store, run), "a") == Verified("a", Verdict.SAME, sha(data))


def test_the_hash_it_was_logged_with_counts_until_the_file_is_touched(
    store: Store, writer: Writer, run: ActiveRun
) -> None:
    files.log_bytes(run, b"1234", "a")
    writer.commit()
    number = number_of(store, run)
    known = find_artifact(store, number, "a")
    assert known is not None and kept_digest(store, number, known) == sha(b"1234")
    (run.folder / "a").write_bytes(b"4321")
    os.utime(run.folder / "a", (2e9, 2e9))
    assert kept_digest(store, number, known) == ""


def test_what_stops_it_keeps_what_was_found(store: Store, writer: Writer, run: ActiveRun) -> None:
    for name in "abc":
        files.log_bytes(run, b"1234", name)
    writer.commit()
    told: list[tuple[int, int]] = []
    found = verify_run(
        store, number_of(store, run), lambda done, total: told.append((done, total)), lambda: len(told) > 3
    )
    assert [one.path for one in found] == ["a", "b"][: len(found)] and found
    assert told[0] == (0, 12) and sorted(told) == told
