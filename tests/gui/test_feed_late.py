"""What the run table reads may come late, or after what was asked for later: what is shown in the end is true."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from runfolio.core.columns import NAME, Column, SortKey, metric, param
from runfolio.core.views import View
from runfolio.gui.runs import feed as feed_module
from runfolio.gui.runs.feed import RunFeed, State
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import Store
from runfolio.store.watch import current_revision
from tests.store.script import Script

OPTIMIZER, ACC = param("optimizer"), metric("acc")


class Held:
    """Does what a function does, but hands the first answer that is asked for over when it is let go."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._go = threading.Event()
        self.read = threading.Event()
        self._first = threading.Lock()

    def __call__(self, *given: Any) -> Any:
        answer = self._function(*given)
        if self._first.acquire(blocking=False):
            self.read.set()
            assert self._go.wait(20)
        return answer

    def let_go(self) -> None:
        self._go.set()


@pytest.fixture
def hold(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Held]]:
    """Has the next reading of this name in the feed come late."""
    made: list[Held] = []

    def held(name: str) -> Held:
        made.append(Held(getattr(feed_module, name)))
        monkeypatch.setattr(feed_module, name, made[-1])
        return made[-1]

    yield held
    for one in made:
        one.let_go()


@pytest.fixture
def script(store: Store) -> Iterator[Script]:
    with Script(store) as one:
        yield one


@pytest.fixture
def session(qtbot: QtBot, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    for pace in ("SORT_PACE", "COLUMN_PACE", "GROUP_PACE"):
        monkeypatch.setattr(feed_module, pace, 2)
    one = Session(store, Theme(Mode.DARK))
    one.start()
    yield one
    one.close()


@pytest.fixture
def runs(script: Script) -> list[str]:
    """Two with adam, one with sgd."""
    started = []
    for optimizer, acc in (("adam", 0.5), ("adam", 0.25), ("sgd", 0.75)):
        started.append(script.start(name=f"run {len(started)}"))
        script.params(started[-1], {"optimizer": optimizer})
        script.log(started[-1], "acc", [acc])
    script.take()
    return started


@pytest.fixture
def feed(qtbot: QtBot, session: Session, runs: list[str]) -> Iterator[RunFeed]:
    owner = QObject()
    one = RunFeed(session, owner)
    session.select_experiments([1])
    qtbot.waitUntil(lambda: one.state is State.RUNS and one.settled)
    yield one


def texts(feed: RunFeed, column: Column) -> list[str]:
    model = feed.model
    return [str(model.index(row, model.section_of(column)).data()) for row in range(model.rowCount())]


def follow(qtbot: QtBot, feed: RunFeed, session: Session) -> None:
    """Until all that is in the store has been read."""

    def settled() -> bool:
        texts(feed, ACC)
        return session.revision == current_revision(session.store) and feed.settled and feed.current

    qtbot.waitUntil(settled)
    qtbot.waitUntil(settled)


def test_groups_follow_what_changed_before_an_answer_that_nobody_wants_any_more(
    qtbot: QtBot, feed: RunFeed, session: Session, script: Script, runs: list[str], hold: Callable[[str], Held]
) -> None:
    session.set_view(View(group_by=(OPTIMIZER,), order=(SortKey(ACC, descending=True),)))
    follow(qtbot, feed, session)
    assert [text[:4] for text in texts(feed, ACC)] == ["0.75", "0.38"]
    late = hold("read_table")
    script.log(runs[0], "acc", [0.95], [1])
    script.take()
    qtbot.waitUntil(late.read.is_set)
    session.set_view(replace(session.view, order=(SortKey(ACC),)))
    late.let_go()
    follow(qtbot, feed, session)
    assert texts(feed, ACC) == ["0.6 ± 0.5 (n=2)", "0.7500 (n=1)"]
