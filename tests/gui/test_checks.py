"""Health checks in the window: made in the background, shown in the inspector and as a column, muted and taken back."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from runfolio.core.columns import CHECKS
from runfolio.core.views import View
from runfolio.gui import checking
from runfolio.gui.checking import Checker, look_at
from runfolio.gui.inspector.checks import ChecksView
from runfolio.gui.main_window import MainWindow
from runfolio.gui.session import Session
from runfolio.gui.theme import Theme
from runfolio.store import Store
from runfolio.store.bulk_edit import TagEdit, edit_runs
from runfolio.store.checks import EVERY_RUN, due, due_among, keep, mute
from runfolio.store.operations import Outcome, set_tag
from runfolio.store.search import find_runs
from tests.gui.writing import Writer, number_of

Opener = Callable[[Store], MainWindow]
FALLING = [2.0 * 0.95**place for place in range(40)]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses for the sake of a user."""
    monkeypatch.setattr(checking, "START_MS", 0)
    monkeypatch.setattr(checking, "PAUSE_MS", 1)
    monkeypatch.setattr(checking, "HOLD_MS", 1)


def logged(writer: Writer, store: Store, name: str, values: list[float]) -> int:
    run = writer.run(name)
    writer.points(run, "loss", values)
    writer.end(run)
    writer.commit()
    return number_of(store, run)


@pytest.fixture
def session(store: Store, theme: Theme) -> Iterator[Session]:
    session = Session(store, theme)
    session.start()
    yield session
    session.close()


def test_checks_wait_for_who_looks_at_the_runs_another_way(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "HOLD_MS", 60_000)
    checker = Checker(session)
    session.set_view(View("metrics.loss > 1"))
    assert checker._timer.remainingTime() > 30_000
    checker.stop()


def test_checks_do_not_wait_for_what_takes_long(
    qtbot: QtBot, session: Session, store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "START_MS", 1)
    bad, over = logged(writer, store, "bad", [1.0, math.nan]), threading.Event()
    session.jobs.read_long(lambda job: over.wait(20), lambda _: None, title="Training")
    checker = Checker(session)
    qtbot.waitUntil(lambda: checker.idle)
    assert session.jobs.running and find_runs(store, filter="check:nan") == [bad]
    over.set()
    checker.stop()


