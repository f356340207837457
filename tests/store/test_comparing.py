"""Which run came before, what changed since, and the runs around a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from runfolio.core.captured import COMMIT, PACKAGES
from runfolio.core.errors import NotFound
from runfolio.store import Store
from runfolio.store.captured import captured_text
from runfolio.store.comparing import compare_two, previous_run
from runfolio.store.family import family
from runfolio.store.runs import get_run
from runfolio.store.trash import delete_runs
from tests.store.script import Script


def add(script: Script, name: str, source: str = "train.py", **more: str) -> int:
    """A run of a script, with one param."""
    run = script.start(name=name, run_id=name, **more)
    script.event("run", run, **(script._origin | {"source": source}))
    script.params(run, {"name": name})
    script.end(run)
    script.take()
    return script.number(run)


@pytest.fixture
def runs(store: Store) -> dict[str, int]:
    """Runs of two scripts, in two experiments, some nested in others."""
    with Script(store) as script:
        found = {"first": add(script, "first")}
        found["second"] = add(script, "second")
        found["inner1"] = add(script, "inner1", parent="second")
        found["inner2"] = add(script, "inner2", parent="second")
        found["elsewhere"] = add(script, "elsewhere", experiment="other")
        found["third"] = add(script, "third")
        script.finish()
    return found


def test_the_run_before_is_of_the_same_script_and_experiment(store: Store, runs: dict[str, int]) -> None:
    before = {name: previous_run(store, get_run(store, number)) for name, number in runs.items()}
    assert before == {
        "first": None, "second": runs["first"], "inner1": None, "inner2": runs["inner1"], "elsewhere": None,
        "third": runs["second"],
    }  # fmt: skip


def test_runs_of_another_parent_are_passed_over(store: Store) -> None:
    """Of sweeps in a sweep too: a child is not compared with a grandchild of another one."""
    with Script(store) as script:
        names = ("sweep", "a", "deep", "b", "other", "c", "d")
        parents = (None, "sweep", "a", "sweep", None, "other", "other")
        nested = ({"parent": parent} if parent else {} for parent in parents)
        found = {name: add(script, name, **parent) for name, parent in zip(names, nested, strict=True)}
        script.finish()
    before = {name: previous_run(store, get_run(store, number)) for name, number in found.items()}
    assert before == {**dict.fromkeys(names), "b": found["a"], "other": found["sweep"], "d": found["c"]}


def test_a_run_in_the_trash_is_passed_over(store: Store, runs: dict[str, int]) -> None:
    delete_runs(store, [runs["second"]])
    assert previous_run(store, get_run(store, runs["third"])) == runs["first"]


def test_what_changed_is_told_with_the_run_it_is_compared_with(store: Store, runs: dict[str, int]) -> None:
    found = compare_two(store, get_run(store, runs["third"]), runs["first"])
    assert found.other is not None and found.other.name == "first"
    params = found.groups[0].differences
    assert [(one.key, one.old, one.new) for one in params] == [("name", "first", "third")]
    with pytest.raises(NotFound):
        compare_two(store, get_run(store, runs["third"]), 999)


def test_captured_files_are_compared(store: Store, runs: dict[str, int]) -> None:
    with Script(store) as script:
        for name, version in (("first", "1.0"), ("third", "2.0")):
            file = store.path / "artifacts" / name / PACKAGES
            file.parent.mkdir(parents=True)
            file.write_text(f"# Python 3.11.0\nnumpy=={version}\n")
            script.event("artifact", name, path=PACKAGES, size=file.stat().st_size)
            script.tags(name, {COMMIT: "c" * 40})
        script.take()
        script.finish()
    groups = {g.title: g for g in compare_two(store, get_run(store, runs["third"]), runs["first"]).groups}
    assert [(one.key, one.old, one.new) for one in groups["Environment"].differences] == [("numpy", "1.0", "2.0")]
    assert groups["Code"].differences == () and groups["Code"].unknown == ()


def test_a_captured_text_is_read_up_to_a_limit(store: Store, runs: dict[str, int]) -> None:
    run = get_run(store, runs["first"])
    assert captured_text(store, run, "runfolio/traceback.txt") is None
    file = Path(store.path / "artifacts" / run.run_id / "runfolio" / "traceback.txt")
    file.parent.mkdir(parents=True)
    file.write_text("abcdef")
    found = captured_text(store, run, "runfolio/traceback.txt", 4)
    assert found is not None and (found.text, found.size, found.whole) == ("abcd", 6, False)


def test_the_family_of_a_run(store: Store, runs: dict[str, int]) -> None:
    above = family(store, get_run(store, runs["second"]))
    assert above.parent is None and [child.name for child in above.children] == ["inner1", "inner2"]
    below = family(store, get_run(store, runs["inner2"]))
    assert below.parent is not None and below.parent.id == runs["second"] and not below.children
    few = family(store, get_run(store, runs["second"]), most=1)
    assert len(few.children) == 1 and few.total == 2
    delete_runs(store, [runs["inner1"]])
    assert family(store, get_run(store, runs["second"])).total == 1
