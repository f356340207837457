"""`runfolio run` at a terminal: whoever reads along may leave, and each signal that asks for an end gets one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from runfolio.core.captured import CONSOLE
from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import ERROR_TAG
from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.search import find_runs
from tests.cli.processes import run_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are POSIX's")
CANCELLED = "It was cancelled."
#: Says that it is there, and hears no request to end.
DEAF = """\
import signal, time
for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(one, signal.SIG_IGN)
print("here", flush=True)
time.sleep(60)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """What is started in the background ignores it, and so does what that starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def running(project: Path, store: Path, entry: str) -> Iterator[subprocess.Popen[str]]:
    """The command at work, with its two pipes; it does not outlive the test."""
    command = [sys.executable, "-m", "runfolio", "run", str(project), "-e", entry]
    environment = {**os.environ, "RUNFOLIO_STORE": str(store), "RUNFOLIO_CAPTURE": "1"}
    with subprocess.Popen(
        command, env=environment, text=True, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def stream(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def only_run(store: Path) -> Run:
    opened = open_store(store)
    try:
        (run,) = read_runs(opened, find_runs(opened))
        return run
    finally:
        opened.close()


def test_a_run_whose_output_nobody_reads_any_more_goes_on_to_its_end(project: Path, store: Path) -> None:
    (project / "much.py").write_text("for i in range(200_000): print('line', i)\n", encoding="utf-8")
    with running(project, store, "much.py") as process:
        assert stream(process.stdout).readline() == "line 0\n"
        stream(process.stdout).close()
        told = stream(process.stderr).read()
        assert process.wait(60) == 0
    run = only_run(store)
    assert run.status is RunStatus.FINISHED
    assert (store / "artifacts" / run.run_id / f"{CONSOLE}.log").read_text("utf-8").endswith("line 199999\n")
    assert told.count("nobody reads the output any more") == 1
    assert "Traceback" not in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_asks_for_an_end_cancels_the_run(project: Path, store: Path, number: signal.Signals) -> None:
    (project / "slow.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(60)\n", encoding="utf-8")
    with running(project, store, "slow.py") as process:
        assert stream(process.stdout).readline() == "here\n"
        process.send_signal(number)
        assert process.wait(30) == 128 + number
        assert stream(process.stderr).read().splitlines()[-1].endswith("was cancelled.")
    run = only_run(store)
    assert (run.status, run.tags[ERROR_TAG]) == (RunStatus.KILLED, CANCELLED)


def test_a_second_ctrl_c_ends_at_once_what_does_not_listen(project: Path, store: Path) -> None:
    (project / "deaf.py").write_text(DEAF, encoding="utf-8")
    with running(project, store, "deaf.py") as process:
        assert stream(process.stdout).readline() == "here\n"
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):  # it is given time to end by itself
            process.wait(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(6) == 130  # which is sooner than that time is over
    run = only_run(store)
    assert (run.status, run.tags[ERROR_TAG]) == (RunStatus.KILLED, CANCELLED)


def test_the_exception_of_a_script_is_what_the_command_ends_with(project: Path, store: Path) -> None:
    (project / "wrong.py").write_text(
        "import mlflow\nmlflow.log_param('a', 1)\nraise ValueError('first\\nsecond')\n", encoding="utf-8"
    )
    with running(project, store, "wrong.py") as process:
        told = stream(process.stderr).read()
        assert process.wait(60) == 1
    assert "failed. It ended with exit code 1: ValueError: first" in told


def test_an_experiment_is_given_by_its_name_or_its_id_and_not_both(project: Path, store: Path) -> None:
    given = ["run", str(project), "--experiment-id", "1", "--experiment-name", "one"]
    told = run_command(given, {**os.environ, "RUNFOLIO_STORE": str(store)})
    assert told.returncode == 2
    assert "by its name and by its id" in told.stderr
    assert not store.exists()
