"""What explains a metric, in a real window: worked out by itself, said in words, and shown as points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric, param
from runfolio.gui.compare.importance_model import BAR
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, pick, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 40
LR, ACC, LOSS = param("lr", numeric=True), metric("val/acc"), metric("val/loss")


@pytest.fixture
def filled(store: Store) -> Store:
    """Forty runs: the accuracy grows with the learning rate, the loss is chance."""
    chance = np.random.default_rng(2)
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            values = {"lr": f"{10.0 ** -(1 + number % 20 / 5):.5g}", "batch": str(2 ** int(chance.integers(4, 8)))}
            script.params(run, values | {"optimizer": ("adamw", "sgd", "lion")[number % 3]})
            script.log(run, "val/acc", [0.9 - (number % 20) / 100 + 0.03 * float(chance.normal())])
            script.log(run, "val/loss", [float(chance.normal())])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def rows(page: ComparePage) -> list[list[str]]:
    model = page.importance.model
    return [[str(model.index(row, at).data()) for at in range(model.columnCount())] for row in range(model.rowCount())]


def test_the_param_that_a_metric_is_made_of_comes_first_with_its_direction(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    card = page.importance
    QAbstractItemModelTester(card.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert card.title.text() == "What explains last val/acc?" and card.note.text().startswith("R² 0.")
    first, *others = rows(page)
    assert first[0] == "lr" and float(first[2]) > 0.6 and first[3].startswith("↗ +0.")
    assert {row[0] for row in others} == {"batch", "optimizer"}
    assert all(one.value < 0.1 for one in card.model.params[1:])
    assert card.doubt.isHidden(), "forty runs are enough for three params"
    told = str(card.model.index(0, BAR).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "of the variance of last val/acc goes with lr" in told and "last val/acc grows with it" in told
    optimizer = next(row for row in others if row[0] == "optimizer")
    assert optimizer[3].startswith("highest: ")


def test_another_metric_is_explained_and_chance_is_called_so(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    pick(qtbot, page, page.importance.by, "loss")
    assert page.importance.title.text() == "What explains last val/loss?"
    assert page.importance.doubt.isVisible() and "do not explain it" in page.importance.doubt.text()
    assert all(row[2] == "chance" for row in rows(page))
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and rows(page)[0][0] == "lr")
    assert page.importance.title.text() == "What explains last val/acc?"


def test_enter_on_a_param_shows_it_as_points_and_is_undone(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    before = page.scatter.title.text()
    row = [one[0] for one in rows(page)].index("batch")
    page.importance.table.setFocus()
    page.importance.table.selectRow(row)
    QTest.keyClick(page.importance.table, Qt.Key.Key_Return)
    until(qtbot, lambda: page.settled and page.scatter.title.text() == "last val/acc vs batch")
    assert page.importance.table.currentIndex().row() == row, "the keyboard stays where it was"
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and page.scatter.title.text() == before)


def test_of_a_few_selected_runs_nothing_is_said_but_why(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window, 1, 2, 3, 4)
    assert not rows(page)
    assert page.importance.doubt.text() == "4 runs with a value: of fewer than 10 nothing can be said."


def test_what_is_logged_meanwhile_is_explained_too(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    page = compared(qtbot, window)
    first = rows(page)
    with Script(filled) as script:
        for number, run in sweep(script, 30, "new"):
            script.params(run, {"lr": "0.01", "optimizer": "sgd", "batch": "16", "warmup": str(number)})
            script.log(run, "val/acc", [5.0 + number])
    until(qtbot, lambda: page.settled and len(rows(page)) == 4)
    assert rows(page)[0][0] == "warmup" and rows(page) != first


def test_of_questions_asked_one_after_the_other_the_last_one_is_answered(qtbot: QtBot, window: MainWindow) -> None:
    """What nobody waits for any more is stopped: it is not shown, be it that it would be ready later."""
    page = compared(qtbot, window)
    view = window.session.view
    shown: list[str] = []
    page.importance.model.modelReset.connect(lambda: shown.append(page.importance.title.text()))
    for column in (LOSS, ACC, LOSS, ACC, LOSS):
        window.session.set_view(replace(view, compare=replace(view.compare, metric=column)))
    until(qtbot, lambda: page.settled and "val/loss" in page.importance.title.text() and bool(rows(page)))
    assert page.importance.doubt.isVisible(), "the loss is chance"
    assert all(row[2] == "chance" for row in rows(page))
    assert not any("val/acc" in title for title in shown)


def test_runs_without_a_metric_have_nothing_to_explain_and_nothing_to_be_judged_by(
    qtbot: QtBot, window: MainWindow, filled: Store
) -> None:
    page = compared(qtbot, window)
    assert rows(page)
    with Script(filled) as script:
        for number in range(3):
            run = script.start(experiment="b", name="bare")
            script.params(run, {"lr": str(number)})
            script.end(run)
        script.take()
    window.session.select_experiments([2])
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == 3)
    assert not rows(page) and page.importance.doubt.text() == "These runs have no metric that could be explained."
    assert page.importance.by.isHidden() and not page.bars.table.bars.lines
    assert page.bars.note.text() == "these runs have no metric"
