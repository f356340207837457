"""A project on the disk, and a window that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.gui.projects.form.form import EntryForm
from runfolio.gui.projects.page import ProjectPage
from runfolio.gui.projects.section import ProjectsSection
from runfolio.store import Store
from tests.gui.conftest import Opener

MLPROJECT = """\
name: wine
entry_points:
  main:
    parameters:
      data: {type: path, help: Where the bottles are}
      lr: {type: float, default: 0.01, min: 0, max: 1, help: Learning rate}
      epochs: {type: int, default: 10, min: 1}
      optimizer: {type: string, default: adam, choices: [adam, sgd]}
      shuffle: {type: bool, default: "True"}
      target: {type: uri, default: "s3://cellar/out"}
    command: python train.py --data {data} --lr {lr} --epochs {epochs} {optimizer} {shuffle} {target}
  evaluate:
    parameters: {model: string}
    command: python evaluate.py {model}
"""


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put into the queue stays there."""
    monkeypatch.setenv("RUNFOLIO_QUEUE", "0")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with two entry points."""
    folder = tmp_path / "wine"
    (folder / "bottles").mkdir(parents=True)
    (folder / "MLproject").write_text(MLPROJECT)
    return folder


@pytest.fixture
def window(store: Store, open_window: Opener) -> MainWindow:
    """A window that shows the runs."""
    return open_window(store)


def section_of(window: MainWindow) -> ProjectsSection:
    """The projects in the navigator."""
    (section,) = window.navigator.findChildren(ProjectsSection)
    return section


def show(qtbot: QtBot, window: MainWindow, uri: Path | str) -> ProjectPage:
    """Open a project, and wait until it is read, or until it is known that it cannot be."""
    section_of(window).commands.add(str(uri))
    qtbot.waitUntil(lambda: isinstance(window.middle.currentWidget(), ProjectPage))
    page = window.middle.currentWidget()
    assert isinstance(page, ProjectPage)
    qtbot.waitUntil(lambda: page.settled, timeout=10_000)
    return page


def form_of(qtbot: QtBot, page: ProjectPage) -> EntryForm:
    """The form that a page shows, checked."""
    assert page.form is not None
    form = page.form
    qtbot.waitUntil(lambda: form.checked.request == form.request())
    return form
