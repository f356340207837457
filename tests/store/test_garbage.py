"""Emptying the trash: what goes, what stays, and what a crash in the middle leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from runfolio.core.errors import StoreGone
from runfolio.core.states import ViewType
from runfolio.store import Store, open_store, schema
from runfolio.store.bulk import read_runs
from runfolio.store.experiments import find_experiment
from runfolio.store.garbage import collect_garbage
from runfolio.store.search import find_runs
from runfolio.store.trash import delete_experiment, delete_runs, restore_runs
from tests.store.script import Script

SCRIPT = """
import numpy, runfolio
for name in ("keep", "drop"):
    runfolio.set_experiment(name)
    runfolio.set_experiment_tag("note", "x" * 20_000)
    for number in range(3):
        with runfolio.start_run(run_name=f"{name} {number}"):
            runfolio.log_param("lr", number)
            runfolio.log_param("long", "y" * 20_000)
            runfolio.set_tag("long", "z" * 20_000)
            for step in range(10):
                runfolio.log_metric("loss", step, step=step)
            runfolio.log_text("hello", "a/b.txt")
            runfolio.log_input(runfolio.data.from_numpy(numpy.ones(3), name=name), context="training")
"""


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Store]:
    """Two experiments of three runs, each with something in every table."""
    folder = tmp_path / "filled"
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, env={**os.environ, "RUNFOLIO_STORE": str(folder)})
    store = open_store(folder)
    yield store
    store.close()


def names(store: Store) -> set[str]:
    """The runs there are, in use or not."""
    return {run.name for run in read_runs(store, find_runs(store, view=ViewType.ALL))}


def rows(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.reading() as connection:
        tables = schema.metadata.sorted_tables
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }


def content(folder: Path) -> dict[str, bytes]:
    """Every file but SQLite's passing ones."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def delete_drop(store: Store) -> None:
    number = find_experiment(store, "drop")
    assert number is not None
    delete_experiment(store, number)


def test_an_experiment_goes_with_all_it_has(filled: Store) -> None:
    before = rows(filled)
    delete_drop(filled)
    gone = collect_garbage(filled)
    assert (gone.runs, gone.experiments, gone.files, gone.bytes) == (3, 1, 3, 15)
    assert names(filled) == {"keep 0", "keep 1", "keep 2"}
    after = rows(filled)
    for table in ("runs", "params", "tags", "series", "chunks", "artifacts", "inputs", "input_tags", "long_values"):
        assert 0 < after[table] == before[table] / 2, table
    assert after["datasets"] == after["experiments"] == after["experiment_tags"] == 1 and after["removals"] == 0
    assert len(list((filled.path / "artifacts").iterdir())) == 3


def test_a_dry_run_changes_nothing(filled: Store) -> None:
    delete_drop(filled)
    before, told = content(filled.path), collect_garbage(filled, dry_run=True)
    assert content(filled.path) == before
    assert told == collect_garbage(filled)
    assert 3 * 40_000 < told.row_bytes < 3 * 40_000 + 60_000, "what is long is most of it"


def test_what_is_not_old_enough_stays(filled: Store) -> None:
    delete_drop(filled)
    assert collect_garbage(filled, older_than_ms=3_600_000).runs == 0
    assert len(names(filled)) == 6


def test_single_runs_leave_their_experiment(filled: Store) -> None:
    numbers = find_runs(filled, filter="name = 'drop 1'")
    delete_runs(filled, numbers)
    gone = collect_garbage(filled)
    assert (gone.runs, gone.experiments) == (1, 0)
    assert "drop 1" not in names(filled) and find_experiment(filled, "drop") is not None


def test_what_is_taken_back_meanwhile_stays(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    delete_drop(filled)
    monkeypatch.setattr("runfolio.store.garbage.BATCH", 1)
    (last,) = find_runs(filled, filter="name = 'drop 2'", view=ViewType.DELETED_ONLY)

    def take_back(done: int, total: int) -> None:
        restore_runs(filled, [last])

    gone = collect_garbage(filled, progress=take_back)
    assert (gone.runs, gone.experiments, gone.files) == (2, 0, 2)
    assert names(filled) == {"keep 0", "keep 1", "keep 2", "drop 2"}
    (run,) = read_runs(filled, [last])
    assert run.params["lr"] == "2" and (filled.path / "artifacts" / run.run_id / "a" / "b.txt").exists()


def test_an_experiment_that_gets_a_run_meanwhile_stays(filled: Store, caplog: pytest.LogCaptureFixture) -> None:
    delete_drop(filled)
    number = find_experiment(filled, "drop")
    assert number is not None

    def log_to_it(done: int, total: int) -> None:
        with Script(filled) as script:
            script.start(experiment="drop", name="late")
            script.take()

    gone = collect_garbage(filled, progress=log_to_it)
    assert (gone.runs, gone.experiments) == (3, 0)
    assert find_experiment(filled, "drop") == number and "late" in names(filled)
    assert caplog.text.count("The experiment drop was in the trash") == 1


def test_what_went_before_the_store_was_gone_is_told_and_the_rest_goes_the_next_time(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete_drop(filled)
    monkeypatch.setattr("runfolio.store.garbage.BATCH", 1)
    folder, aside = filled.path, filled.path.with_name("aside")

    def move_away(done: int, total: int) -> None:
        folder.replace(aside)

    gone = collect_garbage(filled, progress=move_away)
    assert (gone.runs, gone.files, gone.bytes, gone.experiments) == (1, 1, 5, 0)
    assert (gone.left_runs, gone.left_experiments) == (2, 1)
    assert isinstance(gone.trouble, StoreGone)
    with pytest.raises(StoreGone):
        collect_garbage(filled)
    aside.replace(folder)
    gone = collect_garbage(filled)
    assert (gone.runs, gone.experiments, gone.left_runs, gone.trouble) == (2, 1, 0, None)


def test_a_crash_between_rows_and_files_is_made_good(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    delete_drop(filled)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("shutil.rmtree", _interrupted)
        collect_garbage(filled)
    assert len(names(filled)) == 3 and len(list((filled.path / "artifacts").iterdir())) == 6
    collect_garbage(filled)
    assert len(list((filled.path / "artifacts").iterdir())) == 3 and rows(filled)["removals"] == 0


def test_a_link_is_not_followed(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious").write_text("x")
    (number,) = find_runs(filled, filter="name = 'drop 0'")
    (run,) = read_runs(filled, [number])
    folder = filled.path / "artifacts" / run.run_id
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "mine")
    delete_runs(filled, [number])
    collect_garbage(filled)
    assert not folder.is_symlink() and (tmp_path / "mine" / "precious").exists()


def _interrupted(path: Path, **options: object) -> None:
    raise KeyboardInterrupt
