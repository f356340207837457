"""Files of runs, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Artifact
from runfolio.core.folder import ARTIFACTS
from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.session import Session
from runfolio.gui.viewers.viewer import ViewedFile, look_at
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
