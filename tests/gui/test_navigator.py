"""The tree of experiments: what it shows, and that Qt finds no fault with the model."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Experiment
from runfolio.gui.navigator.model import RUNS_ROLE, ExperimentTreeModel
from runfolio.gui.navigator.tree import build, experiments_below


def experiments(*names: str, runs: int = 1) -> list[Experiment]:
    """Experiments with these names, numbered from 1."""
    return [Experiment(number, name, runs=runs) for number, name in enumerate(names, 1)]


def lines(model: ExperimentTreeModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """What a user reads, indented."""
    here = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(here)):
        index = model.index(row, 0, here)
        found.append("  " * depth + f"{index.data()} {index.data(RUNS_ROLE)}")
        found += lines(model, index, depth + 1)
    return found


def test_slashes_make_folders(qtbot: QtBot) -> None:
    model = ExperimentTreeModel()
    model.set_experiments(experiments("vision/cifar", "Default", "vision", "nlp/a/b", runs=2))
    assert lines(model) == ["Default 2", "nlp 2", "  a 2", "    b 2", "vision 2", "  cifar 2"]


def test_only_counts_that_moved_leave_the_tree_alone(qtbot: QtBot) -> None:
    model = ExperimentTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert model.set_experiments(experiments("a/b", "c"))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        assert not model.set_experiments(experiments("a/b", "c", runs=9))
    assert lines(model) == ["a 9", "  b 9", "c 9"]


def test_the_filter_keeps_the_folders_of_what_it_finds(qtbot: QtBot) -> None:
    model = ExperimentTreeModel()
    model.set_experiments(experiments("vision/cifar", "vision/mnist", "nlp/sst"), "Vis mn")
    assert lines(model) == ["vision 1", "  mnist 1"]


def test_a_folder_stands_for_all_below_it() -> None:
    root = build(experiments("a", "a/b", "c/d", "c/e"))
    folder_and_experiment, folder = root.children
    assert experiments_below([folder]) == [3, 4]
    assert experiments_below([folder_and_experiment]) == [1]
    assert experiments_below([root, folder]) == [1, 2, 3, 4]


def test_typing_a_name_asks_for_a_renaming_and_changes_nothing_itself(qtbot: QtBot) -> None:
    model = ExperimentTreeModel()
    asked = []
    model.rename = lambda experiment, name: asked.append((experiment, name))
    model.set_experiments(experiments("a/b"))
    folder = model.index(0, 0)
    index = model.index(0, 0, folder)
    assert index.data(Qt.ItemDataRole.EditRole) == "a/b"
    assert not model.flags(folder) & Qt.ItemFlag.ItemIsEditable
    model.setData(index, "a/c")
    model.setData(index, "a/b")
    assert asked == [(1, "a/c")] and index.data() == "b"


NAMES = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join), unique=True, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4))
def test_any_trees_one_after_another(steps: list[list[str]]) -> None:
    model = ExperimentTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for names in steps:
        model.set_experiments(experiments(*names))
        nodes = [line for line in lines(model)]
        paths = {"/".join(name.split("/")[:depth]) for name in names for depth in range(1, name.count("/") + 2)}
        assert len(nodes) == len(paths)
        for name in names:
            assert model.find(name).isValid() and model.node(model.find(name)).path == name
