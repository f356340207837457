"""Charts taken out of the window: as pictures, drawings and numbers, in files and on the clipboard."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from runfolio.core.columns import param
from runfolio.core.curves import Curve, Floats
from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.smoothing import Smoother, smooth
from runfolio.core.views import View
from runfolio.gui.curves import export_dialog
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.export_chart import FORMATS, SVG_TYPE, Format, target_of
from runfolio.gui.curves.export_dialog import ExportDialog
from runfolio.gui.curves.figure import Figure, FigureLine, FigureStyle, Legend, read_style
from runfolio.gui.curves.figure_files import DRAWN, SVG, as_png, painter_on, picture
from runfolio.gui.curves.lineup import owner_of
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.main_window import MainWindow
from runfolio.gui.run_colors import run_color
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.seen import control
from tests.gui.writing import Writer
from tests.mounted import mounted

NAMES = ["plain", 'comma, "quote"', "a<b & ü"]
STYLE = FigureStyle(width=100, height=50, dpi=254)
POINTS, AS_DRAWN = "CSV of every logged point in view (*.csv)", "CSV of the lines as drawn (*.csv)"
LOSSES = [
    [1 / (1 + step), np.nan if step == 3 else 0.1 + 0.2 * step, -np.inf if step == 5 else 1e-17] for step in range(8)
]


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    writer = Writer(store.path)
    for number, name in enumerate(NAMES):
        run = writer.run(name)
        run.log_params({"lr": 10.0**-number, "opt": "adam"})
        writer.points(run, "val/loss", [row[number] for row in LOSSES])
        writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    settle(qtbot, window)
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: charts.settled and bool(charts.grid.visible_cards()), timeout=5000)


def loss(window: MainWindow) -> ChartCard:
    assert window.page.charts is not None
    (found,) = window.page.charts.grid.visible_cards()
    return found


def opened(qtbot: QtBot, window: MainWindow) -> ExportDialog:
    window.actions_by_id["chart.export"].trigger()
    (dialog,) = window.findChildren(ExportDialog)
    qtbot.waitUntil(lambda: dialog.preview.figure is not None)
    return dialog


def export(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path, kind: str = "PNG (*.png)"
) -> None:
    """Through the dialog to the end of the job."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), kind))
    dialog = opened(qtbot, window)
    with qtbot.waitSignal(window.session.message):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(ExportDialog))


def lines_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def has_color(image: QImage, color: QColor) -> bool:
    """Whether a pixel has it."""
    return any(image.pixelColor(x, y) == color for x in range(image.width()) for y in range(image.height()))


def figure(*lines: tuple[Floats, Floats], log: bool = False, x: tuple[float, float] = (0, 10)) -> Figure:
    made = [FigureLine(f"run {i}", i, Curve(x, y, len(x), False)) for i, (x, y) in enumerate(lines)]
    return Figure(tuple(made), XAxis.STEP, log, x, (0, 1), ("step", "loss"))


# Files


