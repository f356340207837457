"""A project from end to end: its form is filled in by keyboard, run and watched, and another run cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.queue.records import JobState
from runfolio.gui.main_window import MainWindow
from runfolio.gui.projects.adding import AddDialog
from runfolio.gui.projects.page import ProjectPage
from runfolio.gui.queue.page import JobsPage
from runfolio.store import Store
from runfolio.store.queue.reading import get_job, job_ids
from runfolio.store.queue.working import alone_working
from tests.gui.conftest import Opener, open_window, theme  # noqa: F401
from tests.gui.projects.conftest import section_of

MLPROJECT = """\
name: wine
entry_points:
  main:
    parameters:
      until: {type: string, help: The file that ends it}
      lr: {type: float, default: 0.1, min: 0}
    command: python train.py {until} {lr}
"""
TRAIN = """\
import pathlib, sys, time
import runfolio
until, lr = pathlib.Path(sys.argv[1]), float(sys.argv[2])
with runfolio.start_run():
    for step in range(100_000):
        runfolio.log_metric("loss", lr / (step + 1), step=step)
        print(f"bottle {step}", flush=True)
        time.sleep(0.05)
        if until.exists():
            break
print("corked", flush=True)
"""
LONG = 60_000


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose script ends when a file appears."""
    monkeypatch.setenv("RUNFOLIO_QUEUE", "1")
    monkeypatch.setenv("RUNFOLIO_WORK", str(tmp_path / "work"))
    folder = tmp_path / "wine"
    folder.mkdir()
    (folder / "MLproject").write_text(MLPROJECT)
    (folder / "train.py").write_text(TRAIN)
    return folder


@pytest.fixture
def nobody_left(qtbot: QtBot, store: Store, project: Path) -> Iterator[None]:
    """Nobody works at the queue any more when the store is taken away."""
    yield

    def alone() -> bool:
        with alone_working(store) as free:
            return free

    qtbot.waitUntil(alone, timeout=LONG)


def focus() -> QWidget:
    """What has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tab_to(qtbot: QtBot, name: str) -> None:
    """Press Tab until a field of this name has the keyboard."""
    for _ in range(40):
        if focus().accessibleName() == name:
            return
        qtbot.keyClick(focus(), Qt.Key.Key_Tab)
    raise AssertionError(f"No Tab leads to {name}")


def retype(qtbot: QtBot, name: str, text: str) -> None:
    """Go to a field and write something else into it."""
    tab_to(qtbot, name)
    qtbot.keyClick(focus(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(focus(), text)


def open_project(qtbot: QtBot, window: MainWindow, folder: Path) -> ProjectPage:
    """Type the address of a project."""
    section_of(window).add.click()
    (dialog,) = window.findChildren(AddDialog)
    qtbot.keyClicks(dialog.address, str(folder))
    qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.middle.currentWidget(), ProjectPage))
    page = window.middle.currentWidget()
    assert isinstance(page, ProjectPage)
    qtbot.waitUntil(lambda: page.form is not None, timeout=10_000)
    return page


def jobs_page(window: MainWindow) -> JobsPage:
    """Go to the jobs."""
    window.actions_by_id["view.jobs"].trigger()
    page = window.middle.currentWidget()
    assert isinstance(page, JobsPage)
    return page


def choose(qtbot: QtBot, window: MainWindow, job: int) -> None:
    """Select a job on the page of jobs with the arrow keys; rows may move meanwhile."""
    page = jobs_page(window)
    page.table.setFocus()

    def is_chosen() -> bool:
        listed = page.table.jobs.ids.tolist()
        if page.settled and job in listed and window.session.queue.chosen.jobs != (job,):
            down = page.table.currentIndex().row() < listed.index(job)
            qtbot.keyClick(page.table, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
        return window.session.queue.chosen.jobs == (job,)

    qtbot.waitUntil(is_chosen, timeout=10_000)


@pytest.mark.usefixtures("nobody_left")
def test_a_form_is_filled_in_run_and_watched_and_another_run_cancelled(
    qtbot: QtBot,
    store: Store,
    open_window: Opener,  # noqa: F811
    project: Path,
    tmp_path: Path,
) -> None:
    window = open_window(store)
    page = open_project(qtbot, window, project)
    window.activateWindow()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    retype(qtbot, "until", str(tmp_path / "enough"))
    retype(qtbot, "lr", "0.5")
    qtbot.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(job_ids(store)) == 1, timeout=10_000)
    retype(qtbot, "until", str(tmp_path / "never"))
    qtbot.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(job_ids(store)) == 2, timeout=10_000)
    first, second = sorted(int(one) for one in job_ids(store))

    def state(job: int) -> JobState:
        return get_job(store, job).state

    jobs = jobs_page(window)
    qtbot.waitUntil(lambda: state(first) is state(second) is JobState.RUNNING, timeout=LONG)
    choose(qtbot, window, first)
    console = jobs.panel.console
    qtbot.waitUntil(lambda: "bottle 1\n" in console.text.toPlainText(), timeout=LONG)
    (tmp_path / "enough").touch()
    qtbot.waitUntil(lambda: "corked" in console.text.toPlainText(), timeout=LONG)
    qtbot.waitUntil(lambda: state(first) is JobState.FINISHED, timeout=LONG)
    choose(qtbot, window, second)
    qtbot.waitUntil(window.actions_by_id["job.cancel"].isEnabled)
    window.actions_by_id["job.cancel"].trigger()
    qtbot.waitUntil(lambda: window.strip.text == "Cancelled wine main")
    qtbot.waitUntil(lambda: state(second) is JobState.CANCELLED, timeout=LONG)
    page = open_project(qtbot, window, project)
    history = page.history
    qtbot.waitUntil(lambda: history.model.rowCount() == 2, timeout=10_000)
    qtbot.waitUntil(
        lambda: [str(history.model.index(row, 0).data()) for row in (0, 1)].count("✓ finished") == 1, timeout=10_000
    )
    rates = [one.heading for one in history.model.past.columns].index("lr")
    assert {str(history.model.index(row, rates).data()) for row in (0, 1)} == {"0.5"}
