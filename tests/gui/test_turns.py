"""Things that are drawn in turns."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.turns import Turns


def test_each_thing_is_done_by_itself_and_none_at_once(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)
    done: list[object] = []
    turns.take([partial(done.append, number) for number in range(3)])
    assert not done and not turns.idle
    qtbot.waitUntil(lambda: bool(done))
    assert done == [0]
    qtbot.waitUntil(lambda: turns.idle)
    assert done == [0, 1, 2]
    turns.take([partial(done.append, 3)])
    qtbot.waitUntil(lambda: turns.idle)
    assert done == [0, 1, 2, 3]


def test_what_comes_later_waits_for_what_was_there(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)
    done: list[object] = []
    turns.take([partial(done.append, "a"), partial(done.append, "b")])
    qtbot.waitUntil(lambda: bool(done))
    turns.take([partial(done.append, "c")])
    assert done == ["a"]
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["a", "b", "c"]
