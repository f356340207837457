"""A project whose script a sweep runs, and the store that it logs to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.entities import Run
from runfolio.core.projects.request import EnvManager, RunRequest
from runfolio.store import runs
from runfolio.store.bulk import read_runs
from runfolio.store.search import find_runs

MLPROJECT = """\
name: hill
entry_points:
  main:
    parameters:
      x: {type: float, min: 0, max: 10}
      epochs: {type: int, default: 2}
    command: "python train.py {x} {epochs}"
"""
TRAIN = """\
import sys
import runfolio
x, epochs = float(sys.argv[1]), int(sys.argv[2])
with runfolio.start_run():
    for step in range(epochs):
        runfolio.log_metric("loss", (x - 3) ** 2 + epochs - step - 1, step)
    if x == 9:
        raise SystemExit(7)
"""
Project = Callable[..., RunRequest]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Makes a project with a script, and says how to run it."""

    def make(script: str = TRAIN, **parts: object) -> RunRequest:
        folder = tmp_path / "hill"
        folder.mkdir(exist_ok=True)
        (folder / "MLproject").write_text(MLPROJECT, encoding="utf-8")
        (folder / "train.py").write_text(script, encoding="utf-8")
        return RunRequest(str(folder), run_name="sweep", env_manager=EnvManager.LOCAL, **parts)  # type: ignore[arg-type]

    return make


class Logged:
    """What the store holds of a sweep.

    Attributes:
        parent: its run.
        trials: the runs of its trials, by the order in which they were begun.
    """

    def __init__(self, target: Tracker, run_id: str) -> None:
        store = target.opened_store()
        number = runs.find_run(store, run_id)
        assert number is not None
        self.number = number
        self.parent = runs.get_run(store, number)
        found = read_runs(store, find_runs(store))
        nested = [one for one in found if one.parent_run_id == run_id]
        assert len(found) == len(nested) + 1
        self.trials: list[Run] = sorted(nested, key=lambda one: (int(one.tags["runfolio.sweep.trial"]), one.start_time))
