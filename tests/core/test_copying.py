"""Copies of large files: all of what is left of them, with the hash of what was written, whatever copies them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from runfolio.core import copying

SIZE = copying.TURN + copying.STRETCH + 12_345


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of more than a turn, which ends within a stretch and a block."""
    file = tmp_path / "source.bin"
    file.write_bytes(os.urandom(SIZE))
    return file


def _copied(source: Path, target: Path, start: int = 0) -> tuple[str, list[int]]:
    told: list[int] = []
    with copying.open_regular(source) as given, target.open("x+b") as taken:
        given.seek(start)
        digest = copying.copy_hashed(given, taken, told.append)
        assert given.read() == b""
    return digest, told


@pytest.mark.parametrize("copier", ["copy_file_range", "nothing of the kernel's", "no way to read beside"])
def test_a_large_file_is_copied_whole_and_hashed(
    source: Path, tmp_path: Path, copier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if copier != "copy_file_range":
        monkeypatch.delattr(os, "copy_file_range", raising=False)
    if copier == "no way to read beside":
        monkeypatch.delattr(os, "preadv", raising=False)
    digest, told = _copied(source, tmp_path / "target.bin")
    data = source.read_bytes()
    assert (tmp_path / "target.bin").read_bytes() == data
    assert digest == hashlib.sha256(data).hexdigest()
    assert told == sorted(told) and told[-1] == SIZE


def test_only_what_is_left_of_a_file_is_copied(source: Path, tmp_path: Path) -> None:
    digest, told = _copied(source, tmp_path / "target.bin", 1000)
    data = source.read_bytes()[1000:]
    assert (tmp_path / "target.bin").read_bytes() == data
    assert digest == hashlib.sha256(data).hexdigest()
    assert told[-1] == SIZE - 1000


def test_a_kernel_that_gives_up_halfway_is_gone_on_for(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def once(given: int, taken: int, count: int, of: int, to: int) -> int:
        calls.append(count)
        if len(calls) > 1:
            raise OSError("it cannot")
        return os.pwrite(taken, os.pread(given, count, of), to)

    monkeypatch.setattr(os, "copy_file_range", once, raising=False)
    digest, _ = _copied(source, tmp_path / "target.bin")
    assert len(calls) == 2
    assert digest == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (tmp_path / "target.bin").read_bytes() == source.read_bytes()


def test_who_is_told_can_end_it(source: Path, tmp_path: Path) -> None:
    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with copying.open_regular(source) as given, (tmp_path / "target.bin").open("x+b") as taken:  # noqa: SIM117
        with pytest.raises(KeyboardInterrupt):
            copying.copy_hashed(given, taken, stop)
    assert (tmp_path / "target.bin").stat().st_size < SIZE
