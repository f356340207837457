"""The tab of lineage: drawn, gone through with keys and mouse, and leading elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.registry.lineage import Kind
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import ARTIFACTS, RUNS
from runfolio.gui.registry.lineage.tab import LineageTab
from runfolio.gui.theme import Mode
from runfolio.store.registry.models import create_model
from runfolio.store.registry.reading import get_version
from runfolio.store.registry.transitions import transition
from tests.gui.registry.conftest import CHURN, page_of


@pytest.fixture
def tab(qtbot: QtBot, window: MainWindow) -> LineageTab:
    found = page_of(window).show_tab("Lineage")
    assert isinstance(found, LineageTab)
    qtbot.waitUntil(lambda: found.settled and bool(found.view.items_by_key))
    window.activateWindow()
    found.view.setFocus()
    qtbot.waitUntil(found.view.hasFocus)
    return found


def version(number: int) -> str:
    return f"version {CHURN}/{number}"


def test_every_version_is_drawn_with_its_run_files_and_stage(qtbot: QtBot, tab: LineageTab) -> None:
    kinds = [item.node.kind for item in tab.view.items_by_key.values()]
    assert (kinds.count(Kind.RUN), kinds.count(Kind.ARTIFACT), kinds.count(Kind.VERSION)) == (7, 7, 7)
    assert kinds.count(Kind.STAGE) == 4
    assert tab.summary.text().startswith("0 datasets · 7 runs · 7 versions")
    transition(tab.session.store, CHURN, 6, "Production")
    qtbot.waitUntil(lambda: f"stage {CHURN}/Staging" not in tab.view.items_by_key)


def test_keys_go_along_the_curves_and_tab_goes_on_from_the_last_node(tab: LineageTab) -> None:
    view = tab.view
    view.go_to(version(6))
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.node(view.current).kind is Kind.ARTIFACT
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.node(view.current).title == "heron-6"
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.node(view.current).title == "heron-5"
    assert view.accessibleDescription().startswith("run heron-5")
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.node(view.current).title == "heron-4"
    view.go_to(view.order[-1])
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert not view.hasFocus()


def test_all_that_belongs_to_a_node_is_lit(tab: LineageTab) -> None:
    tab.view.go_to(version(6))
    lit = {item.node.title for item in tab.view.items_by_key.values() if item.lit}
    assert lit == {"heron-6", "model/", f"{CHURN} v6", "Staging"}


def test_a_click_selects_a_version_and_a_double_click_on_a_run_goes_there(
    qtbot: QtBot, window: MainWindow, tab: LineageTab
) -> None:
    view = tab.view

    def middle(key: str) -> object:
        box = view.items_by_key[key]
        return view.mapFromScene(box.sceneBoundingRect().center())

    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(version(4)))  # type: ignore[call-overload]
    assert window.session.registry.versions == (4,) and view.current == version(4)
    found = get_version(window.session.store, CHURN, 4)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(f"run {found.run_id}"))  # type: ignore[call-overload]
    assert window.middle.shown == RUNS and window.session.selection.current == found.run


def test_return_on_files_opens_them_and_on_a_stage_selects_who_is_there(
    qtbot: QtBot, window: MainWindow, tab: LineageTab
) -> None:
    tab.view.go_to(f"stage {CHURN}/Production")
    QTest.keyClick(tab.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.registry.versions == (4,))
    tab.view.go_to(version(4))
    QTest.keyClick(tab.view, Qt.Key.Key_Left)
    QTest.keyClick(tab.view, Qt.Key.Key_Return)
    assert window.middle.shown == ARTIFACTS


def test_one_version_alone_is_drawn_and_the_graph_is_made_larger(qtbot: QtBot, tab: LineageTab) -> None:
    tab.which.setCurrentIndex(tab.which.findData(6))
    qtbot.waitUntil(lambda: len(tab.view.items_by_key) == 4)
    before = tab.view.transform().m11()
    QTest.keyClicks(tab.view, "+")
    assert tab.view.transform().m11() > before
    QTest.keyClicks(tab.view, "---")
    assert tab.view.transform().m11() < before
    QTest.keyClicks(tab.view, "0")
    assert tab.view.transform().m11() == pytest.approx(before)


def test_colours_follow_the_theme(tab: LineageTab) -> None:
    dark = tab.view.backgroundBrush().color()
    tab.session.theme.set_mode(Mode.LIGHT)
    assert tab.view.backgroundBrush().color() != dark


def test_a_model_without_versions_says_so(qtbot: QtBot, tab: LineageTab) -> None:
    create_model(tab.session.store, "ranker")
    tab.session.registry.show_model("ranker")
    qtbot.waitUntil(lambda: not tab.view.isVisible())
    tab.session.registry.show_model(CHURN)
    qtbot.waitUntil(tab.view.isVisible)
