"""On a file system that can, a copy shares the bytes of its source until one of both changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from runfolio.client import files
from runfolio.core import copying
from runfolio.store import open_store
from runfolio.store.verify import Verdict, verify_run
from tests.gui.writing import Writer
from tests.mounted import mounted

SIZE = 40 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk that can."""
    if shutil.which("mkfs.btrfs") is None:
        pytest.skip("no such disk can be made here")
    image = tmp_path / "image"
    with image.open("wb") as file:
        file.truncate(256 << 20)
    subprocess.run(["mkfs.btrfs", "-q", str(image)], check=True)
    with mounted("btrfs", tmp_path / "disk", "loop", source=str(image)) as place:
        yield place


def used(place: Path) -> int:
    os.sync()
    found = os.statvfs(place)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def test_a_copy_takes_no_room_and_stays_as_it_was(disk: Path) -> None:
    source = disk / "model.bin"
    data = os.urandom(SIZE)
    source.write_bytes(data)
    open_store(disk / "store").close()
    before = used(disk)
    writer = Writer(disk / "store")
    run = writer.run("a run")
    files.log_file(run, source)
    writer.end(run)
    writer.commit()
    assert used(disk) - before < SIZE / 4
    with source.open("r+b") as file:
        file.write(b"trained on")
    stored = run.folder / "model.bin"
    assert hashlib.sha256(stored.read_bytes()).digest() == hashlib.sha256(data).digest()
    store = open_store(disk / "store")
    assert [one.verdict for one in verify_run(store, 1)] == [Verdict.SAME]
    store.close()
    writer.close()


def test_files_of_two_disks_are_copied(disk: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(copying.LARGE + 1))
    with (tmp_path / "a").open("rb") as source, (disk / "b").open("x+b") as target:
        digest = copying.copy_hashed(source, target)
    assert (disk / "b").read_bytes() == bytes(copying.LARGE + 1)
    assert digest == hashlib.sha256(bytes(copying.LARGE + 1)).hexdigest()
