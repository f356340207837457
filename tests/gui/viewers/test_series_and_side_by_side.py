"""Pictures of several runs: one slider for all their steps, and the same file side by side."""

from __future__ import annotations

import io
import json
import struct
import zlib

import pandas as pd
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from runfolio.gui.artifacts.page import ArtifactsPage
from runfolio.gui.compare.details.picture_pair import Pictures
from runfolio.gui.compare.details.texts import Text
from runfolio.gui.compare.details.values import ValueDetail
from runfolio.gui.session import Session
from runfolio.gui.viewers.picture_series import SeriesViewer
from tests.gui.viewers.conftest import LogFile
from tests.gui.viewers.pictures import picture
from tests.store.script import Script


def claiming(width: int, height: int) -> bytes:
    """The beginning of a PNG file that says it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


def at(step: int) -> str:
    return f"images/sample+step+{step}+timestamp+{step}+0a1b.png"


@pytest.fixture
def runs(script: Script, log_file: LogFile) -> list[int]:
    """Two runs with pictures at other steps, and a text of each."""
    found = []
    for name, steps, color in (("first", (0, 10, 20), "#ff0000"), ("second", (5, 20), "#0000ff")):
        public = script.start(name=name)
        for step in steps:
            log_file(public, at(step), picture(QColor(color).darker(100 + step).name()))
        log_file(public, "plot.png", picture(color))
        log_file(public, "notes.txt", f"the same\nof {name}\n".encode())
        found.append(script.number(public))
    return found


def series(qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int], step: int) -> SeriesViewer:
    session.select_runs(runs)
    page.choose(at(step))
    qtbot.waitUntil(
        lambda: isinstance(page.stage.viewer, SeriesViewer) and len(page.stage.viewer.grid.tiles) == len(runs)
    )
    viewer = page.stage.viewer
    assert isinstance(viewer, SeriesViewer)
    qtbot.waitUntil(lambda: len(viewer.grid.tiles) == len(runs))
    return viewer


def captions(viewer: SeriesViewer) -> list[str]:
    return [tile.caption.text() for tile in viewer.grid.tiles]


def test_all_selected_runs_are_shown_at_one_step(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    viewer = series(qtbot, session, page, runs, 10)
    qtbot.waitUntil(lambda: captions(viewer) == ["first · step 10", "second · step 5"])
    assert viewer.slider.maximum() == 3, "the steps of both: 0, 5, 10, 20"
    viewer.slider.setValue(3)
    qtbot.waitUntil(lambda: captions(viewer) == ["first · step 20", "second · step 20"])
    viewer.slider.setValue(0)
    qtbot.waitUntil(lambda: viewer.grid.tiles[1].note.text() == "Its first one is at step 5.")
    qtbot.waitUntil(lambda: captions(viewer)[0] == "first · step 0")


def test_all_pictures_are_zoomed_together(qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]) -> None:
    viewer = series(qtbot, session, page, runs, 20)
    qtbot.waitUntil(lambda: not any(tile.canvas.image.isNull() for tile in viewer.grid.tiles))
    first, second = (tile.canvas for tile in viewer.grid.tiles)
    first.zoom_to(4.0)
    assert second.scale == 4.0 and second.lens is first.lens


def test_other_selected_runs_take_their_places(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    viewer = series(qtbot, session, page, runs, 20)
    qtbot.waitUntil(lambda: captions(viewer) == ["first · step 20", "second · step 20"])
    session.select_runs(runs[:1])
    qtbot.waitUntil(lambda: captions(viewer) == ["first · step 20"])
    assert not viewer.grid.tiles[0].canvas.image.isNull(), "what stays is shown on"


def test_a_picture_that_is_damaged_leaves_the_others(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile, runs: list[int]
) -> None:
    bad = script.start(name="bad")
    log_file(bad, at(20), b"no picture")
    viewer = series(qtbot, session, page, [*runs, script.number(bad)], 20)
    qtbot.waitUntil(lambda: "no picture" in viewer.grid.tiles[2].note.text())
    qtbot.waitUntil(lambda: not viewer.grid.tiles[0].canvas.image.isNull())


def test_a_series_plays(qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]) -> None:
    viewer = series(qtbot, session, page, runs, 0)
    viewer._timer.setInterval(1)
    viewer.play.click()
    qtbot.waitUntil(lambda: viewer.slider.value() >= 2)
    viewer.play.click()
    assert not viewer._timer.isActive()


def test_a_series_that_nobody_sees_stops_and_follows_the_selection_later(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    viewer = series(qtbot, session, page, runs, 20)
    viewer.play.click()
    page.hide()
    assert not viewer._timer.isActive() and viewer.play.text() == "Play"
    qtbot.waitUntil(lambda: not session.jobs.running)
    session.select_runs(runs[:1])
    assert not session.jobs.running, "nothing is read for a page that is not seen"
    page.show()
    qtbot.waitUntil(lambda: [tile.shown.name for tile in viewer.grid.tiles] == ["first"])


def test_what_stands_side_by_side_is_read_only_while_it_is_seen(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    session.select_runs(runs)
    page.choose("plot.png")
    qtbot.waitUntil(lambda: page.shown() is not None)
    page.beside_button.click()
    qtbot.waitUntil(page.beside.pane.isVisible)
    page.beside_button.click()
    assert page.beside.pane.opened is None
    page.beside_button.click()
    qtbot.waitUntil(lambda: page.beside.pane.isVisible() and page.beside.pane.settled)
    page.hide()
    qtbot.waitUntil(lambda: not session.jobs.running)
    session.select_runs([*reversed(runs)], runs[0])
    assert not session.jobs.running


def test_the_same_picture_of_two_runs_stands_side_by_side(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    session.select_runs(runs)
    page.choose("plot.png")
    qtbot.waitUntil(lambda: page.shown() is not None and page.beside_button.isEnabled())
    page.beside_button.click()
    pane = page.beside.pane
    qtbot.waitUntil(lambda: pane._found is not None and isinstance(pane._found[1], Pictures))
    assert pane._found is not None
    found = pane._found[1]
    assert isinstance(found, Pictures)
    colors = [image.pixelColor(1, 1).name() for image in found.images if image is not None]
    assert colors == ["#ff0000", "#0000ff"] and page.beside.isVisible()


def test_a_picture_made_to_do_harm_is_read_apart_and_leaves_the_one_beside_it(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile, runs: list[int]
) -> None:
    bad = script.start(name="bad")
    log_file(bad, "plot.png", claiming(100_000, 100_000))
    session.select_runs([runs[0], script.number(bad)])
    page.choose("plot.png")
    qtbot.waitUntil(lambda: page.shown() is not None and page.beside_button.isEnabled())
    page.beside_button.click()
    pane = page.beside.pane
    qtbot.waitUntil(lambda: pane._found is not None)
    assert pane._found is not None
    found = pane._found[1]
    assert isinstance(found, Pictures) and found.images[0] is not None and found.images[1] is None
    assert found.notes[1].startswith("This picture has 100,000 × 100,000 pixels"), (
        "as the process says that reads files"
    )


def test_texts_are_compared_line_by_line_and_the_viewer_comes_back(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    session.select_runs(runs)
    page.choose("notes.txt")
    qtbot.waitUntil(lambda: page.shown() is not None)
    page.beside_button.click()
    pane = page.beside.pane
    qtbot.waitUntil(lambda: pane._found is not None and isinstance(pane._found[1], Text))
    assert pane._found is not None and isinstance(pane._found[1], Text)
    assert "-of first" in pane._found[1].diff.text and "+of second" in pane._found[1].diff.text
    page.beside_button.click()
    qtbot.waitUntil(lambda: page.stage.viewer is not None and page.stage.viewer.isVisible())
    assert not page.beside.isVisible()


@pytest.mark.parametrize("path", ["scores.parquet", "scores.json", "scores.csv"])
def test_tables_are_compared_cell_by_cell_of_rows_that_belong_together(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile, path: str
) -> None:
    runs = []
    for loss, order in ((0.5, [0, 1]), (0.4, [1, 0])):
        public = script.start(name=f"{loss}")
        frame = pd.DataFrame({"score": [loss, 1.5], "class": ["cat", "dog"]}).iloc[order]
        log_file(public, path, written(frame, path))
        runs.append(script.number(public))
    session.select_runs(runs)
    page.choose(path)
    qtbot.waitUntil(lambda: page.shown() is not None and page.beside_button.isEnabled())
    page.beside_button.click()
    (view,) = page.beside.pane.findChildren(ValueDetail)
    model = view.table.differences

    def shown() -> list[list[str]]:
        return [[model.index(row, at).data() for at in range(3)] for row in range(model.rowCount())]

    qtbot.waitUntil(lambda: view.key.isVisible() and model.rowCount() == 4)
    assert view.key.currentText() == "number" and shown()[0] == ["row 1 · class", "cat", "dog"]
    choose(view, "class")
    qtbot.waitUntil(lambda: shown() == [["cat · score", "0.5", "0.4"]])
    assert view.key.currentText() == "class"
    choose(view, "score")
    qtbot.waitUntil(lambda: shown() == [["0.4 · class", "—", "cat"], ["0.5 · class", "cat", "—"]])


def choose(view: ValueDetail, column: str) -> None:
    view.key.setCurrentText(column)
    view.key.activated.emit(view.key.currentIndex())


def written(frame: pd.DataFrame, path: str) -> bytes:
    if path.endswith("json"):
        return json.dumps(frame.to_dict("split", index=False)).encode()
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False) if path.endswith("parquet") else frame.to_csv(stream, index=False)
    return stream.getvalue()


def test_a_file_that_no_other_run_has_says_so(
    qtbot: QtBot, session: Session, page: ArtifactsPage, script: Script, log_file: LogFile, runs: list[int]
) -> None:
    other = script.start(name="other")
    log_file(other, "alone.txt", b"x")
    session.select_runs([script.number(other), *runs])
    page.choose("alone.txt")
    qtbot.waitUntil(lambda: page.shown() is not None)
    page.beside_button.click()
    qtbot.waitUntil(lambda: "None of the other selected runs" in page.beside.note.text())


def test_one_run_alone_has_nothing_beside_it(
    qtbot: QtBot, session: Session, page: ArtifactsPage, runs: list[int]
) -> None:
    session.select_runs(runs[:1])
    qtbot.waitUntil(lambda: page.shown() is not None)
    assert not page.beside_button.isEnabled()
