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
ENDINGS = sorted({name.rpartition(".")[2] for name in NAMES})


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all of them."""
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(folder)
    return folder


@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_files_are_shown_or_refused_with_the_reason(
    qtbot: QtBot, stage: Stage, look: Look, corpus: Path, ending: str
) -> None:
    good = look("good.csv", b"a,b\n1,2\n")
    for path in sorted(corpus.glob(f"*.{ending}")):
        show_by_every_viewer(qtbot, stage, path)
        stage.show_file(good)
        settle(qtbot, stage)
        assert stage.viewer is not None and stage.viewer.isVisible(), path.name
    assert not (corpus / "harmed.txt").exists() and not Path("harmed.txt").exists()


def show_by_every_viewer(qtbot: QtBot, stage: Stage, path: Path) -> None:
    """Show a file by each viewer that is for it: something is shown, or the reason why not."""
    head = b""
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    file = ViewedFile(1, path.name, path, path.stat().st_size, head=head)
    stage.show_file(file)
    for place in range(len(kinds_of(file))):
        stage.choice.setCurrentIndex(place)
        stage.choice.activated.emit(place)
        settle(qtbot, stage)
        assert stage.viewer is not None
        reason = stage.nothing.reason.text()
        assert stage.viewer.isVisible() or (len(reason) > 10 and "preview failed" not in reason), path.name


def settle(qtbot: QtBot, stage: Stage) -> None:
    """Wait until nothing is being read, and what was looked for has been asked for."""
    jobs = stage._session.jobs
    for _ in range(2):
        qtbot.waitUntil(lambda: not jobs.running, timeout=30_000)
        stage.grab()
        QCoreApplication.processEvents()
