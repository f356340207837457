"""A journal is held by its process and by nobody else, and free as soon as that process is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runfolio.journal import locks
from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import EVENTS, LOCK, SILENCE
from runfolio.journal.read import abandoned, journals
from tests.journal.samples import spoil

HOLDER = """
import sys
from pathlib import Path
from runfolio.journal.append import JournalWriter
writer = JournalWriter(Path(sys.argv[1]))
writer.point(0, 1, 2, 3.0)
print(writer.path, flush=True)
sys.stdin.read()
"""

# The child lets go, as a forked child of a script does; it outlives its parent.
FORKER = """
import os, sys
from pathlib import Path
from runfolio.journal.append import JournalWriter
writer = JournalWriter(Path(sys.argv[1]))
ready, done = os.pipe()
if os.fork() == 0:
    writer.close()
    os.write(done, b".")
    sys.stdin.read()
    os._exit(0)
os.read(ready, 1)
print(writer.path, flush=True)
sys.stdin.read()
"""


@contextmanager
def process(source: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process with a journal, and the journal's path. It ends when its standard input is closed."""
    running = subprocess.Popen(
        [sys.executable, "-c", source, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdin is not None
    try:
        yield running, Path(running.stdout.readline().strip())
    finally:
        running.stdin.close()
        running.stdout.close()
        running.wait(timeout=30)


def taken(path: Path) -> bool:
    """Whether a journal could be taken over just now."""
    descriptor = abandoned(path)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is not None


def test_a_journal_is_held_until_its_process_is_killed(tmp_path: Path) -> None:
    with process(HOLDER, tmp_path) as (running, path):
        assert not taken(path)
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=30)
        assert taken(path)


def test_a_journal_is_free_after_a_normal_end(tmp_path: Path) -> None:
    with process(HOLDER, tmp_path) as (running, path):
        running.communicate(timeout=30)
        assert taken(path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_neither_frees_nor_keeps_the_lock(tmp_path: Path) -> None:
    with process(FORKER, tmp_path) as (running, path):
        assert not taken(path)
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=30)
        # The child is alive still, waiting for the standard input that it shares.
        assert taken(path)


def test_a_program_that_the_script_starts_does_not_keep_the_lock(writer: JournalWriter) -> None:
    sleeper = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    child = subprocess.Popen(sleeper, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        writer.close()
        assert taken(writer.path)
    finally:
        child.communicate(timeout=30)


def test_of_two_only_one_takes_a_journal_over(writer: JournalWriter) -> None:
    writer.close()
    first = abandoned(writer.path)
    assert first is not None
    assert abandoned(writer.path) is None
    os.close(first)
    assert taken(writer.path)


def test_a_journal_that_was_disposed_of_is_not_taken_nor_made_again(writer: JournalWriter) -> None:
    writer.close()
    (writer.path / EVENTS).unlink()
    assert abandoned(writer.path) is None
    (writer.path / LOCK).unlink()
    assert abandoned(writer.path) is None
    assert not (writer.path / LOCK).exists()


def test_a_journal_being_made_is_nobodys_business(tmp_path: Path, writer: JournalWriter) -> None:
    (tmp_path / "journal" / "unfinished").mkdir()
    assert list(journals(tmp_path / "journal")) == [writer.path]
    assert list(journals(tmp_path / "nothing")) == []


def test_a_writer_on_another_machine_counts_as_alive_while_it_gives_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.node", lambda: "elsewhere")
    writer = JournalWriter(tmp_path)
    monkeypatch.undo()
    writer.close()  # as its lock may look from here
    assert not taken(writer.path)
    then = (writer.path / LOCK).stat().st_mtime - SILENCE - 1
    os.utime(writer.path / LOCK, (then, then))
    assert taken(writer.path)
    writer.beat()
    assert not taken(writer.path)
    spoil(writer.path / EVENTS, 20, 1)
    assert taken(writer.path)


def test_a_lock_that_is_waited_for(tmp_path: Path) -> None:
    with locks.locked(tmp_path / "lock") as first:
        assert first
        with locks.locked(tmp_path / "lock", timeout=0.0) as second:
            assert not second
    with locks.locked(tmp_path / "lock", timeout=0.0) as third:
        assert third
