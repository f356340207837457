"""Pictures: what is shown of them, how they are looked at closely, and those that harm nobody."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Artifact
from runfolio.gui.inspector.artifacts import ArtifactsView
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.viewers.picture_canvas import MOST, PictureCanvas
from runfolio.gui.viewers.pictures import PictureViewer, percent, pixel_text
from runfolio.gui.viewers.stage import Stage
from tests.gui.viewers.conftest import LogFile, Look, Refused, Show
from tests.gui.viewers.pictures import picture
from tests.store.script import Script

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">
<rect width="200" height="100" fill="#ff0000"/><text x="10" y="50">words</text></svg>"""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG file that says it has this size, whatever is in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def gif(frames: int, delay: int = 40) -> bytes:
    images = [Image.fromarray(np.full((20, 30), 255 * at // frames, np.uint8)) for at in range(frames)]
    buffer = BytesIO()
    images[0].save(buffer, "GIF", save_all=True, append_images=images[1:], duration=delay, loop=0)
    return buffer.getvalue()


def shown(viewer: object) -> PictureViewer:
    assert isinstance(viewer, PictureViewer)
    return viewer


def test_a_scale_is_told_in_digits() -> None:
    assert [percent(scale) for scale in (32, 1, 0.125, 1 / 3)] == ["3,200 %", "100 %", "12.5 %", "33.3 %"]


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "bmp"])
def test_pictures_are_shown_with_their_size(show: Show, stage: Stage, kind: str) -> None:
    viewer = shown(show(f"a.{kind}", picture("red", 12, 8, kind)))
    assert viewer.canvas.full == QSize(12, 8) and not viewer.canvas.image.isNull()
    assert viewer.canvas.image.pixelColor(5, 5).red() > 240
    assert "12 × 8 · 8-bit RGB" in stage._facts.text()


def test_a_drawing_is_larger_than_it_says(show: Show) -> None:
    viewer = shown(show("a.svg", SVG))
    assert viewer.canvas.full == QSize(200, 100) and viewer.canvas.image.width() == 1600
    assert viewer.canvas.image.pixelColor(1500, 700).name() == "#ff0000"


def test_a_large_picture_comes_smaller_and_whole_where_it_is_enlarged(qtbot: QtBot, show: Show) -> None:
    viewer = shown(show("a.jpg", picture("blue", 3000, 2000, "jpeg")))
    assert viewer.canvas.full == QSize(3000, 2000) and viewer.canvas.image.width() < 3000
    viewer.canvas.zoom_to(1.0)
    qtbot.waitUntil(lambda: viewer.canvas.finest.width() == 3000)


def test_frames_of_a_picture_that_moves_follow_each_other(qtbot: QtBot, show: Show) -> None:
    viewer = shown(show("a.gif", gif(5)))
    assert viewer.play.isVisible() and viewer.playing
    seen: set[int] = set()

    def all_seen() -> bool:
        seen.add(viewer.canvas.image.pixelColor(1, 1).red())
        return len(seen) >= 4

    qtbot.waitUntil(all_seen)
    viewer.play.click()
    assert not viewer.playing
    viewer.leave()


def test_a_picture_stands_still_where_nobody_looks(qtbot: QtBot, show: Show, stage: Stage) -> None:
    viewer = shown(show("a.gif", gif(3)))
    stage.clear("")
    assert viewer.file is None and not viewer._timer.isActive()


def test_a_picture_on_a_page_that_is_not_looked_at_stands_still_until_it_is(
    qtbot: QtBot, session: Session, show: Show, stage: Stage
) -> None:
    viewer = shown(show("a.gif", gif(3)))
    stage.hide()
    qtbot.waitUntil(lambda: not viewer._timer.isActive() and not session.jobs.running)
    still = viewer.canvas.image.cacheKey()
    stage.show()
    qtbot.waitUntil(lambda: viewer.canvas.image.cacheKey() != still)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.png", b"", "empty"),
        ("cut.png", picture("red", 400, 300)[:200], "damaged"),
        ("text.png", b"this is no picture", "no picture"),
        ("huge.png", png(100_000, 100_000), "100,000 × 100,000 pixels"),
        ("lies.png", png(4000, 4000, b"\0" * 100), "damaged"),
        ("huge.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>', "pixels"),
    ],
)
def test_a_hostile_picture_says_why_it_is_not_shown(refused: Refused, name: str, data: bytes, why: str) -> None:
    assert why in refused(name, data)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 200_000,
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a '"
        + b"x" * 1000
        + b"'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + at, b"&%c;" % (97 + at) * 20) for at in range(12))
        + b"]><svg xmlns='http://www.w3.org/2000/svg'><text>&m;</text></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
        b"<g id='a'><use xlink:href='#a'/><use xlink:href='#a'/></g></svg>",
    ],
)
def test_a_hostile_drawing_leaves_the_window_alive(
    qtbot: QtBot, stage: Stage, look: Look, show: Show, data: bytes
) -> None:
    stage.show_file(look("a.svg", data))
    viewer = stage.viewer
    assert viewer is not None
    answers: list[object] = []
    viewer.told.connect(answers.append)
    viewer.refused.connect(answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=30_000)
    shown(show("b.png", picture()))


