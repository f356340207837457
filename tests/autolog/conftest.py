"""Trainings in this process, with the real libraries, logged to a store of the test's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import runfolio
from runfolio.client.autolog import quiet
from runfolio.client.tracker import close_all
from runfolio.core.entities import Run
from runfolio.store import datasets, open_store, run_order, runs, series
from runfolio.store.run_query import RunQuery


class Logged:
    """What a store holds of the runs of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def runs(self) -> list[Run]:
        """The runs, oldest first."""
        if not self.folder.exists():
            return []
        runfolio.flush()
        store = open_store(self.folder)
        try:
            numbers = sorted(int(number) for number in run_order.run_ids(store, RunQuery()))
            return [runs.get_run(store, number) for number in numbers]
        finally:
            store.close()

    def run(self) -> Run:
        """The only run."""
        (run,) = self.runs()
        return run

    def points(self, run: Run, key: str) -> list[tuple[int, float]]:
        """Steps and values of a metric."""
        store = open_store(self.folder)
        try:
            points = series.points(store, run.id, key)
            return list(zip(points.steps.tolist(), points.values.tolist(), strict=True))
        finally:
            store.close()

    def datasets(self, run: Run) -> list[tuple[str, str | None, str | None]]:
        """What for, schema and profile of each dataset of a run."""
        store = open_store(self.folder)
        try:
            found = datasets.inputs_of(store, run.id)
        finally:
            store.close()
        return [(one.tags["mlflow.data.context"], one.dataset.schema, one.dataset.profile) for one in found]

    def files(self, run: Run) -> set[str]:
        """The run's files."""
        root = self.folder / "artifacts" / run.run_id
        return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}

    def text(self, run: Run, name: str) -> str:
        """A file of the run."""
        return (self.folder / "artifacts" / run.run_id / name).read_text(encoding="utf-8")


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logged]:
    """The store that is logged to; autologging is off after the test."""
    monkeypatch.setattr(quiet, "_told", set())  # what was told once in an earlier test is told again
    folder = tmp_path / "store"
    runfolio.set_tracking_uri(folder)
    yield Logged(folder)
    runfolio.autolog(disable=True)
    while runfolio.active_run() is not None:
        runfolio.end_run()
    close_all()
