"""Rows of the table of differences laid open, in a real window: what is seen of curves, texts, values and pictures."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from runfolio.core import captured
from runfolio.core.difference_table import DifferenceLine, Kind
from runfolio.core.folder import ARTIFACTS
from runfolio.core.line_diff import LineDiff
from runfolio.core.numbers import full_time
from runfolio.gui.compare.details import reading
from runfolio.gui.compare.details.asked import DetailView
from runfolio.gui.compare.details.curves import CurveDetail
from runfolio.gui.compare.details.pane import DetailPane
from runfolio.gui.compare.details.picture_pair import Mode, PicturePair
from runfolio.gui.compare.details.pictures import PictureDetail
from runfolio.gui.compare.details.reading import read_detail
from runfolio.gui.compare.details.seen_part import WHOLE
from runfolio.gui.compare.details.texts import Text, TextDetail
from runfolio.gui.compare.details.values import ValueDetail
from runfolio.gui.compare.difference_card import DifferenceCard
from runfolio.gui.compare.page import ComparePage
from runfolio.gui.compare.report import make_report
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.main_window import MainWindow
from runfolio.previews.door import Door
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.comparing import compare_many
from runfolio.store.runs import get_run
from tests.gui.comparing import compared, listed, sweep
from tests.gui.conftest import Opener
from tests.store.script import Script

View = TypeVar("View", bound=DetailView[Any])
STEP = "images/out+step+{}+timestamp+{}+0a1b2c3d-0000-4000-8000-00000000000{}.png"
PATCH = "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-x\n+{}\n"


def put(script: Script, run: str, path: str, data: bytes) -> None:
    file = script.store.path / ARTIFACTS / run / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    script.event("artifact", run, path=path, size=len(data))


def png(folder: Path, color: str, width: int = 40) -> bytes:
    image = QImage(width, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    image.save(str(folder / "one.png"))
    return (folder / "one.png").read_bytes()


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Three runs that differ in everything that can be laid open."""
    with Script(store) as script:
        for number, run in sweep(script, 3):
            color = ("#ff0000", "#0000ff", "#ff0000")[number]
            script.params(run, {"prompt": f"one\ntwo {number}\nthree", "lr": f"0.{number + 1}"})
            script.log(run, "loss", [1.0, 0.5 + number, 0.25 + number])
            script.tags(run, {captured.COMMIT: "8c2f1d" + "0" * 34, captured.DIRTY: "True"})
            put(script, run, captured.PATCH, PATCH.format(number).encode())
            put(script, run, "report.json", json.dumps({"a": {"b": number, "c": 1}, "d": [1, 2]}).encode())
            put(script, run, "broken.json", b"{" + b"x" * (number + 1))
            put(script, run, "scores.csv", f"class,f1\ncat,0.{number}\ndog,0.5\n".encode())
            put(script, run, "notes.txt", f"a\nb{number}\nc\n".encode())
            put(script, run, "model.bin", bytes([0, number]))
            put(script, run, "runfolio/console.log", f"epoch 1\nloss {number}\n".encode())
            put(script, run, "plot.png", png(tmp_path, color))
            for step in range(3 + number):
                put(script, run, STEP.format(step * 10, step, number), png(tmp_path, color, 20 + step))
    return store


@pytest.fixture
def window(qtbot: QtBot, filled: Store, open_window: Opener) -> MainWindow:
    return listed(qtbot, open_window(filled), 3)


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> ComparePage:
    return compared(qtbot, window, 1, 2, 3)


def opened(qtbot: QtBot, page: ComparePage, kind: Kind, key: str, column: int = 0) -> DifferenceCard:
    """A row laid open by Enter in one of its cells."""
    card = page.difference
    model = card.table.differences
    found = {row: model.line_at(row) for row in range(model.rowCount())}
    row = next(row for row, line in found.items() if line is not None and (line[0], line[1].key) == (kind, key))
    card.table.setFocus()
    card.table.setCurrentIndex(model.index(row, column))
    QTest.keyClick(card.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.settled and card.detail.opened == (kind, key) and card.detail.isVisible())
    return card


