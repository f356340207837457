"""The runs of an experiment as a tree: each run in one place, the newest first, and as many as are told."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from runfolio.core.states import RunStatus
from runfolio.store import Store
from runfolio.store.experiments import get_or_create
from runfolio.store.moving import move_runs
from runfolio.store.nested import Branch, BranchLines, RunLine, read_branches, read_nested
from runfolio.store.trash import delete_runs
from tests.store.script import Script, new_store


def read(store: Store, experiment: int, parent: int | None = None, limit: int = 100) -> BranchLines:
    with store.reading() as connection:
        branch = Branch(experiment, parent, limit)
        return read_branches(connection, [branch])[branch]


def test_a_sweep_and_its_runs(store: Store) -> None:
    with Script(store) as script:
        sweep = script.start(name="sweep")
        for number in range(5):
            script.end(script.start(name=f"trial {number}", parent=sweep), RunStatus.FAILED)
        script.start(name="single")
        script.take()
    assert read(store, 1) == BranchLines(
        (RunLine(7, "single", RunStatus.RUNNING, 0), RunLine(1, "sweep", RunStatus.RUNNING, 5)), 2
    )
    assert read(store, 1, 1, 2) == BranchLines(
        (RunLine(6, "trial 4", RunStatus.FAILED, 0), RunLine(5, "trial 3", RunStatus.FAILED, 0)), 5
    )
    assert read(store, 1, 99) == BranchLines((), 0)


PARENTS = st.lists(st.none() | st.integers(0, 9) | st.just(-1), max_size=10)


@settings(max_examples=60)
@given(PARENTS, st.sets(st.integers(1, 10)), st.sets(st.integers(1, 10)), st.integers(1, 4))
def test_every_run_in_use_stands_in_one_place(
    parents: list[int | None], moved: set[int], deleted: set[int], page: int
) -> None:
    """Parents are earlier runs, the run itself, or unknown; some runs are moved, some deleted."""
    with new_store() as store, Script(store) as script:
        for name in ("Default", "other"):
            get_or_create(store, name)
        for number, parent in enumerate(parents):
            known = parent is not None and 0 <= parent <= number
            script.start(run_id=f"r{number}", parent=f"r{parent}" if known else None if parent is None else "gone")
        script.start(experiment="other", run_id="last")
        script.take()
        there = set(range(1, len(parents) + 1))
        move_runs(store, sorted(moved & there), 2)
        delete_runs(store, sorted(deleted & there))
        in_use = {run: 2 if run in moved else 1 for run in there - deleted} | {len(parents) + 1: 2}
        found = {run: experiment for experiment in (1, 2) for run in walk(store, experiment, None, page)}
        assert found == in_use


def walk(store: Store, experiment: int, parent: int | None, page: int) -> list[int]:
    """All runs of a branch and below, and that pages, totals and counts agree."""
    lines = read(store, experiment, parent)
    assert lines.total == len(lines.runs)
    assert read(store, experiment, parent, page) == BranchLines(lines.runs[:page], lines.total)
    assert [run.id for run in lines.runs] == sorted((run.id for run in lines.runs), reverse=True)
    found = []
    for run in lines.runs:
        below = walk(store, experiment, run.id, page) if run.children else []
        assert bool(below) == bool(run.children)
        found += [run.id, *below]
    assert len(set(found)) == len(found)
    return found


def test_what_stays_of_a_sweep_that_goes_to_the_trash_is_told(store: Store) -> None:
    with Script(store) as script:
        sweep = script.start(name="sweep")
        for number in range(3):
            script.start(name=f"trial {number}", parent=sweep)
        script.take()
    gone = delete_runs(store, [1])
    assert gone.text == "Moved sweep to the trash; 3 nested runs stay"
    assert gone.inverse is not None and gone.inverse(store).text == "Restored sweep"
    assert delete_runs(store, [1, 2, 3]).text == "Moved 3 runs to the trash; 1 nested run stays"
    assert delete_runs(store, [4]).text == "Moved trial 2 to the trash"


def test_what_is_nested_in_some_runs_is_looked_up_and_not_searched_for_in_all(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with store.reading() as connection:
            read_nested(connection, [1, 2])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with store.reading() as connection:
        statement, values = next(one for one in asked if "json_each" in one[0])
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert plan[0] == "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)"
    assert any("runs_by_parent (parent_uuid=?" in step for step in plan)
