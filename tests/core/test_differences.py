"""What differs between two runs is told, what is the same is not, and what is not known is said."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import captured as names
from runfolio.core.differences import Difference, Snapshot, differences
from runfolio.core.entities import Dataset, DatasetInput, MetricSummary, Run
from runfolio.core.ordering import natural
from runfolio.core.packages import Lock, read_lock
from runfolio.core.states import LifecycleStage, RunStatus

CODE = {names.COMMIT: "a" * 40, names.BRANCH: "main", names.COMMAND: "python train.py", names.DIRTY: "False"}
MACHINE = {names.PYTHON: "3.11.7", names.HOST: "gpu-1"}
LOCK = "# Python 3.11.7 (CPython)\nnumpy==1.26.0\ntorch==2.0\n"


def metric(key: str, low: float, high: float) -> MetricSummary:
    return MetricSummary(key, 9, low, 0, high, 8, 0, low, 0, high, 8, 0.0, 0)


def run(name: str = "new", **changed: object) -> Run:
    one = Run(
        1, "r1", 1, "e", name, RunStatus.FINISHED, 1000, 2000, 2000, LifecycleStage.ACTIVE, None, "me",
        params={"lr": "0.1", "seed": "0"}, tags=CODE | MACHINE, metrics={"acc": metric("acc", 0.1, 0.9)},
    )  # fmt: skip
    return replace(one, **changed)  # type: ignore[arg-type]


def data(name: str, digest: str, context: str = "training") -> DatasetInput:
    return DatasetInput(Dataset(name, digest, "local", ""), {"mlflow.data.context": context})


NEW = Snapshot(run(), None, LOCK, [data("digits", "d1")])
OLD = replace(NEW, run=run("old"))


def told(old: Snapshot, new: Snapshot) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """The differences by group."""
    return {
        group.title: [(one.key, one.old, one.new) for one in group.differences]
        for group in differences(old, new)
        if group.differences
    }


def doubts(old: Snapshot, new: Snapshot) -> list[str]:
    return [sentence for group in differences(old, new) for sentence in group.unknown]


def test_nothing_changed() -> None:
    assert told(OLD, NEW) == {} and doubts(OLD, NEW) == []


def test_params_are_compared_as_settings() -> None:
    old = replace(OLD, run=run("old", params={"lr": "0.10", "seed": "1", "gone": "x"}))
    assert told(old, NEW) == {"Parameters": [("gone", "x", None), ("seed", "1", "0")]}


def test_the_commit_the_command_and_what_was_not_committed() -> None:
    patch = "diff --git a/m.py b/m.py\n--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-a\n+{}\n# not in git: notes.txt\n"
    tags = CODE | MACHINE | {names.COMMIT: "b" * 40, names.COMMAND: "python train.py --fast", names.DIRTY: "True"}
    new = replace(NEW, run=run(tags=tags), patch=patch.format("b"))
    assert told(OLD, new) == {
        "Code": [
            ("command", "python train.py", "python train.py --fast"),
            ("commit", "a" * 10, "b" * 10),
            ("m.py", "as committed", "+1 −1 uncommitted"),
            ("notes.txt", None, "not in git"),
        ]
    }
    other = replace(new, patch=patch.format("c"))
    assert told(new, other) == {"Code": [("m.py", "+1 −1 uncommitted", "+1 −1 uncommitted, other lines")]}
    assert doubts(new, other) == ["1 file is not in git; whether it changed is not known."]


def test_code_that_was_not_captured_is_not_called_the_same() -> None:
    bare = replace(OLD, run=run("old", tags=MACHINE))
    assert doubts(bare, NEW) == ["The code of old was not captured."]
    assert "commit" not in str(told(bare, NEW))
    assert doubts(bare, replace(bare, run=run(tags=MACHINE))) == ["The code was not captured of either run."]


def test_changes_that_are_not_kept_are_not_called_the_same() -> None:
    dirty = replace(NEW, run=run(tags=CODE | MACHINE | {names.DIRTY: "True"}))
    assert doubts(OLD, dirty) == ["What new had uncommitted is not kept."]


def test_packages_that_came_went_and_changed() -> None:
    new = replace(NEW, lock=LOCK.replace("numpy==1.26.0", "NumPy==2.0.0").replace("torch==2.0", "jax==0.4"))
    assert told(OLD, new) == {
        "Environment": [("jax", None, "0.4"), ("NumPy", "1.26.0", "2.0.0"), ("torch", "2.0", None)]
    }
    assert doubts(replace(OLD, lock=None), NEW) == ["The list of packages of old was not captured."]
    other = replace(NEW, run=run(tags=CODE | {names.PYTHON: "3.12.1", names.HOST: "gpu-1"}))
    assert told(OLD, other) == {"Environment": [("Python", "3.11.7", "3.12.1")]}


def test_data_by_its_digest() -> None:
    new = replace(NEW, data=[data("digits", "d2"), data("digits", "d3", "testing")])
    assert told(OLD, new) == {"Data": [("digits (testing)", None, "d3"), ("digits (training)", "d1", "d2")]}
    bare = replace(OLD, data=[])
    assert doubts(bare, replace(NEW, data=[])) == ["No dataset was logged with either run."]


def test_the_best_of_each_metric_and_which_way_is_better() -> None:
    old = replace(OLD, run=run("old", metrics={"acc": metric("acc", 0.1, 0.8), "loss": metric("loss", 0.5, 2.0)}))
    given = {"acc": (0.1, 0.9), "loss": (0.6, 2.0), "system/cpu": (1.0, 2.0)}
    metrics = {key: metric(key, *extremes) for key, extremes in given.items()}
    new = replace(NEW, run=run(metrics=metrics))
    found = differences(old, new)[-1].differences
    assert found == (
        Difference("acc", "0.8000", "0.9000", "+0.1000", True),
        Difference("loss", "0.5000", "0.6000", "+0.1000", False),
    )
    chosen = differences(old, new, {"acc": True})[-1].differences
    assert [one.key for one in chosen] == ["loss"], "the lowest accuracy, which now counts, is the same"


def test_a_metric_of_one_run_only() -> None:
    new = replace(NEW, run=run(metrics={}))
    assert told(OLD, new) == {"Best metrics": [("acc", "0.9000", None)]}


def test_a_metric_that_was_never_finite_is_not_told_as_missing() -> None:
    lost = replace(
        metric("acc", 0.0, 0.0), last=math.nan, minimum=None, maximum=None, minimum_step=None, maximum_step=None
    )
    assert told(OLD, replace(NEW, run=run(metrics={"acc": lost}))) == {"Best metrics": [("acc", "0.9000", "NaN")]}


def test_what_is_neither_good_nor_bad_is_told_without_a_judgement() -> None:
    old = replace(OLD, run=run("old", metrics={"epoch": metric("epoch", 0.0, 8.0)}))
    (one,) = differences(old, replace(NEW, run=run(metrics={"epoch": metric("epoch", 0.0, 9.0)})))[-1].differences
    assert (one.change, one.better) == ("+1", None)


TEXTS = st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=3), max_size=5)


@given(TEXTS, TEXTS)
def test_every_param_that_differs_is_told_once_and_no_other(old: dict[str, str], new: dict[str, str]) -> None:
    found = differences(replace(OLD, run=run("old", params=old)), replace(NEW, run=run(params=new)))[0].differences
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert (one.old, one.new) == (old.get(one.key), new.get(one.key)) and one.old != one.new
    same = {**old, **new}.keys() - {one.key for one in found}
    assert all(old[key] == new[key] or float(old[key]) == float(new[key]) for key in same)


def test_a_lock_is_read_back() -> None:
    text = "# Python 3.12.1 (CPython)\na-b==1.0\nc==2.0  # from https://x.org/c.git@abc\n\nnot a line\n"
    assert read_lock(text) == Lock("3.12.1", {"a-b": "1.0", "c": "2.0 from https://x.org/c.git@abc"})


def test_numbers_in_names_are_ordered_by_their_size() -> None:
    names = ["layer10", "layer2", "Adam", "adagrad", "2", "10"]
    assert sorted(names, key=natural) == ["2", "10", "adagrad", "Adam", "layer2", "layer10"]
