"""The tree of experiments: what it shows, and that Qt finds no fault with the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Experiment
from runfolio.core.states import LifecycleStage
from runfolio.gui.navigator.delegate import marks
from runfolio.gui.navigator.model import RUNNING_ROLE, RUNS_ROLE, ExperimentTreeModel
from runfolio.gui.navigator.moves import into_experiment, runs_to, to_folder
from runfolio.gui.navigator.tree import Node, build, experiments_below, place_of, topmost


def experiments(*names: str, runs: int = 1) -> list[Experiment]:
    """Experiments with these names, numbered from 1."""
    return [Experiment(number, name, runs=runs) for number, name in enumerate(names, 1)]


def checked() -> ExperimentTreeModel:
    model = ExperimentTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def lines(model: ExperimentTreeModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """What a user reads, indented."""
    here = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(here)):
        index = model.index(row, 0, here)
        found.append("  " * depth + f"{index.data()} {index.data(RUNS_ROLE)}")
        found += lines(model, index, depth + 1)
    return found


def nodes(*names: str) -> dict[str, Node]:
    return {
        node.path: node for node in build(sorted(experiments(*names), key=lambda one: place_of(one.name))).root.walk()
    }


def test_slashes_make_folders(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("vision/cifar", "Default", "vision", "nlp/a/b", runs=2))
    assert lines(model) == ["Default 2", "nlp 2", "  a 2", "    b 2", "vision 2", "  cifar 2"]


def test_counts_that_moved_leave_the_tree_alone(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("a/b", "c"))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_experiments([replace(one, runs=9, running=2) for one in experiments("a/b", "c")])
    assert lines(model) == ["a 9", "  b 9", "c 9"]
    assert model.find("a").data(RUNNING_ROLE) == 2, "a closed folder tells that something is under way in it"


def test_a_few_changes_leave_all_other_rows_where_they_are(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("a/b", "a/c", "d"))
    with qtbot.assertNotEmitted(model.modelReset):
        model.follow([Experiment(2, "e/f/c"), Experiment(4, "a/x")], {1, 2, 4})
    assert lines(model) == ["a 1", "  b 1", "  x 0", "e 0", "  f 0", "    c 0"]


def test_what_went_to_the_trash_is_not_shown(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("a/b", "c"))
    model.follow([Experiment(1, "a/b", LifecycleStage.DELETED)], {1, 2})
    assert lines(model) == ["c 1"] and list(model.known) == [2]


def test_the_filter_keeps_the_folders_of_what_it_finds(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("vision/cifar", "vision/mnist", "nlp/sst"))
    model.set_filter("Vis mn")
    assert lines(model) == ["vision 1", "  mnist 1"]
    model.follow([Experiment(4, "vision/mnist-2"), Experiment(5, "other")], {1, 2, 3, 4, 5})
    assert lines(model) == ["vision 1", "  mnist 1", "  mnist-2 0"], "what comes later is filtered too"
    model.set_filter("")
    assert len(lines(model)) == 7


def test_empty_folders_stay_until_they_are_taken_away(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("a/b"))
    model.set_folders(["new/one", "a"])
    assert lines(model) == ["a 1", "  b 1", "new 0", "  one 0"]
    model.follow([], set())
    assert lines(model) == ["a 0", "new 0", "  one 0"]
    model.set_folders([])
    assert lines(model) == []


def test_a_folder_stands_for_all_below_it() -> None:
    root = build(experiments("a", "a/b", "c/d", "c/e")).root
    folder_and_experiment, folder = root.children
    assert experiments_below([folder]) == [3, 4]
    assert experiments_below([folder_and_experiment]) == [1]
    assert experiments_below([root, folder]) == [1, 2, 3, 4]


def test_typing_a_name_asks_for_a_renaming_and_changes_nothing_itself(qtbot: QtBot) -> None:
    model = checked()
    asked: list[tuple[str, str]] = []
    model.rename = lambda old, new: asked.append((old, new))
    model.set_experiments(experiments("a/b"))
    folder = model.index(0, 0)
    index = model.index(0, 0, folder)
    assert index.data(Qt.ItemDataRole.EditRole) == "b"
    for name in ("c", "b", " ", "x/y"):
        model.setData(index, name)
    model.setData(folder, "z")
    assert asked == [("a/b", "a/c"), ("a/b", "a/x/y"), ("a", "z")] and index.data() == "b"


def test_nothing_can_be_edited_or_dragged_in_a_store_that_is_read_only(qtbot: QtBot) -> None:
    model = checked()
    model.set_experiments(experiments("a"))
    changing = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
    assert not model.flags(model.index(0, 0)) & changing


# What a move does


def test_moving_says_what_it_does() -> None:
    there = nodes("vision/cifar", "vision/mnist", "nlp/sst", "top")
    move = to_folder([there["vision/cifar"]], "nlp")
    assert move is not None and move.text == "Move cifar to nlp" and move.paths == (("vision/cifar", "nlp/cifar"),)
    move = to_folder([there["vision"], there["vision/cifar"], there["top"]], "nlp")
    assert move is not None and dict(move.paths) == {"vision": "nlp/vision", "top": "nlp/top"}
    move = to_folder([there["nlp/sst"]], "")
    assert move is not None and move.text == "Move sst to the top"


def test_a_move_that_changes_nothing_or_cannot_be_is_none() -> None:
    there = nodes("vision/cifar", "vision/old/mnist", "top")
    assert to_folder([there["vision/cifar"]], "vision") is None
    assert to_folder([there["vision"]], "vision/old") is None
    assert to_folder([there["vision"]], "vision") is None
    assert to_folder([], "vision") is None


def test_merging_says_what_it_does() -> None:
    there = nodes("vision/cifar", "vision/mnist", "top")
    move = into_experiment([there["vision/cifar"], there["vision/mnist"]], there["top"])
    assert move is not None and move.text == "Merge 2 experiments with 2 runs into top"
    assert into_experiment([there["vision"]], there["top"]) is None, "a folder"
    assert into_experiment([there["top"]], there["top"]) is None
    assert into_experiment([there["top"]], there["vision"]) is None


def test_runs_go_to_experiments_only() -> None:
    there = nodes("vision/cifar", "top")
    move = runs_to([7, 8], there["top"], [1, 2])
    assert move is not None and move.text == "Move 2 runs to top"
    assert runs_to([7], there["vision"]) is None and runs_to([7], there["top"], [2]) is None


def test_a_folder_takes_along_what_is_chosen_in_it() -> None:
    there = nodes("a/b/c", "a/d", "ab")
    chosen = [there["a/b/c"], there["a/b"], there["ab"]]
    assert [node.path for node in topmost(chosen)] == ["a/b", "ab"]


def test_marks_are_where_the_words_are() -> None:
    assert marks("cifar10-resnet", ["re", "10", "ar"]) == [(3, 7), (8, 10)]
    assert marks("aaa", ["aa"]) == [(0, 3)] and marks("x", []) == [] and marks("İx", ["x"]) == []


# Any changes

PATHS = st.lists(st.sampled_from("abC"), min_size=1, max_size=3).map("/".join)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("names"), st.dictionaries(st.integers(1, 8), PATHS, max_size=8)),
        st.tuples(st.just("filter"), st.sampled_from(["", "a", "b c", "/"])),
        st.tuples(st.just("folders"), st.sets(PATHS, max_size=3)),
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(STEPS)
def test_any_changes_one_after_another_show_what_a_tree_made_anew_shows(steps: list[tuple[str, object]]) -> None:
    model, folders = checked(), set[str]()
    for kind, value in steps:
        if kind == "names":
            assert isinstance(value, dict)
            model.set_experiments(unique(value))
        elif kind == "filter":
            model.set_filter(str(value))
        else:
            assert isinstance(value, set)
            folders = value
            model.set_folders(folders)
        assert lines(model) == lines(made_anew(model, folders))
        assert [one.name for one in model.in_order()] == sorted(
            (one.name for one in model.known.values()), key=place_of
        )
        for one in model.known.values():
            index = model.find_experiment(one.id)
            assert not index.isValid() or model.node(index).path == one.name
            assert index.isValid() == all(word in one.name.lower() for word in model.words)


def made_anew(model: ExperimentTreeModel, folders: set[str]) -> ExperimentTreeModel:
    """A model of the same things, which has followed nothing."""
    fresh = ExperimentTreeModel()
    fresh.set_filter("matches nothing")
    fresh.set_experiments(model.known.values())
    fresh.set_folders(folders)
    fresh.set_filter(" ".join(model.words))
    return fresh


def unique(names: dict[int, str]) -> list[Experiment]:
    """Experiments of these names, no two of which are the same; with counts."""
    ids = {name: number for number, name in names.items()}
    return [Experiment(number, name, runs=number) for name, number in ids.items()]


def many(count: int) -> Iterable[Experiment]:
    for number in range(1, count + 1):
        yield Experiment(number, f"team{number % 100:02}/project{number % 7}/experiment-{number:05}", runs=number % 9)


def test_ten_thousand_experiments_are_followed_one_row_at_a_time(qtbot: QtBot) -> None:
    model = ExperimentTreeModel()
    model.set_experiments(many(10_000))
    inserted: list[int] = []
    model.rowsInserted.connect(lambda parent, first, last: inserted.append(last - first + 1))
    random = Random(7)
    with qtbot.assertNotEmitted(model.modelReset):
        for number in range(20):
            some = random.choice(list(model.known.values()))
            model.follow([replace(some, name=f"moved/{number}")], model.known.keys())
    assert inserted == [1] * 20
