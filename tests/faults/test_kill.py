"""`kill -9` at any moment loses no call that had returned, and nothing lands twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from runfolio.core.states import RunStatus
from runfolio.store import open_store, run_order, runs, series
from runfolio.store.recover import recover
from runfolio.store.run_query import RunQuery

# After each call it says so on a pipe that the kernel keeps, so that the test knows which calls had returned.
LOGGER = textwrap.dedent("""
    import os, sys
    import runfolio
    write = os.write
    with runfolio.start_run():
        runfolio.log_param("lr", 0.1)
        write(1, b"p")
        for step in range(10_000_000):
            runfolio.log_metric("loss", step * 0.5, step=step)
            write(1, b".")
            if step % 100 == 0:
                runfolio.set_tag("at", step)
                write(1, b"t")
""")


def killed_after(folder: Path, calls: int) -> bytes:
    """Start the logger, kill it after it reported that many calls, and return all it reported."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOGGER], stdout=subprocess.PIPE, env={**os.environ, "RUNFOLIO_STORE": str(folder)}
    )
    assert process.stdout is not None
    seen = b""
    while len(seen) < calls:
        part = os.read(process.stdout.fileno(), max(1, min(65536, calls - len(seen))))
        assert part, "the logger ended by itself"
        seen += part
    process.send_signal(signal.SIGKILL)
    seen += process.stdout.read()
    process.stdout.close()
    process.wait()
    return seen


@pytest.mark.faults
@pytest.mark.parametrize("part", [0, *(pytest.param(number, marks=pytest.mark.slow) for number in range(1, 10))])
def test_random_moments(tmp_path: Path, part: int) -> None:
    seed = int(os.environ.get("RUNFOLIO_TEST_SEED", "0")) or random.SystemRandom().randrange(1 << 30)
    moments = random.Random(seed)
    reports = []
    folder = tmp_path / "store"
    for _ in range(50):  # in ten parts: 500
        # From before the tables exist to long after many passes of the background thread.
        calls = int(10 ** moments.uniform(0, 5))
        reports.append(killed_after(folder, calls))
    check_all(folder, reports, f"part {part}, seed {seed}")


@pytest.mark.faults
@pytest.mark.parametrize("count", [16, pytest.param(500, marks=pytest.mark.slow)])
def test_processes_killed_at_random_moments_while_others_log_to_the_store(tmp_path: Path, count: int) -> None:
    seed = int(os.environ.get("RUNFOLIO_TEST_SEED", "0")) or random.SystemRandom().randrange(1 << 30)
    moments = random.Random(seed)
    folder = tmp_path / "store"
    # Whoever starts brings in what the killed ones left, while the others log, or is killed at that.
    with ThreadPoolExecutor(4) as pool:
        calls = [int(10 ** moments.uniform(0, 4.5)) for _ in range(count)]
        reports = list(pool.map(lambda number: killed_after(folder, number), calls))
    check_all(folder, reports, f"seed {seed}")


def check_all(folder: Path, reports: list[bytes], what: str) -> None:
    """Each killed run is there, with every call that had returned."""
    store = open_store(folder)
    recover(store)
    ids = sorted(int(i) for i in run_order.run_ids(store, RunQuery()))
    assert len(ids) == len(reports), what
    found = sorted(_check(store, run, f"{what}, run {run}") for run in ids)
    for points, report in zip(found, sorted(report.count(b".") for report in reports), strict=True):
        # The call that was under way when the process died may have landed or not.
        assert report <= points <= report + 1, what
    assert not list((folder / "journal").iterdir())
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    store.close()


SEVERAL = textwrap.dedent("""
    import os, sys
    import runfolio
    for _ in range(2):
        os.fork()  # forks fork as well: four processes
    with runfolio.start_run(run_id=sys.argv[1]):
        for step in range(10_000_000):
            runfolio.log_metric(f"loss {os.getpid()}", step * 0.5, step=step)
            os.write(1, f"{os.getpid()} {step}\\n".encode())
""")


@pytest.mark.faults
@pytest.mark.parametrize("times", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_random_moments_of_several_processes_in_one_run(tmp_path: Path, times: int) -> None:
    seed = int(os.environ.get("RUNFOLIO_TEST_SEED", "0")) or random.SystemRandom().randrange(1 << 30)
    moments = random.Random(seed)
    folder = tmp_path / "store"
    environment = {**os.environ, "RUNFOLIO_STORE": str(folder)}
    for _ in range(times):
        begin = "import runfolio\nwith runfolio.start_run() as run: print(run.info.run_id)"
        started = subprocess.run([sys.executable, "-c", begin], env=environment, stdout=subprocess.PIPE, check=True)
        run_id = started.stdout.decode().strip()
        command = [sys.executable, "-c", SEVERAL, run_id]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, start_new_session=True)
        assert process.stdout is not None
        seen = process.stdout.read(int(10 ** moments.uniform(1, 5)))
        os.killpg(process.pid, signal.SIGKILL)
        seen += process.stdout.read()
        process.communicate()
        store = open_store(folder)
        recover(store)
        number = runs.find_run(store, run_id)
        assert number is not None
        found = runs.get_run(store, number)
        assert found.status is RunStatus.KILLED, f"seed {seed}"
        reported: dict[str, int] = {}
        for line in seen.decode().splitlines(keepends=True):
            if line.endswith("\n"):
                pid, step = line.split()
                reported[f"loss {pid}"] = int(step)
        for key, last in reported.items():
            points = series.points(store, number, key)
            assert np.array_equal(points.steps, np.arange(len(points))), f"seed {seed}"
            assert last < len(points) <= last + 2, f"seed {seed}"
        store.close()


def _check(store: object, number: int, what: str) -> int:
    """One killed run: its points are the sequence that was logged, without gap or double. Returns how many."""
    from runfolio.store import Store

    assert isinstance(store, Store)
    run = runs.get_run(store, number)
    points = series.points(store, number, "loss")
    assert run.status is RunStatus.KILLED, what
    assert np.array_equal(points.steps, np.arange(len(points))), what
    assert np.array_equal(points.values, points.steps * 0.5), what
    if len(points):
        assert run.params == {"lr": "0.1"}, what
        assert run.metrics["loss"].count == len(points), what
        assert int(run.tags.get("at", 0)) >= (len(points) - 2) // 100 * 100, what
    return len(points)
