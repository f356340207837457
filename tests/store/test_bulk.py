"""Reading many runs at once: records and columns say the same as reading each run by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runfolio.core.states import RunStatus
from runfolio.core.system_tags import SYSTEM_TAGS
from runfolio.store import Store, open_store
from runfolio.store.bulk import read_frame, read_runs
from runfolio.store.runs import get_run
from tests.store.script import Script

RUNS = 25


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "store")
    with Script(store) as script:
        for number in range(RUNS):
            run = script.start(run_id=f"run{number}", name=f"name {number}", parent="run0" if number % 5 == 1 else None)
            script.params(run, {f"p{key}": f"{number}é" for key in range(number % 4)})
            script.tags(run, {"note": "it's" if number % 2 else "", **({"mlflow.user": "you"} if number == 3 else {})})
            script.log(run, "loss", [float(number), math.nan if number % 3 == 0 else number / 2])
            if number % 2:
                script.log(run, "acc/val", [math.inf, -1.5])
                script.end(run, RunStatus.FAILED)
        script.take()
    yield store
    store.close()


def test_the_records_are_in_the_order_asked_and_what_is_gone_is_left_out(store: Store) -> None:
    asked = [*range(RUNS, 0, -1), 999, -1]
    found = read_runs(store, asked)
    assert [run.id for run in found] == asked[:-2]
    assert [run.run_id for run in found] == [f"run{number}" for number in reversed(range(RUNS))]
    last = found[0]
    assert (last.name, last.experiment_name, last.status, last.end_time) == ("name 24", "Default", "RUNNING", None)
    assert (last.user, last.parent, last.params, last.tags) == ("me", None, {}, {"note": ""})
    summary = last.metrics["loss"]
    assert math.isnan(summary.last) and (summary.first, summary.count, summary.non_finite) == (24.0, 2, 1)
    assert (summary.minimum, summary.maximum, summary.mean, summary.last_step) == (24.0, 24.0, 24.0, 1)
    child = next(run for run in found if run.run_id == "run11")
    assert child.parent == 1 and child.status is RunStatus.FAILED
    assert child.params == {"p0": "11é", "p1": "11é", "p2": "11é"}
    assert list(child.metrics) == ["acc/val", "loss"] and child.metrics["acc/val"].last == -1.5
    assert read_runs(store, []) == []
    # One at a time, or all together.
    assert repr([get_run(store, run.id) for run in found]) == repr(found)


def test_the_columns_agree_with_the_records(store: Store) -> None:
    numbers = [7, 3, 12, 25, 1, 999, 4]
    frame, runs = read_frame(store, numbers), read_runs(store, numbers)
    assert {len(column) for column in frame.values()} == {len(runs)}
    assert frame["run_id"].tolist() == [run.run_id for run in runs]
    assert frame["run_name"].tolist() == [run.name for run in runs]
    assert frame["experiment_id"].tolist() == [run.experiment for run in runs]
    assert frame["status"].tolist() == [str(run.status) for run in runs]
    assert frame["start_time"].tolist() == [run.start_time for run in runs]
    ends = [math.nan if run.end_time is None else float(run.end_time) for run in runs]
    np.testing.assert_array_equal(frame["end_time"], ends)
    for key in ("loss", "acc/val"):
        expected = [run.metrics[key].last if key in run.metrics else math.nan for run in runs]
        np.testing.assert_array_equal(frame[f"metrics.{key}"], expected)
    for key in ("p0", "p1", "p2"):
        assert frame[f"params.{key}"].tolist() == [run.params.get(key) for run in runs]
    assert frame["tags.note"].tolist() == [run.tags.get("note") for run in runs]
    keys = [name for name in frame if name.startswith(("metrics.", "params.", "tags."))]
    system = [f"tags.{name}" for name in SYSTEM_TAGS]
    assert keys == [
        "metrics.acc/val",
        "metrics.loss",
        "params.p0",
        "params.p1",
        "params.p2",
        *sorted([*system, "tags.note"]),
    ]


def test_a_metric_that_is_not_there_can_be_told_from_nan(store: Store) -> None:
    with Script(store) as script:
        for name, key in (("nan", "odd"), ("other", "fine")):
            script.log(script.start(run_id=name), key, [math.nan])
        script.take()
        numbers = [script.number(name) for name in ("nan", "other")]
    first, second = read_frame(store, numbers, gaps=None)["metrics.odd"].tolist()
    assert math.isnan(first) and second is None


def test_mlflows_own_tags_are_among_the_columns(store: Store) -> None:
    frame = read_frame(store, [1, 2, 4])
    assert frame["tags.mlflow.runName"].tolist() == ["name 0", "name 1", "name 3"]
    assert frame["tags.mlflow.parentRunId"].tolist() == [None, "run0", None]
    assert frame["tags.mlflow.user"].tolist() == ["me", "me", "you"]


def test_long_values_come_whole(store: Store) -> None:
    long = {"p0": "é" * 8001, "long": "x" * 100_000}
    with Script(store) as script:
        run = script.start(run_id="long")
        script.params(run, long)
        script.tags(run, long)
        script.take()
        number = script.number(run)
    found, frame = read_runs(store, [1, number])[1], read_frame(store, [1, number])
    assert found.params == long and found.tags == long
    for name, value in long.items():
        assert frame[f"params.{name}"][1] == value == frame[f"tags.{name}"][1]


def test_of_no_runs_there_are_the_attributes_alone(store: Store) -> None:
    frame = read_frame(store, [])
    assert "run_id" in frame and not any("." in name for name in frame)
    assert all(len(column) == 0 for column in frame.values())
