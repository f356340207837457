"""A copy of a large file that is killed half-way, or has no room: no half file is left under its own name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runfolio.core.folder import ARTIFACTS
from runfolio.store import open_store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.recover import recover
from runfolio.store.verify import Verdict, verify_run
from tests.mounted import mounted

pytestmark = pytest.mark.faults

# Says how far the copy is, and waits to be told to go on, so that it is killed in the middle of it.
SLOW = """
import os, sys
import runfolio
from runfolio.core import copying
from runfolio.client import files
copying.LARGE = int(sys.argv[2])
runfolio.set_tracking_uri(sys.argv[1])
def slowly(source, target, told):
    def tell(done):
        os.write(1, b".")
        os.read(0, 1)
    return copying.copy_hashed(source, target, tell)
files.copy_hashed = slowly
with runfolio.start_run():
    runfolio.log_artifact(sys.argv[3], "model")
"""
SIZE = 5 * (4 << 20) + 17


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of several blocks."""
    file = tmp_path / "large.bin"
    file.write_bytes(os.urandom(SIZE))
    return file


@pytest.mark.parametrize("beside", [True, False], ids=["hashed beside", "hashed in turn"])
@pytest.mark.parametrize("blocks", [1, 3, 6])
def test_a_copy_that_is_killed_leaves_no_half_file(tmp_path: Path, large: Path, blocks: int, beside: bool) -> None:
    store = tmp_path / "store"
    command = [sys.executable, "-c", SLOW, str(store), str(0 if beside else SIZE + 1), str(large)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    for block in range(blocks):
        assert process.stdout.read(1) == b"."
        if block + 1 < blocks:
            process.stdin.write(b"\n")
            process.stdin.flush()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    names = [path.name for path in (store / ARTIFACTS).rglob("*") if path.is_file()]
    assert not [name for name in names if name == "large.bin"]
    assert [name for name in names if name.endswith(".part")], "it was killed while it copied"
    opened = open_store(store)
    recover(opened)
    assert not [one for one in list_artifacts(opened, 1) if one.path == "model/large.bin"]
    opened.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of sixteen megabytes."""
    with mounted("tmpfs", tmp_path / "disk", "size=16m") as place:
        yield place


def test_a_full_disk_is_told_and_leaves_the_earlier_file(disk: Path, large: Path) -> None:
    script = """
import sys, runfolio
runfolio.set_tracking_uri(sys.argv[1])
with runfolio.start_run():
    runfolio.log_text("whole", "large.bin")
    runfolio.log_artifact(sys.argv[2])
    runfolio.log_metric("loss", 0.5)
"""
    command = [sys.executable, "-c", script, str(disk / "store"), str(large)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "The artifact large.bin could not be stored" in done.stderr and "No space left" in done.stderr
    store = open_store(disk / "store")
    recover(store)
    names = [path.name for path in (disk / "store" / ARTIFACTS).rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith(".part")]
    verdicts = {one.path: one.verdict for one in verify_run(store, 1)}
    assert verdicts["large.bin"] is Verdict.SAME and all(verdict.good for verdict in verdicts.values())
    store.close()
