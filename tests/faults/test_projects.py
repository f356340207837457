"""Projects whose watcher is killed, and those that run out of room on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from runfolio.core.captured import CONSOLE
from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from tests.mounted import mounted
from tests.other_processes import lives, until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are POSIX's"),
]
#: Logs, starts another process, and tells the numbers of both.
TRAINS = """\
import os, subprocess, sys, time
import mlflow
with mlflow.start_run():
    mlflow.log_metric("loss", 0.5)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(os.getpid(), other.pid, flush=True)
    time.sleep(600)
"""
#: The same, and hears no request to end.
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + TRAINS
#: Runs a project that trains, and another one that is not waited for.
DRIVES = """\
import mlflow
with mlflow.start_run():
    mlflow.projects.run(".", "trains.py", env_manager="local")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for name, text in {"trains": TRAINS, "deaf": DEAF, "drives": DRIVES}.items():
        (folder / f"{name}.py").write_text(text)
    return folder


@contextmanager
def started(words: Sequence[str], store: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command at work; it does not outlive the test."""
    environment = {**os.environ, "RUNFOLIO_STORE": str(store), **variables}
    command = [sys.executable, "-m", "runfolio", "run", *words]
    with subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as one:
        try:
            yield one
        finally:
            one.kill()


def processes_of(command: subprocess.Popen[str]) -> list[int]:
    """The numbers that a script prints; before them comes what is told of it."""
    assert command.stdout is not None
    line = next(line for line in command.stdout if line[0].isdigit())
    return [int(word) for word in line.split()]


def runs_of(store: Path) -> list[Run]:
    """The runs of a store, with all that was logged brought in."""
    opened = open_store(store)
    try:
        recover(opened)
        return read_runs(opened, find_runs(opened))
    finally:
        opened.close()


@pytest.mark.parametrize("entry", ["trains.py", pytest.param("deaf.py", marks=pytest.mark.slow)])
def test_what_a_killed_command_has_started_ends_with_it(project: Path, tmp_path: Path, entry: str) -> None:
    store = tmp_path / "store"
    with started([str(project), "-e", entry], store) as command:
        processes = processes_of(command)
        assert len(processes) == 2 and all(map(lives, processes))
        command.send_signal(signal.SIGKILL)
        command.wait()
        until(lambda: not any(map(lives, processes)))
    [run] = runs_of(store)
    assert run.status == RunStatus.KILLED and run.metrics["loss"].last == 0.5


def test_what_runs_of_a_killed_script_have_started_ends_too(project: Path, tmp_path: Path) -> None:
    """A step of a script is in a group of its own, which the script's watcher knows nothing of."""
    store = tmp_path / "store"
    with started([str(project), "-e", "drives.py"], store) as command:
        processes = processes_of(command)
        command.send_signal(signal.SIGKILL)
        command.wait()
        until(lambda: not any(map(lives, processes)))
    assert [run.status for run in runs_of(store)] == [RunStatus.KILLED, RunStatus.KILLED]


@pytest.mark.slow
def test_output_that_the_disk_has_no_room_for_comes_through(project: Path, tmp_path: Path) -> None:
    (project / "loud.py").write_text("for number in range(60_000): print(number, 'x' * 100)\nraise SystemExit(7)\n")
    with mounted("tmpfs", tmp_path / "disk", "size=4m") as disk:
        (disk / "else").write_bytes(bytes(1 << 20))
        with started([str(project), "-e", "loud.py"], disk / "store") as command:
            out, told = command.communicate(timeout=120)
            assert command.returncode == 7, told
        assert out.splitlines()[-1].startswith("59999 ")
        assert told.count("cannot be kept: [Errno 28] No space left on device") == 1
        (disk / "else").unlink()
        [run] = runs_of(disk / "store")
        assert run.status == RunStatus.FAILED
        log = disk / "store" / "artifacts" / run.run_id / f"{CONSOLE}.log"
        assert log.read_text().startswith("0 x")


def test_a_zip_that_the_disk_has_no_room_for_is_told_and_leaves_nothing(project: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "project.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(project / "trains.py", "trains.py")
        archive.writestr("data.bin", bytes(4 << 20))
    with mounted("tmpfs", tmp_path / "disk", "size=3m") as disk:
        words = [str(tmp_path / "project.zip"), "-e", "trains.py"]
        with started(words, tmp_path / "store", RUNFOLIO_WORK=str(disk / "work")) as command:
            _, told = command.communicate(timeout=60)
        assert command.returncode == 5 and "Make room on the disk" in told
        assert list((disk / "work").iterdir()) == []
    assert runs_of(tmp_path / "store") == []
