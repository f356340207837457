"""The page of jobs: what it shows, how it follows the store, and what is done with jobs there."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QFontMetrics, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from runfolio.core.projects.request import Needs
from runfolio.core.queue.records import JobKind, JobState, Slots
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import QUEUE, RUNS
from runfolio.gui.queue.delegate import MARGIN
from runfolio.gui.queue.page import SNIPPET, job_menu
from runfolio.gui.queue.popups import NeedsPopup, SlotsPopup
from runfolio.gui.queue.rows import JobColumn
from runfolio.gui.queue.table import MIME
from runfolio.gui.queue.words import as_typed, request_of, state_text
from runfolio.gui.runs.look import fonts
from runfolio.store import Store
from runfolio.store.queue.changing import enqueue
from runfolio.store.queue.reading import get_job, queue_state
from runfolio.store.queue.working import alone_working, begin_job, end_job, note_job
from runfolio.store.runs import find_run
from tests.gui.conftest import Opener
from tests.gui.queue.conftest import choose, column, page_of, put, settle, waiting
from tests.store.script import Script
from tests.store.test_storage import add

Key = Qt.Key


def act(window: MainWindow, name: str) -> None:
    window.actions_by_id[f"job.{name}"].trigger()


def test_jobs_at_work_come_first_then_those_that_wait_then_the_newest_that_is_over(window: MainWindow) -> None:
    page = page_of(window)
    assert column(page, JobColumn.TITLE) == ["train", "first", "second", "third", "bad", "old"]
    assert column(page, JobColumn.STATE)[:2] == ["● running", "○ waiting"]
    assert column(page, JobColumn.STATE)[4:] == ["✕ failed", "✓ finished"]
    assert column(page, JobColumn.REASON)[4] == "The script ended with code 3."
    assert column(page, JobColumn.EXPERIMENT)[0] == "digits"
    assert page.header.summary.text() == "1 running · 3 waiting · 1 failed · 1 finished"
    QAbstractItemModelTester(page.table.jobs, QAbstractItemModelTester.FailureReportingMode.Warning)


def test_a_job_at_work_tells_how_far_its_run_is(qtbot: QtBot, window: MainWindow, script: Script, store: Store) -> None:
    page = page_of(window)
    assert column(page, JobColumn.PROGRESS)[0].startswith("step 2 of 200")
    run = get_job(store, int(page.table.jobs.ids[0])).run_uuid
    script.log(run, "loss", [0.2], steps=[100])
    script.take()
    qtbot.waitUntil(lambda: column(page, JobColumn.PROGRESS)[0].startswith("step 100 of 200"))
    row = page.table.jobs.row(0)
    assert row is not None and row.progress.share == 0.5


def test_the_selected_job_is_told_of_and_its_output_is_followed(
    qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]
) -> None:
    page = page_of(window)
    choose(qtbot, window, 0)
    panel = page.panel
    qtbot.waitUntil(lambda: panel.console.isVisible() and "epoch 2" in panel.console.text.toPlainText())
    run = find_run(store, get_job(store, jobs["train"]).run_uuid)
    assert window.session.selection.current == run
    output = store.path / "artifacts" / get_job(store, jobs["train"]).run_uuid / "runfolio" / "console.log"
    with output.open("ab") as file:
        file.write(b"epoch 3\n")
    qtbot.waitUntil(lambda: "epoch 3" in panel.console.text.toPlainText())
    rows = {one.key: one.value()[0][1] for one in panel.facts._all}
    command = "runfolio run projects/digits --experiment-name digits -P alpha=0.5"
    assert rows["Command"] == as_typed(request_of(get_job(store, jobs["train"]))) == command
    assert rows["-P alpha"] == "0.5" and rows["Run"] == "run of train"


def test_what_a_job_prints_is_shown_also_where_its_run_comes_into_the_tables_after_it_was_looked_at(
    qtbot: QtBot, store: Store, script: Script, jobs: dict[str, int], window: MainWindow
) -> None:
    begin_job(store, jobs["first"])
    note_job(store, jobs["first"], run_uuid="late", state=JobState.RUNNING)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.table.jobs.ids.tolist().index(jobs["first"]) == 1)
    settle(qtbot, page)
    choose(qtbot, window, 1)
    qtbot.waitUntil(lambda: page.panel.number == jobs["first"] and page.panel.settled)
    run = script.start(experiment="digits", name="a late one", run_id="late")
    add(script, run, "runfolio/console.log", b"here it is\n")
    script.take()
    qtbot.waitUntil(lambda: "here it is" in page.panel.console.text.toPlainText())


def test_a_job_that_waits_says_that_there_will_be_output(qtbot: QtBot, window: MainWindow) -> None:
    choose(qtbot, window, 1)
    panel = page_of(window).panel
    qtbot.waitUntil(lambda: panel.told.isVisible() and panel.told.text().startswith("It waits"))


def test_what_workers_do_is_followed_and_selection_stays_with_the_job(
    qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]
) -> None:
    choose(qtbot, window, 2)
    begin_job(store, jobs["third"])
    end_job(store, jobs["train"], JobState.FINISHED)
    page = page_of(window)
    qtbot.waitUntil(lambda: column(page, JobColumn.TITLE) == ["third", "first", "second", "train", "bad", "old"])
    settle(qtbot, page)
    assert column(page, JobColumn.STATE)[0] == "◐ preparing"
    assert window.session.queue.chosen.jobs == (jobs["second"],) and page.panel.number == jobs["second"]


def test_parts_of_the_list(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(window)
    titles = [page.header.tabs.tabText(at) for at in range(page.header.tabs.count())]
    assert titles == ["All  6", "At work  1", "Waiting  3", "Failed  1", "Over  2"]
    page.header.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: column(page, JobColumn.TITLE) == ["first", "second", "third"])
    assert list(page.table.jobs.waits) == [0, 1, 2]
    page.header.tabs.setCurrentIndex(3)
    qtbot.waitUntil(lambda: column(page, JobColumn.TITLE) == ["bad"])


def test_waiting_jobs_that_are_cancelled_come_back_with_undo(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    choose(qtbot, window, 1, 2)
    act(window, "cancel")
    qtbot.waitUntil(lambda: waiting(store) == ["third"])
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: waiting(store) == ["first", "second", "third"])


def test_a_job_at_work_is_told_to_end(qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]) -> None:
    choose(qtbot, window, 0)
    QTest.keyClick(window, Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: get_job(store, jobs["train"]).cancelling)
    qtbot.waitUntil(lambda: column(page_of(window), JobColumn.STATE)[0] == "◌ ending")


@pytest.mark.parametrize(
    ("row", "name", "order"),
    [
        (3, "up", ["first", "third", "second"]),
        (1, "down", ["second", "first", "third"]),
        (3, "top", ["third", "first", "second"]),
        (1, "end", ["second", "third", "first"]),
        (1, "up", ["first", "second", "third"]),
        (3, "down", ["first", "second", "third"]),
    ],
)
def test_jobs_that_wait_are_moved(
    qtbot: QtBot, window: MainWindow, store: Store, row: int, name: str, order: list[str]
) -> None:
    choose(qtbot, window, row)
    with qtbot.waitSignal(window.session.message):
        act(window, name)
    assert waiting(store) == order


def test_several_are_moved_together(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    choose(qtbot, window, 2, 3)
    act(window, "up")
    qtbot.waitUntil(lambda: waiting(store) == ["second", "third", "first"])
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: waiting(store) == ["first", "second", "third"])


def test_rows_are_dragged_among_those_that_wait(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    """The drop as Qt hands it over: a drag on a real screen is a loop of the system's own."""
    choose(qtbot, window, 3)
    table = page_of(window).table
    data = QMimeData()
    data.setData(MIME, json.dumps(table.chosen_waiting()).encode())
    above = table.visualRect(table.jobs.index(1, 0)).topLeft() + QPoint(20, 2)
    event = _Drop(table, QPointF(above), data)
    table.dropEvent(event)
    qtbot.waitUntil(lambda: waiting(store) == ["third", "first", "second"])
    foreign = _Drop(window, QPointF(above), data)
    table.dropEvent(foreign)
    assert not foreign.isAccepted()


