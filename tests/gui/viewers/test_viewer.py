"""What every viewer does, whatever it shows."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from tests.gui.viewers.conftest import Look


class Endless(Viewer):
    """Reads until nobody wants it any more."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begun, self.given_up = threading.Event(), threading.Event()

    def show_file(self, file: ViewedFile) -> None:
        if not self.begun.is_set():
            self.read(self._read, self.told.emit, "all of it")

    def _read(self, job: Job) -> str:
        self.begun.set()
        while not job.cancelled:
            self.given_up.wait(0.01)
        self.given_up.set()
        return file.path if (file := self.file) else ""


@pytest.mark.parametrize("what", ["the viewer is left", "another file is shown"])
def test_what_nobody_looks_at_any_more_is_not_read_on(what: str, qtbot: QtBot, session: Session, look: Look) -> None:
    viewer = Endless(session)
    qtbot.addWidget(viewer)
    told: list[str] = []
    viewer.told.connect(told.append)
    viewer.open(look("a.bin", b"a"))
    qtbot.waitUntil(viewer.begun.is_set)
    if what == "the viewer is left":
        viewer.leave()
    else:
        viewer.open(look("b.bin", b"b"))
    qtbot.waitUntil(viewer.given_up.is_set)
    qtbot.waitUntil(lambda: not session.jobs.running)
    assert told == []
