"""A store with jobs of all kinds, and a window that shows their page."""

from __future__ import annotations

from itertools import count

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.clock import now_ms
from runfolio.core.projects.request import RunRequest
from runfolio.core.queue.records import JobKind, JobState
from runfolio.gui.main_window import MainWindow
from runfolio.gui.queue.page import JobsPage
from runfolio.store import Store
from runfolio.store.queue import working
from runfolio.store.queue.changing import enqueue_many
from runfolio.store.queue.reading import waiting_jobs
from runfolio.store.queue.working import begin_job, end_job, note_job
from tests.gui.conftest import Opener
from tests.store.script import Script
from tests.store.test_storage import add

#: At work, three that wait, and two that are over.
TITLES = ("train", "first", "second", "third", "old", "bad")


def put(store: Store, *titles: str) -> list[int]:
    """Put jobs into the queue that run one project."""
    request = RunRequest("projects/digits", parameters={"alpha": "0.5"}, experiment="digits")
    return enqueue_many(store, [(JobKind.RUN, title, request.written()) for title in titles])[0]


@pytest.fixture
def jobs(store: Store, script: Script, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The jobs by their titles; the one at work has printed something. No two of them end at the same time."""
    times = count(now_ms())
    monkeypatch.setattr(working, "now_ms", lambda: next(times))
    numbers = dict(zip(TITLES, put(store, *TITLES), strict=True))
    for title in ("old", "bad", "train"):
        run = script.start(experiment="digits", name=f"run of {title}")
        script.take()
        begin_job(store, numbers[title])
        note_job(store, numbers[title], run_uuid=run, state=JobState.RUNNING)
        if title == "train":
            script.params(run, {"max_steps": "200"})
            script.log(run, "loss", [0.5, 0.4, 0.3])
            add(script, run, "runfolio/console.log", b"epoch 1\nepoch 2\n")
        else:
            script.end(run)
    script.take()
    end_job(store, numbers["old"], JobState.FINISHED, exit_code=0)
    end_job(store, numbers["bad"], JobState.FAILED, "The script ended with code 3.", exit_code=3)
    return numbers


@pytest.fixture
def window(qtbot: QtBot, store: Store, jobs: dict[str, int], open_window: Opener) -> MainWindow:
    """A window on the page of jobs."""
    one = open_window(store)
    one.actions_by_id["view.jobs"].trigger()
    settle(qtbot, page_of(one))
    return one


def page_of(window: MainWindow) -> JobsPage:
    """The page that a window shows."""
    page = window.middle.currentWidget()
    assert isinstance(page, JobsPage)
    return page


def settle(qtbot: QtBot, page: JobsPage) -> None:
    """Wait until the page shows what the store has."""
    qtbot.waitUntil(lambda: page.settled and all(page.table.jobs.row(at) is not None for at in page.table.sight))


def column(page: JobsPage, which: int) -> list[str]:
    """What stands in a column, from the top."""
    model = page.table.jobs
    return [str(model.index(row, which).data()) for row in range(model.rowCount())]


def choose(qtbot: QtBot, window: MainWindow, *rows: int) -> None:
    """Select rows of the table; the view's own way would go by the keys that a test has pressed last."""
    table = page_of(window).table
    flags = table.choice.SelectionFlag
    for number, row in enumerate(rows):
        index = table.jobs.index(row, 0)
        if not number:
            table.choice.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        else:
            table.choice.select(index, flags.Select | flags.Rows)
    ids = {int(table.jobs.ids[row]) for row in rows}
    qtbot.waitUntil(lambda: set(window.session.queue.chosen.jobs) == ids)


def waiting(store: Store) -> list[str]:
    """The titles of those that wait, in their order."""
    return [job.title for job in waiting_jobs(store, 100)]
