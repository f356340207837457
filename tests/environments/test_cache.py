"""Environments in the user's cache: found again, held while they are used, and removed to make room."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.environments import cache


def test_environments_unused_for_longest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "content").write_bytes(b"x" * 1000)

    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS_GB", str(2500 / (1 << 30)))
    for age, key in enumerate(["first", "second"]):
        with cache.get(key, make) as (made, _):
            pass
        os.utime(made / ".runfolio-environment", (age, age))
    for key in ("first", "third"):  # the first is used again, so that the second is the oldest
        with cache.get(key, make):
            pass
    assert sorted(path.name for path in cache.root().iterdir() if path.is_dir()) == ["first", "third"]


def test_an_environment_that_is_used_is_neither_removed_nor_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "data").write_bytes(b"x" * 1000)

    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS_GB", "0")
    with cache.get("used", make) as (made, _), cache.get("used", make) as (_, was_there):
        assert was_there
        with cache.get("other", make):
            assert (made / "data").is_file()
        with pytest.raises(EnvironmentProblem), cache.get("used", make, fresh=True, wait=0.1):
            pass
        assert (made / "data").is_file()
    with cache.get("third", make):
        assert not made.exists()


def test_a_cap_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS_GB", "20GB")
    with pytest.raises(InvalidValue, match="'20GB'"), cache.get("key", Path.mkdir):
        pass
