"""The ways to the jobs, and who works at them while a window is open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.queue.records import JobState
from runfolio.core.sweeps.records import Dimension, Method, Sweep, Trial, TrialState
from runfolio.core.sweeps.stored import written
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import QUEUE
from runfolio.gui.queue import following
from runfolio.gui.queue.entry import JobsEntry, JobsLink
from runfolio.gui.queue.progress import read_progress
from runfolio.store import Store
from runfolio.store.queue import changing
from runfolio.store.queue.reading import get_job
from runfolio.store.queue.working import begin_job, end_job, note_job
from runfolio.store.sweeps.memory import begin_trial, create_sweep, end_trial
from tests.gui.conftest import Opener
from tests.gui.queue.conftest import put
from tests.store.script import Script


def entry_of(window: MainWindow) -> JobsEntry:
    [found] = window.findChildren(JobsEntry)
    return found


def link_of(window: MainWindow) -> JobsLink:
    [found] = window.findChildren(JobsLink)
    return found


def test_the_status_bar_tells_of_jobs_while_there_are_any_and_leads_to_them(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    window = open_window(store)
    link = link_of(window)
    assert link.isHidden()
    first, _ = put(store, "first", "second")
    begin_job(store, first)
    qtbot.waitUntil(lambda: link.isVisible() and link.text() == "Jobs: 1 running, 1 waiting")
    changing.pause(store, paused=True)
    qtbot.waitUntil(lambda: link.text() == "Jobs: 1 running, 1 waiting, paused")
    link.click()
    assert window.middle.shown == QUEUE
    end_job(store, first, JobState.FINISHED)
    changing.cancel(store, [first + 1])
    qtbot.waitUntil(link.isHidden)


def test_the_navigator_leads_to_the_jobs(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    entry = entry_of(window)
    assert entry.accessibleName() == "Jobs, none" and not entry.isChecked()
    put(store, "first", "second")
    qtbot.waitUntil(lambda: entry.accessibleName() == "Jobs, 2 waiting" and entry.note == "0 / 2")
    QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert window.middle.shown == QUEUE and entry.isChecked()
    window.actions_by_id["view.table"].trigger()
    assert not entry.isChecked()


def test_somebody_is_started_where_jobs_wait(
    qtbot: QtBot, store: Store, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(store: Store) -> bool:
        started.append(store.name)
        return True

    monkeypatch.setattr(following, "start_if_due", start)
    open_window(store)
    qtbot.waitUntil(lambda: len(started) == 1)
    put(store, "first")
    qtbot.waitUntil(lambda: len(started) == 2)


def test_a_sweep_tells_its_trials(store: Store, script: Script) -> None:
    run = script.start(experiment="digits", name="sweep")
    script.take()
    [job] = put(store, "sweep")
    with store.writing() as transaction:
        transaction.connection.exec_driver_sql("UPDATE jobs SET kind = 'sweep'")
    begin_job(store, job)
    note_job(store, job, run_uuid=run, state=JobState.RUNNING)
    number = script.number(run)
    space = (Dimension("lr", ("0.1", "0.01", "0.001", "1")),)
    create_sweep(store, number, written(Sweep(space, "loss", method=Method.GRID, trials=0)), {})
    trial = begin_trial(store, number, 0, {"lr": "0.1"})
    begin_trial(store, number, 1, {"lr": "0.01"})
    end_trial(store, number, Trial(trial.number, trial.parameters, TrialState.FINISHED, 0.5))
    progress = read_progress(store, get_job(store, job))
    assert (progress.text, progress.share) == ("1 of 4 trials", 0.25)
