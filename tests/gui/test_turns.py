"""Things that are drawn in turns."""

from __future__ import annotations

from functools import partial
from itertools import count, pairwise

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from runfolio.gui import turns as turns_module
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


def test_what_comes_first_is_done_at_once_unless_much_was_done_in_this_frame(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "SHORT", 1e-9)  # anything is much
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


def test_much_that_is_short_is_done_in_one_frame(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "SHORT", 1e9)
    owner = QObject()
    turns = Turns(owner)
    done: list[int] = []
    for number in range(20):
        turns.first(partial(done.append, number))
    assert done == [*range(20)] and turns.idle
    turns.take([partial(done.append, 20)])
    assert not turns.idle, "what is drawn has a frame of its own"
    qtbot.waitUntil(lambda: turns.idle)


def test_what_fails_does_not_keep_the_others_from_their_turn(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "SHORT", 1e-9)
    owner = QObject()
    turns = Turns(owner)
    done: list[str] = []
    with pytest.raises(ZeroDivisionError):
        turns.first(lambda: done.append(str(1 // 0)))
    turns.first(partial(done.append, "b"))
    assert not done
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["b"]


def test_nothing_is_done_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "SHORT", 1e-9)
    owner = QObject()
    turns = Turns(owner)
    done: list[object] = []
    turns.first(partial(done.append, "a"))
    turns.first(partial(done.append, "b"))
    turns.take([partial(done.append, "c")])
    turns.clear()
    turns.first(partial(done.append, "d"))
    assert done == ["a", "d"] and turns.idle
