"""Environments in the user's cache: found again, held while they are used, and removed to make room."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue, Stopped
from runfolio.environments import cache, listing


def test_environments_unused_for_longest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(folder: Path, _lock: int) -> None:
        folder.mkdir()
        (folder / "content").write_bytes(b"x" * 1000)

    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS_GB", str(2500 / (1 << 30)))
    for age, key in enumerate(["first", "second"]):
        with cache.get(key, make) as had:
            pass
        os.utime(had.folder / ".runfolio-environment", (age, age))
    for key in ("first", "third"):  # the first is used again, so that the second is the oldest
        with cache.get(key, make):
            pass
    assert sorted(path.name for path in cache.root().iterdir() if path.is_dir()) == ["first", "third"]


def test_an_environment_that_is_used_is_neither_removed_nor_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(folder: Path, _lock: int) -> None:
        folder.mkdir(parents=True)
        (folder / "data").write_bytes(b"x" * 1000)

    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS_GB", "0")
    with cache.get("used", make) as first, cache.get("used", make) as second:
        assert (first.was_there, second.was_there) == (False, True)
        with cache.get("other", make):
            assert (first.folder / "data").is_file()
        short = cache.Waiting(seconds=0.1)
        with pytest.raises(EnvironmentProblem), cache.get("used", make, fresh=True, waiting=short):
            pass
        assert (first.folder / "data").is_file()
    with cache.get("third", make):
        assert not first.folder.exists()


def test_a_cap_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS_GB", "20GB")
    with pytest.raises(InvalidValue, match="'20GB'"), cache.get("key", lambda folder, _: folder.mkdir()):
        pass


KILLED = """
import os, subprocess, sys
from runfolio.environments import cache

def make(folder, lock):
    folder.mkdir(parents=True)
    (folder / "half").touch()
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=0, pass_fds=(lock,))
    print(child.pid, flush=True)
    os.kill(os.getpid(), 9)

with cache.get("key", make):
    pass
"""


@pytest.mark.skipif(os.name == "nt", reason="descriptors are handed down on POSIX")
def test_what_a_killed_process_left_is_not_taken_and_what_it_started_is_waited_for() -> None:
    """The one that was killed had started a process that still writes there."""
    feed, food = os.pipe()
    killed = subprocess.Popen([sys.executable, "-c", KILLED], stdin=feed, stdout=subprocess.PIPE)
    os.close(feed)
    assert killed.stdout is not None
    with killed.stdout as told:
        orphan = psutil.Process(int(told.readline()))
    assert killed.wait(60) == -signal.SIGKILL
    made: list[bool] = []

    def make(folder: Path, _lock: int) -> None:
        made.append((folder / "half").exists())
        folder.mkdir()

    (left,) = listing.kept()
    assert (left.key, left.whole, left.in_use) == ("key", False, True)
    assert listing.clean(0) == []
    with pytest.raises(EnvironmentProblem), cache.get("key", make, waiting=cache.Waiting(seconds=0.1)):
        pass
    os.close(food)
    with suppress(psutil.NoSuchProcess):
        orphan.wait(60)
    with cache.get("key", make) as had:
        assert not had.was_there
    assert made == [False]


def test_waiting_for_another_is_told_and_ends_when_nobody_waits() -> None:
    def make(folder: Path, _lock: int) -> None:
        folder.mkdir()

    told: list[str] = []
    waiting = cache.Waiting(stopped=lambda: bool(told), tell=told.append)
    with cache.get("used", make), pytest.raises(Stopped), cache.get("used", make, fresh=True, waiting=waiting):
        pass
    assert told == ["Another process makes this environment, or uses it; that is waited for."]


def test_one_that_cannot_serve_any_more_is_made_anew() -> None:
    def make(folder: Path, _lock: int) -> None:
        folder.mkdir()
        (folder / "python").touch()

    for there in (False, True, False):
        with cache.get("key", make, whole=lambda folder: (folder / "python").exists()) as had:
            assert had.was_there == there
        if there:
            (had.folder / "python").unlink()


def test_a_mark_that_cannot_be_read_counts_for_nothing(tmp_path: Path) -> None:
    for text in ("", "[]", '{"bytes": "x"}', '{"bytes": 1, "made": 2, "about": 3}', "[" * 100_000):
        (tmp_path / "mark").write_text(text)
        assert cache.read_mark(tmp_path / "mark") == {"bytes": 0, "made": 0.0, "about": {}}
