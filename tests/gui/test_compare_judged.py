"""What runs are judged by, and how it is said which of a metric's values stands there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 6


@pytest.fixture
def filled(store: Store) -> Store:
    """Six runs that end with a worse loss than they had; the first two have an accuracy too."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            script.params(run, {"lr": str(0.01 * (number + 1))})
            script.log(run, "loss", [0.5, 0.1 * (number + 1), 2.0 + number])
            if number < 2:
                script.log(run, "val/acc", [0.9 + number / 100])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def test_runs_are_judged_by_a_metric_that_they_have(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window, 3, 4, 5)
    assert page.compared is not None and page.compared.by == metric("loss")
    assert [line.title for line in page.bars.table.bars.lines] == ["run 2", "run 3", "run 4"]
    assert page.scatter.title.text().startswith("last loss vs") and page.parallel.color.text().startswith(
        "colour: last loss"
    )
    assert page.scatter.note.text() == "", "all three are points"
    window.session.select_runs([1, 2])
    page.compare_selected()
    until(qtbot, lambda: page.settled and page.compared is not None and len(page.compared.runs) == 2)
    assert page.compared.by == metric("val/acc")


def test_a_metric_that_few_runs_have_is_not_what_all_are_judged_by(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    assert page.compared is not None and page.compared.by == metric("loss")
    assert len(page.bars.table.bars.lines) == RUNS


def test_each_value_says_which_of_the_metrics_values_it_is(qtbot: QtBot, window: MainWindow) -> None:
    """The difference takes the best loss, all else the last one unless the user chooses the best."""
    page = compared(qtbot, window, 3, 4, 5)
    assert page.bars.title.text() == "last loss" and page.bars.by.text() == "by: last loss ▾"
    assert page.importance.title.text() == "What explains last loss?"
    assert page.parallel.view.titles[-1] == "last loss"
    model = page.difference.table.differences
    assert "Best metrics" in [model.index(row, 0).data() for row in range(model.rowCount())]
    QTest.mouseClick(page.bars.best, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.settled and page.bars.title.text() == "best loss")
    assert page.bars.table.bars.lines[0].value == pytest.approx(0.3)
    assert page.parallel.view.titles[-1] == "last loss", "an axis is of the last values still, and says so"