def shown(detail: DetailPane, kind: type[View]) -> View:
    (view,) = detail.findChildren(kind)
    return view


def lines_of(detail: DetailPane) -> CodeView:
    return shown(detail, TextDetail).text


def files_of(page: ComparePage) -> tuple[DifferenceLine, ...]:
    return next(part.lines for part in page.difference._found.parts if part.title is Kind.FILES)


def test_the_table_names_files_by_what_they_are(page: ComparePage) -> None:
    model = page.difference.table.differences
    names = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert names[names.index("Files") + 1 :] == [
        *("broken.json", "images/out", "model.bin", "notes.txt", "plot.png", "report.json", "scores.csv"),
        *("Output", "runfolio/console.log"),
    ]


def test_curves_of_all_runs_are_overlaid(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.METRICS, "loss").detail
    curves = shown(detail, CurveDetail)
    drawn = curves.plot.drawn
    assert sorted(drawn) == [1, 2, 3] and curves.isVisible() and not detail.other.isVisible()
    assert drawn[2].line.curve.y.tolist() == [1.0, 1.5, 1.25]
    curves.plot.zoomed.emit(Zoom((0.9, 1.1)))
    qtbot.waitUntil(lambda: page.settled and drawn[2].line.part)
    QTest.keyClick(curves.plot, Qt.Key.Key_Escape)
    assert not detail.isVisible()
    opened(qtbot, page, Kind.METRICS, "loss")
    assert curves.plot.zoom == Zoom() and not drawn[2].line.part


def test_long_settings_are_compared_line_by_line_with_the_run_of_the_cell(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.PARAMS, "prompt", column=3).detail
    first, third = detail._names[0], detail._names[2]
    assert detail.other.currentText() == third != first
    assert [line for line in lines_of(detail).toPlainText().split("\n") if line[0] in "+-"] == [
        f"-two {first[-1]}",
        f"+two {third[-1]}",
    ]
    detail.other.setFocus()
    QTest.keyClick(detail.other, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: page.settled and f"+two {detail._names[1][-1]}" in lines_of(detail).toPlainText())


@pytest.mark.parametrize(
    ("kind", "key", "lines"),
    [
        (Kind.CODE, "train.py", {"-+2", "++1"}),
        (Kind.FILES, "notes.txt", {"-b2", "+b1"}),
        (Kind.FILES, "broken.json", {"-{xxx", "+{xx"}),
        (Kind.OUTPUT, "runfolio/console.log", {"-loss 2", "+loss 1"}),
    ],
)
def test_texts_are_compared_line_by_line(
    qtbot: QtBot, page: ComparePage, kind: Kind, key: str, lines: set[str]
) -> None:
    detail = opened(qtbot, page, kind, key).detail
    assert lines_of(detail).isVisible() and lines <= set(lines_of(detail).toPlainText().split("\n"))


@pytest.mark.parametrize("number", [3, 60])
def test_texts_have_just_the_room_that_they_take(qtbot: QtBot, page: ComparePage, filled: Store, number: int) -> None:
    with Script(filled) as script:
        for file in (filled.path / ARTIFACTS).glob("*/notes.txt"):
            run = script.start(experiment="a", run_id=file.parent.name)
            put(script, run, "lines.txt", "".join(f"{run} {line}\n" for line in range(number)).encode())
        script.take()
        qtbot.waitUntil(lambda: page.settled and any(line.key == "lines.txt" for line in files_of(page)))
    detail = opened(qtbot, page, Kind.FILES, "lines.txt").detail
    view = shown(detail, TextDetail)
    qtbot.waitUntil(lambda: view.height() == view.text.height())
    assert (view.text.verticalScrollBar().maximum() > 0) == (number == 60)


