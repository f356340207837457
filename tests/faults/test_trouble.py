"""A store that cannot be written for a while: the loop never raises and never waits, and nothing is lost in the end."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from runfolio.core.entities import Run, RunStatus
from runfolio.store import open_store, series
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs

pytestmark = pytest.mark.faults

POINTS = 50_000
# It tells when the store is there, and when all calls have returned; between the two the test makes its trouble.
LOGGER = f"""
import sys
import runfolio
with runfolio.start_run():
    runfolio.log_metric("loss", 0.0, step=0)
    assert runfolio.flush()
    print("ready", flush=True)
    sys.stdin.readline()
    for step in range(1, {POINTS}):
        runfolio.log_metric("loss", step * 0.5, step=step)
        if step % 1000 == 0:
            runfolio.set_tag("at", step)
            runfolio.log_param(f"p{{step}}", step)
    print("logged", flush=True)
    sys.stdin.readline()
"""


class Logger:
    """The script under way."""

    def __init__(self, store: Path, script: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", script],
            env={**os.environ, "RUNFOLIO_STORE": str(store)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.hears("ready")

    def hears(self, word: str) -> None:
        """Wait for the script to say that."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"{word}\n"

    def goes_on(self) -> None:
        """Let the script go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def warns(self) -> str:
        """The next line on standard error."""
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def ends(self) -> str:
        """The rest of what it wrote on standard error, after its end without an error."""
        _, told = self.process.communicate(timeout=100)
        assert self.process.returncode == 0, told
        return told


@contextmanager
def logging_to(store: Path, script: str = LOGGER) -> Iterator[Logger]:
    """A logger, which is gone in the end."""
    logger = Logger(store, script)
    try:
        yield logger
    finally:
        logger.process.kill()
        logger.process.communicate()


def stored(folder: Path) -> Run:
    """The one run, with all its points."""
    store = open_store(folder)
    recover(store)
    (run,) = read_runs(store, find_runs(store))
    steps = series.points(store, run.id, "loss").steps
    store.close()
    assert np.array_equal(steps, np.arange(POINTS))
    return run


@pytest.mark.parametrize("seconds", [0, pytest.param(60, marks=pytest.mark.slow)])
def test_the_write_lock_is_held_by_another(tmp_path: Path, seconds: int) -> None:
    folder = tmp_path / "store"
    with logging_to(folder) as logger:
        other = sqlite3.connect(folder / "runfolio.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        logger.goes_on()
        logger.hears("logged")  # though the lock is held: no call has waited for it
        warning = logger.warns()
        assert "Logging goes on" in warning, warning
        threading.Event().wait(seconds)
        other.execute("ROLLBACK")
        other.close()
        logger.goes_on()
        assert "Logging goes on" not in logger.ends(), "one warning is enough"
    run = stored(folder)
    assert run.status is RunStatus.FINISHED and run.params["p49000"] == run.tags["at"] == "49000"


@contextmanager
def unchangeable(file: Path) -> Iterator[None]:
    """A file that nobody may write, not even root; skips the test where that cannot be had."""
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", file], capture_output=True).returncode:
        pytest.skip("no file can be made unchangeable here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", file], check=True)


def test_the_database_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    open_store(folder).close()
    script = LOGGER.replace("    assert runfolio.flush()\n", "")
    with unchangeable(folder / "runfolio.db"), logging_to(folder, script) as logger:
        logger.goes_on()
        logger.hears("logged")
        assert "Logging goes on" in logger.warns()
        logger.goes_on()
        assert "Logging goes on" not in logger.ends(), "one warning is enough"
    run = stored(folder)
    assert run.params["p49000"] == run.tags["at"] == "49000"


def test_the_store_is_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with logging_to(folder) as logger:
        shutil.rmtree(folder)
        logger.goes_on()
        logger.hears("logged")
        logger.goes_on()
        told = logger.ends()
    assert told.count("Logging goes on") <= 1 and "Traceback" not in told


def test_the_clock_is_set_back(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    script = f"""
import time
real, shift = time.time_ns, [0]
time.time_ns = lambda: real() - shift[0]
time.time = lambda: (real() - shift[0]) / 1e9
import runfolio
with runfolio.start_run():
    for step in range({POINTS}):
        if step == {POINTS} // 2:
            shift[0] = 3600 * 10**9
        runfolio.log_metric("loss", step * 0.5, step=step)
"""
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "RUNFOLIO_STORE": str(folder)})
    run = stored(folder)
    assert run.status is RunStatus.FINISHED
    assert run.metrics["loss"].last == (POINTS - 1) * 0.5, "by its step, not by its time"
