"""The environments that are kept, as they are listed and removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound
from runfolio.environments import cache, listing

ABOUT: dict[str, object] = {"manager": "uv", "python": "3.11", "lines": ["six"], "of": "digits"}


def make(folder: Path, _lock: int) -> dict[str, object]:
    folder.mkdir(parents=True)
    (folder / "data").write_bytes(b"x" * 1000)
    return ABOUT


def aged(key: str, days: float) -> Path:
    with cache.get(key, make) as had:
        pass
    mark = had.folder / cache.DONE
    moment = mark.stat().st_mtime - days * 86_400
    os.utime(mark, (moment, moment))
    return had.folder


def test_they_are_listed_with_size_and_use_the_last_used_first() -> None:
    assert listing.kept() == []
    aged("aa11", 3)
    aged("ab22", 1)
    with cache.get("ab22", make) as had:
        first, second = listing.kept()
        assert (first.key, first.in_use, second.key, second.in_use) == ("ab22", True, "aa11", False)
        assert (first.folder, first.size) == (had.folder, 1000)
    assert (second.manager, second.python, second.lines, second.of, second.whole) == (
        "uv",
        "3.11",
        ("six",),
        "digits",
        True,
    )
    assert 2.9 < (second.made - second.last_used) / listing.DAY_MS < 3.1


def test_one_is_named_by_the_beginning_of_its_key() -> None:
    aged("aa11", 0)
    aged("ab22", 0)
    assert listing.named("ab").key == "ab22"
    with pytest.raises(InvalidValue, match="2 environments begin with a"):
        listing.named("a")
    for nothing in ("", "b"):
        with pytest.raises(NotFound):
            listing.named(nothing)


def test_one_that_is_used_is_not_removed() -> None:
    folder = aged("aa11", 0)
    with cache.get("aa11", make):
        with pytest.raises(EnvironmentProblem, match="in use"):
            listing.remove(listing.named("aa"))
        assert listing.clean(0) == []
    listing.remove(listing.named("aa"))
    assert not folder.exists() and listing.kept() == []


def test_what_is_old_or_not_whole_is_cleaned_away() -> None:
    aged("old", 40)
    aged("new", 1)
    (cache.root() / "half").mkdir()
    assert {one.key for one in listing.clean(30)} == {"old", "half"}
    assert [one.key for one in listing.kept()] == ["new"]