def test_structured_files_are_compared_value_by_value(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.FILES, "report.json").detail
    model = shown(detail, ValueDetail).table.differences
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, detail)
    assert [str(model.index(0, column).data()) for column in range(4)] == ["a.b", "2", "1", "0"]
    assert model.rowCount() == 1, "c and d are the same"
    assert not detail.other.isVisible()
    opened(qtbot, page, Kind.FILES, "scores.csv")
    assert [str(model.index(0, column).data()) for column in range(4)] == ["cat · f1", "0.2", "0.1", "0.0"]


def test_why_a_file_is_not_compared_by_value_is_told(
    qtbot: QtBot, page: ComparePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    detail = opened(qtbot, page, Kind.FILES, "broken.json").detail
    assert "It cannot be read as JSON." in detail.note.text()
    for error, told in (
        (PermissionError(13, "Permission denied"), "You are not permitted to read this file."),
        (OSError(5, "Input/output error"), "This file cannot be read: Input/output error."),
        (FileNotFoundError(2, "No such file"), "This file is not there any more."),
    ):

        def refuse(*_: object, error: OSError = error) -> Path:
            raise error

        monkeypatch.setattr(reading, "artifact_file", refuse)
        assert detail._asked is not None
        assert read_detail(page._session.store, detail._asked, page._session.ask) == Text(LineDiff(), told)


def test_of_binary_files_nothing_more_is_told(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.FILES, "model.bin").detail
    assert "no texts" in detail.note.text() and not detail._stack.isVisible()


def color_at(pair: PicturePair, across: float) -> str:
    """The colour of what is seen so far across the first picture."""
    area = pair.areas()[0]
    image = pair.grab().toImage()
    ratio = image.devicePixelRatio()
    place = area.left() + round((area.width() - 1) * across)
    return image.pixelColor(round(place * ratio), round(area.center().y() * ratio)).name()


def test_pictures_are_compared_in_four_ways(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.FILES, "plot.png").detail
    controls = shown(detail, PictureDetail)
    pair = controls.pair
    first, second, third = pair.areas()
    assert first.right() < second.left() and second.right() < third.left() and not controls.steps.isVisible()
    assert color_at(pair, 0.5) == "#ff0000"
    assert pair.grab().toImage().pixelColor(second.center()).name() == "#0000ff"
    controls.mode.setCurrentText(Mode.SWIPE)
    assert (color_at(pair, 0.2), color_at(pair, 0.8)) == ("#0000ff", "#ff0000")
    QTest.mouseClick(pair, Qt.MouseButton.LeftButton, pos=first.center() + (first.center() - first.topLeft()) * 0.8)
    assert color_at(pair, 0.8) == "#0000ff"
    controls.share.setFocus()
    QTest.keyClick(controls.share, Qt.Key.Key_Home)
    assert color_at(pair, 0.2) == "#ff0000"
    controls.mode.setCurrentText(Mode.ONION)
    controls.share.setValue(50)
    mixed = QColor(color_at(pair, 0.5))
    assert abs(mixed.red() - 128) < 4 and abs(mixed.blue() - 128) < 4
    controls.mode.setCurrentText(Mode.DIFFERENCE)
    assert color_at(pair, 0.5) == "#ff00ff" and not controls.share.isVisible()


def test_pictures_are_zoomed_and_moved_together(qtbot: QtBot, page: ComparePage, filled: Store, tmp_path: Path) -> None:
    halves = QImage(400, 300, QImage.Format.Format_RGB32)
    halves.fill(QColor("#00ff00"))
    for x in range(200):
        for y in range(300):
            halves.setPixelColor(x, y, QColor("#ff0000"))
    halves.save(str(tmp_path / "halves.png"))
    data = (tmp_path / "halves.png").read_bytes()
    with Script(filled) as script:
        for file in (filled.path / ARTIFACTS).glob("*/plot.png"):
            run = script.start(experiment="a", run_id=file.parent.name)
            put(script, run, "halves.png", data + run.encode())
        script.take()
        qtbot.waitUntil(lambda: page.settled and any(line.key == "halves.png" for line in files_of(page)))
    pair = shown(opened(qtbot, page, Kind.FILES, "halves.png").detail, PictureDetail).pair

    def colors() -> list[str]:
        """Near the right edge of each picture."""
        image = pair.grab().toImage()
        return [image.pixelColor(area.right() - 4, area.center().y()).name() for area in pair.areas()]

    assert colors() == ["#00ff00"] * 3
    for _ in range(5):
        QTest.keyClick(pair, Qt.Key.Key_Plus)
    for _ in range(9):
        QTest.keyClick(pair, Qt.Key.Key_Left)
    assert colors() == ["#ff0000"] * 3
    area = pair.areas()[0]
    QTest.mousePress(pair, Qt.MouseButton.LeftButton, pos=area.center())
    place, none = QPointF(area.center() - QPoint(area.width(), 0)), Qt.MouseButton.NoButton
    held, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    pair.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, place, pair.mapToGlobal(place), none, held, keys))
    QTest.mouseRelease(pair, Qt.MouseButton.LeftButton, pos=area.center())
    assert colors() == ["#00ff00"] * 3
    QTest.keyClick(pair, Qt.Key.Key_0)
    assert pair.seen == WHOLE


