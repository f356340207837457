"""The Tab key goes through a window as one reads it, whenever its parts were made, and back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from runfolio.gui.focus_order import rows, step, stops_in
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    writer = Writer(store.path)
    run = writer.run("first")
    writer.points(run, "loss", [1.0, 2.0])
    writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 1)
    window.runs.step(1)
    qtbot.waitUntil(lambda: window.inspector.details is not None and window.inspector.settled)
    qtbot.waitUntil(lambda: bool(window.page.charts and window.page.charts.grid.visible_cards()))
    window.activateWindow()
    return window


def walked(key: Qt.Key, first: QWidget) -> list[QWidget]:
    """What has the keyboard one after the other, until it is where it began."""
    first.setFocus()
    found = [first]
    while len(found) < 200:
        QTest.keyClick(found[-1], key)
        now = QApplication.focusWidget()
        assert now is not None
        if now is first:
            break
        found.append(now)
    return found


def test_tab_goes_from_the_tree_over_filter_table_and_charts_to_the_inspector(window: MainWindow) -> None:
    order = walked(Qt.Key.Key_Tab, window.navigator.filter)
    charts = window.page.charts
    assert charts is not None
    (card,) = charts.grid.visible_cards()
    inspector = window.inspector
    parts: list[QWidget] = [
        window.navigator.tree,
        window.navigator.trash,
        window.page.filter.edit,
        window.runs.view,
        card.plot,
    ]
    parts += [inspector.heading.name, inspector.tabs, inspector.overview.metrics]
    places = [order.index(part) for part in parts]
    assert places == sorted(places)
    top = window.menuWidget()
    assert top is not None and top.isAncestorOf(order[-1]), "and from the end to the beginning"


def test_the_other_way_is_the_same(window: MainWindow) -> None:
    there = walked(Qt.Key.Key_Tab, window.navigator.filter)
    back = walked(Qt.Key.Key_Backtab, window.navigator.filter)
    assert back == [there[0], *there[:0:-1]]


def test_all_that_tab_comes_to_has_a_name_and_is_seen(window: MainWindow) -> None:
    for widget in walked(Qt.Key.Key_Tab, window.navigator.filter):
        text = widget.property("text")
        assert widget.accessibleName() or text, widget
        widget.setFocus()
        step(window, True)
        step(window, False)
        seen = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        assert not seen.visibleRegion().isEmpty(), widget


def test_what_was_made_later_has_its_place_between_what_it_stands_between(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    last, first, hidden = QPushButton("last"), QLineEdit(), QPushButton("hidden")
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(QPushButton("within"))
    for widget in (first, area, last, hidden):
        layout.addWidget(widget)
    with qtbot.waitExposed(page):
        page.show()
    hidden.hide()
    assert list(stops_in(page)) == [first, area.widget(), last]
    assert rows([last, first]) == [[first], [last]]


def test_a_window_without_anything_to_do_keeps_the_keyboard_where_it_is(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    assert not step(page, True)
