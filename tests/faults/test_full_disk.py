"""A store on a disk that is too small: nothing is lost that has room in the end, and what is lost is told."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runfolio.core.curves import Integers
from runfolio.store import open_store, series
from runfolio.store.recover import recover
from tests.faults.training import Training, check_whole
from tests.mounted import mounted

pytestmark = pytest.mark.faults

SCRIPT = """
import random, sys
import runfolio
runfolio.set_tracking_uri(sys.argv[1])
value = eval(sys.argv[2])
with runfolio.start_run():
    for step in range(int(sys.argv[3])):
        runfolio.log_metric("loss", value(step), step=step, timestamp=1_600_000_000_000 + step)
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    with mounted("tmpfs", tmp_path / "disk", "size=3m") as place:
        yield place


def log(disk: Path, value: str, count: int) -> str:
    """Log so many points as fast as can be; what the process wrote on its standard error."""
    command = [sys.executable, "-c", SCRIPT, str(disk / "store"), value, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stderr


def stored(disk: Path) -> Integers:
    """The steps that are in the tables in the end."""
    store = open_store(disk / "store")
    recover(store)
    steps = series.points(store, 1, "loss").steps
    store.close()
    return steps


def test_a_journal_much_larger_than_its_disk(disk: Path) -> None:
    """Ten megabytes of points that the tables hold in a few hundred kilobytes."""
    count = 300_000
    log(disk, "float", count)
    assert np.array_equal(stored(disk), np.arange(count))


def test_a_disk_that_is_full_for_a_while_loses_nothing(disk: Path) -> None:
    ballast = disk / "ballast"
    with Training(disk / "store") as training:
        training.go_on(1_000)
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(4096))
        training.warned()
        training.go_on(50_000)  # more than the room that was taken before
        ballast.unlink()
        training.go_on(1_000)
        steps = training.end()
    check_whole(disk / "store", steps)
    assert len(training.warnings) == 1


def test_what_does_not_fit_is_counted(disk: Path) -> None:
    count = 1_000_000
    told = log(disk, "lambda step: random.random()", count)
    match = re.search(r"(\d+) points could not be written", told)
    assert match is not None, told
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    steps = stored(disk)
    # Which of them have room depends on when the tables took the earlier ones off the disk.
    assert steps[0] == 0 and (np.diff(steps) > 0).all() and steps[-1] < count
    assert len(steps) + int(match[1]) >= count
