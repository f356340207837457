"""Files of runs, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Artifact
from runfolio.core.folder import ARTIFACTS
from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.session import Session
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.viewer import ViewedFile, Viewer, look_at
from runfolio.store import Store
from tests.store.script import Script

#: Logs a file with a run: the run's public id, the path, and what it holds.
LogFile = Callable[[str, str, bytes], None]
Look = Callable[[str, bytes], ViewedFile]


@pytest.fixture
def log_file(store: Store, script: Script) -> LogFile:
    """Puts files where `log_artifact` does."""

    def log(run: str, path: str, data: bytes) -> None:
        place = store.path / ARTIFACTS / run / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        script.event("artifact", run, path=path, size=len(data))
        script.take()

    return log


@pytest.fixture
def look(store: Store, script: Script, log_file: LogFile) -> Look:
    """Logs a file with a run of its own, and looks at it as the page does."""

    def one(path: str, data: bytes) -> ViewedFile:
        run = script.start()
        log_file(run, path, data)
        return look_at(store, script.number(run), Artifact(path, len(data), 1_700_000_000_000))

    return one


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> Iterator[ArtifactsPage]:
    """The page, on the screen."""
    one = ArtifactsPage(session)
    qtbot.addWidget(one)
    one.resize(1000, 600)
    with qtbot.waitExposed(one):
        one.show()
    yield one


@pytest.fixture
def stage(qtbot: QtBot, session: Session) -> Iterator[Stage]:
    """Where viewers stand, on the screen."""
    one = Stage(session)
    qtbot.addWidget(one)
    one.resize(700, 500)
    with qtbot.waitExposed(one):
        one.show()
    yield one


Show = Callable[[str, bytes], Viewer]
Refused = Callable[[str, bytes], str]


@pytest.fixture
def show(qtbot: QtBot, stage: Stage, look: Look) -> Show:
    """Shows a file, and gives its viewer once it has told what it knows of it."""

    def one(path: str, data: bytes) -> Viewer:
        file = look(path, data)
        stage.show_file(file)
        viewer = stage.viewer
        assert viewer is not None
        with qtbot.waitSignal(viewer.told, timeout=20_000):
            pass
        assert viewer.isVisible()
        return viewer

    return one


@pytest.fixture
def refused(qtbot: QtBot, stage: Stage, look: Look) -> Refused:
    """Shows a file that cannot be shown, and gives what is said of it."""

    def one(path: str, data: bytes) -> str:
        file = look(path, data)
        stage.show_file(file)
        qtbot.waitUntil(stage.nothing.isVisible, timeout=30_000)
        return stage.nothing.reason.text()

    return one
