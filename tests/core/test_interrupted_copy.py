"""Ctrl+C while a large file is copied: nothing is left that the interpreter would wait for at its end."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from runfolio.core import copying


def test_a_copy_that_is_interrupted_while_its_thread_starts_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        raise KeyboardInterrupt

    (tmp_path / "large").write_bytes(bytes(copying.LARGE))
    monkeypatch.setattr(copying, "_is_cloned", lambda *_: False)
    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with (
        (tmp_path / "large").open("rb") as source,
        (tmp_path / "copy").open("x+b") as target,
        pytest.raises(KeyboardInterrupt),
    ):
        copying.copy_hashed(source, target)
    monkeypatch.undo()
    assert "runfolio-hash" not in [one.name for one in threading.enumerate()]
