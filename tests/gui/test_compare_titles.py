"""Runs of one name on the page of comparison: each part of it tells them apart, and in the same way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.scrolling import page_around
from runfolio.gui.main_window import MainWindow
from runfolio.gui.run_colors import run_color
from runfolio.store import Store
from tests.gui.comparing import compared, listed, until
from tests.gui.conftest import Opener
from tests.store.script import Script

IDS = "1a2b3c", "4d5e6f", "1a7777"
TITLES = ["same · 1a2b", "same · 4d5e", "same · 1a77"]


@pytest.fixture
def filled(store: Store) -> Store:
    """Three runs of one name, and one of another."""
    with Script(store) as script:
        for number, run_id in enumerate((*IDS, "8f9a0b")):
            run = script.start(experiment="a", name="same" if number < 3 else "other", run_id=run_id)
            script.params(run, {"lr": str(0.1 * (number + 1))})
            script.log(run, "acc", [0.5, 0.6 + number / 10])
            script.end(run)
        script.take()
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), 4)


def test_runs_of_one_name_are_told_apart_wherever_they_are_named(qtbot: QtBot, window: MainWindow) -> None:
    page = compared(qtbot, window)
    assert page.compared is not None
    assert {page.compared.names.of(place) for place in range(4)} == {*TITLES, "other"}, "what the mouse says of a line"
    assert {line.title for line in page.bars.table.bars.lines} == {*TITLES, "other"}
    model = page.difference.table.differences
    heads = [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(1, 5)]
    assert {head.removesuffix(" (baseline)") for head in heads} == {*TITLES, "other"}
    row = next(at for at in range(model.rowCount()) if model.index(at, 0).data() == "acc")
    page.difference.table.setCurrentIndex(model.index(row, 2))
    QTest.keyClick(page.difference.table, Qt.Key.Key_Return)
    until(qtbot, lambda: page.settled and page.difference.detail.isVisible())
    named = {page.difference.detail.other.itemText(at) for at in range(page.difference.detail.other.count())}
    assert named < {*TITLES, "other"} and len(named) == 3


def test_the_differences_have_the_runs_colours_over_them(qtbot: QtBot, window: MainWindow) -> None:
    theme = window.session.theme
    page = compared(qtbot, window, 2, 3)
    model = page.difference.table.differences

    def dots() -> set[str]:
        sides = Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole
        pictures = [model.headerData(at, *sides) for at in (1, 2)]
        assert all(isinstance(one, QPixmap) for one in pictures)
        middles = [one.toImage() for one in pictures]
        return {one.pixelColor(one.width() // 2, one.height() // 2).name() for one in middles}

    assert dots() == {run_color(2, theme.dark).name(), run_color(3, theme.dark).name()}
    window.session.colors.set_chosen({2: 7})
    for _ in ("dark", "light"):
        assert dots() == {run_color(7, theme.dark).name(), run_color(3, theme.dark).name()}
        window.actions_by_id["view.theme"].trigger()


def test_a_long_name_leaves_the_page_as_wide_as_it_is(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    with Script(store) as script:
        for name in ("short", "R" * 200, "<b>&" * 50):
            run = script.start(experiment="a", name=name)
            script.params(run, {"lr": str(len(name))})
            script.log(run, "acc", [0.5, float(len(name))])
            script.end(run)
        script.take()
    page = compared(qtbot, listed(qtbot, open_window(store), 3))
    page.window().resize(1300, 900)
    table, detail = page.difference.table, page.difference.detail
    for key in ("acc", "lr"):
        rows = table.differences.rowCount()
        row = next(at for at in range(rows) if table.differences.index(at, 0).data() == key)
        table.setCurrentIndex(table.differences.index(row, 2))
        QTest.keyClick(table, Qt.Key.Key_Return)
        until(qtbot, lambda key=key: page.settled and detail.opened is not None and detail.opened[1] == key)  # type: ignore[misc]
        around = page_around(page.difference)
        assert around is not None and around.horizontalScrollBar().maximum() == 0, f"{key} fits the page"
    assert detail.other.isVisible() and detail.other.width() < page.difference.width() / 2
    (title,) = (one for one in detail.findChildren(ElidedLabel) if one.text() == "lr")
    assert title.width() >= title.fontMetrics().horizontalAdvance("lr")
