"""The differences of some runs, in a real window: what they show, of which runs, and what is copied."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from runfolio.core import captured
from runfolio.gui.compare.difference_card import ALIKE, MOST, TOO_MANY, DifferenceCard
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from runfolio.store.runs import get_run
from tests.gui.comparing import compared, listed, sweep
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 14
Role = Qt.ItemDataRole


@pytest.fixture
def filled(store: Store) -> Store:
    """Runs of two rates whose accuracy grows; of the first one the code is known."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            script.params(run, {"lr": ("0.1", "0.2")[number % 2], "epochs": "3"})
            script.log(run, "val/acc", [number / 10])
            if not number:
                script.tags(run, {captured.COMMIT: "8c2f1d" + "0" * 34, captured.DIRTY: "False"})
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def shown(card: DifferenceCard) -> list[list[str]]:
    """The texts of all cells, with the runs' names above them."""
    model = card.table.differences
    columns = range(model.columnCount())
    titles = [str(model.headerData(column, Qt.Orientation.Horizontal) or "") for column in columns]
    cells = [[str(model.index(row, column).data() or "") for column in columns] for row in range(model.rowCount())]
    return [titles, *cells]


def test_what_the_selected_runs_do_not_have_in_common_is_shown_beside_the_first(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = compared(qtbot, window, 1, 2, 3)
    card = page.difference
    QAbstractItemModelTester(card.table.differences, QAbstractItemModelTester.FailureReportingMode.Warning, card)
    assert shown(card) == [
        ["", "run 2 (baseline)", "run 1", "run 0"],
        ["Parameters", "", "", ""],
        ["lr", "0.1", "0.2", "0.1"],
        ["Best metrics", "", "", ""],
        ["val/acc", "0.2000", "0.1000  ○ −0.1000", "0.0000  ○ −0.2000"],
    ]
    model = card.table.differences
    assert model.index(1, 2).data(Role.AccessibleTextRole) == "0.2, differs"
    assert model.index(3, 3).data(Role.AccessibleTextRole) == "0.0000 (−0.2000), worse"
    assert (
        model.index(1, 2).data(Role.BackgroundRole) is not None and model.index(1, 3).data(Role.BackgroundRole) is None
    )
    assert "Not captured of run 2, run 1: the commit" in card.doubts.text()
    QTest.mouseClick(card.only, Qt.MouseButton.LeftButton)
    assert ["epochs", "3", "3", "3"] in shown(card)
    assert ["commit", "not captured", "not captured", "8c2f1d0000"] in shown(card)


def test_the_baseline_of_the_view_comes_first(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    session.set_view(replace(session.view, baseline=get_run(session.store, 1).run_id), "Baseline")
    page = compared(qtbot, window, 3, 4)
    assert shown(page.difference)[0] == ["", "run 0 (baseline)", "run 3", "run 2"]


def test_it_is_copied_as_it_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    card = compared(qtbot, window, 1, 2).difference
    card.copy.setFocus()
    QTest.keyClick(card.copy, Qt.Key.Key_Space)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "|  |  | run 1 | run 0 |" and lines[2] == "| Parameters | lr | 0.2 | 0.1 |"
    assert not any("epochs" in line for line in lines)


def test_it_follows_what_is_selected_and_what_is_logged(qtbot: QtBot, window: MainWindow, filled: Store) -> None:
    page = compared(qtbot, window)
    card = page.difference
    assert card.text.text() == TOO_MANY and card.table.isHidden() and not card.copy.isEnabled()
    assert MOST < RUNS
    window.session.select_runs([1, 2])
    qtbot.waitUntil(lambda: page.settled)
    assert shown(card)[2] == ["lr", "0.2", "0.1"]
    with Script(filled) as script:
        twins = [script.start(experiment="a", name="twin") for _ in range(2)]
        for run in twins:
            script.params(run, {"lr": "0.1"})
        script.take()
        qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == RUNS + 2)
        window.session.select_runs([RUNS + 1, RUNS + 2])
        qtbot.waitUntil(lambda: page.settled and card.text.text() == ALIKE)
        script.params(twins[0], {"depth": "3"})
        script.take()
        qtbot.waitUntil(lambda: sorted(shown(card)[-1]) == ["3", "depth", "—"])
