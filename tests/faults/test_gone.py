"""A store that is deleted or moved while a script logs to it: the script goes on, and so does its run."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from runfolio.core.states import RunStatus
from runfolio.store import open_store
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from tests.faults.training import Training, check_whole, left_in

pytestmark = pytest.mark.faults
SOON = "import runfolio.client.pump; runfolio.client.pump.ABSENCE = 0.5"
# Has the training log a file with each tag.
FILES = "tag = runfolio.set_tag; runfolio.set_tag = lambda k, v: (tag(k, v), runfolio.log_text(str(v), f'at/{v}.txt'))"


@pytest.mark.parametrize("first", ["runfolio.flush()", ""], ids=["tables are there", "tables are yet to be made"])
def test_a_store_that_is_moved_away_and_back_has_all(tmp_path: Path, first: str) -> None:
    folder = tmp_path / "store"
    with Training(folder, "import runfolio.client.pump; runfolio.client.pump.ABSENCE = 1e9", first) as training:
        training.go_on(3_000)
        folder.rename(tmp_path / "elsewhere")
        assert "is gone" in training.warned()
        training.go_on(50_000)  # more than the room that was taken before
        (tmp_path / "elsewhere").rename(folder)
        training.go_on(1_000)
        steps = training.end()
    check_whole(folder, steps)
    assert len(training.warnings) == 1


def test_a_store_that_is_moved_takes_its_run_along(tmp_path: Path) -> None:
    """No other is made in its old place, where it would be in the way if the store came back."""
    folder, elsewhere = tmp_path / "store", tmp_path / "elsewhere"
    with Training(folder, SOON) as training:
        training.go_on(3_000)
        folder.rename(elsewhere)
        assert "is gone" in training.warned()
        training.go_on(3_000)
        steps = training.end()
    assert not folder.exists() and "was moved" in training.warnings[-1]
    check_whole(elsewhere, steps)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nobody tells where a file was moved to")
def test_files_follow_a_store_that_is_moved(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "store", tmp_path / "elsewhere"
    with Training(folder, f"{SOON}; {FILES}") as training:
        training.go_on(3_000)
        folder.rename(elsewhere)
        training.go_on(3_000)
        assert not folder.exists()
        steps = training.end()
    assert not folder.exists() and "could not be stored" not in training.told
    check_whole(elsewhere, steps)
    store = open_store(elsewhere)
    (number,) = run_ids(store, RunQuery())
    names = {one.path: one.size for one in list_artifacts(store, int(number)) if one.path.startswith("at/")}
    assert names == {f"at/{step}.txt": len(str(step)) for step in range(0, steps, 100)}
    for name in names:
        assert artifact_file(store, int(number), name).read_text() == Path(name).stem
    store.close()


def test_a_store_that_is_moved_for_good_has_its_run_go_on_in_a_new_one(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "store", tmp_path / "elsewhere"
    with Training(folder, SOON.replace("ABSENCE", "ABSENCE_ELSEWHERE")) as training:
        training.go_on(3_000)
        folder.rename(elsewhere)
        moved = training.step
        training.warned()
        while not folder.exists():
            training.go_on(1_000)
        training.go_on(50_000)
        steps = training.end()
    check_goes_on(folder, moved, steps)


def check_goes_on(folder: Path, gone: int, steps: int) -> None:
    """In a new store is the run from shortly before the old one went: what had not reached the tables was in memory."""
    run, found = left_in(folder)
    assert found[0] <= gone + 200
    assert np.array_equal(found, np.arange(found[0], steps))
    assert run.status is RunStatus.FINISHED and run.params["ended"] == "True"
    assert not list((folder / "journal").iterdir())


def test_a_run_goes_on_in_a_new_store_when_its_own_was_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Training(folder, before=SOON) as training:
        training.go_on(3_000)
        shutil.rmtree(folder)
        deleted = training.step
        training.warned()
        training.go_on(50_000)
        steps = training.end()
    check_goes_on(folder, deleted, steps)
    assert len(training.warnings) == 1


def test_a_run_goes_on_when_the_database_alone_was_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Training(folder, before=SOON) as training:
        training.go_on(3_000)
        for file in folder.glob("runfolio.db*"):
            file.unlink()
        deleted = training.step
        training.warned()
        training.go_on(5_000)
        steps = training.end()
    check_goes_on(folder, deleted, steps)


def test_a_store_deleted_shortly_before_the_end_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Training(folder) as training:
        training.go_on(3_000)
        shutil.rmtree(folder)
        deleted = training.step
        steps = training.end()
    check_goes_on(folder, deleted, steps)