class _Drop(QDropEvent):
    """A drop of which the source is known; Qt knows it of a drag that is under way only."""

    def __init__(self, source: QObject, place: QPointF, data: QMimeData) -> None:
        actions, none = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
        super().__init__(place, actions, data, Qt.MouseButton.LeftButton, none)
        self._source = source

    def source(self) -> QObject:
        return self._source


def test_jobs_are_run_again_and_removed(qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]) -> None:
    choose(qtbot, window, 4, 5)
    act(window, "run_again")
    qtbot.waitUntil(lambda: waiting(store)[3:] == ["old", "bad"])
    act(window, "remove_over")
    qtbot.waitUntil(lambda: JobState.FAILED not in queue_state(store).counts)
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: queue_state(store).counts.get(JobState.FAILED) == 1)


def test_del_takes_the_selected_jobs_out_of_the_list_and_no_run(
    qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]
) -> None:
    choose(qtbot, window, 4)
    page_of(window).table.setFocus()
    QTest.keyClick(page_of(window).table, Key.Key_Delete)
    qtbot.waitUntil(lambda: JobState.FAILED not in queue_state(store).counts)
    assert window.navigator.trash.count == 0


def test_return_opens_the_run_of_a_job(qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]) -> None:
    choose(qtbot, window, 5)
    run = find_run(store, get_job(store, jobs["old"]).run_uuid)
    page_of(window).table.setFocus()
    QTest.keyClick(page_of(window).table, Key.Key_Return)
    qtbot.waitUntil(lambda: window.middle.shown == RUNS and window.session.selection.current == run)


