"""Groups of one run each on the page of comparison: why they are, said and mended in one click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import param
from runfolio.core.group_edits import all_but
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 18


@pytest.fixture
def filled(store: Store) -> Store:
    """Two optimizers with three rates, each three times; a long text that holds the seed too, and layers by chance."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            lr, optimizer, seed = str(10.0 ** -(number % 3)), ("adam", "sgd")[number // 3 % 2], str(number // 6)
            config = f"train with {optimizer} at {lr}, beginning with the seed {seed} for chance"
            script.params(run, {"lr": lr, "optimizer": optimizer, "seed": seed, "config": config})
            script.params(run, {"layers": str(number * 7 % 5)})
            script.log(run, "val/acc", [number % 6 + number / 50])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def test_what_keeps_runs_apart_is_named_and_left_out_by_one_click(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(all_but(window.session.view, [param("seed")]))
    page = compared(qtbot, window)
    card = page.groups
    until(qtbot, lambda: page.settled and card.model.rowCount() == RUNS)
    assert card.alone.text() == "No two runs share these settings: config and layers keep them apart."
    assert card.leave_out.isVisible() and card.leave_out.text() == "Leave Them Out"
    assert all(not line.title.startswith("config") for line in card.model.lines), "the long text comes last"
    tables = card.table, page.bars.table
    assert all(one.textElideMode() is Qt.TextElideMode.ElideRight for one in tables), "it is the first to be cut"
    QTest.mouseClick(card.leave_out, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.settled and card.model.rowCount() == 6)
    assert all(line.summary.count == 3 for line in card.model.lines)
    assert not card.alone.isVisible() and not card.leave_out.isVisible()
    window.session.undo.undo()
    until(qtbot, lambda: page.settled and card.model.rowCount() == RUNS)
    assert card.alone.isVisible()


def test_groups_that_have_company_are_not_complained_about(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(all_but(window.session.view, map(param, ("seed", "config", "layers"))))
    page = compared(qtbot, window)
    until(qtbot, lambda: page.settled and page.groups.model.rowCount() == 6)
    assert not page.groups.alone.isVisible() and not page.groups.leave_out.isVisible()
