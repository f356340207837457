"""Files that are damaged or made to do harm, in viewers: each is shown or the reason told, and then the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from runfolio.gui.viewers.registry import kinds_of
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.viewer import HEAD, ViewedFile
from tests.gui.viewers.conftest import Look
from tests.previews.corpus import FILES, TEXTS, binaries, make_corpus

NAMES = sorted([*TEXTS, *binaries(), *FILES])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all of them."""
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_is_shown_or_refused_with_the_reason(
    qtbot: QtBot, stage: Stage, look: Look, corpus: Path, name: str
) -> None:
    jobs = stage._session.jobs
    path = corpus / name
    head = b""
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    file = ViewedFile(1, name, path, path.stat().st_size, head=head)
    stage.show_file(file)
    for place in range(len(kinds_of(file))):
        stage.choice.setCurrentIndex(place)
        stage.choice.activated.emit(place)
        qtbot.waitUntil(lambda: not jobs.running, timeout=20_000)
        stage.grab()
        QCoreApplication.processEvents()
        qtbot.waitUntil(lambda: not jobs.running, timeout=20_000)
        assert stage.viewer is not None
        assert stage.viewer.isVisible() or len(stage.nothing.reason.text()) > 10
        assert "preview failed" not in stage.nothing.reason.text()
    good = look("good.csv", b"a,b\n1,2\n")
    stage.show_file(good)
    qtbot.waitUntil(lambda: stage.viewer is not None and stage.viewer.isVisible() and not jobs.running)
    assert not (corpus / "harmed.txt").exists() and not Path("harmed.txt").exists()
