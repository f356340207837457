"""The steps of a window: what is undone and done again, whatever became of steps that were under way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from runfolio.gui import history as history_module
from runfolio.gui.history import History, Step

KEYS = st.lists(st.sampled_from(["undo", "redo", "add"]), max_size=30)


class Noted(Step):
    """Notes whether it is done."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.is_done = True

    def follow(self) -> None:
        self.is_done = self.done


@pytest.fixture
def history(qtbot: QtBot) -> Iterator[History]:
    parent = QObject()
    yield History(parent)


@given(KEYS)
def test_steps_that_are_done_at_once_are_a_stack(keys: list[str]) -> None:
    parent, done, undone = QObject(), list[Noted](), list[Noted]()
    history = History(parent)
    for number, key in enumerate(keys):
        if key == "add":
            done, undone = [*done, Noted(str(number))], []
            history.add(done[-1])
        elif key == "undo":
            history.undo()
            undone += [done.pop()] if done else []
        else:
            history.redo()
            done += [undone.pop()] if undone else []
        assert history.last is (done[-1] if done else None) and history.undone is (undone[-1] if undone else None)
        assert all(one.is_done for one in done) and not any(one.is_done for one in undone)


def test_what_is_under_way_is_undone_first_and_ends_what_can_be_done_again_when_it_has_come_to_something(
    history: History,
) -> None:
    first, second, third, later = (Noted(name) for name in ("first", "second", "third", "later"))
    history.add(first)
    history.add(second)
    history.undo()
    history.begin(third)
    history.begin(later)
    assert (history.undo_text, history.redo_text) == ("later", "second")
    history.forget(later)
    assert (history.undo_text, history.redo_text) == ("third", "second")
    history.complete(third)
    assert (history.undo_text, history.redo_text, len(history)) == ("third", "", 2)
    history.undo()
    history.undo()
    assert (history.undo_text, history.redo_text) == ("", "first")


def test_the_earliest_of_very_many_steps_are_forgotten(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MOST", 3)
    under_way = Noted()
    history.begin(under_way)
    for number in range(5):
        history.add(Noted(str(number)))
    history.complete(under_way)
    assert len(history) == 3 and history.undo_text == "4"
