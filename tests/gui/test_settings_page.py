"""The page of settings: what is chosen is in force at once, in all windows, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from runfolio.core import settings
from runfolio.gui.chrome.palette import Palette
from runfolio.gui.chrome.settings_page import SettingsPage
from runfolio.gui.finding import open_settings
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store, open_store
from tests.gui.conftest import Opener


def page_of(window: MainWindow) -> SettingsPage:
    (page,) = window.findChildren(SettingsPage)
    return page


def test_every_setting_has_a_named_control(store: Store, open_window: Opener) -> None:
    window = open_window(store)
    window.actions_by_id["view.settings"].trigger()
    controls = page_of(window).controls
    assert list(controls) == [setting.key for setting in settings.SETTINGS if setting.page]
    assert all(control.accessibleName() and control.accessibleDescription() for control in controls.values())


def test_a_choice_is_in_force_at_once_and_kept(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    open_settings(window, "theme")
    box = page_of(window).controls["theme"]
    assert isinstance(box, QComboBox) and window.session.theme.dark
    box.setCurrentIndex(box.findData("light"))
    box.activated.emit(box.currentIndex())
    assert not window.session.theme.dark
    assert settings.load()["theme"] == "light"


def test_a_switch_reaches_the_other_window_and_its_page(
    qtbot: QtBot, store: Store, open_window: Opener, tmp_path: Path
) -> None:
    first, second = open_window(store), open_window(open_store(tmp_path / "other"))
    open_settings(first, "live_sort")
    open_settings(second, "live_sort")
    boxes = [page_of(window).controls["live_sort"] for window in (first, second)]
    qtbot.keyClick(boxes[0], Qt.Key.Key_Space)
    assert [isinstance(box, QCheckBox) and box.isChecked() for box in boxes] == [True, True]
    assert first.runs.feed.live and second.runs.feed.live
    assert settings.load()["live_sort"] is True
    second.actions_by_id["view.live_sort"].trigger()
    assert not first.runs.feed.live
    assert not isinstance(boxes[0], QCheckBox) or not boxes[0].isChecked()


def test_what_cannot_be_kept_is_told_and_in_force_all_the_same(
    qtbot: QtBot, store: Store, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(store)
    monkeypatch.setenv(settings.FILE_VARIABLE, "/dev/null/settings.toml")
    window.session.preferences.set("live_sort", True)
    assert window.runs.feed.live and "could not be kept" in window.strip.text


def test_a_setting_is_found_in_the_palette(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    window.show_palette()
    (palette,) = window.findChildren(Palette)
    qtbot.keyClicks(palette.field, "keeps: console")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    page = page_of(window)
    assert page.controls["capture_console"] is page.focusWidget()
