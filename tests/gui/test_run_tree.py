"""Runs in the tree of experiments: the newest below each that is open, and those nested in them below them."""

from __future__ import annotations

import sys
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Experiment
from runfolio.core.states import RunStatus
from runfolio.gui.main_window import MainWindow
from runfolio.gui.navigator.branches import MOST, SHOWN
from runfolio.gui.navigator.run_model import RunTreeModel
from runfolio.store import Store
from runfolio.store.moving import move_runs
from runfolio.store.nested import BranchLines, RunLine
from runfolio.store.operations import rename_experiment
from runfolio.store.trash import delete_runs
from tests.gui.conftest import Opener
from tests.gui.tree_rows import rows
from tests.store.script import Script

Key = Qt.Key


def line(number: int, children: int = 0, status: RunStatus = RunStatus.FINISHED) -> RunLine:
    return RunLine(number, f"run {number}", status, children)


def lines(model: RunTreeModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    here = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(here)):
        index = model.index(row, 0, here)
        found.append("  " * depth + str(index.data()))
        found += lines(model, index, depth + 1)
    return found


@pytest.fixture
def model(qtbot: QtBot) -> RunTreeModel:
    made = RunTreeModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.set_experiments([Experiment(1, "a", runs=60), Experiment(2, "a/b", runs=1), Experiment(3, "c")])
    return made


def test_an_experiment_with_runs_can_be_opened_before_they_are_read(model: RunTreeModel) -> None:
    assert [model.hasChildren(model.find(path)) for path in ("a", "a/b", "c")] == [True, True, False]
    assert lines(model) == ["a", "  b", "c"]


def test_runs_stand_behind_the_experiments_of_a_folder_and_tell_how_many_there_are_more(model: RunTreeModel) -> None:
    model.put_runs(1, None, BranchLines((line(9, 2), line(8)), 60))
    assert lines(model) == ["a", "  b", "  run 9", "  run 8", "  58 more…", "c"]
    sweep = model.find_run(9, [1])
    assert model.hasChildren(sweep) and not model.hasChildren(model.find_run(8, [1]))
    model.put_runs(1, model.row_at(sweep), BranchLines((line(11), line(10)), 2))
    model.set_experiments([Experiment(1, "a", runs=60), Experiment(2, "a/b", runs=1), Experiment(4, "a/0")])
    assert lines(model) == ["a", "  0", "  b", "  run 9", "    run 11", "    run 10", "  run 8", "  58 more…"]
    assert model.parent(model.find_run(10, [1])) == model.find_run(9, [1])
    assert model.node(model.find_run(10, [1])).path == "a"
    more = model.index(4, 0, model.find("a"))
    assert more.data(Qt.ItemDataRole.AccessibleTextRole) == "58 more runs, which the table shows"
    spoken = model.find_run(9, [1]).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "run 9, finished, 2 nested"


def test_an_experiment_takes_its_runs_out_when_it_goes_and_the_filter_keeps_them(model: RunTreeModel) -> None:
    model.put_runs(1, None, BranchLines((line(9),), 1))
    model.set_filter("a")
    assert lines(model) == ["a", "  b", "  run 9"]
    model.set_filter("c")
    model.put_runs(1, None, BranchLines((line(10), line(9)), 2))
    model.set_filter("")
    assert lines(model) == ["a", "  b", "  run 10", "  run 9", "c"]
    model.follow([], {2, 3})
    assert lines(model) == ["a", "  b", "c"], "what is left is a folder"
    assert not model.find_run(9, [1]).isValid()


def test_rows_that_stay_are_the_same_rows(model: RunTreeModel) -> None:
    model.put_runs(1, None, BranchLines((line(9, 1), line(7)), 2))
    model.put_runs(1, model.row_at(model.find_run(9, [1])), BranchLines((line(3),), 1))
    kept = QPersistentModelIndex(model.find_run(3, [1])), QPersistentModelIndex(model.find_run(7, [1]))
    model.put_runs(1, None, BranchLines((line(12), line(9, 1), line(8), line(7, status=RunStatus.FAILED)), 4))
    assert [one.data() for one in kept] == ["run 3", "run 7"]
    assert lines(model) == ["a", "  b", "  run 12", "  run 9", "    run 3", "  run 8", "  run 7", "c"]


