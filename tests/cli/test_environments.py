"""`runfolio environments`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from runfolio.environments import cache
from tests.cli.test_commands import run


def make(folder: Path, _lock: int) -> dict[str, Any]:
    folder.mkdir(parents=True)
    (folder / "data").write_bytes(b"x" * 3000)
    lines = ["numpy==2.0", "pandas", "six", "attrs", "scipy", "rich"]
    return {"manager": "uv", "python": "3.11.7", "lines": lines, "of": "digits"}


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two environments, one of which was last used long ago, and what was left of making a third."""
    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS", str(tmp_path / "environments"))
    for key, age in (("aaaa111122", 0), ("bbbb111122", 40 * 86_400)):
        with cache.get(key, make) as had:
            pass
        mark = had.folder / cache.DONE
        moment = mark.stat().st_mtime - age
        os.utime(mark, (moment, moment))
    (cache.root() / "cccc111122").mkdir()


def listed() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("environments", "list", "--json").stdout)
    return found


def test_they_are_listed_with_what_they_are_for_their_size_and_use() -> None:
    lines = run("environments", "list", COLUMNS="200").stdout.splitlines()
    assert lines[0].split() == ["key", "made", "for", "python", "size", "used", "packages"]
    told = "aaaa1111 digits 3.11.7 (uv) 3 kB just now numpy==2.0, pandas, six, attrs and 2 more"
    assert " ".join(lines[1].split()) == told
    assert "not whole" in lines[3] and lines[-1] == f"3 environments of 6 kB in {cache.root()}."
    first = listed()[0]
    assert (first["key"], first["size"], first["whole"], first["in_use"]) == ("aaaa111122", 3000, True, False)


def test_they_are_removed_by_the_beginnings_of_their_keys_all_or_none() -> None:
    assert "no environment 'x'" in run("environments", "remove", "aa", "x", code=3).stderr
    assert len(listed()) == 3
    assert run("environments", "remove", "aa", "cc").stdout == "Removed 2 environments of 3 kB.\n"
    assert [one["key"] for one in listed()] == ["bbbb111122"]


def test_one_in_use_stays() -> None:
    with cache.get("aaaa111122", make):
        assert "in use" in run("environments", "list", COLUMNS="200").stdout
        assert "aaaa1111 is in use" in run("environments", "remove", "aa", code=5).stderr
        told = json.loads(run("environments", "clean", "--unused", "0", "--json").stdout)
        assert (sorted(told["keys"]), told["bytes"]) == (["bbbb111122", "cccc111122"], 3000)
    assert [one["key"] for one in listed()] == ["aaaa111122"]


def test_what_was_not_used_for_long_is_cleaned_away() -> None:
    assert run("environments", "clean").stdout == "Removed 2 environments of 3 kB.\n"
    assert [one["key"] for one in listed()] == ["aaaa111122"]
