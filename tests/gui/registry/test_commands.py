"""What is done with selected versions by menus and the palette: moved, rolled back, described, deleted, copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QDrag, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMenu
from pytestqt.qtbot import QtBot

from runfolio.gui.chrome.palette import Palette
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import RUNS
from runfolio.gui.registry.menu import version_menu
from runfolio.gui.registry.prompts import Prompt
from runfolio.store import Store
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.reading import folder_of, get_version, list_versions
from tests.gui.registry.conftest import CHURN, page_of
from tests.gui.registry.hands import CTRL, board_of, click, column, let_go, list_of, shown, stored, take_hold


def act(window: MainWindow, name: str) -> None:
    window.actions_by_id[f"version.{name}"].trigger()


def prompt_of(qtbot: QtBot, window: MainWindow) -> Prompt:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(Prompt)))
    return next(one for one in window.findChildren(Prompt) if one.isVisible())


def palette_of(qtbot: QtBot, window: MainWindow) -> Palette:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(Palette)))
    return next(one for one in window.findChildren(Palette) if one.isVisible())


def choose(qtbot: QtBot, window: MainWindow, text: str) -> None:
    palette = palette_of(qtbot, window)
    QTest.keyClicks(palette.field, text)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def fill_in(prompt: Prompt, *texts: str) -> None:
    for field, text in zip(prompt.fields, texts, strict=True):
        field.clear()
        QTest.keyClicks(field, text)
    prompt.buttons.button(QDialogButtonBox.StandardButton.Ok).click()


def test_commands_make_sense_with_a_version_selected_on_the_page_alone(window: MainWindow) -> None:
    move, back = window.actions_by_id["version.move"], window.actions_by_id["version.roll_back"]
    assert not move.isEnabled() and back.isEnabled()
    click(window, 6)
    assert move.isEnabled()
    window.actions_by_id["view.table"].trigger()
    assert not move.isEnabled() and not back.isEnabled()


def test_a_version_is_moved_with_the_palette(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 6)
    act(window, "move")
    choose(qtbot, window, "prod")
    qtbot.waitUntil(lambda: stored(store)[6] == "Production" and stored(store)[4] == "Archived")


def test_the_menu_moves_and_tells_what_the_gates_say(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, "gates: {Production: {checks: [description]}}")
    qtbot.waitUntil(lambda: bool(board_of(window).shown.policy.gates))
    click(window, 6)
    menu = version_menu(board_of(window))
    menu.popup(QPoint(0, 0))
    moves = menu.findChild(QMenu)
    assert moves is not None and moves.title() == "Move to"
    by_stage = {action.text().split("   ")[0]: action for action in moves.actions()}
    assert list(by_stage) == ["None", "Staging", "Production", "Archived"] and not by_stage["Staging"].isEnabled()
    qtbot.waitUntil(lambda: by_stage["Production"].text() == "Production   ✗ no description; v4 moves to Archived")
    by_stage["Archived"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: stored(store)[6] == "Archived")


def test_a_move_by_menu_is_asked_about_where_the_card_would_be(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, "gates: {Production: {when_failing: reason, checks: [description]}}")
    qtbot.waitUntil(lambda: bool(board_of(window).shown.policy.gates))
    click(window, 6)
    window.session.registry.ask_move("Production")
    panel = column(window, "Production").verdict
    qtbot.waitUntil(lambda: panel.asking)
    QTest.keyClicks(panel.reason, "urgent")
    QTest.keyClick(panel.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")


def test_a_move_that_is_asked_for_on_another_tab_is_made_on_the_board(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    click(window, 6)
    page_of(window).show_tab("Gates")
    window.session.registry.ask_move("Production")
    assert board_of(window).isVisible()
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")


def test_a_move_of_a_card_that_the_filter_hides_is_made_at_once(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 6)
    QTest.keyClicks(board_of(window).filter, "no such")
    window.session.registry.select((6,))
    window.session.registry.ask_move("Production")
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")
    assert board_of(window).filter.text() == ""


def test_what_was_asked_of_one_version_is_not_done_to_another(window: MainWindow) -> None:
    registry = window.session.registry
    click(window, 6)
    registry.asked = "Production"
    click(window, 5)
    assert registry.asked == ""


def test_rolling_back_says_what_comes_of_it_and_asks_why(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 6)
    window.session.registry.ask_move("Production")
    qtbot.waitUntil(lambda: stored(store)[6] == "Production" and board_of(window).settled)
    act(window, "roll_back")
    prompt = prompt_of(qtbot, window)
    assert prompt.note.text() == "v4 goes back to Production, and v6 moves to Archived. Its gates are not asked."
    ok = prompt.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    fill_in(prompt, "predicts nonsense for new accounts")
    qtbot.waitUntil(lambda: shown(window)["Production"] == [4])
    entry = read_entries(store, CHURN)[-1]
    assert (entry.action, entry.version, entry.reason) == ("rollback", 4, "predicts nonsense for new accounts")
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: shown(window)["Production"] == [6])


def test_with_nobody_to_go_back_to_it_says_so(qtbot: QtBot, window: MainWindow) -> None:
    click(window, 6)
    act(window, "roll_back")
    qtbot.waitUntil(lambda: window.strip.text == f"No other version of {CHURN} was in Staging before.")


def test_aliases_are_set_and_removed(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 6)
    act(window, "set_alias")
    prompt = prompt_of(qtbot, window)
    QTest.keyClicks(prompt.fields[0], "latest")
    assert not prompt.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    fill_in(prompt, "challenger")
    qtbot.waitUntil(lambda: get_version(store, CHURN, 6).aliases == ("challenger",))
    qtbot.waitUntil(lambda: "@challenger" in str(list_of(window, 6).cards.cards[0].told()))
    act(window, "remove_alias")
    choose(qtbot, window, "chall")
    qtbot.waitUntil(lambda: get_version(store, CHURN, 6).aliases == ())


def test_a_tag_is_set_on_several_and_removed_by_a_blank(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 7)
    click(window, 5, CTRL)
    act(window, "tag")
    fill_in(prompt_of(qtbot, window), "reviewed", "yes")
    qtbot.waitUntil(lambda: get_version(store, CHURN, 5).tags == {"reviewed": "yes"})
    assert get_version(store, CHURN, 7).tags == {"reviewed": "yes"}
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: not get_version(store, CHURN, 5).tags and not get_version(store, CHURN, 7).tags)


def test_a_version_is_described(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 6)
    act(window, "describe")
    fill_in(prompt_of(qtbot, window), "Calibrated")
    qtbot.waitUntil(lambda: get_version(store, CHURN, 6).description == "Calibrated")


def test_delete_puts_versions_into_the_trash_and_a_command_takes_one_out(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    click(window, 7)
    click(window, 5, CTRL)
    window.actions_by_id["edit.trash"].trigger()
    qtbot.waitUntil(lambda: shown(window)["None"] == [])
    assert {one.version for one in list_versions(store, CHURN, trashed=True)} == {5, 7}
    act(window, "restore")
    choose(qtbot, window, "v5")
    qtbot.waitUntil(lambda: shown(window)["None"] == [5])


def test_a_version_that_serves_is_not_deleted(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 7)
    click(window, 4, CTRL)
    window.actions_by_id["edit.trash"].trigger()
    qtbot.waitUntil(lambda: "is in Production" in window.strip.text)
    assert stored(store)[4] == "Production" and stored(store)[7] == "None", "neither of the two"


def test_delete_with_nothing_selected_says_so(window: MainWindow) -> None:
    window.actions_by_id["edit.trash"].trigger()
    assert window.strip.text == "Nothing is selected that could go to the trash: choose a version first."


def test_addresses_are_copied(window: MainWindow) -> None:
    window.activateWindow()
    click(window, 7)
    click(window, 5, CTRL)
    QTest.keySequence(list_of(window, 5), QKeySequence(QKeySequence.StandardKey.Copy))
    copied = QGuiApplication.clipboard().text().splitlines()
    assert sorted(copied) == [f"models:/{CHURN}/5", f"models:/{CHURN}/7"]


def test_a_command_goes_to_the_run(qtbot: QtBot, window: MainWindow) -> None:
    click(window, 5)
    act(window, "go_to_its_run")
    qtbot.waitUntil(lambda: window.middle.shown == RUNS and window.inspector.heading.name.text() == "heron-5")


def test_a_card_that_leaves_the_window_is_its_folder(
    qtbot: QtBot, window: MainWindow, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[list[Path], Qt.DropAction]] = []

    def exec_(moving: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        taken.append(([Path(url.toLocalFile()) for url in moving.mimeData().urls()], actions))
        return actions

    monkeypatch.setattr(QDrag, "exec", exec_)
    cards = take_hold(window, 6)
    qtbot.waitUntil(lambda: bool(board_of(window)._taking.folders))
    outside = cards.viewport().mapFromGlobal(window.frameGeometry().topRight() + QPoint(60, 60))
    QTest.mouseMove(cards.viewport(), outside)
    assert taken == [([folder_of(store, CHURN, 6)], Qt.DropAction.CopyAction)], "what is taken away stays here too"
    let_go(cards, outside)
    assert stored(store)[6] == "Staging" and not board_of(window).carrying.homes


def test_all_of_the_menu_is_in_the_palette_as_well(window: MainWindow) -> None:
    click(window, 6)
    menu = version_menu(board_of(window))
    titles = {action.text() for action in menu.actions() if isinstance(action, QAction) and action.menu() is None}
    assert titles <= {action.text() for action in window.actions_by_id.values()}
    menu.close()
    menu.deleteLater()
