"""What is chosen on the page of comparison, faster than it is read: no choice is lost, and none comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from runfolio.core.columns import metric, param
from runfolio.core.compare_options import CompareOptions
from runfolio.core.kernel import Violin
from runfolio.gui.compare.boxes import BOX_ROLE, Box
from runfolio.gui.compare.group_table import BOX
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 12
LR, WIDTH, OPTIMIZER = param("lr", numeric=True), param("width", numeric=True), param("optimizer")


@pytest.fixture
def filled(store: Store) -> Store:
    """Twelve runs with two optimizers, on a grid of learning rates and widths."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            optimizer = ("adamw", "sgd")[number % 2]
            script.params(run, {"lr": str(0.1 * (number % 4)), "width": str(number // 4), "optimizer": optimizer})
            script.log(run, "acc", [number / 10])
    return store


@pytest.fixture
def page(qtbot: QtBot, filled: Store, open_window: Opener) -> ComparePage:
    """The page with the runs in groups, read and drawn."""
    window = listed(qtbot, open_window(filled), RUNS)
    window.session.set_view(replace(window.session.view, group_by=(OPTIMIZER,)))
    page = compared(qtbot, window)
    until(qtbot, lambda: page.settled and page.groups.model.rowCount() == 2)
    return page


def window_of(page: ComparePage) -> MainWindow:
    window = page.window()
    assert isinstance(window, MainWindow)
    return window


def chosen(page: ComparePage) -> CompareOptions:
    return window_of(page).session.view.compare


def click(button: QToolButton) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def reads(page: ComparePage) -> bool:
    """Whether runs, or what explains their metric, are being read: what is asked for begins at once."""
    return page._refresh.busy or page.importance._refresh.busy


def test_two_choices_in_different_cards_before_the_first_is_read_are_both_made(qtbot: QtBot, page: ComparePage) -> None:
    click(page.scatter.contour)
    click(page.groups.violin)
    click(page.bars.best)
    assert (chosen(page).contour, chosen(page).violin, chosen(page).metric) == (True, True, metric("acc", "best"))
    assert (chosen(page).x, chosen(page).y) == (LR, WIDTH)
    undo = window_of(page).session.undo
    undo.undo()
    click(page.bars.zero)
    assert (chosen(page).metric, chosen(page).cropped) == (None, True), "what was taken back does not come back"
    until(qtbot, lambda: page.settled)
    buttons = page.scatter.contour, page.groups.violin, page.bars.best, page.bars.zero
    assert [button.isChecked() for button in buttons] == [True, True, False, False]
    assert page.compared is not None and page.compared.surface is not None


def test_another_look_of_the_same_runs_is_shown_at_once_and_reads_nothing(qtbot: QtBot, page: ComparePage) -> None:
    session, before, explained = window_of(page).session, page.compared, page.importance._explained
    scale = page.bars.table.bars.scale
    assert page.groups.violin.isVisible() and explained is not None and scale[0] == 0
    click(page.groups.violin)
    click(page.bars.zero)
    assert not reads(page)
    assert isinstance(page.groups.model.index(0, BOX).data(BOX_ROLE), Violin) and page.bars.table.bars.scale[0] > 0
    session.undo.undo()
    session.undo.undo()
    assert not reads(page) and not page.groups.violin.isChecked()
    assert isinstance(page.groups.model.index(0, BOX).data(BOX_ROLE), Box) and page.bars.table.bars.scale == scale
    assert page.compared is before and page.importance._explained is explained
    click(page.bars.best)
    assert reads(page), "another metric is something else"
    until(qtbot, lambda: page.settled and page.compared is not before)


def test_keys_pressed_faster_than_axes_are_read_each_count(qtbot: QtBot, page: ComparePage) -> None:
    view = page.parallel.view
    assert view.current == 0 and view.axes[0].column == LR and not view.axes[0].scale.log
    for key in (Qt.Key.Key_F, Qt.Key.Key_L, Qt.Key.Key_L):
        QTest.keyClick(view, key)
    assert chosen(page) == CompareOptions(flipped=(LR,), linear=(LR,))
    until(qtbot, lambda: page.settled and view.axes[0].scale.flipped)
    assert not view.axes[0].scale.log
