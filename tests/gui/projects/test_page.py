"""The page of a project: read, refused with reasons, and run."""

from __future__ import annotations

import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.projects.request import read_request
from runfolio.core.queue.records import JobKind, JobState
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import QUEUE
from runfolio.gui.projects.page import ProjectPage
from runfolio.store import Store
from runfolio.store.projects.listing import list_projects
from runfolio.store.queue.reading import waiting_jobs
from tests.gui.projects.conftest import form_of, section_of, show
from tests.gui.seen import control, said


@pytest.fixture
def silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that says nothing."""
    monkeypatch.setenv("RUNFOLIO_REPOSITORIES", str(tmp_path / "mirrors"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"git://127.0.0.1:{server.getsockname()[1]}/wine"


def test_a_wrong_file_is_shown_with_all_its_faults(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    (project / "MLproject").write_text("nmae: wine\nentry_points:\n  main:\n    command: 'python {lr}'\n")
    page = show(qtbot, window, project)
    told = said(page)
    assert "MLproject has 2 things to mend" in told
    faults = sorted(text for text in told if text.startswith("✕"))
    assert faults[0].startswith("✕ line 1: ") and "name" in faults[0]
    assert faults[1].startswith("✕ line 4: ") and "lr" in faults[1]
    assert any(text.strip() == "1  nmae: wine" for text in told)
    (project / "MLproject").write_text("entry_points: {main: {command: ls}}")
    control(page, QPushButton, "Read Again").click()
    qtbot.waitUntil(lambda: page.form is not None)


def test_a_project_that_is_not_there_is_told_with_the_reason(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = show(qtbot, window, tmp_path / "nothing")
    told = said(page)
    assert "nothing could not be read" in told
    assert any("There is no project" in text for text in told)


def test_fetching_that_hangs_is_cancelled(qtbot: QtBot, window: MainWindow, silent: str) -> None:
    section_of(window).commands.add(silent)
    qtbot.waitUntil(lambda: isinstance(window.middle.currentWidget(), ProjectPage))
    page = window.middle.currentWidget()
    assert isinstance(page, ProjectPage)
    qtbot.waitUntil(lambda: f"Fetching {silent}" in said(page), timeout=10_000)
    control(page, QPushButton, "Cancel").click()
    qtbot.waitUntil(lambda: "The project was not fetched." in said(page))
    qtbot.waitUntil(lambda: not window.session.jobs.running, timeout=20_000)


def test_a_zip_file_is_read(qtbot: QtBot, window: MainWindow, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "wine.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.write(project / "MLproject", "wine/MLproject")
    page = show(qtbot, window, file)
    form = form_of(qtbot, page)
    assert next(iter(form.parameters.rows)) == "data"
    assert page.loaded is not None and not page.loaded.source.folder.exists()


def test_a_folder_without_a_file_offers_its_scripts(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "loose"
    folder.mkdir()
    for name in ("a.py", "b.sh", "c.txt"):
        (folder / name).touch()
    page = show(qtbot, window, folder)
    assert [page.tabs.tabText(at) for at in range(page.tabs.count())] == ["a.py", "b.sh"]


def test_a_folder_with_nothing_to_run_says_so(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    page = show(qtbot, window, folder)
    assert any("nothing to run" in text for text in said(page)) and not page.run_button.isEnabled()


def test_running_puts_a_job_into_the_queue(qtbot: QtBot, window: MainWindow, project: Path, store: Store) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    field = control(form, QLineEdit, "data")
    field.setText("bottles")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(waiting_jobs(store, 9)) == 1)
    (job,) = waiting_jobs(store, 9)
    assert (job.kind, job.state, job.title) == (JobKind.RUN, JobState.WAITING, "wine main")
    request = read_request(job.request)
    assert (request.uri, request.entry_point) == (str(project), "main")
    assert dict(request.parameters) == {"data": "bottles"}
    qtbot.waitUntil(lambda: window.strip.text == "Put wine main into the queue")
    control(window.strip, QPushButton, "Show").click()
    assert window.middle.shown == QUEUE
    window.session.undo.undo()
    qtbot.waitUntil(lambda: waiting_jobs(store, 9) == [])
    assert [one.title for one in list_projects(store)] == ["wine"]


def test_the_first_of_the_list_is_shown_where_none_was_chosen(
    qtbot: QtBot, window: MainWindow, project: Path, store: Store
) -> None:
    from runfolio.store.projects.listing import note_project

    note_project(store, str(project), "wine")
    window.actions_by_id["view.projects"].trigger()
    qtbot.waitUntil(lambda: window.session.projects.uri == str(project))
    section = section_of(window)
    qtbot.waitUntil(lambda: len(section.list.selectionModel().selectedRows()) == 1)