def test_the_queue_is_paused_and_goes_on(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    header = page_of(window).header
    header.pause.click()
    qtbot.waitUntil(lambda: queue_state(store).paused and header.pause.text() == "Go On")
    assert header.summary.text().startswith("paused")
    act(window, "pause")
    qtbot.waitUntil(lambda: not queue_state(store).paused and header.pause.text() == "Pause")


def test_slots_are_chosen_in_a_popup(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    header = page_of(window).header
    header.slots.click()
    popup = window.findChild(SlotsPopup)
    assert popup is not None
    popup.jobs.setValue(4)
    popup.gpu.setValue(1)
    popup.accept()
    qtbot.waitUntil(lambda: queue_state(store).slots == Slots(4, 0.0, 0.0, 1))
    qtbot.waitUntil(lambda: header.slots.text() == "4 jobs at once · 1 GPU ▾")


def test_needs_of_jobs_that_wait_are_changed(
    qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]
) -> None:
    choose(qtbot, window, 1, 2)
    act(window, "needs")
    qtbot.waitUntil(lambda: window.findChild(NeedsPopup) is not None)
    popup = window.findChild(NeedsPopup)
    assert popup is not None and popup.cpu.value() == 1.0
    popup.cpu.setValue(4.0)
    popup.accept()
    qtbot.waitUntil(lambda: request_of(get_job(store, jobs["second"])).needs == Needs(cpu=4.0))
    qtbot.waitUntil(lambda: column(page_of(window), JobColumn.NEEDS)[1:3] == ["4 CPU", "4 CPU"])
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: request_of(get_job(store, jobs["second"])).needs == Needs())


def test_commands_make_sense_with_jobs_selected_on_the_page_alone(qtbot: QtBot, window: MainWindow) -> None:
    made = window.actions_by_id
    choose(qtbot, window, 4)
    enabled = {name for name in ("cancel", "up", "remove", "run_again", "open_run") if made[f"job.{name}"].isEnabled()}
    assert enabled == {"remove", "run_again", "open_run"}
    choose(qtbot, window, 1)
    assert made["job.up"].isEnabled() and made["job.cancel"].isEnabled() and not made["job.open_run"].isEnabled()
    made["view.table"].trigger()
    assert window.middle.shown == RUNS and not made["job.up"].isEnabled() and made["job.pause"].isEnabled()


