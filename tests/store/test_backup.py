"""Copies of a store: whole, and made while others write."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.folder import FILES
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


def test_a_copy_has_the_registry_and_names_of_one_file_are_of_one_file_in_it(store: Store, tmp_path: Path) -> None:
    for name in ("artifacts/a run/net.pt", "artifacts/a run/.notes.part", "trash/a run/7/gone.pt"):
        (store.path / name).parent.mkdir(parents=True, exist_ok=True)
        (store.path / name).write_text(name)
    (store.path / "artifacts" / "a run" / f".{'0' * 32}.part").write_text("half")
    version = store.path / "registry" / "net" / "v1"
    version.mkdir(parents=True)
    (version / "net.pt").hardlink_to(store.path / "artifacts" / "a run" / "net.pt")
    copy = back_up(store, tmp_path / "copy")
    found = {path.relative_to(copy).as_posix() for name in FILES for path in (copy / name).rglob("*") if path.is_file()}
    assert found == {
        "artifacts/a run/net.pt",
        "artifacts/a run/.notes.part",
        "trash/a run/7/gone.pt",
        "registry/net/v1/net.pt",
    }, "what has a name like that of a part is a file of the user"
    assert (copy / "registry" / "net" / "v1" / "net.pt").samefile(copy / "artifacts" / "a run" / "net.pt")
    assert not (copy / "artifacts" / "a run" / "net.pt").samefile(version / "net.pt")


def test_what_cannot_be_copied_is_told_and_leaves_no_copy(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.path / "artifacts" / "closed").mkdir(parents=True)
    real = os.scandir

    def scandir(path: Any = ".") -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(EnvironmentProblem, match="closed cannot be copied: Permission denied"):
        back_up(store, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == [store.path.name]


def test_nothing_is_overwritten(store: Store, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("x")
    (tmp_path / "there.zip").write_text("x")
    for target in ("there", "there.zip", "store/backup"):
        with pytest.raises(InvalidValue):
            back_up(store, tmp_path / target)
    assert (tmp_path / "there" / "file").read_text() == (tmp_path / "there.zip").read_text() == "x"
