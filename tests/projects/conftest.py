"""Projects as users write them, in folders of their own, and what they have logged."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from runfolio.client.tracker import Tracker, close_all, tracker
from runfolio.core.entities import Run
from runfolio.store.bulk import read_runs
from runfolio.store.search import find_runs

MakeProject = Callable[..., Path]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Writes a project: its MLproject file, and scripts by their names without `.py`."""

    def make(mlproject: str = "", *, name: str = "project", **scripts: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        if mlproject:
            (folder / "MLproject").write_text(textwrap.dedent(mlproject), encoding="utf-8")
        for script, source in scripts.items():
            (folder / f"{script}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tracker]:
    """The store that runs go to."""
    monkeypatch.setenv("RUNFOLIO_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("RUNFOLIO_CAPTURE", "1")
    yield tracker(tmp_path / "store")
    close_all()


@pytest.fixture
def runs(target: Tracker) -> Callable[[], Mapping[str, Run]]:
    """Reads all runs of the store, by their ids."""

    def read() -> Mapping[str, Run]:
        store = target.opened_store()
        return {run.run_id: run for run in read_runs(store, find_runs(store))}

    return read
