"""Reports are files of a run: kept, taken back and kept again, and never over each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runfolio.core.captured import REPORTS
from runfolio.core.errors import EnvironmentProblem, NotFound, RunStateError
from runfolio.core.folder import ARTIFACTS
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.reports import save_report
from runfolio.store.runs import get_run
from runfolio.store.watch import changes_since
from tests.store.script import Script

FILES = {"report.md": b"# x", "picture-1.png": b"123"}


@pytest.fixture
def run(store: Store) -> int:
    with Script(store) as script:
        name = script.start(name="base")
        script.end(name)
        script.take()
        return script.number(name)


def paths(store: Store, run: int) -> list[str]:
    return [file.path for file in list_artifacts(store, run)]


def test_it_is_kept_taken_back_and_kept_again(store: Store, run: int) -> None:
    before = changes_since(store, 0).revision
    saved = save_report(store, run, "now", FILES)
    assert saved.text == "Saved the report in the files of base: runfolio/reports/now"
    assert paths(store, run) == ["runfolio/reports/now/picture-1.png", "runfolio/reports/now/report.md"]
    assert artifact_file(store, run, "runfolio/reports/now/report.md").read_bytes() == b"# x"
    assert run in changes_since(store, before).runs
    assert saved.inverse is not None
    removed = saved.inverse(store)
    assert paths(store, run) == []
    assert not (store.path / ARTIFACTS / get_run(store, run).run_id / REPORTS).exists()
    assert removed.inverse is not None
    removed.inverse(store)
    assert len(paths(store, run)) == 2


def test_another_one_of_the_same_moment_has_a_folder_of_its_own(store: Store, run: int) -> None:
    first, second = save_report(store, run, "now", FILES), save_report(store, run, "now", FILES)
    assert "runfolio/reports/now-2" in second.text and first.inverse is not None
    first.inverse(store)
    assert paths(store, run) == ["runfolio/reports/now-2/picture-1.png", "runfolio/reports/now-2/report.md"]


def test_what_somebody_has_changed_since_stays(store: Store, run: int) -> None:
    saved = save_report(store, run, "now", FILES)
    artifact_file(store, run, "runfolio/reports/now/report.md").write_bytes(b"mine")
    assert saved.inverse is not None
    with pytest.raises(RunStateError, match="changed"):
        saved.inverse(store)
    assert artifact_file(store, run, "runfolio/reports/now/report.md").read_bytes() == b"mine"


@pytest.mark.parametrize("change", [lambda file: file.unlink(), lambda file: (file.parent / "mine").mkdir()])
def test_what_lies_beside_it_or_is_gone_counts_as_changed(
    store: Store, run: int, change: Callable[[Path], None]
) -> None:
    saved = save_report(store, run, "now", FILES)
    change(artifact_file(store, run, "runfolio/reports/now/report.md"))
    assert saved.inverse is not None
    with pytest.raises(RunStateError, match="changed"):
        saved.inverse(store)
    assert artifact_file(store, run, "runfolio/reports/now/picture-1.png").exists()


def test_nothing_is_left_of_one_that_cannot_be_kept(store: Store, run: int) -> None:
    folder = store.path / ARTIFACTS / get_run(store, run).run_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "runfolio").write_text("in the way")
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        save_report(store, run, "now", FILES)
    assert paths(store, run) == [] and [file.name for file in folder.iterdir()] == ["runfolio"]
    with pytest.raises(NotFound):
        save_report(store, 99, "now", FILES)
