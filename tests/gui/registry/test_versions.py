"""The tab of versions: filtered, sorted, with chosen columns, selected everywhere, and compared."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.columns import Column, Kind, Source
from runfolio.gui.columns.picker import ColumnPicker
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.versions.columns import ATTRIBUTES
from runfolio.gui.registry.versions.tab import VersionsTab
from runfolio.store.registry.models import create_model
from runfolio.store.registry.transitions import transition
from runfolio.store.registry.versions import delete_version
from tests.gui.registry.conftest import CHURN, page_of


@pytest.fixture
def tab(qtbot: QtBot, window: MainWindow) -> VersionsTab:
    found = page_of(window).show_tab("Versions")
    assert isinstance(found, VersionsTab)
    qtbot.waitUntil(lambda: found.settled and len(numbers(found)) == 7)
    return found


def numbers(tab: VersionsTab) -> list[int]:
    return [one.version for one in tab.table.model_of_versions.versions]


def cell(tab: VersionsTab, row: int, title: str) -> str:
    model = tab.table.model_of_versions
    titles = [one.title for one in model.columns]
    return str(model.index(row, titles.index(title)).data(Qt.ItemDataRole.AccessibleTextRole))


def choose(tab: VersionsTab, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    for row in rows:
        index = tab.table.model_of_versions.index(row, 0)
        tab.table.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)


def test_the_newest_version_is_first_with_what_is_known_of_it(qtbot: QtBot, tab: VersionsTab) -> None:
    model = tab.table.model_of_versions
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert numbers(tab) == [7, 6, 5, 4, 3, 2, 1]
    row = {title: cell(tab, 1, title) for title in ("Version", "Stage", "Run", "auc", "Flavors")}
    assert row == {"Version": "v6", "Stage": "Staging", "Run": "heron-6", "auc": "0.9470", "Flavors": "sklearn"}
    transition(tab.session.store, CHURN, 6, "Production")
    qtbot.waitUntil(lambda: cell(tab, 1, "Stage") == "Production" and cell(tab, 3, "Stage") == "Archived")


def test_words_narrow_it_down_and_a_heading_sorts_it(qtbot: QtBot, tab: VersionsTab) -> None:
    QTest.keyClicks(tab.filter, "archived")
    qtbot.waitUntil(lambda: numbers(tab) == [3, 2, 1])
    assert tab.summary.text() == "3 of 7 versions"
    tab.filter.clear()
    titles = [one.title for one in tab.columns]
    tab.table.horizontalHeader().setSortIndicator(titles.index("auc"), Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: numbers(tab) == [6, 7, 4, 5, 3, 2, 1])
    tab.table.horizontalHeader().setSortIndicator(titles.index("Stage"), Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: numbers(tab) == [7, 5, 6, 4, 3, 2, 1])


def test_columns_are_chosen_with_the_keyboard(qtbot: QtBot, tab: VersionsTab) -> None:
    tab.choose.click()
    picker = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ColumnPicker))
    QTest.keyClicks(picker.field, "user")
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.columns[-1] == ATTRIBUTES["user"] and tab.settled)
    assert cell(tab, 0, "User") != ""
    picker.close()
    tab.toggle_column(Column(Source.METRIC, "auc", Kind.NUMBER))
    qtbot.waitUntil(lambda: tab.settled)
    assert "auc" not in [one.title for one in tab.table.model_of_versions.columns]


def test_what_is_selected_here_is_selected_everywhere_and_stays_when_versions_come(
    qtbot: QtBot, window: MainWindow, tab: VersionsTab
) -> None:
    choose(tab, 3, 1)
    assert window.session.registry.versions == (4, 6)
    assert window.zone.version is not None
    qtbot.waitUntil(lambda: "v6" in window.zone.version.heading.name.text())  # type: ignore[union-attr]
    delete_version(tab.session.store, CHURN, 7)
    qtbot.waitUntil(lambda: numbers(tab) == [6, 5, 4, 3, 2, 1])
    assert {one.version for one in tab.table.chosen} == {4, 6}
    window.session.registry.select((2,))
    assert [one.version for one in tab.table.chosen] == [2]


def test_rows_are_copied_whole(tab: VersionsTab) -> None:
    choose(tab, 1)
    QTest.keyClick(tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row = QApplication.clipboard().text().split("\n")
    found = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert found["Version"] == "v6" and found["auc"] == "0.947"


def test_return_compares_and_escape_goes_back(qtbot: QtBot, tab: VersionsTab) -> None:
    choose(tab, 3, 1)
    assert tab.compare.text() == "Compare 2 Versions"
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    compared = tab.compared.table.differences
    qtbot.waitUntil(lambda: compared.rowCount() > 0)
    lines = [(line.key, [cell.text for cell in line.cells]) for part in tab.compared.parts for line in part.lines]
    assert ("auc", ["0.9360", "0.9470"]) in lines and ("stage", ["Production", "Staging"]) in lines
    assert any(key == "model.skops" and texts[1].endswith("changed") for key, texts in lines if texts[1])
    assert not any(key == "MLmodel" for key, _ in lines), "it is the same in both"
    tab.compared.only.click()
    assert any(line.key == "MLmodel" for part in tab.compared.parts for line in part.lines)
    tab.compared.baseline.setCurrentIndex(1)
    tab.compared.baseline.activated.emit(1)
    qtbot.waitUntil(lambda: compared.headerData(1, Qt.Orientation.Horizontal) == "v6 (baseline)")
    tab.compared.copy.click()
    assert "| Metrics | auc | 0.9470 | 0.9360 (−0.0110) |" in QApplication.clipboard().text()
    QTest.keyClick(tab.compared.table, Qt.Key.Key_Escape)
    assert tab.table.isVisible() and {one.version for one in tab.table.chosen} == {4, 6}


def test_a_model_without_versions_says_how_to_register_one(qtbot: QtBot, tab: VersionsTab) -> None:
    create_model(tab.session.store, "ranker")
    tab.session.registry.show_model("ranker")
    qtbot.waitUntil(lambda: not tab.table.isVisible())
    tab.session.registry.show_model(CHURN)
    qtbot.waitUntil(lambda: tab.table.isVisible() and len(numbers(tab)) == 7)