def test_the_menu_has_what_makes_sense(qtbot: QtBot, window: MainWindow) -> None:
    choose(qtbot, window, 0)
    page = page_of(window)
    menu: QMenu = job_menu(window.session, page.commands, page)
    enabled = [one.text() for one in menu.actions() if one.isEnabled() and not one.isSeparator()]
    expected = ["Open the Job's Run", "Cancel Jobs", "Run Jobs Again", "Remove All Jobs That Are Over"]
    assert enabled == expected
    menu.close()


def test_rows_are_copied_with_headings(qtbot: QtBot, window: MainWindow) -> None:
    choose(qtbot, window, 1)
    page = page_of(window)
    page.table.setFocus()
    QTest.keyClick(page.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row = QGuiApplication.clipboard().text().split("\n")
    assert head.startswith("State\tTitle\tKind") and row.startswith("○ waiting\tfirst\trun\tdigits")


def test_an_empty_queue_says_what_to_do_next(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    QTest.keyClick(window, Key.Key_0, Qt.KeyboardModifier.AltModifier)
    assert window.middle.shown == QUEUE
    page = page_of(window)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(Notice)))
    assert SNIPPET in [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    put(store, "first")
    qtbot.waitUntil(lambda: page.table.isVisible() and page.table.jobs.rowCount() == 1)


def test_a_queue_of_thousands_is_read_where_it_is_looked_at(
    qtbot: QtBot, window: MainWindow, store: Store, jobs: dict[str, int]
) -> None:
    put(store, *(f"job {number}" for number in range(3000)))
    page = page_of(window)
    qtbot.waitUntil(lambda: page.table.jobs.rowCount() == 3006)
    page.table.scrollToBottom()
    qtbot.waitUntil(lambda: column_at(page.table.jobs.rowCount() - 1, window) == "old")
    assert page.table.jobs.of(int(page.table.jobs.ids[1500])) is None
    page.table.selectAll()
    qtbot.waitUntil(lambda: len(window.session.queue.chosen.jobs) == 3006)
    assert len(window.session.queue.chosen.waiting) == 3003


def column_at(row: int, window: MainWindow) -> str:
    return str(page_of(window).table.jobs.index(row, JobColumn.TITLE).data())


def test_a_request_that_says_little_is_shown_all_the_same(qtbot: QtBot, store: Store, window: MainWindow) -> None:
    enqueue(store, JobKind.SWEEP, "odd", {"sweep": {}, "run": None})
    enqueue(store, JobKind.RUN, "newer", {"uri": ".", "env_manager": "of another time"})
    page = page_of(window)
    qtbot.waitUntil(lambda: column(page, JobColumn.TITLE)[4:6] == ["odd", "newer"])
    settle(qtbot, page)
    assert column(page, JobColumn.EXPERIMENT)[4:6] == ["Default", "Default"]


def test_a_worker_that_comes_or_goes_is_seen_also_where_no_job_changes(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    worker = page_of(window).header.worker
    assert worker.text() == "○ no worker is at it"
    with alone_working(store):
        qtbot.waitUntil(lambda: worker.text() == "● a worker is at it")
    qtbot.waitUntil(lambda: worker.text() == "○ no worker is at it")


def test_every_state_has_room_in_its_column(window: MainWindow, store: Store, jobs: dict[str, int]) -> None:
    page = page_of(window)
    *_, small, _ = fonts(page.table.font())
    states = [replace(get_job(store, jobs["first"]), state=one) for one in JobState]
    room = page.table.columnWidth(JobColumn.STATE) - 2 * MARGIN - 6
    assert max(QFontMetrics(small).horizontalAdvance(state_text(job)) for job in states) <= room
