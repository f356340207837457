"""The page of a sweep and what the inspector tells of one: live while trials end, and what is done from there."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from runfolio.core.queue.records import JobKind, JobState
from runfolio.core.sweeps.records import TrialState
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import RUNS, SWEEP
from runfolio.gui.queue.page import JobsPage
from runfolio.gui.queue.rows import JobColumn
from runfolio.gui.queue.words import request_of
from runfolio.gui.sweeps.page import SweepPage
from runfolio.gui.sweeps.summary import SweepSummary
from runfolio.gui.sweeps.trials import NUMBER, VALUE
from runfolio.store import Store
from runfolio.store.queue.changing import enqueue
from runfolio.store.queue.reading import queue_state, waiting_jobs
from runfolio.store.queue.working import begin_job, note_job
from tests.gui.conftest import Opener
from tests.gui.sweeps.conftest import Running, given, value_of
from tests.store.script import Script


@pytest.fixture
def window(qtbot: QtBot, store: Store, running: Running, open_window: Opener) -> MainWindow:
    one = open_window(store)
    qtbot.waitUntil(lambda: bool(one.session.selection.experiments))
    one.session.select_runs([running.run], running.run)
    return one


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> SweepPage:
    window.actions_by_id["view.sweep"].trigger()
    shown = window.middle.currentWidget()
    assert isinstance(shown, SweepPage)
    qtbot.waitUntil(lambda: shown.follower.explained is not None and shown.settled)
    return shown


def cells(page: SweepPage, column: int) -> list[str]:
    model = page.table.model_of_trials
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_it_tells_how_far_it_is_and_what_is_best(page: SweepPage) -> None:
    assert page.title.text() == "the sweep"
    assert page.progress.text.text() == "22 of 30 trials · 1 running · 1 failed · 1 pruned"
    assert page.best.value.text() == "0.100" and page.best.about.text() == "lowest loss so far · trial 13"
    rows = {one.key: one.value()[0][1] for one in page.best.parameters._all}
    assert rows == {"lr": "0.001", "layers": "2", "epochs": "3"}


def test_trials_are_listed_the_best_first_and_can_be_sorted(qtbot: QtBot, page: SweepPage) -> None:
    QAbstractItemModelTester(page.table.model_of_trials, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert cells(page, NUMBER)[:2] == ["★ 13", "8"] and cells(page, VALUE)[-1] == ""
    page.table.sortByColumn(NUMBER, Qt.SortOrder.DescendingOrder)
    assert cells(page, NUMBER)[:3] == ["22", "21", "20"]
    page.table.sortByColumn(VALUE, Qt.SortOrder.DescendingOrder)
    assert cells(page, NUMBER)[0] == "21" and {cells(page, VALUE)[-1], cells(page, VALUE)[-2]} == {""}


def test_the_learning_rate_explains_the_metric(page: SweepPage) -> None:
    [first, *_] = page.importance.model.params
    assert first.column.key == "lr" and first.told
    assert [axis.column.key for axis in page.parallel.axes] == ["lr", "layers", "loss"]


def test_it_follows_trials_that_end(qtbot: QtBot, page: SweepPage, running: Running) -> None:
    before = page.follower.explained
    running.end(22, given(22), 0.01, uuid="")
    qtbot.waitUntil(lambda: page.best.about.text() == "lowest loss so far · trial 22")
    assert page.progress.text.text().startswith("23 of 30 trials · 1 failed")
    assert cells(page, NUMBER)[0] == "★ 22"
    qtbot.waitUntil(lambda: page.follower.explained is not before and page.settled)
    assert page.follower.explained is not None and 22 in page.follower.explained.trials


def test_the_curve_has_a_dot_for_each_trial_and_goes_down_in_steps(page: SweepPage) -> None:
    assert len(page.curve.trials) == 21
    x, y = page.curve._line.getData()
    assert np.all(np.diff(y) <= 0) and y[-1] == pytest.approx(value_of(13)) and x[-1] == 21
    at = [one.number for one in page.curve.trials].index(13)
    place = QPointF(float(page.curve._places[0][at]), value_of(13))
    assert page.curve.near(place) is page.curve.trials[at]
    assert page.curve.said_at(place).startswith("trial 13 · finished · 0.1\nlr = 0.001")


def test_choosing_a_trial_looks_at_its_run_everywhere_and_stays_on_the_page(
    qtbot: QtBot, window: MainWindow, page: SweepPage, running: Running
) -> None:
    page.table.setCurrentIndex(page.table.model_of_trials.index(1, 0))
    assert window.session.selection.current == running.numbers[8]
    qtbot.waitUntil(lambda: page.settled)
    assert window.middle.shown == SWEEP and page.title.text() == "the sweep"
    assert page.table.currentIndex().row() == 1
    page.curve.trial_clicked.emit(page.curve.trials[0])
    assert window.session.selection.current == running.numbers[page.curve.trials[0].number]
    page.parallel.clicked.emit(3)
    assert window.session.selection.current == running.numbers[3]
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.middle.shown == RUNS)
    assert window.session.selection.current == running.numbers[3]


def test_the_best_parameters_are_run_once_more(qtbot: QtBot, page: SweepPage, store: Store) -> None:
    page.best.again.click()
    qtbot.waitUntil(lambda: queue_state(store).counts.get(JobState.WAITING) == 1)
    [job] = waiting_jobs(store, 2)
    request = request_of(job)
    assert request.parameters == {"data": "small", "lr": "0.001", "layers": "2", "epochs": "3"}
    assert job.title == "the sweep · trial 13 again" and request.uri == "projects/digits"


def test_a_run_of_no_sweep_says_so(qtbot: QtBot, store: Store, script: Script, open_window: Opener) -> None:
    run = script.start(experiment="digits")
    script.end(run)
    script.take()
    window = open_window(store)
    window.session.select_runs([script.number(run)], script.number(run))
    window.actions_by_id["view.sweep"].trigger()
    shown = window.middle.currentWidget()
    assert isinstance(shown, SweepPage)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in shown.findChildren(Notice)))


def test_the_inspector_of_the_parent_shows_importance_and_best_trial_live(
    qtbot: QtBot, window: MainWindow, running: Running
) -> None:
    overview = window.inspector.overview
    qtbot.waitUntil(lambda: overview.sections["sweep"].isVisible())
    [summary] = window.findChildren(SweepSummary)
    qtbot.waitUntil(lambda: bool(summary.importance.model.params))
    assert summary.importance.model.params[0].column.key == "lr"
    assert summary.best.about.text() == "lowest loss so far · trial 13"
    running.end(22, given(22), None, TrialState.FAILED, "It broke.")
    qtbot.waitUntil(lambda: summary.progress.text.text() == "23 of 30 trials · 2 failed · 1 pruned")
    summary.open.click()
    assert window.middle.shown == SWEEP


def test_other_runs_have_no_part_of_sweeps(qtbot: QtBot, window: MainWindow, running: Running) -> None:
    overview = window.inspector.overview
    qtbot.waitUntil(lambda: overview.sections["sweep"].isVisible())
    window.session.select_runs([running.numbers[3]], running.numbers[3])
    qtbot.waitUntil(lambda: not overview.sections["sweep"].isVisible())


def test_opening_the_job_of_a_sweep_leads_to_its_page(
    qtbot: QtBot, window: MainWindow, store: Store, running: Running
) -> None:
    number, _ = enqueue(store, JobKind.SWEEP, "the sweep", {"sweep": {}, "run": {"uri": "projects/digits"}})
    begin_job(store, number)
    note_job(store, number, run_uuid=running.uuid, state=JobState.RUNNING)
    window.actions_by_id["view.jobs"].trigger()
    jobs = window.middle.currentWidget()
    assert isinstance(jobs, JobsPage)
    qtbot.waitUntil(lambda: jobs.table.jobs.rowCount() == 1 and jobs.table.jobs.of(number) is not None)
    index = jobs.table.jobs.index(0, JobColumn.PROGRESS)
    qtbot.waitUntil(lambda: index.data() == "22 of 30 trials")
    jobs.table.setCurrentIndex(index)
    qtbot.waitUntil(lambda: window.actions_by_id["job.open_run"].isEnabled())
    window.actions_by_id["job.open_run"].trigger()
    qtbot.waitUntil(lambda: window.middle.shown == SWEEP and window.session.selection.current == running.run)
