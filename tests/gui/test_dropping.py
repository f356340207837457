"""What is dropped on a window from outside."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.conftest import Opener


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Drag things over a window and let them go; whether it would take them."""
    data = QMimeData()
    data.setUrls(urls)
    copy, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, button, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, button, none))
    return enter.isAccepted()


def test_a_folder_is_opened_as_a_store(qtbot: QtBot, store: Store, open_window: Opener, tmp_path: Path) -> None:
    window = open_window(store)
    other = tmp_path / "other"
    other.mkdir()
    with qtbot.waitSignal(window.store_wanted) as wanted:
        assert drop(window, QUrl.fromLocalFile(str(other)))
    assert wanted.args == [str(other)]


def test_what_nobody_knows_is_not_taken(store: Store, open_window: Opener, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.touch()
    window = open_window(store)
    assert not drop(window, QUrl.fromLocalFile(str(file)))
    assert not drop(window, QUrl("https://example.org/store"))