def test_a_picture_has_its_size_and_light_colours_in_the_dark(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert window.session.theme.dark
    export(qtbot, window, monkeypatch, tmp_path / "loss")
    image = QImage(str(tmp_path / "loss.png"))
    assert (image.width(), image.height()) == (1004, 709)  # 85 and 60 mm at 300 dots per inch
    assert image.dotsPerMeterX() == 11811
    assert image.pixelColor(1, 1) == QColor("white")
    assert all(has_color(image, run_color(owner_of(line), dark=False)) for line in loss(window).plot.drawn)
    assert window.strip.text == f"Wrote the chart to {tmp_path / 'loss.png'}."


def test_a_drawing_for_the_web_has_its_size_names_and_lines(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    export(qtbot, window, monkeypatch, tmp_path / "loss.svg")
    content = (tmp_path / "loss.svg").read_bytes()
    root = ET.fromstring(content)
    assert [round(float(root.attrib[side].removesuffix("mm")), 1) for side in ("width", "height")] == [85.0, 60.0]
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {*NAMES, "step", "val/loss"} <= set(texts)
    rendered = QImage(850, 600, QImage.Format.Format_RGB32)
    painter = QPainter(rendered)
    QSvgRenderer(QByteArray(content)).render(painter)
    painter.end()
    assert all(has_color(rendered, run_color(owner_of(line), dark=False)) for line in loss(window).plot.drawn)


def test_a_page_is_as_large_as_the_drawing(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    export(qtbot, window, monkeypatch, tmp_path / "loss.pdf")
    content = (tmp_path / "loss.pdf").read_bytes()
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    assert [float(side) for side in box] == pytest.approx([85 / 25.4 * 72, 60 / 25.4 * 72], abs=0.6)


def test_every_point_is_in_the_numbers_and_exact(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "loss.csv"
    export(qtbot, window, monkeypatch, file, POINTS)
    assert window.strip.text == f"Wrote 24 points to {file}."
    rows = lines_of(file)
    assert list(rows[0]) == ["run", "run_id", "metric", "step", "time", "value"]
    for number, name in enumerate(NAMES):
        own = [row for row in rows if row["run"] == name]
        assert [int(row["step"]) for row in own] == list(range(8))
        np.testing.assert_array_equal([float(row["value"]) for row in own], [row[number] for row in LOSSES])
    table = pandas.read_csv(file, parse_dates=["time"])
    assert table["time"].diff().dt.total_seconds()[1:8].tolist() == [1.0] * 7
    assert len(set(table["run_id"])) == 3 and table["value"].isna().sum() == 1
    assert table.loc[table["run"] == NAMES[2], "value"].tolist()[5] == -np.inf


def test_numbers_are_those_in_view_with_x_and_smoothed_values(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert window.page.charts is not None
    window.page.charts.toolbar.show_options(Options(x=XAxis.RELATIVE, smoothing=0.5))
    settle(qtbot, window)
    loss(window).plot.zoomed.emit(Zoom((1.5, 4.5)))
    settle(qtbot, window)
    export(qtbot, window, monkeypatch, tmp_path / "part.csv", POINTS)
    own = [row for row in lines_of(tmp_path / "part.csv") if row["run"] == NAMES[0]]
    assert [(row["step"], row["x"]) for row in own] == [("2", "2"), ("3", "3"), ("4", "4")]
    wanted = smooth(np.array([row[0] for row in LOSSES]), 0.5, Smoother.EXPONENTIAL)
    assert [float(row["smoothed"]) for row in own] == wanted[2:5].tolist()


def test_the_lines_of_groups_are_in_the_numbers_with_their_bands(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window.session.set_view(View(group_by=(param("opt"),)), "Group")
    qtbot.waitUntil(lambda: window.page.charts is not None and window.page.charts.lineup.grouped)
    settle(qtbot, window)
    export(qtbot, window, monkeypatch, tmp_path / "drawn.csv", AS_DRAWN)
    rows = lines_of(tmp_path / "drawn.csv")
    assert [int(row["runs"]) for row in rows] == [3, 3, 3, 2, 3, 2, 3, 3]
    first = np.array(LOSSES[0])
    assert float(rows[0]["value"]) == pytest.approx(first.mean())
    assert float(rows[0]["high"]) == pytest.approx(first.mean() + first.std(ddof=1))
    export(qtbot, window, monkeypatch, tmp_path / "points.csv", POINTS)
    assert {row["group"] for row in lines_of(tmp_path / "points.csv")} == {rows[0]["name"]}
    dialog = opened(qtbot, window)
    assert dialog.preview.figure is not None
    assert [line.name for line in dialog.preview.figure.lines] == [f"{rows[0]['name']} (n 2 to 3)"]
    assert dialog.preview.figure.note == "mean ± std"
    dialog.reject()


def test_what_cannot_be_written_is_told_and_leaves_nothing(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for suffix in ("png", "csv"):
        export(qtbot, window, monkeypatch, tmp_path / "file" / f"loss.{suffix}", POINTS)
        assert "cannot be written: Not a directory." in window.strip.text
    assert [path.name for path in tmp_path.glob("*loss*")] == []


@pytest.mark.faults
def test_a_full_disk_is_told_and_what_was_there_stays(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with mounted("tmpfs", tmp_path / "disk", "size=8k") as disk:
        for suffix in ("png", "csv"):
            there = disk / f"loss.{suffix}"
            there.write_text("mine")
            (disk / "ballast").write_bytes(bytes(4096 - len(there.read_bytes()) % 4096))
            export(qtbot, window, monkeypatch, there, POINTS)
            assert "cannot be written: No space left on device." in window.strip.text
            assert there.read_text() == "mine"
            assert sorted(path.name for path in disk.iterdir()) == ["ballast", there.name]
            (disk / "ballast").unlink()
            there.unlink()


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda form: form.choice)
def test_the_chosen_kind_is_appended(chosen: Format) -> None:
    assert target_of(Path("a/val-1.5"), chosen) == (Path(f"a/val-1.5.{chosen.suffix}"), chosen)
    svg = next(form for form in FORMATS if form.suffix == "svg")
    assert target_of(Path("a/loss.SVG"), chosen) == (Path("a/loss.SVG"), svg)


def test_of_two_kinds_with_one_suffix_the_chosen_one_is_written() -> None:
    points, drawn = (form for form in FORMATS if form.suffix == "csv")
    assert (points.choice, drawn.choice) == (POINTS, AS_DRAWN)
    assert [target_of(Path("loss.csv"), form)[1] for form in (FORMATS[0], points, drawn)] == [points, points, drawn]


# The dialog


def test_the_legend_is_made_by_a_pattern(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.names.setText("lr={params.lr}")
    qtbot.waitUntil(lambda: dialog.preview.figure is not None and dialog.preview.figure.lines[0].name.startswith("lr="))
    assert dialog.preview.figure is not None
    assert {line.name for line in dialog.preview.figure.lines} == {"lr=1.0", "lr=0.1", "lr=0.01"}
    dialog.names.setText("{params")
    qtbot.waitUntil(lambda: "no partner" in dialog.trouble.text())
    assert not dialog.export.isEnabled() and not dialog.copy.isEnabled()
    dialog.names.setText("{name}")
    qtbot.waitUntil(dialog.export.isEnabled)
    assert dialog.trouble.text() == ""


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{name} {params.nothing}", "None of these runs has params.nothing."),
        (
            "{params.lr:.3f}",
            "None of these runs has params.lr:.3f. Numbers are written as they were logged: write {params.lr}.",
        ),
        ("{metrics.loss}", "There is no field {metrics.loss}. There are {name}, {number}, {params.…} and {tags.…}."),
    ],
)
def test_a_pattern_that_says_nothing_is_told_in_full(qtbot: QtBot, window: MainWindow, pattern: str, told: str) -> None:
    dialog = opened(qtbot, window)
    dialog.names.setText(pattern)
    qtbot.waitUntil(lambda: dialog.trouble.text().split() == told.split())
    assert dialog.export.isEnabled() is told.startswith("None")
    trouble = dialog.trouble
    qtbot.waitUntil(lambda: trouble.height() >= trouble.heightForWidth(trouble.width()) > 0)
    dialog.names.setText("{params.lr}")
    qtbot.waitUntil(lambda: not dialog.trouble.text())
    dialog.reject()


def test_a_drawing_names_a_kind_of_font_for_who_has_not_the_same(qtbot: QtBot, window: MainWindow) -> None:
    quoting = replace(figure((np.arange(3.0), np.arange(3.0))), titles=('a "font-family="b"', "y"))
    content = SVG.content(quoting, STYLE)
    families = re.findall(rb' font-family="([^"]*)"', content)
    assert families and all(family.endswith(b", sans-serif") for family in families)
    texts = [text.text for text in ET.fromstring(content).iter("{http://www.w3.org/2000/svg}text")]
    assert 'a "font-family="b"' in texts


def test_sizes_are_chosen_told_and_kept(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = opened(qtbot, window)
    dialog.preset.setCurrentIndex(1)
    dialog.preset.activated.emit(1)
    assert [dialog.numbers[side].value() for side in ("width", "height")] == [170, 90]
    dialog.numbers["height"].setValue(95)
    assert dialog.preset.currentText() == "Custom"
    dialog.numbers["dpi"].setValue(1200)
    for side in ("width", "height"):
        dialog.numbers[side].setValue(900)
    assert "too large" in dialog.trouble.text() and not dialog.export.isEnabled()
    dialog.numbers["width"].setValue(100)
    dialog.numbers["height"].setValue(50)
    dialog.numbers["dpi"].setValue(100)
    assert dialog.export.isEnabled()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "small.png"), ""))
    with qtbot.waitSignal(window.session.message):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(ExportDialog))
    assert QImage(str(tmp_path / "small.png")).width() == 394
    again = opened(qtbot, window)
    assert again.drawing.style.width == 100 and again.preset.currentText() == "Custom"
    again.reject()


def test_the_titles_of_the_axes_are_the_users(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    assert (dialog.x_title.text(), dialog.y_title.text()) == ("step", "val/loss")
    dialog.y_title.setText("Validation loss")
    assert dialog.preview.figure is not None and dialog.drawing.titles == ("step", "Validation loss")
    dialog.reject()


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_after_a_preview_that_could_not_be_drawn_the_next_one_is(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(qtbot, window)
    qtbot.waitUntil(lambda: dialog.preview.picture is not None)
    with monkeypatch.context() as patched:
        patched.setattr(export_dialog, "painter_on", lambda _: painter_on(QImage()))
        dialog.numbers["height"].setValue(30)
        qtbot.waitUntil(lambda: dialog.trouble.isVisible())
    assert dialog.trouble.text().startswith("The chart could not be drawn.") and not dialog.export.isEnabled()
    before = dialog.preview.picture
    dialog.numbers["height"].setValue(120)
    qtbot.waitUntil(lambda: dialog.preview.picture is not before)
    assert dialog.trouble.isHidden() and dialog.export.isEnabled()


def test_what_is_no_picture_is_told_and_not_written() -> None:
    with pytest.raises(EnvironmentProblem, match="could not be made into a PNG file"):
        as_png(QImage())


def test_the_preview_is_the_drawing_as_it_will_be(qtbot: QtBot, window: MainWindow) -> None:
    """The last of what is chosen is seen, however much is chosen while a picture is drawn, in any room."""
    dialog = opened(qtbot, window)
    dialog.numbers["line"].setValue(5)
    for width, height in ((200, 50), (100, 80), (60, 120)):
        dialog.numbers["width"].setValue(width)
        dialog.numbers["height"].setValue(height)

    def is_like(width: float, height: float) -> bool:
        picture = dialog.preview.picture
        return picture is not None and abs(picture.width() / picture.height() - width / height) < 0.01

    qtbot.waitUntil(lambda: is_like(60, 120))
    assert dialog.preview.picture is not None
    colors = [run_color(owner_of(line), dark=False) for line in loss(window).plot.drawn]
    seen = dialog.preview.grab().toImage()
    assert all(has_color(seen, color) for color in colors)
    dialog.resize(dialog.width(), dialog.height() + 200)
    before = dialog.preview.picture.height()
    qtbot.waitUntil(lambda: dialog.preview.picture is not None and dialog.preview.picture.height() > before)
    dialog.numbers["width"].setValue(90)  # still being drawn when the dialog is gone
    dialog.reject()


# Ways to it


def test_a_chart_is_copied_as_picture_and_drawing(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.message):
        window.actions_by_id["chart.copy"].trigger()
    content = QGuiApplication.clipboard().mimeData()
    assert QImage(content.imageData()).width() == 1004
    assert ET.fromstring(bytes(content.data(SVG_TYPE).data())).tag.endswith("svg")
    assert window.strip.text == "Copied the chart as a picture and as SVG."


def test_the_menu_of_a_chart_has_both(qtbot: QtBot, window: MainWindow) -> None:
    button = control(loss(window), QToolButton, "Menu of the chart")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (menu,) = (one for one in loss(window).findChildren(QMenu) if one.isVisible())
    entries = {action.text(): action for action in menu.actions()}
    assert list(entries)[:2] == ["Export Chart…", "Copy Chart"]
    with qtbot.waitSignal(window.session.message):
        entries["Copy Chart"].trigger()
    menu.close()


def test_the_chart_that_had_the_keyboard_last_is_taken(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    writer = Writer(store.path)
    run = writer.run("fourth")
    for key in ("a", "b"):
        writer.points(run, key, [1.0, 2.0, 3.0, 4.0])
    writer.commit()
    charts = window.page.charts
    assert charts is not None
    qtbot.waitUntil(lambda: len(charts.grid.visible_cards()) == 3 and charts.settled)
    writer.close()
    for key in ("b", "a"):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        charts.show_metric(key)
        window.navigator.setFocus()
        dialog = opened(qtbot, window)
        assert dialog.y_title.text() == key
        dialog.reject()
        qtbot.waitUntil(lambda: not window.findChildren(ExportDialog))


def test_without_a_chart_that_is_told(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    window = open_window(store)
    for action in ("chart.export", "chart.copy"):
        with qtbot.waitSignal(window.session.message):
            window.actions_by_id[action].trigger()
        assert window.strip.text == "There is no chart in view."


# What is drawn


BAD: dict[str, tuple[list[float], list[float]]] = {
    "nothing": ([], []),
    "one point": ([5.0], [0.5]),
    "gaps": ([1.0, 2, 3, 4, 5], [np.nan, 0.5, np.nan, np.inf, 0.2]),
    "huge": ([1.0, 2, 3, 4], [-1.797e308, 1.797e308, 0.5, 1.797e308]),
    "far away": ([-1e300, 5, 1e300, 1.1e300], [0.1, 0.2, 0.3, 0.4]),
    "constant": (list(range(10)), [0.5] * 10),
}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("name", BAD)
def test_bad_data_is_drawn_all_the_same(name: str, log: bool) -> None:
    x, y = (np.array(values, np.float64) for values in BAD[name])
    bad = figure((x, y), log=log)
    band = Curve(x, y, len(x), False)
    with_band = replace(bad, lines=(replace(bad.lines[0], low=band, high=band),))
    for one in (bad, with_band):
        contents = [kind.content(one, STYLE) for kind in DRAWN]
        assert all(len(content) > 500 for content in contents)


@pytest.mark.usefixtures("qapp")
def test_lines_end_where_the_axes_do() -> None:
    across = figure((np.array([-50.0, 50]), np.array([0.5, 0.5])))
    image = picture(across, replace(STYLE, legend=Legend.NONE))
    color = run_color(0, dark=False)
    columns = [x for x in range(image.width()) if any(image.pixelColor(x, y) == color for y in range(image.height()))]
    dark = [x for x in range(image.width()) if image.pixelColor(x, image.height() // 2).lightness() < 250]
    assert min(columns) > 60 and max(columns) < image.width() - 20 and max(dark) <= max(columns) + 2


@pytest.mark.usefixtures("qapp")
def test_a_legend_says_how_many_more_there_are() -> None:
    many = figure(*[(np.arange(10.0), np.full(10, number / 40)) for number in range(40)])
    root = ET.fromstring(SVG.content(many, STYLE))
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    named = sum(text.startswith("run ") for text in texts)
    assert 0 < named < 40 and f"and {40 - named} more" in texts


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("legend", "groups", "named"),
    [
        (Legend.BELOW, 6, 6),
        (Legend.BELOW, 15, 15),
        (Legend.BELOW, 60, 0),
        (Legend.INSIDE, 6, 6),
        (Legend.INSIDE, 60, 0),
    ],
)
def test_a_legend_keeps_what_the_lines_are_and_has_as_many_names_as_there_is_room_for(
    legend: Legend, groups: int, named: int
) -> None:
    """Names as long as those of groups, in the usual size for a column of a paper."""
    lines = tuple(
        FigureLine(f"optimizer=adam · lr=0.001 · layers={one} (n=5)", one, Curve(np.arange(2.0), np.zeros(2), 2, False))
        for one in range(groups)
    )
    made = Figure(lines, XAxis.STEP, False, (0, 1), (0, 1), ("step", "loss"), "mean ± std")
    root = ET.fromstring(SVG.content(made, FigureStyle(legend=legend)))
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    shown = sum(text.endswith("(n=5)") or "…" in text for text in texts)
    assert texts[-1] == "mean ± std"
    assert shown == named if named else shown > 3 and f"and {groups - shown} more" in texts


def test_a_record_that_makes_no_sense_is_the_usual_style() -> None:
    assert read_style({"width": -1, "dpi": "many", "legend": 3, "names": "", "font": True}) == FigureStyle()
    style = FigureStyle(170, 90, 9, 1.5, 600, Legend.INSIDE, "{params.lr}")
    assert read_style(style.to_record()) == style


def test_a_picture_that_is_too_large_is_refused() -> None:
    with pytest.raises(InvalidValue, match="too large"):
        _ = FigureStyle(1000, 1000, dpi=1200).pixels
