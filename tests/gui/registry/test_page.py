"""The page of the registry and the way to it: by keyboard, by the navigator, live, and with nothing registered."""

from __future__ import annotations

from contextlib import closing

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMenu
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import REGISTRY, RUNS
from runfolio.gui.registry.prompts import Prompt
from runfolio.gui.registry.section import ModelsSection
from runfolio.store import Store, open_store
from runfolio.store.registry.models import create_model, delete_model, rename_model
from runfolio.store.registry.reading import get_model
from tests.gui.conftest import Opener
from tests.gui.registry.conftest import CHURN, page_of


def section(window: MainWindow) -> ModelsSection:
    (found,) = window.navigator.findChildren(ModelsSection)
    return found


def names(window: MainWindow) -> list[str]:
    model = section(window).model
    return [model.index(row).data() for row in range(model.rowCount())]


def texts(window: MainWindow) -> list[str]:
    return [label.text() for label in page_of(window).findChildren(QLabel) if label.isVisible()]


def test_a_key_opens_the_page_of_the_model_that_was_changed_last(
    qtbot: QtBot, filled: Store, open_window: Opener
) -> None:
    create_model(filled, "older")
    create_model(filled, "ranker")
    window = open_window(filled)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.session.registry.model != "")
    page = page_of(window)
    assert window.session.registry.model == "ranker"
    qtbot.waitUntil(lambda: page.summary.text() == "0 versions · registered model")
    assert page.title.text() == "ranker"


def test_the_navigator_lists_models_and_a_click_shows_one(qtbot: QtBot, filled: Store, open_window: Opener) -> None:
    create_model(filled, "ranker")
    window = open_window(filled)
    there = section(window)
    QAbstractItemModelTester(there.model, QAbstractItemModelTester.FailureReportingMode.Fatal, there.model)
    qtbot.waitUntil(lambda: names(window) == [CHURN, "ranker"])
    assert there.list.isVisible() and window.middle.shown == RUNS
    row = there.list.visualRect(there.model.find(CHURN))
    QTest.mouseClick(there.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert window.middle.shown == REGISTRY and window.session.registry.model == CHURN
    qtbot.waitUntil(lambda: page_of(window).summary.text() == "7 versions · registered model")
    assert there.list.selectionModel().isSelected(there.model.find(CHURN))
    window.actions_by_id["view.table"].trigger()
    assert not there.list.selectionModel().hasSelection()


def test_return_in_the_navigator_shows_a_model_and_the_box_above_finds_it(
    qtbot: QtBot, filled: Store, open_window: Opener
) -> None:
    create_model(filled, "ranker")
    window = open_window(filled)
    qtbot.waitUntil(lambda: names(window) == [CHURN, "ranker"])
    QTest.keyClicks(window.navigator.filter, "rank")
    assert names(window) == ["ranker"]
    there = section(window).list
    there.setCurrentIndex(there.model().index(0, 0))
    QTest.keyClick(there, Qt.Key.Key_Return)
    assert window.session.registry.model == "ranker" and window.middle.shown == REGISTRY


def test_a_model_is_renamed_and_the_page_stays_with_it(qtbot: QtBot, window: MainWindow) -> None:
    there = section(window)
    create_model(window.session.store, "ranker")
    qtbot.waitUntil(lambda: names(window) == [CHURN, "ranker"])
    window.activateWindow()
    there.list.setFocus()
    there.list.setCurrentIndex(there.model.find(CHURN))
    QTest.keyClick(there.list, Qt.Key.Key_F2)
    (prompt,) = (one for one in window.findChildren(Prompt) if one.isVisible())
    prompt.fields[0].clear()
    QTest.keyClicks(prompt.fields[0], "a/b")
    ok = prompt.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled(), "a name has no slash"
    prompt.fields[0].clear()
    QTest.keyClicks(prompt.fields[0], "churn-2")
    ok.click()
    qtbot.waitUntil(lambda: names(window) == ["churn-2", "ranker"])
    assert window.session.registry.model == "churn-2" and page_of(window).title.text() == "churn-2"
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: names(window) == [CHURN, "ranker"])
    assert window.session.registry.model == CHURN


def test_delete_in_the_list_means_the_model(qtbot: QtBot, filled: Store, open_window: Opener) -> None:
    create_model(filled, "ranker")
    window = open_window(filled)
    qtbot.waitUntil(lambda: names(window) == [CHURN, "ranker"])
    there = section(window)
    window.activateWindow()
    there.list.setFocus()
    there.list.setCurrentIndex(there.model.find("ranker"))
    QTest.keyClick(there.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(window) == [CHURN])
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: names(window) == [CHURN, "ranker"])
    there.list.setCurrentIndex(there.model.find(CHURN))
    QTest.keyClick(there.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "Move it to Archived first" in window.strip.text)
    assert names(window) == [CHURN, "ranker"]


def test_a_model_is_described_from_its_menu(qtbot: QtBot, window: MainWindow) -> None:
    there = section(window)
    at = there.list.visualRect(there.model.find(CHURN)).center()
    there.list.menu_asked.emit(CHURN, there.list.viewport().mapToGlobal(at))
    (menu,) = (one for one in there.findChildren(QMenu) if one.isVisible())
    next(action for action in menu.actions() if action.text() == "Describe the Model…").trigger()
    menu.close()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(Prompt)))
    (prompt,) = (one for one in window.findChildren(Prompt) if one.isVisible())
    QTest.keyClicks(prompt.fields[0], "Who leaves")
    prompt.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: get_model(window.session.store, CHURN).description == "Who leaves")


def test_a_model_that_another_process_makes_renames_or_deletes_is_followed(qtbot: QtBot, window: MainWindow) -> None:
    with closing(open_store(window.session.store.path)) as other:
        create_model(other, "late")
        qtbot.waitUntil(lambda: names(window) == [CHURN, "late"])
        rename_model(other, CHURN, "churn-2")
        qtbot.waitUntil(lambda: names(window) == ["churn-2", "late"])
        qtbot.waitUntil(lambda: window.session.registry.model in ("churn-2", "late"))
        delete_model(other, "late")
        qtbot.waitUntil(lambda: window.session.registry.model == "churn-2")
    assert page_of(window).title.text() == "churn-2"


def test_with_nothing_registered_the_page_says_how_to(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    window.actions_by_id["view.registry"].trigger()
    qtbot.waitUntil(lambda: "No registered models" in texts(window))
    assert any("runfolio.register_model(" in text for text in texts(window)), "lines to copy"
    assert not section(window).isVisible()
    create_model(store, "ranker")
    qtbot.waitUntil(lambda: page_of(window).title.isVisible() and page_of(window).title.text() == "ranker")


def test_every_tab_opens(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(window)
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        assert page.shown.isVisible()
