"""Copies of a store: whole, and made while others write."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from runfolio.core.errors import InvalidValue
from runfolio.store import Store, open_store
from runfolio.store.backup import back_up
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from runfolio.store.series import points

ENDLESS = """
import sys, runfolio
runfolio.start_run(run_name="endless")
runfolio.log_text("hello", "a.txt")
for step in range(10**9):
    runfolio.log_metric("loss", step, step=step)
    if step % 1000 == 0:
        print(step, flush=True)
"""


def test_a_copy_made_while_a_process_logs_has_all_it_had_logged(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS],
        env={**os.environ, "RUNFOLIO_STORE": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for number in range(4):
            logged = [int(process.stdout.readline()) for _ in range(40)][-1]
            store = open_store(folder)
            copy = back_up(store, tmp_path / f"copy {number}")
            store.close()
            copied = open_store(copy, create=False)
            recover(copied)
            (run,) = read_runs(copied, find_runs(copied))
            steps = points(copied, run.id, "loss").steps.tolist()
            assert steps == list(range(len(steps))), "each once, in order"
            assert len(steps) > logged and run.status == "KILLED", "in the copy its writer is gone"
            assert (copy / "artifacts" / run.run_id / "a.txt").read_text() == "hello"
            copied.close()
    finally:
        process.kill()
        process.communicate()


def test_a_zip_file_is_a_store_when_unpacked(store: Store, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    packed = back_up(store, tmp_path / "out" / "copy.zip", lambda done, total: seen.append((done, total)))
    zipfile.ZipFile(packed).extractall(tmp_path / "unpacked")
    open_store(tmp_path / "unpacked", create=False).close()
    assert [path.name for path in packed.parent.iterdir()] == ["copy.zip"], "nothing unfinished stays"


def test_a_zip_file_takes_files_of_any_date(store: Store, tmp_path: Path) -> None:
    old = store.path / "artifacts" / "a run" / "old.txt"
    old.parent.mkdir(parents=True)
    old.write_text("x")
    os.utime(old, (0, 0))  # 1970; the years of zip files begin with 1980
    with zipfile.ZipFile(back_up(store, tmp_path / "copy.zip")) as packed:
        assert packed.read("artifacts/a run/old.txt") == b"x"


def test_a_file_that_goes_while_others_are_copied_is_not_missed(store: Store, tmp_path: Path) -> None:
    files = [store.path / "artifacts" / "a run" / name for name in ("console.log", "console.log.1")]
    files[0].parent.mkdir(parents=True)
    for file in files:
        file.write_text(file.name)

    def one_goes(done: int, total: int) -> None:
        for file in files:
            if not (tmp_path / ".copy.part" / file.relative_to(store.path)).exists():
                file.unlink(missing_ok=True)

    copy = back_up(store, tmp_path / "copy", one_goes)
    assert len(list((copy / "artifacts" / "a run").iterdir())) == 1


def test_nothing_is_overwritten(store: Store, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("x")
    (tmp_path / "there.zip").write_text("x")
    for target in ("there", "there.zip", "store/backup"):
        with pytest.raises(InvalidValue):
            back_up(store, tmp_path / target)
    assert (tmp_path / "there" / "file").read_text() == (tmp_path / "there.zip").read_text() == "x"
