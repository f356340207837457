"""A full disk: logging goes on in memory, and what waited there is written out when there is room."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import SEGMENT_SIZE, SLOTS, segment_name
from tests.journal.samples import copy_of, read_all, write_points
from tests.mounted import mounted

# A file size limit is a full disk for each file alone; it must not hold for the process that runs the tests.
LIMITED = """
import resource, sys
from pathlib import Path
from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import SLOTS

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

writer = JournalWriter(Path(sys.argv[1]))
limit(1000)
for number in range(2 * SLOTS + 10):
    writer.point(0, number, 1000 + number, number / 2)
for number in range(100):
    writer.event({"type": "note", "number": number})
assert writer.trouble is not None
assert not writer.save()
assert sorted(p.name for p in writer.path.iterdir()) == ["events", "lock", "points.0"], list(writer.path.iterdir())
limit(resource.RLIM_INFINITY)
assert writer.save()
assert writer.trouble is None
for number in range(2 * SLOTS + 10, 3 * SLOTS + 10):
    writer.point(0, number, 1000 + number, number / 2)
writer.event({"type": "note", "number": 100})
assert writer.save()
print(writer.path)
"""


def test_a_limit_on_file_size_loses_nothing(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    points, events, damaged = read_all(Path(done.stdout.strip()))
    assert np.array_equal(points["step"], np.arange(3 * SLOTS + 10))
    assert [event["number"] for event in events[1:]] == list(range(101))
    assert damaged == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a segment and a half."""
    with mounted("tmpfs", tmp_path / "disk", f"size={SEGMENT_SIZE * 3 // 2}") as disk:
        yield disk


@pytest.mark.faults
def test_a_disk_that_is_full_for_a_while_loses_nothing(small_disk: Path) -> None:
    writer = JournalWriter(small_disk / "journal")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(SEGMENT_SIZE // 4))
    write_points(writer, 2 * SLOTS)
    assert writer.trouble is not None
    assert writer.trouble.errno == errno.ENOSPC
    fill(ballast)
    for number in range(200):
        writer.event({"type": "note", "number": number, "text": "x" * 100})
    assert not writer.save()
    # What the disk holds is whole at every moment.
    points, events, damaged = read_all(copy_of_outside(writer.path, small_disk))
    assert np.array_equal(points["step"], np.arange(SLOTS))
    assert [event["number"] for event in events[1:]] == list(range(len(events) - 1))
    assert damaged == 0
    ballast.unlink()
    subprocess.run(["mount", "-o", f"remount,size={4 * SEGMENT_SIZE}", str(small_disk)], check=True)
    assert writer.save()
    write_points(writer, 5, start=2 * SLOTS)
    assert writer.trouble is None
    writer.close()
    points, events, damaged = read_all(writer.path)
    assert np.array_equal(points["step"], np.arange(2 * SLOTS + 5))
    assert [event["number"] for event in events[1:]] == list(range(200))
    assert damaged == 0


@pytest.mark.faults
def test_a_full_disk_from_the_start(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(SEGMENT_SIZE))
    writer = JournalWriter(small_disk / "journal")
    write_points(writer, 10)
    assert not writer.save()
    assert not (writer.path / segment_name(0)).exists()
    ballast.unlink()
    assert writer.save()
    # The segment is still being filled, in memory: each save brings the file up to date.
    write_points(writer, 10, start=10)
    assert writer.save()
    writer.close()
    assert read_all(writer.path)[0]["step"].tolist() == list(range(20))


def fill(file: Path) -> None:
    """Leave no byte free on the file's disk."""
    with file.open("ab", buffering=0) as stream:
        try:
            while stream.write(bytes(4096)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC


def copy_of_outside(path: Path, disk: Path) -> Path:
    """A copy of a journal that takes no room on its disk."""
    outside = disk.parent / "outside"
    outside.mkdir()
    (outside / path.name).symlink_to(path)
    return copy_of(outside / path.name)
