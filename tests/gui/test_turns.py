"""Things that are drawn in turns."""

from __future__ import annotations

from functools import partial
from itertools import count, pairwise

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from runfolio.gui.turns import Turns


def test_each_thing_is_done_by_itself_and_none_at_once(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)
    passes, done = count(1), list[tuple[int, int]]()
    between = QTimer(owner, interval=0)
    between.timeout.connect(lambda: next(passes))
    between.start()

    def note(number: int) -> None:
        done.append((number, next(passes)))

    turns.take([partial(note, number) for number in range(3)])
    assert not done and not turns.idle
    qtbot.waitUntil(lambda: turns.idle)
    assert [number for number, _ in done] == [0, 1, 2]
    assert all(later - earlier > 1 for (_, earlier), (_, later) in pairwise(done))
    turns.take([partial(note, 3)])
    qtbot.waitUntil(lambda: turns.idle)
    assert len(done) == 4


def test_what_comes_later_waits_for_what_was_there(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)
    done: list[object] = []

    def come() -> None:
        done.append("a")
        turns.take([partial(done.append, "c")])
        assert done == ["a"]

    turns.take([come, partial(done.append, "b")])
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["a", "b", "c"]


def test_what_comes_first_is_done_at_once_unless_something_was_done_in_this_frame(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)
    done: list[object] = []
    turns.first(partial(done.append, "a"))
    assert done == ["a"] and turns.idle
    turns.take([partial(done.append, "c")])
    turns.first(partial(done.append, "b"))
    assert done == ["a"] and not turns.idle
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["a", "b", "c"]


def test_nothing_is_done_after_the_end(qtbot: QtBot) -> None:
    owner = QObject()
    turns = Turns(owner)
    done: list[object] = []
    turns.first(partial(done.append, "a"))
    turns.first(partial(done.append, "b"))
    turns.take([partial(done.append, "c")])
    turns.clear()
    turns.first(partial(done.append, "d"))
    assert done == ["a", "d"] and turns.idle
