"""A database that another process keeps locked: the script logs on meanwhile, and all is brought in later."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.training import Training, check_whole

pytestmark = pytest.mark.faults

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Another process holds the write lock of a store's database."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store / "runfolio.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        yield
    finally:
        process.communicate()


def test_a_locked_store_is_waited_for_by_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Training(folder, before="import runfolio.client.pump; runfolio.client.pump.PATIENCE = 0") as training:
        training.go_on(1_000)
        with locked(folder):
            assert "busy" in training.warned()
            training.go_on(50_000)  # all these calls return while the lock is held
        training.go_on(1_000)
        steps = training.end()
    check_whole(folder, steps)
    assert len(training.warnings) == 1


@pytest.mark.slow
def test_a_store_locked_for_a_minute(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Training(folder) as training:
        training.go_on(1_000)
        with locked(folder):
            until = time.monotonic() + 60
            while time.monotonic() < until:
                training.go_on(1_000)
        training.go_on(1_000)
        steps = training.end()
    check_whole(folder, steps)
    assert len(training.warnings) == 1


def test_a_script_that_ends_while_the_store_is_locked_leaves_a_journal(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Training(folder) as training:
        training.go_on(1_000)
        with locked(folder):
            training.go_on(5_000)
            steps = training.end()
        (warning,) = training.warnings
        assert "brought in later" in warning
        assert list((folder / "journal").iterdir())
    check_whole(folder, steps)
