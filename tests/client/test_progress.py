"""A line on the terminal while a large file is copied, and nothing anywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from runfolio.client import progress
from runfolio.client.progress import progress_line

pty = pytest.importorskip("pty", reason="there are no such terminals on Windows")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where what is written on the terminal can be read."""
    reader, writer = pty.openpty()
    with open(writer, "w") as stream:  # noqa: PTH123 (a descriptor has no path)
        monkeypatch.setattr(sys, "__stderr__", stream)
        yield reader
    os.close(reader)


def test_how_far_it_is_stands_in_one_line_that_goes(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PACE", -1.0)
    with progress_line("Logging model.bin", 4_000_000_000) as told:
        told(1_000_000_000)
        told(3_000_000_000)
    seen = os.read(terminal, 4096).decode().split("\r")
    assert [part.removeprefix("\x1b[K") for part in seen] == [
        "",
        "Logging model.bin: 1 GB of 4 GB (25%)",
        "Logging model.bin: 3 GB of 4 GB (75%)",
        "",
    ]


def test_the_name_of_a_file_does_not_steer_the_terminal(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PACE", -1.0)
    with progress_line("Copying \x1b[31mred\x07.bin", 10) as told:
        told(5)
    assert "Copying \\x1b[31mred\\x07.bin: 5 B of 10 B" in os.read(terminal, 4096).decode()


def test_what_is_quick_says_nothing(terminal: int) -> None:
    with progress_line("Logging a.txt", 10) as told:
        told(10)
    os.set_blocking(terminal, False)
    with pytest.raises(BlockingIOError):
        os.read(terminal, 10)


def test_a_pipe_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with open(writer, "w") as stream:  # noqa: PTH123 (a descriptor has no path)
        monkeypatch.setattr(sys, "__stderr__", stream)
        with progress_line("Logging model.bin", 10) as told:
            told(5)
    assert os.read(reader, 10) == b""
    os.close(reader)


def test_without_a_standard_error_all_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", None)
    with progress_line("Logging model.bin", 10) as told:
        told(5)
