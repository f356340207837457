"""What the run table reads may come late, or after what was asked for later: what is shown in the end is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import CREATED, Column, SortKey, metric, param
from runfolio.core.views import View
from runfolio.gui.runs import ageing, rows
from runfolio.gui.runs import feed as feed_module
from runfolio.gui.runs import reading as reading_module
from runfolio.gui.runs.cache import PAGE
from runfolio.gui.runs.feed import RunFeed, State
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.checks import EVERY_RUN, keep, look_at_each, mute
from runfolio.store.run_query import RunQuery
from runfolio.store.watch import current_revision
from tests.gui.conftest import Opener
from tests.gui.held import Held
from tests.gui.writing import Writer, log_optimizers
from tests.store.script import Script
from tests.store.test_stopping import read_without_end

OPTIMIZER, ACC = param("optimizer"), metric("acc")


Hold = Callable[[ModuleType, str], Held]


@pytest.fixture
def hold(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hold]:
    """Has the answer of the next reading of this name come late."""
    made: list[Held] = []

    def held(module: ModuleType, name: str) -> Held:
        made.append(Held(getattr(module, name)))
        monkeypatch.setattr(module, name, made[-1])
        return made[-1]

    yield held
    for one in made:
        one.let_go()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses for the sake of a user."""
    for pace in ("SORT_PACE", "COLUMN_PACE", "GROUP_PACE"):
        monkeypatch.setattr(feed_module, pace, 2)


@pytest.fixture
def runs(script: Script) -> list[str]:
    return log_optimizers(script)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Event:
    """A filter for this word is read without end; set once it is being read."""
    begun, read = Event(), reading_module.read_table

    def reading(store: Store, query: RunQuery, *more: Any) -> Any:
        if query.filter == "endless":
            read_without_end(store, begun)
        return read(store, query, *more)

    monkeypatch.setattr(feed_module, "read_table", reading)
    return begun


def opened(qtbot: QtBot, session: Session) -> RunFeed:
    """The table of all runs of the first experiment: the first screen has been read, and no news are to come."""
    feed = RunFeed(session, session)
    session.select_experiments([1])
    qtbot.waitUntil(lambda: session.revision == current_revision(session.store))
    qtbot.waitUntil(lambda: feed.state is State.RUNS and feed.settled)
    return feed


@pytest.fixture
def feed(qtbot: QtBot, session: Session, runs: list[str]) -> RunFeed:
    return opened(qtbot, session)


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
    qtbot: QtBot, feed: RunFeed, session: Session, script: Script, runs: list[str], hold: Hold
) -> None:
    session.set_view(View(group_by=(OPTIMIZER,), order=(SortKey(ACC, descending=True),)))
    follow(qtbot, feed, session)
    assert [text[:4] for text in texts(feed, ACC)] == ["0.75", "0.38"]
    late = hold(feed_module, "read_table")
    script.log(runs[0], "acc", [0.95], [1])
    script.take()
    qtbot.waitUntil(late.read.is_set)
    session.set_view(replace(session.view, order=(SortKey(ACC),)))
    late.let_go()
    follow(qtbot, feed, session)
    assert texts(feed, ACC) == ["0.60 ± 0.49 (n=2)", "0.7500 (n=1)"]


@pytest.fixture
def many(script: Script, runs: list[str]) -> list[str]:
    """Two pages and one run more, the oldest first."""
    more = [script.start(name=f"more {number}") for number in range(2 * PAGE + 1 - len(runs))]
    script.take()
    return runs + more


def test_a_page_that_comes_late_does_not_undo_what_was_read_after_it(
    qtbot: QtBot, session: Session, script: Script, many: list[str], hold: Hold
) -> None:
    feed, last = opened(qtbot, session), len(many) - 1
    late = hold(rows, "read_rows")
    assert feed.model.ids[last] == script.number(many[0]) and feed.model.text(last, ACC) == "", "it has to be read"
    qtbot.waitUntil(late.read.is_set)
    script.log(many[0], "acc", [0.95], [1])
    script.take()
    qtbot.waitUntil(lambda: feed.model.text(last, ACC).startswith("0.95"))
    late.let_go()
    qtbot.waitUntil(lambda: not session.jobs.running)
    assert feed.model.text(last, ACC).startswith("0.95")


