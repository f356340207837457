"""The output of a run, followed while it is written, is what stands in the file in the end."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.client.capture import console
from runfolio.client.capture.console import ConsoleLog
from runfolio.core.entities import Artifact
from runfolio.store.console import Output, Place, console_files, read_output

WORDS = st.sampled_from(
    ["epoch 1\n", "50%\r", "100%\r", "ü→\n", "half", "\n", "x" * 40 + "\n", "\b", "\x1b[31mred\x1b[0m\n"]
)
STEPS = st.lists(st.one_of(WORDS, st.just(None)), max_size=60)


class Follower:
    """Reads an output again and again, as the window does."""

    def __init__(self, file: Path, most: int = 1 << 20) -> None:
        self.file, self.most = file, most
        self.settled, self.rest = "", ""
        self.place: Place | None = None
        self.read = 0

    def look(self) -> Output:
        found = read_output(self.file, self.place, self.most)
        self.settled = found.lines if found.fresh else self.settled + found.lines
        self.rest, self.place = found.rest, found.place
        self.read += len(found.lines)
        return found


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """An output that goes on in other files after some hundred bytes, and shows lines that are not whole at once."""
    monkeypatch.setattr(console, "HEAD", 300)
    monkeypatch.setattr(console, "TAIL", 200)
    monkeypatch.setattr(console, "SHOWN_EVERY", 0.0)


@settings(max_examples=60)
@given(steps=STEPS)
def test_the_follower_has_what_the_file_has(steps: list[str | None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = ConsoleLog(Path(folder) / "console.log")
        follower = Follower(log.path)
        for step in steps:
            if step is None:
                follower.look()
            else:
                log.write(step)
        follower.look()
        follower.look()
        log.close()
        follower.look()
        whole = log.path.read_text(encoding="utf-8")
    assert follower.settled + follower.rest == whole


def test_only_what_is_new_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "HEAD", 1 << 20)
    log = ConsoleLog(tmp_path / "console.log")
    follower = Follower(log.path)
    log.write("a\n" * 1000)
    assert follower.look().fresh
    for number in range(5):
        log.write(f"line {number}\n")
        found = follower.look()
        assert not found.fresh and found.lines == f"line {number}\n"
    assert follower.look().lines == ""
    log.write("half")
    assert follower.look().rest == "half"
    log.write(" and half\n")
    assert follower.look().lines == "half and half\n"
    log.close()


def test_of_a_long_output_the_end_is_read_from_the_beginning_of_a_line(tmp_path: Path) -> None:
    file = tmp_path / "console.log"
    file.write_text("".join(f"line {number}\n" for number in range(1000)))
    found = read_output(file, None, 100)
    assert found.fresh and found.lines.startswith("line 9") and found.lines.endswith("line 999\n")
    assert found.skipped == file.stat().st_size - len(found.lines) and len(found.lines) <= 100


def test_what_came_in_a_rush_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "console.log"
    file.write_text("begin\n")
    follower = Follower(file, 100)
    follower.look()
    with file.open("a") as stream:
        stream.write("x\n" * 500)
    found = follower.look()
    assert found.fresh and found.skipped and len(found.lines) <= 100


def test_the_outputs_of_a_run_that_was_gone_on_with(tmp_path: Path) -> None:
    names = ["model/a.txt", "runfolio/console-10.log", "runfolio/console-2.log", "runfolio/console.log"]
    files = [Artifact(name, 1, 0) for name in names]
    assert console_files(files) == ["runfolio/console.log", "runfolio/console-2.log", "runfolio/console-10.log"]