def test_all_runs_are_looked_at_and_those_that_end_later_too(
    qtbot: QtBot, session: Session, store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BATCH", 2)
    bad = [logged(writer, store, f"run {n}", [1.0, math.nan]) for n in range(5)]
    checker = Checker(session)
    qtbot.waitUntil(lambda: checker.idle)
    assert sorted(find_runs(store, filter="check:nan")) == bad
    later = logged(writer, store, "later", [math.nan])
    qtbot.waitUntil(lambda: later in find_runs(store, filter="check:nan"))
    session.run(lambda s: set_tag(s, later, "a", "b"))
    qtbot.waitUntil(lambda: checker.idle and not session.jobs.running)
    checker.stop()


def test_a_batch_is_bounded_and_goes_on_where_it_stopped(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BUDGET_S", 0.0)
    runs = [logged(writer, store, f"run {n}", FALLING) for n in range(3)]
    seen, below, steps = [], None, 0
    while steps < 10:
        batch = look_at(store, [], below, everything=True)
        seen += [one.run for one in batch.looked]
        keep(store, batch.looked)
        below, steps = batch.below, steps + 1
        if below is None:
            break
    assert seen == runs[::-1]
    assert steps == 3
    again = look_at(store, runs, None, everything=False)
    assert (again.looked, again.left) == ((), ())


def test_of_very_many_that_have_changed_a_batch_asks_for_its_own_only(
    qtbot: QtBot, session: Session, store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BATCH", 2)
    runs = [logged(writer, store, f"run {n}", FALLING) for n in range(7)]
    checker, asked = Checker(session), list[int]()
    qtbot.waitUntil(lambda: checker.idle)

    def noted(store: Store, again: Sequence[int]) -> list[int]:
        asked.append(len(again))
        return due_among(store, again)

    monkeypatch.setattr(checking, "due_among", noted)
    session.run(partial(edit_runs, numbers=runs, edit=TagEdit("team", "vision")))
    qtbot.waitUntil(lambda: sum(asked) >= len(runs) and checker.idle and not session.jobs.running)
    assert max(asked) == 2
    checker.stop()


def test_very_many_that_have_changed_are_not_noted_one_by_one_and_looked_at_all_the_same(
    qtbot: QtBot, session: Session, store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MANY", 1)
    runs = [logged(writer, store, f"run-{number}", [1.0, 2.0]) for number in range(2)]
    checker = Checker(session)
    qtbot.waitUntil(lambda: checker.idle and not session.jobs.running)
    asked, look_at = list[tuple[list[int], bool]](), checking.look_at

    def noted(store: Store, again: list[int], below: int | None, *, everything: bool) -> Any:
        asked.append((again, everything))
        return look_at(store, again, below, everything=everything)

    monkeypatch.setattr(checking, "look_at", noted)
    session.run(lambda s: edit_runs(s, runs, TagEdit("team", "vision")))
    qtbot.waitUntil(lambda: bool(asked) and checker.idle and not session.jobs.running)
    assert asked[0] == ([], True)
    assert due(store, 10, None) == []
    checker.stop()


def shown(view: ChecksView) -> list[str]:
    return [f"{row.finding.tone.shape} {row.finding.text}" for row in view.rows]


@pytest.fixture
def window(qtbot: QtBot, open_window: Opener, store: Store, writer: Writer) -> MainWindow:
    """On two runs without a lock, of which the first is selected."""
    first = logged(writer, store, "first", [*FALLING, math.nan])
    logged(writer, store, "second", FALLING)
    window = open_window(store)
    qtbot.waitUntil(lambda: len(window.runs.feed.model.ids) == 2)
    window.session.select_runs([first], first)
    qtbot.waitUntil(lambda: len(window.inspector.overview.checks.rows) == 5)
    return window


def test_the_inspector_tells_what_was_seen_and_where(window: MainWindow) -> None:
    assert shown(window.inspector.overview.checks) == [
        "✓ learning curve logged every step",
        "! environment lock missing",
        "! no git commit recorded",
        "✕ loss is NaN from step 40 on",
        "! no metric on held-out data beside loss",
    ]
    names = [row.accessibleName() for row in window.inspector.overview.checks.rows]
    assert names[3] == "bad: loss is NaN from step 40 on"


def test_a_finding_leads_to_the_curve(qtbot: QtBot, window: MainWindow) -> None:
    row = window.inspector.overview.checks.rows[3]
    with qtbot.waitSignal(window.session.metric_wanted) as wanted:
        row.setFocus()
        qtbot.keyClick(row, "\r")
    assert wanted.args == ["loss"]


def test_a_check_is_muted_in_a_run_from_the_menu_and_taken_back(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    checks = window.inspector.overview.checks
    menu = checks.menu_of(checks.rows[1].finding)
    titles = [action.text() for action in menu.actions()]
    assert titles == ["Mute in This Run", "Mute “No environment lock” Everywhere"]
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(checks.rows) == 4)
    assert checks.show_muted.text() == "1 muted"
    checks.show_muted.click()
    assert len(checks.rows) == 5
    again = checks.menu_of(checks.rows[1].finding)
    assert again.actions()[0].text() == "Tell Again in This Run"
    window.session.undo.undo()
    qtbot.waitUntil(lambda: checks.show_muted.isHidden())
    assert len(checks.rows) == 5


def test_the_column_shows_the_worst_and_how_many_and_its_tool_tip_tells_them(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(replace(window.session.view, added=(CHECKS,)))
    model = window.runs.feed.model
    qtbot.waitUntil(lambda: CHECKS in model.columns)
    qtbot.waitUntil(lambda: sorted(model.text(row, CHECKS) for row in range(2)) == ["! 3", "✕ 4"])
    section = model.section_of(CHECKS)
    worst = next(row for row in range(2) if model.text(row, CHECKS) == "✕ 4")
    assert "✕ loss is NaN from step 40 on\n! environment lock missing" in str(model.index(worst, section).data(3))
    window.session.run(mute_everywhere)
    qtbot.waitUntil(lambda: sorted(model.text(row, CHECKS) for row in range(2)) == ["! 2", "✕ 3"])


def mute_everywhere(store: Store) -> Outcome:
    return mute(store, EVERY_RUN, "no_lock")


def test_a_filter_for_checks_follows_them(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(replace(window.session.view, filter="check:no_lock"))
    model = window.runs.feed.model
    qtbot.waitUntil(lambda: len(model.ids) == 2)
    window.session.run(mute_everywhere)
    qtbot.waitUntil(lambda: len(model.ids) == 0)


def test_a_read_only_store_is_left_alone(qtbot: QtBot, store: Store, theme: Theme, tmp_path: Path) -> None:
    store.read_only = True
    session = Session(store, theme)
    checker = Checker(session)
    qtbot.waitUntil(lambda: not session.jobs.running)
    assert not any(timer.isActive() for timer in checker.findChildren(QTimer))
    session.close()