def test_rows_that_come_with_the_table_are_read_again_if_they_have_changed_meanwhile(
    qtbot: QtBot, session: Session, script: Script, many: list[str], hold: Hold
) -> None:
    session.set_view(View(order=(SortKey(CREATED),)))
    feed = opened(qtbot, session)
    late = hold(feed_module, "read_table")
    session.set_view(View())
    qtbot.waitUntil(late.read.is_set)
    script.log(many[-1], "acc", [0.95], [1])
    script.take()
    qtbot.waitUntil(lambda: session.revision == current_revision(session.store))
    late.let_go()
    qtbot.waitUntil(lambda: feed.current and feed.settled)
    assert feed.model.text(0, ACC) == "0.9500"


@pytest.mark.parametrize("view", [View(), View(group_by=(OPTIMIZER,))])
def test_a_filter_on_checks_follows_what_is_muted_in_groups_too(
    qtbot: QtBot, feed: RunFeed, session: Session, script: Script, runs: list[str], view: View
) -> None:
    for run in runs:
        script.end(run)
    script.take()
    keep(session.store, [*look_at_each(session.store, [1, 2, 3])])
    session.set_view(replace(view, filter="check:final_only"))
    follow(qtbot, feed, session)
    assert feed.state is State.RUNS and feed.fitting.number == len(runs)
    mute(session.store, EVERY_RUN, "final_only")
    qtbot.waitUntil(lambda: feed.state is State.NO_MATCH)


def test_runs_come_that_are_old_enough_for_a_filter_by_now(
    qtbot: QtBot, session: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is logged meanwhile: it is time that moves the filter."""
    monkeypatch.setattr(ageing, "CALM", 20)
    writer = Writer(store.path)
    writer.end(writer.run("fresh"))
    writer.commit()
    writer.close()
    session.set_view(View(filter="created < now - 3s"))
    feed = RunFeed(session, session)
    session.select_experiments([1])
    qtbot.waitUntil(lambda: feed.state is State.RUNS and feed.model.rowCount() == 1, timeout=10_000)


def test_a_filter_that_is_being_read_is_stopped_by_the_next_one(
    qtbot: QtBot, session: Session, feed: RunFeed, endless: Event
) -> None:
    shown = feed.model.ids.tolist()
    session.set_view(View("endless"), "Filter")
    qtbot.waitUntil(endless.is_set)
    assert feed.model.ids.tolist() == shown
    session.set_view(View("params.optimizer = 'adam'"), "Filter")
    qtbot.waitUntil(lambda: feed.settled and feed.fitting.number is not None)
    assert feed.current and 0 < len(feed.model.ids) < len(shown)
    qtbot.waitUntil(lambda: not session.jobs.running)


def test_escape_gives_up_a_filter_that_is_being_read(
    qtbot: QtBot, store: Store, runs: list[str], endless: Event, open_window: Opener
) -> None:
    window = open_window(store)
    feed, edit = window.runs.feed, window.page.filter.edit
    qtbot.waitUntil(lambda: feed.settled and len(feed.model.ids) > 0)
    shown = feed.model.ids.tolist()
    edit.setFocus()
    QTest.keyClicks(edit, "endless")
    edit.committed.emit()
    qtbot.waitUntil(endless.is_set)
    edit.completer_popup.hide()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert window.session.view.filter == edit.toPlainText() == "" and edit.hasFocus()
    qtbot.waitUntil(lambda: feed.settled and not window.session.jobs.running)
    assert feed.model.ids.tolist() == shown and feed.current
    edit.completer_popup.hide()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.runs.view.hasFocus)
