"""Every command is declared once, and found in menu, palette and shortcut map."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QTabBar
from pytestqt.qtbot import QtBot

from runfolio.core.paths import resource
from runfolio.gui.actions import ACTIONS, Action, shortcuts
from runfolio.gui.chrome.palette import Entry, Palette, ranked
from runfolio.gui.chrome.shortcut_map import ShortcutMap
from runfolio.gui.main_window import MainWindow
from runfolio.gui.trash.page import TrashPage
from runfolio.store import Store
from runfolio.store.operations import rename_experiment
from runfolio.store.trash import delete_runs
from tests.gui.conftest import Opener
from tests.store.script import Script


@pytest.fixture
def window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    """A window on a store with one run."""
    with Script(store) as script:
        script.end(script.start())
        script.take()
    opened = open_window(store)
    qtbot.waitUntil(lambda: opened.runs.view.model().rowCount() == 1)
    return opened


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_an_action_is_whole(action: Action) -> None:
    assert action.title and action.menu and "." in action.id
    assert all(not key.isEmpty() for key in shortcuts(action))
    assert not action.icon or resource("icons", f"{action.icon}.svg").is_file()


def test_ids_titles_and_keys_are_unique() -> None:
    keys = [key.toString() for action in ACTIONS for key in shortcuts(action)]
    for names in ([a.id for a in ACTIONS], [a.title for a in ACTIONS], keys):
        assert max(Counter(names).values()) == 1


def test_an_action_that_makes_no_sense_for_what_was_selected_last_does_nothing(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    with Script(store) as script:
        for number in range(3):
            script.end(script.start(name=f"run {number}"))
        script.take()
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.model.rowCount() == 3)
    first, second, third = (int(run) for run in window.runs.feed.model.ids)
    window.session.select_runs([first, second])
    compare = window.actions_by_id["run.compare"]
    assert compare.isEnabled()
    window.runs.view.selectRow(2)
    compare.trigger()
    assert window.session.selection.told == (third,) and not compare.isEnabled()


def test_the_palette_has_every_enabled_action(store: Store, open_window: Opener) -> None:
    window = open_window(store)
    window.show_palette()
    (palette,) = window.findChildren(Palette)
    shown = {palette.list.item(row).text() for row in range(palette.list.count())}
    enabled = {action.title for action in ACTIONS if window.actions_by_id[action.id].isEnabled()}
    assert enabled and enabled <= shown
    palette.close()


def test_the_shortcut_map_names_every_action(store: Store, open_window: Opener, qtbot: QtBot) -> None:
    page = ShortcutMap(ACTIONS, open_window(store))
    texts = {label.text() for label in page.findChildren(QLabel)}
    assert {action.title for action in ACTIONS} <= texts
    page.show()
    qtbot.waitExposed(page)
    (area,) = page.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0, "nothing is cut off at the side"
    page.close()


def test_a_command_is_typed_and_run(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    assert window.session.theme.dark
    window.show_palette()
    (palette,) = window.findChildren(Palette)
    qtbot.keyClicks(palette.field, "dark and")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not window.session.theme.dark


def test_undo_and_redo_say_what_they_do(qtbot: QtBot, window: MainWindow) -> None:
    undo, redo = (window.actions_by_id[f"edit.{name}"] for name in ("undo", "redo"))
    window.session.set_view(replace(window.session.view, filter="a"), "Filter")
    assert undo.text() == "Undo: Filter" and redo.text() == "Redo"
    experiment = window.session.selection.experiments[0]
    window.session.run(partial(rename_experiment, experiment=experiment, name="salt & pepper"))
    qtbot.waitUntil(lambda: "salt && pepper" in undo.text())
    assert undo.toolTip().startswith("Undo: ") and "salt & pepper" in undo.toolTip()
    window.show_palette()
    (palette,) = window.findChildren(Palette)
    qtbot.keyClicks(palette.field, "undo salt")
    assert palette.list.item(0).text() == undo.toolTip()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "salt && pepper" in redo.text() and undo.text() == "Undo: Filter")


def test_ranking() -> None:
    entries = [Entry(name, "", "", lambda: None) for name in ("Copy Run Id", "Rename Run", "run-7", "Quit")]
    assert [e.title for e in ranked(entries, "run")] == ["run-7", "Copy Run Id", "Rename Run"]
    assert [e.title for e in ranked(entries, "id cop")] == ["Copy Run Id"]
    assert ranked(entries, "nothing") == []
    assert len(ranked(entries, "")) == 4


@pytest.mark.parametrize("name", ["edit.rename", "edit.trash"])
def test_a_command_without_a_run_says_so(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.runs.setFocus()
    window.runs.view.setCurrentIndex(QModelIndex())
    with qtbot.waitSignal(window.session.message) as told:
        window.actions_by_id[name].trigger()
    assert "choose a run first" in told.args[0].text


def test_del_on_nothing_tells_why(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    window.runs.view.clearSelection()
    window.session.select_runs([])
    window.navigator.tree.clearSelection()
    window.runs.view.setFocus()
    with qtbot.waitSignal(window.session.message) as told:
        QTest.keyClick(window.runs.view, Qt.Key.Key_Delete)
    assert "choose a run first" in told.args[0].text
    window.navigator.tree.setFocus()
    with qtbot.waitSignal(window.session.message) as told:
        QTest.keyClick(window.navigator.tree, Qt.Key.Key_Delete)
    assert told.args[0].text == "Nothing is selected in the tree that could go to the trash."
    window.middle.go_to("trash")
    with qtbot.waitSignal(window.session.message) as told:
        QTest.keyClick(window.middle, Qt.Key.Key_Delete)
    assert "in the trash already" in told.args[0].text
    assert window.session.undo.last is None


def test_escape_leaves_the_trash_for_the_runs(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    with Script(store) as script:
        script.end(script.start())
        script.end(script.start(run_id="gone"))
        script.take()
        delete_runs(store, [script.number("gone")])
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.view.model().rowCount() == 1)
    window.actions_by_id["trash.empty"].trigger()
    page = window.middle.currentWidget()
    assert isinstance(page, TrashPage)
    qtbot.waitUntil(page.bar.go.isVisible)
    QTest.keyClick(page.bar.leave, Qt.Key.Key_Escape)
    assert window.middle.shown == "trash" and page.bar.isHidden(), "first what is asked is answered with no"
    for part in (page.table, page.search):
        window.middle.go_to("trash")
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Escape)
        assert window.middle.shown == "runs"
        assert window.focusWidget() is window.runs.view


@pytest.mark.parametrize(("keys", "part"), [("Alt+2", "view"), ("Ctrl+F", "edit")])
def test_the_keyboard_goes_to_what_is_hidden_only_after_showing_it(window: MainWindow, keys: str, part: str) -> None:
    wanted = {"view": window.runs.view, "edit": window.page.filter.edit}[part]
    tabs = window.page.findChild(QTabBar)
    assert isinstance(tabs, QTabBar)
    tabs.setCurrentIndex(1)
    window.middle.go_to("trash")
    name = next(action.id for action in ACTIONS if action.shortcut == keys)
    window.actions_by_id[name].trigger()
    assert window.middle.shown == "runs" and wanted.isVisible() and wanted.hasFocus()


def test_the_keyboard_comes_back_from_a_tag(qtbot: QtBot, window: MainWindow) -> None:
    window.runs.setFocus()
    window.runs.view.selectRow(0)
    qtbot.waitUntil(lambda: window.inspector.details is not None)
    tags = window.inspector.overview.tags
    for leave in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        window.actions_by_id["run.tag"].trigger()
        assert tags.line.hasFocus()
        qtbot.keyClicks(tags.line, "a=b")
        qtbot.keyClick(tags.line, leave)
        assert window.runs.view.hasFocus()
    qtbot.waitUntil(lambda: tags.tags == {"a": "b"})
    window.actions_by_id["run.note"].trigger()
    note = window.inspector.overview.note
    assert note.field.hasFocus()
    qtbot.keyClick(note.field, Qt.Key.Key_Escape)
    assert window.runs.view.hasFocus()
