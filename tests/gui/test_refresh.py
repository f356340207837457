"""Reading again and again: one job at a time, what is asked meanwhile comes after it, and failures are known."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from runfolio.core.errors import StoreBusy
from runfolio.gui import refresh
from runfolio.gui.jobs import READERS
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store


@pytest.fixture
def session(qtbot: QtBot, store: Store) -> Iterator[Session]:
    one = Session(store, Theme(Mode.DARK))
    yield one
    one.close()


class Reader:
    """Reads the numbers it is given; each answer is noted with what was prepared by then."""

    def __init__(self, session: Session, parent: QObject, interval: int = 0) -> None:
        self.wanted: list[int | Exception] = []
        self.again: list[int] = []
        self.prepared: list[int | Exception] = []
        self.got: list[tuple[int, int]] = []
        self.lost = 0
        self.refresh = Refresh(session, self._prepare, self._take, "It failed.", parent, interval, self._lose)

    def _prepare(self) -> Callable[[], int] | None:
        if not self.wanted:
            return None
        found = self.wanted.pop(0)
        self.prepared.append(found)

        def work() -> int:
            if isinstance(found, Exception):
                raise found
            return found

        return work

    def _take(self, answer: int) -> None:
        if self.again:
            self.wanted.append(self.again.pop())
            self.refresh.ask_now()
        self.got.append((answer, len(self.prepared)))

    def _lose(self) -> None:
        self.lost += 1


def test_what_an_answer_asks_for_is_read_after_it(qtbot: QtBot, session: Session) -> None:
    parent = QObject()
    for interval in (0, 60_000):
        reader = Reader(session, parent, interval)
        reader.wanted, reader.again = [1], [2]
        reader.refresh.ask()
        qtbot.waitUntil(lambda reader=reader: len(reader.got) == 2)  # type: ignore[misc]
        assert reader.got == [(1, 1), (2, 2)], "the second was prepared once the first had been taken"
        assert reader.refresh.idle


def test_a_failure_is_told_and_known_and_what_was_asked_meanwhile_is_read(qtbot: QtBot, session: Session) -> None:
    messages: list[Message] = []
    session.message.connect(messages.append)
    parent = QObject()
    reader = Reader(session, parent)
    reader.wanted = [StoreBusy("busy"), 2]
    reader.refresh.ask()
    reader.refresh.ask()
    qtbot.waitUntil(lambda: reader.got == [(2, 2)])
    assert reader.lost == 1 and [message.text for message in messages] == ["It failed. busy"]
    assert reader.refresh.idle


def test_what_the_user_asks_for_while_a_job_is_under_way_comes_right_after_it(qtbot: QtBot, session: Session) -> None:
    parent = QObject()
    reader = Reader(session, parent, interval=60_000)
    reader.wanted = [1, 2, 3]
    reader.refresh.ask()
    assert reader.refresh.busy
    reader.refresh.ask_now()
    qtbot.waitUntil(lambda: reader.got == [(1, 1), (2, 2)])
    reader.refresh.ask()
    assert not reader.refresh.busy and not reader.refresh.idle, "what nobody waits for keeps to the pace"


def test_what_waited_for_others_is_not_read_less_often_for_it(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "PATIENCE", 20)
    parent, go = QObject(), threading.Event()
    reader = Reader(session, parent, interval=1)
    reader.wanted = [1, 2]
    for _ in range(READERS):
        session.jobs.read(lambda: go.wait(20), lambda _: None)
    reader.refresh.ask()
    began = time.monotonic()
    qtbot.waitUntil(lambda: time.monotonic() > began + 0.5)
    go.set()
    qtbot.waitUntil(lambda: reader.got == [(1, 1)])
    reader.refresh.ask()
    qtbot.waitUntil(lambda: reader.got == [(1, 1), (2, 2)])


def test_trouble_with_the_store_is_told_once_and_tried_again_until_it_is_over(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "TROUBLE_MS", 1)
    messages: list[Message] = []
    session.message.connect(messages.append)
    parent = QObject()
    reader = Reader(session, parent)
    reader.wanted = [StoreBusy("busy"), StoreBusy("busy"), 3, StoreBusy("busy"), 5]
    reader.refresh.ask()
    qtbot.waitUntil(lambda: reader.got == [(3, 3)])
    assert len(messages) == 1 and reader.refresh.idle
    reader.refresh.ask()
    qtbot.waitUntil(lambda: reader.got == [(3, 3), (5, 5)])
    assert len(messages) == 2, "and told again when it comes after good times"
    reader.wanted = [ValueError("a bug"), 7]
    reader.refresh.ask()
    qtbot.waitUntil(lambda: reader.lost == 4)
    assert reader.refresh.idle and reader.wanted == [7], "a bug is not tried again by itself"