def test_the_file_that_follows_is_shown_whatever_the_one_before_did(refused: Refused, show: Show) -> None:
    refused("cut.png", picture("red", 400, 300)[:200])
    assert shown(show("b.png", picture("blue"))).canvas.image.pixelColor(1, 1).name() == "#0000ff"


def test_the_inspector_survives_a_hostile_picture_too(
    qtbot: QtBot, session: Session, script: Script, log_file: LogFile
) -> None:
    run = script.start()
    log_file(run, "huge.png", png(100_000, 100_000))
    view = ArtifactsView(session)
    qtbot.addWidget(view)
    view.show_files(script.number(run), (Artifact("huge.png", 100, 0),))
    qtbot.waitUntil(lambda: "100,000 × 100,000 pixels" in view.pane.note.text())
    log_file(run, "fine.png", picture("red"))
    view.show_files(script.number(run), (Artifact("fine.png", 100, 0),))
    qtbot.waitUntil(lambda: view.pane.note.text() == "fine.png · 12 × 8")


# The canvas


@pytest.fixture
def canvas(qtbot: QtBot) -> PictureCanvas:
    one = PictureCanvas(Theme(Mode.DARK))
    qtbot.addWidget(one)
    one.resize(400, 300)
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    one.show_image(image, image.size(), "a")
    with qtbot.waitExposed(one):
        one.show()
    return one


def test_all_of_a_picture_is_seen_at_first(canvas: PictureCanvas) -> None:
    assert canvas.scale == 0.5 and canvas.area().size() == QSize(400, 300)


def test_what_is_under_the_mouse_stays_there_while_it_zooms(canvas: PictureCanvas) -> None:
    place = QPointF(100, 80)
    before = canvas.pixel_at(place)
    canvas.zoom_by(5, place)
    after = canvas.pixel_at(place)
    assert before is not None and after is not None and canvas.scale > 1
    assert (before - after).manhattanLength() <= 2


def test_keys_zoom_and_move(qtbot: QtBot, canvas: PictureCanvas) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_1)
    assert canvas.scale == 1.0
    before = canvas.pixel_at(QPointF(10, 10))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    after = canvas.pixel_at(QPointF(10, 10))
    assert before is not None and after is not None and after.x() - before.x() == 40
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.scale == 1.25
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.scale == 0.5


def test_nothing_beside_the_picture_is_moved_into_sight(canvas: PictureCanvas) -> None:
    canvas.zoom_to(1.0)
    for _ in range(30):
        canvas.pan(-100, 0)
    assert canvas.area().right() == pytest.approx(400) and not canvas.pan(-100, 0)


def test_zooming_has_an_end(canvas: PictureCanvas) -> None:
    canvas.zoom_by(100)
    assert canvas.scale == MOST


def test_the_mouse_tells_the_pixel(qtbot: QtBot, canvas: PictureCanvas) -> None:
    found: list[object] = []
    canvas.pointed.connect(found.append)
    qtbot.mouseMove(canvas, QPoint(200, 150))
    qtbot.waitUntil(lambda: QPoint(400, 300) in found)


@pytest.mark.parametrize(
    ("image", "kind", "told"),
    [
        (np.array([[[1, 2, 3, 4]]], np.uint8), QImage.Format.Format_RGBA8888, "red 1, green 2, blue 3, alpha 4"),
        (np.array([[[1, 2, 3]]], np.uint8), QImage.Format.Format_RGB888, "red 1, green 2, blue 3"),
        (np.array([[77]], np.uint8), QImage.Format.Format_Grayscale8, "77"),
        (np.array([[40_000]], np.uint16), QImage.Format.Format_Grayscale16, "40,000"),
    ],
)
def test_values_are_those_of_the_file(image: np.ndarray, kind: QImage.Format, told: str) -> None:
    data = image.tobytes()
    pixels = QImage(data, 1, 1, len(data), kind)
    assert pixel_text(pixels, QSize(1, 1), QPoint(0, 0)) == f"x 0, y 0: {told}"
    assert pixel_text(pixels, QSize(9, 9), QPoint(8, 8)) == f"x 8, y 8: about {told}"
