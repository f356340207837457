"""Documents, sounds and films: what is said where Qt's modules are missing, and what they show where they are there."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from runfolio.gui.viewers import registry
from runfolio.gui.viewers.pdf import PdfViewer
from runfolio.gui.viewers.stage import Stage
from tests.gui.viewers.conftest import Look, Refused
from tests.previews.corpus import pdf, sound, stream

FILES = [
    ("paper.pdf", b"%PDF-1.4\n"),
    ("speech.wav", b"RIFF\0\0\0\0WAVE"),
    ("song.mp3", b"ID3\4\0"),
    ("clip.mp4", b"\0\0\0 ftypisom"),
    ("clip.webm", b"\x1aE\xdf\xa3"),
]

PDF = pytest.mark.skipif(find_spec("PySide6.QtPdf") is None, reason="Qt's module for it is not installed")
# Qt's player warns of damaged files, and of machines that have no sound.
LOUD = pytest.mark.qt_log_level_fail("CRITICAL")


#: A red page, an empty one, and one that is wider than the others.
DOCUMENT = pdf(
    b"/MediaBox[0 0 90 90]/Contents 6 0 R",
    b"/MediaBox[0 0 90 120]",
    b"/MediaBox[0 0 180 90]",
    more=(stream(b"1 0 0 rg 0 0 90 90 re f"),),
)


@pytest.mark.parametrize(("path", "data"), FILES)
def test_what_to_install_is_said_where_the_module_is_missing(
    qtbot: QtBot, stage: Stage, look: Look, monkeypatch: pytest.MonkeyPatch, path: str, data: bytes
) -> None:
    monkeypatch.setattr(registry, "_installed", lambda _module: False)
    stage.show_file(look(path, data))
    assert stage.viewer is None and stage.nothing.isVisible()
    assert "pip install 'runfolio[media]'" in stage.nothing.reason.text()
    assert stage.choice.itemText(stage.choice.count() - 1) == "Bytes", "which can be seen of it all the same"


@PDF
def test_a_document_is_shown(qtbot: QtBot, stage: Stage, look: Look) -> None:
    stage.show_file(look("paper.pdf", DOCUMENT))
    viewer = stage.viewer
    assert isinstance(viewer, PdfViewer)
    pages = viewer.pages
    qtbot.waitUntil(lambda: viewer.page.maximum() == 3 and viewer.isVisible())
    qtbot.waitUntil(lambda: pages.missing is None)

    def painted() -> str:
        image = pages.viewport().grab().toImage()
        return image.pixelColor(image.width() // 2, 40).name()

    assert painted() == "#ff0000", "the first page is half as wide as the widest, and in the middle"
    assert "PySide6.QtPdf" not in sys.modules, "it is read in another process"


@PDF
def test_pages_are_reached_by_number_and_scrolling(qtbot: QtBot, stage: Stage, look: Look) -> None:
    stage.show_file(look("paper.pdf", pdf(*[b"/MediaBox[0 0 600 800]"] * 40)))
    viewer = stage.viewer
    assert isinstance(viewer, PdfViewer)
    qtbot.waitUntil(lambda: viewer.page.maximum() == 40)
    viewer.page.setValue(30)
    qtbot.waitUntil(lambda: viewer.pages.missing is None)
    assert viewer.pages.verticalScrollBar().value() > 0 and viewer.page.value() == 30
    viewer.pages.verticalScrollBar().setValue(0)
    assert viewer.page.value() == 1
    before = viewer.pages.scale
    qtbot.mouseClick(button(viewer, "Larger"), Qt.MouseButton.LeftButton)
    assert viewer.pages.scale == pytest.approx(1.25 * before)
    qtbot.mouseClick(button(viewer, "As wide as the room"), Qt.MouseButton.LeftButton)
    assert viewer.pages.scale == pytest.approx(before, rel=0.05)


def button(viewer: PdfViewer, name: str) -> QPushButton:
    return next(one for one in viewer.findChildren(QPushButton) if one.accessibleName() == name)


@PDF
def test_a_damaged_document_says_so(refused: Refused) -> None:
    assert refused("paper.pdf", b"%PDF-1.4\nwords") == "This PDF file is damaged."


@LOUD
def test_a_sound_is_opened_and_does_not_play_by_itself(qtbot: QtBot, stage: Stage, look: Look) -> None:
    pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    from runfolio.gui.viewers.media import MediaViewer

    stage.show_file(look("speech.wav", sound(3)))
    viewer = stage.viewer
    assert isinstance(viewer, MediaViewer)
    qtbot.waitUntil(lambda: viewer.place.maximum() == 3000)
    assert viewer.play.text() == "Play" and viewer.place.value() == 0


@LOUD
@pytest.mark.parametrize("path", ["speech.wav", "song.mp3", "clip.mp4"])
def test_a_damaged_recording_says_so(refused: Refused, path: str) -> None:
    pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    assert refused(path, b"RIFFwords").startswith("It cannot be played: ")
