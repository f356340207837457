"""`runfolio storage`: what is told, and what is on the disk after it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import run

SCRIPT = """
import runfolio
runfolio.set_experiment("team/a")
for number in range(2):
    with runfolio.start_run(run_name=f"run {number}"):
        for step, loss in enumerate((0.5, 0.1, 0.3, 0.4)):
            runfolio.log_metric("loss", loss, step=step)
            runfolio.log_text("x" * 1000 * (step + 1) + str(number), f"step={step}.ckpt")
        runfolio.log_text("same", "notes.md")
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of two runs with checkpoints."""
    folder = tmp_path / "filled"
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, env={**os.environ, "RUNFOLIO_STORE": str(folder)})
    return folder


def told(store: Path, *words: str) -> Any:
    return json.loads(run("storage", *words, "--json", "--store", str(store)).stdout)


def names(store: Path, place: str = "artifacts") -> list[str]:
    found = [path.name for path in (store / place).rglob("*") if path.is_file() and path.suffix in (".ckpt", ".md")]
    return sorted(found)


def test_what_takes_the_room(store: Path) -> None:
    found = told(store, "show", "--by", "kind")
    assert {one["name"]: one["count"] for one in found["shares"] if one["name"] != ".txt"} == {".ckpt": 8, ".md": 2}
    table = run("storage", "show", "--store", str(store)).stdout
    assert "team/a" in table and "emptying the trash gives 0 B back" in table
    for by in ("run", "metric"):
        assert run("storage", "show", "--by", by, "--store", str(store)).stdout.count("\n") > 2


def test_retention_is_told_before_it_is_done(store: Path) -> None:
    rule = ("retain", "--metric", "loss")
    found = told(store, *rule)
    assert [one["path"] for one in found["going"]] == ["step=0.ckpt", "step=2.ckpt"] * 2
    assert {(one["path"], one["reason"]) for one in found["kept"]} == {
        ("step=1.ckpt", "the best: 0.1"),
        ("step=3.ckpt", "the last"),
    }
    assert len(names(store)) == 10 and found["bytes"] == 2 * (1001 + 3001)
    assert "Do it with --apply" in run("storage", *rule, "--store", str(store)).stdout
    assert "Moved 4 files (8 kB) to the trash" in run("storage", *rule, "--apply", "--store", str(store)).stdout
    assert names(store) == ["notes.md", "notes.md"] + ["step=1.ckpt"] * 2 + ["step=3.ckpt"] * 2
    assert len(names(store, "trash")) == 4
    assert "4 files, 8 kB" in run("gc", "--store", str(store)).stdout
    assert names(store, "trash") == []
    assert "cannot be grouped by" in run("storage", "retain", "--per", "x", "--store", str(store), code=2).stderr
    assert "nothing would go" in run("storage", *rule, "--store", str(store)).stdout.lower()


def test_duplicates_and_orphans(store: Path) -> None:
    same = [one for one in told(store, "duplicates") if one["size"] == 4]
    assert [copy["file"][1] for copy in same[0]["copies"]] == ["notes.md", "notes.md"] and same[0]["wasted"] == 4
    stray = next((store / "artifacts").iterdir()) / "stray.md"
    stray.write_text("x")
    os.utime(stray, (1e9, 1e9))
    found = told(store, "orphans")["orphans"]
    assert [(one["file"][1], one["kind"]) for one in found] == [("stray.md", "not in the tables")]
    assert told(store, "orphans", "--delete")["message"] == "Moved stray.md (1 B) to the trash"
    assert not stray.exists() and told(store, "orphans")["orphans"] == []


def test_single_files_are_verified_and_deleted(store: Path) -> None:
    one = json.loads(run("runs", "list", "--json", "--store", str(store)).stdout)[0]["run_id"]
    assert {file["verdict"] for file in told(store, "verify", one)} == {"as logged"}
    file = store / "artifacts" / one / "notes.md"
    known = file.stat()
    file.write_text("rust")
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert "damaged" in run("storage", "verify", one, "--store", str(store), code=1).stdout
    assert told(store, "delete", one, "notes.md", "step=0.ckpt")["message"] == "Moved 2 files (1 kB) to the trash"
    assert not file.exists()


def test_a_file_that_is_not_there_is_not_deleted_and_retention_tells_which_way_is_better(store: Path) -> None:
    number = next((store / "artifacts").iterdir()).name
    before = names(store)
    for others in ((), ("notes.md",)):
        refused = run("storage", "delete", number[:8], *others, "nofile.txt", "--store", str(store), code=3)
        assert "has no file 'nofile.txt'" in refused.stderr and names(store) == before
    rule = ("storage", "retain", "--store", str(store), "--metric")
    assert "The best has the lowest loss, as its name tells" in run(*rule, "loss").stdout
    assert "The best has the highest loss." in run(*rule, "loss", "--higher").stdout