def test_pictures_of_a_series_are_compared_step_by_step(qtbot: QtBot, page: ComparePage) -> None:
    detail = opened(qtbot, page, Kind.FILES, "images/out").detail
    pictures = shown(detail, PictureDetail)
    steps, pair = pictures.steps, pictures.pair
    assert pictures._step.text() == "step 20", "the last that all have"
    steps.setFocus()
    QTest.keyClick(steps, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.settled and pictures._step.text() == "step 30")
    assert "run 0 · step 20" in pair.accessibleName() and "run 1 · " not in pair.accessibleName()
    assert pictures.mode.isEnabled(), "what was there before stands beside it"
    QTest.keyClick(steps, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.settled and pictures._step.text() == "step 40")
    assert "run 0 · step 20" in pair.accessibleName() and "run 1 · step 30" in pair.accessibleName()
    assert all(image is not None for image in pair._found.images)
    QTest.keyClick(steps, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: page.settled and pictures._step.text() == "step 0")
    assert pictures.mode.isEnabled()


def test_escape_closes_what_is_open_and_then_leaves_the_page(qtbot: QtBot, page: ComparePage) -> None:
    card = opened(qtbot, page, Kind.FILES, "notes.txt")
    lines_of(card.detail).setFocus()
    QTest.keyClick(lines_of(card.detail), Qt.Key.Key_Escape)
    assert card.detail.isHidden() and card.window().focusWidget() is card.table
    with qtbot.waitSignal(page.left):
        QTest.keyClick(card.table, Qt.Key.Key_Escape)


def test_what_is_open_follows_the_store_and_closes_with_other_runs(
    qtbot: QtBot, window: MainWindow, page: ComparePage, filled: Store
) -> None:
    card = opened(qtbot, page, Kind.FILES, "notes.txt")
    file = next(path for path in (filled.path / ARTIFACTS).glob("*/notes.txt") if b"b2" in path.read_bytes())
    with Script(filled) as script:
        run = script.start(experiment="a", run_id=file.parent.name)
        put(script, run, "notes.txt", b"a\nb9\nc\n")
        script.take()
        qtbot.waitUntil(lambda: page.settled and "b9" in lines_of(card.detail).toPlainText())
    window.session.select_runs([1, 2])
    qtbot.waitUntil(lambda: page.settled and card.detail.isHidden())


