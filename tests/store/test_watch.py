"""Commits of any process are noticed, each once, and a revision tells exactly which runs have changed since."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.entities import Changes
from runfolio.core.errors import InvalidValue
from runfolio.core.states import RUN_PARENT
from runfolio.store import Store, experiments, open_store
from runfolio.store.dialect import VersionProbe
from runfolio.store.operations import rename_experiment, rename_run, set_tag
from runfolio.store.runs import get_run
from runfolio.store.watch import Watch, changes_since, current_revision
from tests.store.script import Script, new_store

OTHER = """
import sys
from runfolio.store import experiments, open_store
store = open_store(sys.argv[1])
experiments.get_or_create(store, "from elsewhere")
store.close()
"""


@pytest.fixture
def watch(store: Store) -> Iterator[Watch]:
    one = Watch(store)
    yield one
    one.close()


def test_nothing_new_says_so(store: Store, watch: Watch) -> None:
    assert not any(watch.poll() for _ in range(5))
    experiments.list_experiments(store)
    current_revision(store)
    with pytest.raises(InvalidValue), store.writing():
        raise InvalidValue("taken back")
    assert not watch.poll()


def test_commits_of_this_process(store: Store, watch: Watch) -> None:
    experiments.get_or_create(store, "a")
    assert watch.poll()
    assert not watch.poll()
    for name in "bcd":
        experiments.get_or_create(store, name)
    assert watch.poll()
    assert not watch.poll()


def test_a_run_that_a_script_puts_beneath_another_one_has_moved(store: Store) -> None:
    with Script(store) as script:
        parent, child = script.start(name="parent"), script.start(name="child")
        script.take()
        before = current_revision(store)
        script.tags(child, {"note": "nothing"})
        script.take()
        assert not changes_since(store, before).moved
        script.tags(child, {RUN_PARENT: parent})
        script.take()
        assert changes_since(store, before).moved


def test_commits_of_another_connection(store: Store, watch: Watch) -> None:
    other = open_store(store.path)
    experiments.get_or_create(other, "a")
    other.close()
    assert watch.poll()
    assert not watch.poll()


def test_commits_of_another_process(store: Store, watch: Watch) -> None:
    before = current_revision(store)
    subprocess.run([sys.executable, "-c", OTHER, str(store.path)], check=True, timeout=60)
    assert watch.poll()
    assert not watch.poll()
    (made,) = experiments.list_experiments(store)
    assert changes_since(store, before) == Changes(current_revision(store), frozenset([made.id]))


def test_each_watch_notices_for_itself(store: Store, watch: Watch) -> None:
    second = Watch(store)
    experiments.get_or_create(store, "a")
    assert watch.poll() and second.poll()
    late = Watch(store)
    assert not late.poll(), "what was there before it is nothing new"
    for one in (second, late):
        one.close()


def test_a_commit_while_a_reader_is_in_the_middle(store: Store, watch: Watch) -> None:
    before = current_revision(store)
    with store.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM experiments").all()
        experiments.get_or_create(store, "a")
        assert watch.poll()
    assert changes_since(store, before).experiments


def test_a_store_that_is_only_read_follows_its_writer(store: Store) -> None:
    reader = open_store(store.path, read_only=True)
    watch, before = Watch(reader), current_revision(reader)
    assert not watch.poll()
    with Script(store) as script:
        run = script.number(taken(script, script.start()))
    assert watch.poll()
    assert not watch.poll()
    assert changes_since(reader, before).runs == {run}
    watch.close()
    reader.close()


def taken(script: Script, run: str) -> str:
    script.take()
    return run


def test_no_changes_are_false_and_keep_the_revision(store: Store) -> None:
    now = current_revision(store)
    assert changes_since(store, now) == Changes(now)
    assert not changes_since(store, now)


def test_a_watch_that_cannot_know_says_to_ask(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: VersionProbe) -> bool:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(VersionProbe, "moved", broken)
        assert watch.poll()
    assert not watch.poll()


def change(script: Script, runs: list[str], kind: str, which: int) -> tuple[set[int], set[int]]:
    """Make one change; returns the numbers of the runs and experiments it is about."""
    store, known = script.store, {e.id for e in experiments.list_experiments(script.store)}
    if kind == "start" or not runs:
        runs.append(taken(script, script.start(experiment=f"e{which}")))
        made = {e.id for e in experiments.list_experiments(store)} - known
        return {script.number(runs[-1])}, made
    run = runs[which % len(runs)]
    number = script.number(run)
    if kind == "experiment":
        chosen = sorted(known)[which % len(known)]
        rename_experiment(store, chosen, f"n{current_revision(store)}")
        return set(), {chosen}
    changes: dict[str, Callable[[], object]] = {
        "point": lambda: script.log(run, "loss", [1.0]),
        "param": lambda: script.params(run, {"lr": "1"}),
        "end": lambda: script.end(run),
        "artifact": lambda: script.event("artifact", run, path="a", size=1),
        "name": lambda: rename_run(store, number, "other"),
        "tag": lambda: set_tag(store, number, "note", None),
    }
    changes[kind]()
    script.take()
    return {number}, set()


KINDS = ("start", "point", "param", "end", "artifact", "name", "tag", "experiment")


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 3)), max_size=12))
def test_every_revision_names_exactly_what_changed_after_it(steps: list[tuple[str, int]]) -> None:
    with new_store() as store, Script(store) as script:
        known: list[str] = []
        revisions, done = [current_revision(store)], []
        for step in steps:
            done.append(change(script, known, *step))
            revisions.append(current_revision(store))
        for index, revision in enumerate(revisions):
            runs = frozenset(run for changed, _ in done[index:] for run in changed)
            moved = frozenset(one for _, changed in done[index:] for one in changed)
            places = frozenset(get_run(store, run).experiment for run in runs)
            assert changes_since(store, revision) == Changes(revisions[-1], moved, runs, places=places)
        assert revisions == sorted(set(revisions)), "every change has a revision of its own"
