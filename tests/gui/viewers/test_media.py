"""Documents, sounds and films: what is said where Qt's modules are missing, and what they show where they are there."""

from __future__ import annotations

import io
import wave

import pytest
from pytestqt.qtbot import QtBot

from runfolio.gui.viewers import registry
from runfolio.gui.viewers.stage import Stage
from tests.gui.viewers.conftest import Look, Refused

FILES = [
    ("paper.pdf", b"%PDF-1.4\n"),
    ("speech.wav", b"RIFF\0\0\0\0WAVE"),
    ("song.mp3", b"ID3\4\0"),
    ("clip.mp4", b"\0\0\0 ftypisom"),
    ("clip.webm", b"\x1aE\xdf\xa3"),
]

# Qt's player warns of damaged files, and of machines that have no sound.
LOUD = pytest.mark.qt_log_level_fail("CRITICAL")


def document() -> bytes:
    """The smallest PDF file with a page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, inner)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)


def sound(seconds: int) -> bytes:
    """Silence."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))
    return stream.getvalue()


@pytest.mark.parametrize(("path", "data"), FILES)
def test_what_to_install_is_said_where_the_module_is_missing(
    qtbot: QtBot, stage: Stage, look: Look, monkeypatch: pytest.MonkeyPatch, path: str, data: bytes
) -> None:
    monkeypatch.setattr(registry, "_installed", lambda _module: False)
    stage.show_file(look(path, data))
    assert stage.viewer is None and stage.nothing.isVisible()
    assert "pip install 'runfolio[media]'" in stage.nothing.reason.text()
    assert stage.choice.itemText(stage.choice.count() - 1) == "Bytes", "which can be seen of it all the same"


def test_a_document_is_shown(qtbot: QtBot, stage: Stage, look: Look) -> None:
    pytest.importorskip("PySide6.QtPdf", exc_type=ImportError)
    from runfolio.gui.viewers.pdf import PdfViewer

    stage.show_file(look("paper.pdf", document()))
    viewer = stage.viewer
    assert isinstance(viewer, PdfViewer)
    qtbot.waitUntil(lambda: viewer.page.maximum() == 1 and viewer.isVisible())


def test_a_damaged_document_says_so(refused: Refused) -> None:
    pytest.importorskip("PySide6.QtPdf", exc_type=ImportError)
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
