"""The strip of messages: what it says and offers, how long it stays, and that it fits its window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from runfolio.gui.chrome import message_strip
from runfolio.gui.chrome.message_strip import MessageStrip
from runfolio.gui.history import History, Step
from runfolio.gui.messages import Message

DONE = Message("Renamed a to b")
FAILED = Message("That did not work.", error=True, details="Traceback: a bug")
LONG = Message("A store with a name that nobody can remember " * 20, error=True)
MARGIN = 40


class Done(Step):
    def follow(self) -> None:
        pass


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    one = QWidget()
    qtbot.addWidget(one)
    one.resize(900, 500)
    with qtbot.waitExposed(one):
        one.show()
    yield one


@pytest.fixture
def undo(window: QWidget) -> History:
    return History(window)


@pytest.fixture
def strip(window: QWidget, undo: History) -> MessageStrip:
    return MessageStrip(window, undo)


def undoable(undo: History, message: Message) -> Message:
    """What is taken back next."""
    step = Done(message.text)
    undo.add(step)
    return replace(message, step=step)


def button(strip: QWidget, name: str) -> QAbstractButton:
    """A button by what it says or, to who cannot see it, is called."""
    found = [b for b in strip.findChildren(QAbstractButton) if name in (b.text(), b.accessibleName())]
    assert len(found) == 1
    return found[0]


def offers(strip: MessageStrip) -> list[str]:
    return [b.text() for b in strip.findChildren(QPushButton) if b.isVisible()]


def click(qtbot: QtBot, target: QWidget) -> None:
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton)


def test_it_is_not_there_until_it_has_something_to_say(strip: MessageStrip) -> None:
    assert not strip.isVisible() and strip.text == ""
    strip.tell(DONE)
    assert strip.isVisible() and strip.text == "Renamed a to b"


@pytest.mark.parametrize(
    ("message", "expected"),
    [(DONE, []), (FAILED, ["Details"])],
    ids=lambda value: getattr(value, "text", ""),
)
@pytest.mark.parametrize("undone", [False, True])
def test_it_offers_what_can_be_done(
    strip: MessageStrip, undo: History, message: Message, expected: list[str], undone: bool
) -> None:
    told = undoable(undo, message) if undone else message
    for before in (FAILED, undoable(History(strip), DONE), DONE):
        strip.tell(before)
        strip.tell(told)
        assert strip.text == message.text and offers(strip) == ["Undo"] * undone + expected
        assert strip.property("error") is message.error


def test_undo_takes_back_once_and_the_strip_goes(qtbot: QtBot, strip: MessageStrip, undo: History) -> None:
    undoable(undo, FAILED)
    strip.tell(undoable(undo, DONE))
    click(qtbot, button(strip, "Undo"))
    assert not strip.isVisible() and undo.undo_text == FAILED.text


def test_undo_is_offered_while_it_means_what_is_told(strip: MessageStrip, undo: History) -> None:
    strip.tell(undoable(undo, DONE))
    width = strip.width()
    undo.add(Done("Sort"))
    assert strip.text == DONE.text and offers(strip) == [] and strip.width() < width
    undo.undo()
    assert offers(strip) == ["Undo"] and strip.width() == width
    undo.undo()
    assert offers(strip) == []


def test_the_cross_closes_it(qtbot: QtBot, strip: MessageStrip) -> None:
    strip.tell(FAILED)
    click(qtbot, button(strip, "Close the message"))
    assert not strip.isVisible() and strip.text == ""


def test_it_goes_by_itself_and_errors_stay(qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_strip, "SHOWN_MS", 50)
    error, normal, changed = (MessageStrip(window, History(window)) for _ in range(3))
    error.tell(DONE)
    error.tell(FAILED)
    changed.tell(FAILED)
    changed.tell(DONE)
    normal.tell(DONE)
    qtbot.waitUntil(lambda: not normal.isVisible() and not changed.isVisible())
    assert error.text == FAILED.text


def test_details_can_be_read_and_copied(qtbot: QtBot, window: QWidget, strip: MessageStrip) -> None:
    strip.tell(FAILED)
    click(qtbot, button(strip, "Details"))
    (box,) = window.findChildren(QMessageBox)
    qtbot.waitUntil(box.isVisible)
    assert (box.text(), box.detailedText()) == (FAILED.text, FAILED.details)
    with qtbot.waitSignal(box.destroyed):
        click(qtbot, button(box, "Copy"))
    assert QGuiApplication.clipboard().text() == FAILED.details
    assert strip.text == FAILED.text, "the message itself stays"


@pytest.mark.parametrize("message", [DONE, FAILED, LONG], ids=["short", "error", "long"])
@pytest.mark.parametrize("size", [(900, 500), (500, 300), (1600, 900)])
def test_it_stays_inside_its_window(
    qtbot: QtBot, window: QWidget, strip: MessageStrip, message: Message, size: tuple[int, int]
) -> None:
    strip.tell(message)
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    assert window.rect().contains(strip.geometry())
    assert abs(strip.geometry().center().x() - window.rect().center().x()) <= 1
    text = strip.findChildren(QLabel)[0]
    assert strip.rect().contains(text.geometry()) and text.heightForWidth(text.width()) <= text.height()


def test_a_short_message_after_a_long_one_is_short(window: QWidget, strip: MessageStrip) -> None:
    strip.tell(DONE)
    width = strip.width()
    strip.tell(LONG)
    assert strip.width() == window.width() - MARGIN
    strip.tell(DONE)
    assert strip.width() == width


@pytest.mark.parametrize("name", ["<b>best</b>", "<img src='x'>", "<i>a</i> <u>b</u>"])
def test_a_name_is_shown_as_it_is(strip: MessageStrip, name: str) -> None:
    message = Message(f"Renamed a to {name}")
    strip.tell(message)
    text = strip.findChildren(QLabel)[0]
    assert text.width() >= text.fontMetrics().horizontalAdvance(message.text), "no character of it is missing"


def test_it_lies_over_its_window_and_takes_clicks(qtbot: QtBot, window: QWidget, strip: MessageStrip) -> None:
    below = QPushButton("below", window)
    below.setGeometry(window.rect())
    below.show()
    strip.tell(DONE)
    place = strip.mapTo(window, QPoint(3, 3))
    assert window.childAt(place) is strip
    strip.hide()
    assert window.childAt(place) is below
