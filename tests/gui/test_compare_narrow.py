"""The page of comparison in small windows: everything that can be done is in sight, and nothing that says nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.columns import param
from runfolio.gui.chrome.scrolling import page_around
from runfolio.gui.compare.card import Card
from runfolio.gui.compare.group_table import BOX, INTERVAL, VERSUS
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.comparing import compared, listed, sweep, until
from tests.gui.conftest import Opener
from tests.store.script import Script

RUNS = 12


@pytest.fixture
def filled(store: Store) -> Store:
    """Twelve runs of two optimizers that come to nearly the same."""
    with Script(store) as script:
        for number, run in sweep(script, RUNS):
            script.params(run, {"lr": str(0.1 * (number + 1)), "optimizer": ("adamw", "sgd")[number % 2]})
            script.log(run, "validation/accuracy", [0.5 + number / 100])
            script.log(run, "train/loss", [1.0 / (number + 1)])
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), RUNS)


def group(window: MainWindow) -> None:
    window.session.set_view(replace(window.session.view, group_by=(param("optimizer"),)))


def ends(card: Card, control: QWidget) -> int:
    """Where a control ends within its card, from the left."""
    return control.mapTo(card, QPoint(control.width(), 0)).x()


def are_apart(card: Card) -> bool:
    """Whether heading and controls lie beside each other, or under."""
    shown = [one for one in (card.title, *card._controls) if one.isVisible()]
    places = [one.geometry() for one in shown]
    return not any(a.intersects(b) for at, a in enumerate(places) for b in places[at + 1 :])


@pytest.mark.parametrize(("width", "height"), [(1600, 1000), (1100, 700), (900, 600)])
def test_the_page_is_as_wide_as_the_window_lets_it_be(
    qtbot: QtBot, window: MainWindow, width: int, height: int
) -> None:
    page: ComparePage = compared(qtbot, window)
    group(window)
    window.resize(width, height)
    until(qtbot, lambda: page.settled and page.groups.model.rowCount() == 2)
    around = page_around(page.difference)
    assert around is not None
    qtbot.waitUntil(lambda: around.horizontalScrollBar().maximum() == 0)
    for card in (*page.cards, page.difference):
        assert all(ends(card, one) <= card.width() for one in card._controls if one.isVisible()), card.title.text()
        qtbot.waitUntil(lambda card=card: are_apart(card))  # type: ignore[misc]
    hidden = [column for column in (BOX, INTERVAL, VERSUS) if page.groups.table.isColumnHidden(column)]
    assert hidden == [INTERVAL] and page.groups.table.horizontalScrollBar().maximum() == 0


def test_a_difference_that_is_not_significant_is_told_all_the_same(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    group(window)
    until(qtbot, lambda: page.settled and page.groups.model.rowCount() == 2)
    index = page.groups.model.index(1, VERSUS)
    assert index.data() == "+0.01 n.s."
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "+0.01, not significant"
    assert "Not significant" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_without_groups_their_card_is_one_low_row(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    qtbot.waitUntil(lambda: page.groups.height() < page.bars.height() / 2)
    assert page.groups.width() > 0.9 * page.difference.width()
    group(window)
    until(qtbot, lambda: page.settled and page.groups.height() > 100)


def test_what_was_not_captured_is_one_sentence(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window, 1, 2)
    what = "the commit, what was uncommitted, the machine, the list of packages"
    assert page.difference.doubts.text() == f"Not captured of any run: {what}."
