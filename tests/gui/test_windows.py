"""Opening stores in windows: off the main thread, with a notice when it takes long, and nothing is left open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from runfolio.core import settings
from runfolio.gui import app as program
from runfolio.gui import windows as windows_module
from runfolio.gui.chrome.store_menu import StoreMenu
from runfolio.gui.main_window import MainWindow
from runfolio.gui.theme import Theme
from runfolio.gui.windows import Windows
from runfolio.store import Store, open_store
from tests.gui.conftest import theme  # noqa: F401


@pytest.fixture
def windows(theme: Theme) -> Iterator[Windows]:  # noqa: F811
    one = Windows(theme)
    yield one
    one.close_all()


class Gate:
    """Holds an opening up until it is let through.

    Attributes:
        stores: what was opened.
        closed: those of them that were closed.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stores: list[Store] = []
        self.closed: list[Path] = []
        self.reached = threading.Event()
        self._through = threading.Event()
        close = Store.close

        def noted(store: Store) -> None:
            self.closed.append(store.path)
            close(store)

        monkeypatch.setattr(windows_module, "open_store", self._open)
        monkeypatch.setattr(Store, "close", noted)

    def _open(self, path: str) -> Store:
        self.reached.set()
        self._through.wait(10)
        self.stores.append(open_store(path))
        return self.stores[-1]

    def open(self) -> None:
        self._through.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    one = Gate(monkeypatch)
    yield one
    one.open()


def shown_texts() -> list[str]:
    """What the windows without a store say."""
    pages = [w for w in QApplication.topLevelWidgets() if type(w) is QMainWindow and w.isVisible()]
    return [label.text() for page in pages for label in page.findChildren(QLabel)]


def test_a_store_that_takes_long_to_open_has_a_notice_until_its_window_is_there(
    qtbot: QtBot, windows: Windows, gate: Gate, tmp_path: Path
) -> None:
    started: list[int] = []
    windows.open_path(tmp_path / "s", opened=lambda: started.append(len(windows.open_windows)))
    qtbot.waitUntil(lambda: "Opening the store…" in shown_texts())
    assert not windows.open_windows and not started
    gate.open()
    qtbot.waitUntil(lambda: bool(started))
    assert started == [1] and shown_texts() == []
    assert windows.open_windows[0].isVisible() and windows.had_store
    assert settings.load()["recent_stores"] == (str(tmp_path / "s"),)


def test_a_store_that_opens_at_once_has_no_notice(qtbot: QtBot, windows: Windows, tmp_path: Path) -> None:
    windows.open_path(tmp_path / "s")
    qtbot.waitUntil(lambda: bool(windows.open_windows))
    assert windows._page is None and not windows._late.isActive()


def test_a_store_that_is_opened_while_the_program_ends_is_closed(
    qtbot: QtBot, windows: Windows, gate: Gate, tmp_path: Path
) -> None:
    windows.open_path(tmp_path / "s")
    assert gate.reached.wait(10)
    threading.Timer(0.05, gate.open).start()
    windows.close_all()
    assert [store.path for store in gate.stores] == gate.closed == [tmp_path / "s"]
    assert not windows.open_windows


def test_a_window_that_goes_while_its_other_store_opens_leaves_the_new_one(
    qtbot: QtBot, windows: Windows, gate: Gate, store: Store, tmp_path: Path
) -> None:
    first = windows.open(store)
    first.store_wanted.emit(str(tmp_path / "other"))
    assert gate.reached.wait(10)
    first.close()
    gate.open()
    qtbot.waitUntil(lambda: [w.session.store.path for w in windows.open_windows] == [tmp_path / "other"])
    assert gate.closed == [store.path]


def test_a_folder_that_is_no_store_is_told_in_the_window_that_asked(
    qtbot: QtBot, windows: Windows, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    window = windows.open(store)
    window.store_wanted.emit(str(tmp_path / "photos"))
    qtbot.waitUntil(lambda: "is not a store" in window.strip.text)
    assert shown_texts() == []


def test_a_folder_that_is_no_store_is_told_in_a_window_and_on_the_terminal(
    qtbot: QtBot, windows: Windows, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photo.jpg").touch()
    windows.open_path(tmp_path)
    qtbot.waitUntil(lambda: "This store cannot be opened" in shown_texts())
    assert any("photo.jpg" in text for text in shown_texts()) and not windows.had_store
    assert "runfolio: " in capfd.readouterr().err


def when(condition: Callable[[], bool], then: Callable[[], object]) -> None:
    """Once the program's event loop runs and something is true, do something."""
    timer = QTimer(QApplication.instance(), interval=5)

    def look() -> None:
        if condition():
            timer.stop()
            timer.deleteLater()
            then()

    timer.timeout.connect(look)
    timer.start()


def main_windows() -> list[MainWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]


def test_the_program_opens_its_store_and_ends_with_its_window(qtbot: QtBot, tmp_path: Path) -> None:
    started: list[bool] = []
    when(lambda: bool(started), lambda: main_windows()[0].close())
    assert program.main(tmp_path / "s", started=lambda: started.append(bool(main_windows()))) == 0
    assert started == [True]


def test_the_program_ends_with_1_when_there_was_no_store(
    qtbot: QtBot, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photo.jpg").touch()
    when(lambda: bool(shown_texts()), QApplication.closeAllWindows)
    assert program.main(tmp_path) == 1
    assert "photo.jpg" in capfd.readouterr().err


def test_another_window_on_the_same_store_lies_beside_the_first(qtbot: QtBot, windows: Windows, store: Store) -> None:
    first = windows.open(store)
    first.actions_by_id["store.window"].trigger()
    qtbot.waitUntil(lambda: len(windows.open_windows) == 2)
    second = windows.open_windows[1]
    assert second.session.store.path == store.path and second.pos() != first.pos()


def test_the_menu_of_stores_says_which_are_gone(windows: Windows, store: Store, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    settings.remember_store(gone)
    window = windows.open(store)
    (menu,) = window.findChildren(StoreMenu)
    menu.aboutToShow.emit()
    texts = {item.text(): item.isEnabled() for item in menu.actions() if item.text()}
    assert texts == {str(store.path): False, f"{gone} (not there)": False, "Open Store…": True}