BRANCHES = st.lists(
    st.tuples(
        st.sampled_from([1, 2]),
        st.none() | st.integers(1, 8),
        st.lists(st.integers(1, 8), unique=True, max_size=6),
        st.integers(0, 2),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps=BRANCHES, names=st.lists(st.sampled_from(["x", "x/y", "z"]), max_size=4))
def test_whatever_is_read_the_model_shows_it(
    steps: list[tuple[int, int | None, list[int], int]], names: list[str]
) -> None:
    model = RunTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_experiments([Experiment(1, "x", runs=3), Experiment(2, "x/y", runs=3)])
    fresh = count(100)
    for number, (experiment, parent, runs, more) in enumerate(steps):
        # In an order of its own each time; a run may be below one that is nowhere.
        above = None if parent is None else model.row_at(model.find_run(parent, [experiment]))
        if parent is not None and (above is None or parent in runs):
            continue
        nested = runs if parent is None else [next(fresh) for _ in runs]
        model.put_runs(experiment, above, BranchLines(tuple(map(line, nested)), len(nested) + more))
        index = QModelIndex() if above is None else model.index_of_run(above)
        index = model.find_experiment(experiment) if above is None else index
        shown = [index.model().index(row, 0, index).data() for row in range(model.rowCount(index))]
        ends = [f"{more:,} more…"] if more else []
        assert shown[len(shown) - len(nested) - len(ends) :] == [*(f"run {one}" for one in nested), *ends]
        if number < len(names):
            model.follow([Experiment(experiment, f"{names[number]}{number}", runs=3)], {1, 2})


# In a window


@pytest.fixture
def window(qtbot: QtBot, store: Store, script: Script, open_window: Opener) -> MainWindow:
    """A sweep with three trials, one of which runs, after more single runs than the tree shows."""
    for number in range(SHOWN + 10):
        script.end(script.start(experiment="vision/cifar", name=f"single {number}"))
    sweep = script.start(experiment="vision/cifar", name="sweep", run_id="sweep")
    for number in range(3):
        trial = script.start(experiment="vision/cifar", name=f"trial {number}", parent=sweep, run_id=f"trial{number}")
        if number:
            script.end(trial, RunStatus.FAILED if number == 1 else RunStatus.FINISHED)
    script.end(script.start(experiment="other", name="alone"))
    script.take()
    opened = open_window(store)
    model = opened.navigator.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    qtbot.waitUntil(lambda: opened.navigator.model.find("vision/cifar").isValid())
    return opened


def press(window: MainWindow, *keys: Key) -> None:
    for key in keys:
        QTest.keyClick(window.navigator.tree, key)


def open_cifar(qtbot: QtBot, window: MainWindow) -> None:
    """By keyboard."""
    window.navigator.reveal("vision/cifar")
    press(window, Key.Key_Right)
    qtbot.waitUntil(lambda: "    sweep" in rows(window))


def go_to(window: MainWindow, text: str) -> None:
    """Walk down to a row."""
    for _ in range(len(rows(window))):
        if window.navigator.tree.currentIndex().data() == text:
            return
        press(window, Key.Key_Down)
    raise AssertionError(f"{text} is not among {rows(window)}")


def test_runs_are_opened_walked_and_chosen_by_the_keyboard(qtbot: QtBot, window: MainWindow, script: Script) -> None:
    open_cifar(qtbot, window)
    assert rows(window)[:3] == ["other", "vision", "  cifar"] and len(rows(window)) == 3 + SHOWN + 1
    assert rows(window)[-1] == "    11 more…", "the sweep is one of those shown"
    go_to(window, "sweep")
    assert window.session.selection.told == (script.number("sweep"),)
    press(window, Key.Key_Right)
    qtbot.waitUntil(lambda: rows(window)[4:7] == ["      trial 2", "      trial 1", "      trial 0"])
    go_to(window, "trial 1")
    trial = script.number("trial1")
    assert window.session.selection.told == (trial,)
    qtbot.waitUntil(lambda: window.runs.selected_runs() == [trial])
    assert window.navigator.chosen() == [] and window.navigator.model.node(
        window.navigator.tree.currentIndex()
    ).path == ("vision/cifar")
    press(window, Key.Key_Left, Key.Key_Left)
    assert "      trial 1" not in rows(window)


def test_the_last_line_opens_the_table(qtbot: QtBot, window: MainWindow) -> None:
    open_cifar(qtbot, window)
    press(window, Key.Key_End)
    assert window.navigator.tree.currentIndex().data() == "11 more…"
    qtbot.waitUntil(lambda: window.runs.feed.state.name == "RUNS" and window.runs.feed.settled)
    assert not window.runs.view.hasFocus()
    press(window, Key.Key_Return)
    qtbot.waitUntil(window.runs.view.hasFocus)


def test_a_run_that_starts_ends_or_goes_is_followed(
    qtbot: QtBot, window: MainWindow, script: Script, store: Store
) -> None:
    open_cifar(qtbot, window)
    go_to(window, "sweep")
    press(window, Key.Key_Right)
    qtbot.waitUntil(lambda: "      trial 0" in rows(window))
    model = window.navigator.model

    def told(run: str) -> str:
        return str(model.find_run(script.number(run), [1, 2]).data(Qt.ItemDataRole.AccessibleTextRole))

    assert told("trial0") == "trial 0, running"
    script.start(experiment="vision/cifar", name="new", run_id="new")
    script.end("trial0")
    script.take()
    qtbot.waitUntil(lambda: rows(window)[3] == "    new" and told("trial0") == "trial 0, finished")
    window.session.run(lambda store: delete_runs(store, [script.number("new")]))
    qtbot.waitUntil(lambda: rows(window)[3] == "    sweep")
    window.session.undo.undo()
    qtbot.waitUntil(lambda: rows(window)[3] == "    new")


def test_what_is_open_stays_open_when_it_is_renamed_and_under_a_filter(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    open_cifar(qtbot, window)
    experiment = window.session.selection.experiments[0]
    window.session.run(lambda store: rename_experiment(store, experiment, "zoo"))
    qtbot.waitUntil(lambda: rows(window)[:3] == ["other", "zoo", "  sweep"])
    window.navigator.filter.setText("zo")
    qtbot.waitUntil(lambda: rows(window)[:2] == ["zoo", "  sweep"])
    window.navigator.filter.clear()
    qtbot.waitUntil(lambda: rows(window)[:3] == ["other", "zoo", "  sweep"])


def test_a_run_chosen_in_the_table_is_the_one_in_the_tree(qtbot: QtBot, window: MainWindow, script: Script) -> None:
    open_cifar(qtbot, window)
    sweep = script.number("sweep")
    window.session.select_runs([sweep], sweep)
    assert [row.text for row in window.navigator.tree.chosen_runs()] == ["sweep"]
    hidden = script.number("trial0")  # whose parent is closed
    window.session.select_runs([hidden], hidden)
    assert [node.path for node in window.navigator.chosen()] == ["vision/cifar"]
    assert window.session.selection.told == (hidden,)


def test_delete_means_the_run_that_is_chosen_in_the_tree(
    qtbot: QtBot, window: MainWindow, script: Script, store: Store
) -> None:
    open_cifar(qtbot, window)
    go_to(window, "single 50")
    window.actions_by_id["edit.trash"].trigger()
    qtbot.waitUntil(lambda: "    single 50" not in rows(window))
    assert "vision/cifar" in [one.name for one in window.navigator.experiments]
    window.session.undo.undo()
    qtbot.waitUntil(lambda: "    single 50" in rows(window))


def test_a_run_that_moves_stands_in_its_new_experiment(
    qtbot: QtBot, window: MainWindow, script: Script, store: Store
) -> None:
    open_cifar(qtbot, window)
    window.navigator.reveal("other")
    press(window, Key.Key_Right)
    qtbot.waitUntil(lambda: rows(window)[1] == "  alone")
    number = script.number("sweep")
    other = window.session.selection.experiments[0]
    window.session.run(lambda store: move_runs(store, [number], other))
    qtbot.waitUntil(lambda: "  sweep" in rows(window) and "    sweep" not in rows(window))
    qtbot.waitUntil(lambda: "    trial 2" in rows(window))


def test_opening_everything_reads_but_so_many(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    with Script(store) as script:
        for number in range(MOST + 30):
            script.end(script.start(experiment=f"e{number:03}", name=f"only {number}"))
        script.take()
    window = open_window(store)
    qtbot.waitUntil(lambda: len(rows(window)) == MOST + 30)
    for number in range(MOST + 30):
        window.navigator.tree.expand(window.navigator.model.find(f"e{number:03}"))
    qtbot.waitUntil(lambda: len(rows(window)) >= 2 * MOST + 30 and window.navigator.branches.settled)
    assert len(rows(window)) <= 2 * MOST + 31, "the first is read before the others are open"


def test_ten_thousand_experiments_with_runs_cost_no_more_than_without(qtbot: QtBot) -> None:
    def calls(model: RunTreeModel) -> int:
        """Of how many functions all this consists."""
        many = [Experiment(n, f"team{n % 100:02}/experiment-{n:05}", runs=1_000_000) for n in range(1, 10_001)]
        made: list[str] = []
        sys.setprofile(lambda _frame, event, _argument: made.append(event))
        try:
            model.set_experiments(many)
            for number in range(1, 200):
                assert model.hasChildren(model.find_experiment(number))
                model.data(model.find_experiment(number))
        finally:
            sys.setprofile(None)
        return made.count("call")

    plain, filled = RunTreeModel(), RunTreeModel()
    for number in range(1, 101):
        filled.put_runs(number, None, BranchLines(tuple(line(1000 * number + one) for one in range(SHOWN)), 1_000_000))
    assert calls(filled) < calls(plain) + SHOWN