def test_a_report_is_kept_with_the_files_of_the_baseline_and_taken_back(
    qtbot: QtBot, window: MainWindow, page: ComparePage, filled: Store
) -> None:
    card = page.difference
    card.save.setFocus()
    QTest.keyClick(card.save, Qt.Key.Key_Space)
    baseline = card._found.runs[0]

    def reports() -> list[str]:
        return [file.path for file in list_artifacts(filled, baseline) if file.path.startswith(captured.REPORTS)]

    qtbot.waitUntil(lambda: bool(reports()))
    folder = artifact_file(filled, baseline, next(path for path in reports() if path.endswith(".md"))).parent
    pictures = sorted(folder.glob("*.png"))
    assert len(pictures) == 1 + 3 + 3 and all(not QImage(str(one)).isNull() for one in pictures)
    text, page_text = (folder / "report.md").read_text(), (folder / "report.html").read_text()
    for told in ("run 2 (baseline)", "![Curves of loss](picture-1.png)", "-loss 2", "+loss 1", "-a.b: 2", "+a.b: 1"):
        assert told in text
    assert f"<td>{full_time(get_run(filled, baseline).start_time)}</td>" in page_text, "with the offset of the zone"
    assert page_text.count("data:image/png;base64,") == 7 and "<del>-loss 2</del>" in page_text
    qtbot.waitUntil(lambda: page.settled and card.save.isEnabled())
    assert not any("report.md" in key for part in card._found.parts for key in (line.key for line in part.lines))
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: not reports() and not folder.exists())


@pytest.mark.parametrize("values", [[1.7e308, -1.7e308], [-1.7e308, -1.7e308], [float("nan"), float("inf")]])
def test_a_report_draws_any_curve(qtbot: QtBot, store: Store, values: list[float]) -> None:
    with Script(store) as script:
        runs = [script.start(experiment="a", name=name) for name in ("old\x07", "new")]
        for run, logged in zip(runs, (values, [0.5, 0.25]), strict=True):
            script.log(run, "loss", logged)
        script.take()
        numbers = [script.number(run) for run in runs]
    parts = compare_many(store, numbers, {}).parts
    assert any(part.title is Kind.METRICS and part.lines for part in parts)
    files = make_report(store, Door().ask, numbers, parts, {})
    picture = QImage.fromData(files["picture-1.png"])
    assert len({picture.pixelColor(x, y).rgb() for x in range(picture.width()) for y in (5, 60, 200)}) > 1


def test_commits_are_compared_where_their_repository_still_is(
    qtbot: QtBot, store: Store, tmp_path: Path, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")

    def ask(*arguments: str) -> str:
        command = [git, "-c", "user.name=me", "-c", "user.email=me@example.org", *arguments]
        return subprocess.run(command, cwd=tmp_path / "code", check=True, capture_output=True, text=True).stdout.strip()

    (tmp_path / "code").mkdir()
    ask("init", "-q")
    with Script(store) as script:
        for rate in ("0.1", "0.2"):
            (tmp_path / "code" / "train.py").write_text(f"lr = {rate}\n")
            ask("add", ".")
            ask("commit", "-q", "-m", "x")
            run = script.start(experiment="a", name=rate)
            script.tags(run, {captured.COMMIT: ask("rev-parse", "HEAD"), captured.FOLDER: str(tmp_path / "code")})
            script.end(run)
        script.take()
    page = compared(qtbot, listed(qtbot, open_window(store), 2), 1, 2)
    detail = opened(qtbot, page, Kind.CODE, "commit").detail
    assert "-lr = 0.2\n+lr = 0.1" in lines_of(detail).toPlainText()
    (tmp_path / "bin").mkdir()
    slow = tmp_path / "bin" / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr("runfolio.core.git.TIMEOUT", 0.1)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    assert detail._asked is not None
    found = read_detail(store, detail._asked, page._session.ask)
    assert isinstance(found, Text) and found.note == "git took longer than 0.1 seconds." and found.diff.text
