"""Whole folders in a run: replaced at once, by processes that are killed too, in stores that are moved."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import runfolio
from runfolio.client import folders
from runfolio.client.tracker import close_all
from runfolio.core.errors import InvalidValue
from runfolio.store import open_store
from runfolio.store.recover import recover
from runfolio.store.strays import find_strays
from runfolio.store.verify import verify_run
from tests.client.conftest import Script


@pytest.fixture
def logging_to(folder: Path) -> Iterator[Path]:
    """The store, where this process logs."""
    runfolio.set_tracking_uri(folder)
    yield folder
    close_all()
    runfolio.set_tracking_uri(None)


def filled(text: str, name: str = "MLmodel") -> folders.Fill:
    return lambda folder: (folder / name).write_text(text)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["model", "models/net"])
def test_a_process_that_is_killed_while_it_replaces_a_folder_leaves_the_old_one(
    script: Script, folder: Path, name: str
) -> None:
    script(
        f"""
        import os, signal, runfolio
        from pathlib import Path
        from runfolio.client import folders
        run = runfolio.start_run()
        folders.store_folder(run, {name!r}, lambda folder: (folder / "MLmodel").write_text("old"))
        run.flush()
        renamed = Path.rename
        def rename(path, target):
            if not str(target).endswith(".old.part"):
                os.kill(os.getpid(), signal.SIGKILL)
            return renamed(path, target)
        Path.rename = rename
        folders.store_folder(run, {name!r}, lambda folder: (folder / "MLmodel").write_text("new"))
        """,
        code=-signal.SIGKILL,
    )
    (run,) = (folder / "artifacts").iterdir()
    assert not (run / name).exists()
    store = open_store(folder)
    recover(store)
    assert (run / name / "MLmodel").read_text() == "old" and not list(run.rglob("*.old.part"))
    assert [str(one.verdict) for one in verify_run(store, 1)] == ["as logged"] and find_strays(store) == []
    store.close()


def test_a_store_that_is_moved_while_a_folder_is_filled(logging_to: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"

    def fill(folder: Path) -> None:
        if not moved.exists():
            logging_to.rename(moved)
        (folder / "MLmodel").write_text("whole")

    with runfolio.start_run() as run:
        run.flush()
        assert folders.store_folder(run, "model", fill)
        assert (moved / "artifacts" / run.info.run_id / "model" / "MLmodel").read_text() == "whole"
    assert not logging_to.exists()


@pytest.mark.parametrize("name", ["to a file", "to a folder", "to nothing", "a pipe"])
def test_a_folder_with_a_link_is_refused(logging_to: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "to a folder").mkdir()
    (tmp_path / "to a file").write_text("secret")

    def fill(folder: Path) -> None:
        (folder / "MLmodel").write_text("model")
        os.mkfifo(folder / name) if name == "a pipe" else (folder / name).symlink_to(tmp_path / name)

    with runfolio.start_run() as run:
        what = "a pipe" if name == "a pipe" else "a link"
        with pytest.raises(InvalidValue, match=f"'model/{name}' is {what}, and an artifact is a regular file"):
            folders.store_folder(run, "model", fill)
        assert [path.name for path in run.folder.iterdir() if path.name != "runfolio"] == []


def test_a_file_in_a_folder_whose_name_is_not_composed_is_refused(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        with pytest.raises(InvalidValue, match="not in Unicode's composed form"):
            folders.store_folder(run, "model", filled("x", "e\u0301.txt"))
        assert folders.store_folder(run, "model", filled("x", "\u00e9.txt"))


def test_a_folder_takes_the_place_of_no_file_and_a_file_of_no_folder(logging_to: Path) -> None:
    with runfolio.start_run() as run:
        runfolio.log_text("x", "clash")
        runfolio.log_text("y", "notes/day.txt")
        for name in ("clash", "clash/net"):
            with pytest.raises(InvalidValue, match="the run has a file of the name 'clash'"):
                folders.store_folder(run, name, filled("model"))
        with pytest.raises(InvalidValue, match=r"the run has a file of the name 'notes/day\.txt'"):
            runfolio.log_text("hi", "notes/day.txt/sub")
        with pytest.raises(InvalidValue, match="the run has a folder of the name 'notes'"):
            runfolio.log_text("hi", "notes")
    found = {file.name: file.read_text() for file in run.folder.rglob("*") if file.is_file()}
    assert found == {"clash": "x", "day.txt": "y"}
