"""Viewers of data: tables, trees, arrays, bytes and what is in archives, pickles, models and notebooks."""

from __future__ import annotations

import base64
import io
import json
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QTextEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.inspector.note import Note
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.viewers.archive import ArchiveViewer
from runfolio.gui.viewers.arrays import FIGURES, HEAT_MAP, LINE, PICTURE, ArrayViewer
from runfolio.gui.viewers.figures_model import FiguresModel
from runfolio.gui.viewers.hexed import HexViewer, bytes_of
from runfolio.gui.viewers.list_model import ListModel
from runfolio.gui.viewers.notebook import NotebookViewer, Shown
from runfolio.gui.viewers.onnx_model import OnnxViewer
from runfolio.gui.viewers.pickled import COLUMNS as PICKLE_COLUMNS
from runfolio.gui.viewers.pickled import PickleViewer
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.table import TableViewer
from runfolio.gui.viewers.tree import TreeViewer
from runfolio.gui.viewers.window_model import WAITING, Page, WindowModel
from runfolio.previews.table.source import Column
from tests.gui.viewers.conftest import Look
from tests.previews.corpus import Running, zipped

CSV = "epoch,loss,kind\n" + "".join(f"{row},{1000 - row}.5,{'ab'[row % 2]}\n" for row in range(1000))
Open = Callable[[str, bytes], Any]


@pytest.fixture
def opened(qtbot: QtBot, stage: Stage, look: Look) -> Open:
    """Shows a file on the page, and waits until nothing is being read."""

    def one(path: str, data: bytes) -> Any:
        stage.show_file(look(path, data))
        settle(qtbot, stage)
        return stage.viewer

    return one


def settle(qtbot: QtBot, stage: Stage) -> None:
    """Wait until nothing is being read, and what was read is painted."""
    jobs = stage._session.jobs
    for _ in range(3):
        qtbot.waitUntil(lambda: not jobs.running)
        stage.grab()
        QCoreApplication.processEvents()  # what was looked for is asked for when the event loop is back
        qtbot.waitUntil(lambda: not jobs.running)


def texts_of(view: QAbstractItemView, row: int) -> list[str]:
    """What a row shows."""
    model = view.model()
    return [str(model.index(row, column).data() or "") for column in range(model.columnCount())]


def rows_of(table: TextTable) -> dict[str, str]:
    """Names and values of a table."""
    return {
        str(table.rows.index(row, 0).data()): str(table.rows.index(row, 1).data())
        for row in range(table.rows.rowCount())
    }


def told(stage: Stage) -> str:
    return stage._facts.text()


def test_a_table_is_shown_sorted_and_summed_up(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("metrics.csv", CSV.encode())
    assert isinstance(viewer, TableViewer)
    assert viewer.model.rowCount() == 1000
    assert texts_of(viewer.table, 0) == ["0", "1000.5", "a"]
    assert "1,000 rows · 3 columns" in told(stage) and "separated by commas" in told(stage)
    viewer.table.setCurrentIndex(viewer.model.index(2, 1))
    settle(qtbot, stage)
    summary = rows_of(viewer.panel.facts)
    assert (summary["least"], summary["greatest"], summary["mean"]) == ("1.5", "1000.5", "501")
    assert viewer.panel.cell.toPlainText() == "998.5"
    assert viewer.panel.histogram.isVisible()
    viewer._buttons[0].click()
    settle(qtbot, stage)
    assert texts_of(viewer.table, 0) == ["999", "1.5", "b"]
    assert viewer.table.horizontalHeader().sortIndicatorSection() == 1
    viewer.table.setFocus()
    qtbot.keyClick(viewer.table, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, stage)
    assert texts_of(viewer.table, 0) == ["0", "1000.5", "a"]


def test_a_click_on_a_heading_sorts_up_then_down_then_not(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("metrics.csv", CSV.encode())
    header, seen = viewer.table.horizontalHeader(), []
    for _ in range(3):
        header.sectionClicked.emit(2)
        settle(qtbot, stage)
        seen.append((viewer.model.order, texts_of(viewer.table, 0)[2], header.isSortIndicatorShown()))
    assert seen == [((2, False), "a", True), ((2, True), "b", True), (None, "a", False)]


def test_a_heading_is_switched_and_stays_so_for_the_file(qtbot: QtBot, stage: Stage, look: Look) -> None:
    file, other = look("a.csv", b"1,2\n3,4\n"), look("b.csv", b"x,y\n3,4\n")
    seen = []
    for shown in (file, other, file):
        stage.show_file(shown)
        settle(qtbot, stage)
        viewer = stage.viewer
        assert isinstance(viewer, TableViewer) and viewer.heading.isVisible()
        seen.append((viewer.heading.isChecked(), viewer.model.rowCount(), viewer.model.columns[0].name))
        if len(seen) == 1:
            viewer.heading.click()
            settle(qtbot, stage)
    assert seen == [(False, 2, "Column 1"), (True, 1, "x"), (True, 1, "1")]


def test_in_little_room_the_cells_have_all_of_it(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("metrics.csv", CSV.encode())
    stage.resize(700, 500)
    settle(qtbot, stage)
    assert viewer.panel.isVisible() and viewer.table.width() >= viewer.width() // 2 - 2
    stage.resize(370, 500)
    settle(qtbot, stage)
    assert not viewer.panel.isVisible() and viewer.table.width() == viewer.width() <= 370
    viewer.column_button.click()
    settle(qtbot, stage)
    assert viewer.panel.isVisible() and viewer.table.width() == viewer.width()
    assert viewer.table.height() >= viewer.panel.height() - 1, (viewer.size(), viewer._splitter.sizes())
    stage.resize(700, 500)
    settle(qtbot, stage)
    assert viewer.panel.x() > viewer.table.x()


def test_what_is_frequent_is_told_of_texts(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("metrics.csv", CSV.encode())
    viewer.table.setCurrentIndex(viewer.model.index(0, 2))
    settle(qtbot, stage)
    assert rows_of(viewer.panel.frequent) == {"a": "500 (50.0%)", "b": "500 (50.0%)"}
    assert not viewer.panel.histogram.isVisible()


def test_selected_cells_are_copied(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("metrics.csv", CSV.encode())
    viewer.table.setCurrentIndex(viewer.model.index(0, 0))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(viewer.table, key, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(viewer.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "0\t1000.5\n1\t999.5")
    settle(qtbot, stage)


def test_cells_that_are_far_out_of_sight_are_copied_as_they_are(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("long.csv", b"n\n" + b"".join(b"%d\n" % number for number in range(4_000)))
    qtbot.waitUntil(lambda: viewer.model.rowCount() == 4_000)
    viewer.table.selectAll()
    viewer.table.copy_selected()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().split("\n") == [str(number) for number in range(4_000)])
    array = opened("a.npy", npy(np.arange(6_000).reshape(3_000, 2)))
    array.tabs.setCurrentIndex(FIGURES)
    settle(qtbot, stage)
    array.figures.selectAll()
    array.figures.copy_selected()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().endswith("\n5996\t5997\n5998\t5999"))
    assert QGuiApplication.clipboard().text().count("\n") == 2_999


def test_far_rows_are_read_when_they_come_into_sight(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    data = "a,b\n" + "".join(f"{row},{row * 2}\n" for row in range(200_000))
    viewer = opened("large.csv", data.encode())
    assert viewer.model.rowCount() == 200_000
    viewer.table.scrollToBottom()
    settle(qtbot, stage)
    assert texts_of(viewer.table, 199_999) == ["199999", "399998"]
    assert len(viewer.model._pages) <= 4


def test_pictures_of_a_logged_table_are_in_its_cells(
    qtbot: QtBot, stage: Stage, opened: Open, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from runfolio.gui.viewers import cell_pictures

    buffer = io.BytesIO()
    PIL.Image.new("RGB", (40, 40), "#ff0000").save(buffer, "PNG")
    picture = look("images/a.png", buffer.getvalue()).file
    monkeypatch.setattr(
        cell_pictures, "artifact_file", lambda _store, _run, path: picture.parent / path.rpartition("/")[2]
    )
    image = {"type": "image", "filepath": "images/a.png", "compressed_filepath": "images/a.png"}
    viewer = opened("table.json", json.dumps({"columns": ["n", "image"], "data": [[1, image], [2, None]]}).encode())
    assert isinstance(viewer, TableViewer)
    area = viewer.table.visualRect(viewer.model.index(0, 1))
    assert area.width() < 120, "no wider than a picture"
    qtbot.waitUntil(
        lambda: viewer.table.viewport().grab(area).toImage().pixelColor(20, area.height() // 2).red() == 255
    )


def test_a_picture_outside_of_the_run_is_not_read(stage: Stage, opened: Open) -> None:
    image = {"type": "image", "filepath": "../../../../etc/passwd"}
    viewer = opened("table.json", json.dumps({"columns": ["image"], "data": [[image]]}).encode())
    assert texts_of(viewer.table, 0) == ["../../../../etc/passwd"]
    assert all(image.isNull() for image in viewer._pictures._images.values())


def test_parquet_is_shown(stage: Stage, opened: Open) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": [1.5, None], "b": ["x", "y"]}), buffer)
    viewer = opened("a.parquet", buffer.getvalue())
    assert isinstance(viewer, TableViewer)
    assert texts_of(viewer.table, 1) == ["", "y"]
    assert "Parquet, 1 row group" in told(stage)


def test_a_document_is_opened_node_by_node(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    content = {"model": {"name": "net", "layers": [1, 2]}, "text": "x" * 1000}
    viewer = opened("config.json", json.dumps(content).encode())
    assert isinstance(viewer, TreeViewer)
    root = viewer.model.index(0, 0)
    assert [viewer.model.index(row, 0, root).data() for row in range(viewer.model.rowCount(root))] == ["model", "text"]
    model = viewer.model.index(0, 0, root)
    assert viewer.model.rowCount(model) == 0
    viewer.tree.setFocus()
    viewer.tree.setCurrentIndex(model)
    qtbot.keyClick(viewer.tree, Qt.Key.Key_Right)
    settle(qtbot, stage)
    assert viewer.model.index(1, 1, model).data() == "2 items"
    assert json.loads(viewer.value.toPlainText()) == content["model"]
    viewer.tree.setCurrentIndex(viewer.model.index(1, 0, root))
    settle(qtbot, stage)
    assert viewer.value.toPlainText() == "x" * 1000


def test_words_are_found_however_deep_they_are(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    content = {"many": [{"key": number} for number in range(3000)]}
    viewer = opened("config.json", json.dumps(content).encode())
    viewer.search.setText("2999")
    qtbot.keyClick(viewer.search, Qt.Key.Key_Return)
    settle(qtbot, stage)
    current = viewer.tree.currentIndex()
    assert (current.data(), viewer._found_label.text()) == ("2999", "1 of 2")
    qtbot.keyClick(viewer.tree, Qt.Key.Key_F3)
    settle(qtbot, stage)
    assert viewer.tree.currentIndex().data() == "key"
    assert viewer.value.toPlainText() == "2999"
    viewer.search.setText("nowhere")
    qtbot.keyClick(viewer.search, Qt.Key.Key_Return)
    settle(qtbot, stage)
    assert viewer._found_label.text() == "It is not there."


def test_yaml_aliases_stay_as_they_are_written(stage: Stage, opened: Open) -> None:
    viewer = opened("conf.yaml", b"a: &x [1, 2]\nb: *x\n")
    root = viewer.model.index(0, 0)
    assert viewer.model.index(1, 1, root).data() == "*x"


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def test_an_array_is_a_heat_map_a_line_and_figures(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    viewer = opened("a.npy", npy(array))
    assert isinstance(viewer, ArrayViewer)
    assert "float64 · 2 × 3 × 4" in told(stage)
    assert not viewer.arrays.isVisible(), "a list of one array says nothing"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(viewer.heat_map, key)
    assert viewer._told.text() == "[1, 1] = 5"
    viewer.axes._spins[0][1].setValue(1)
    settle(qtbot, stage)
    qtbot.keyClick(viewer.heat_map, Qt.Key.Key_Right)
    assert viewer._told.text() == "[0, 0] = 12"
    viewer.tabs.setCurrentIndex(FIGURES)
    settle(qtbot, stage)
    assert texts_of(viewer.figures, 2) == ["20", "21", "22", "23"]
    viewer.tabs.setCurrentIndex(LINE)
    settle(qtbot, stage)
    qtbot.keyClick(viewer.line_plot, Qt.Key.Key_Right)
    assert viewer._told.text() == "[0] = 12"
    assert rows_of(viewer.panel.values)["mean"] == "11.5"


@pytest.mark.parametrize("channels", [3, 4])
def test_an_array_of_bytes_in_channels_is_a_picture(qtbot: QtBot, stage: Stage, opened: Open, channels: int) -> None:
    array = np.zeros((6, 9, channels), np.uint8)
    array[..., 0], array[..., -1] = 200, 255
    viewer = opened("a.npy", npy(array))
    assert viewer.picture.isVisible() and not viewer.axes.isVisible()
    color = viewer.picture.image.pixelColor(8, 5)
    assert (viewer.picture.full.toTuple(), color.red(), color.green()) == ((9, 6), 200, 0)
    viewer.tabs.setCurrentIndex(HEAT_MAP)
    settle(qtbot, stage)
    assert viewer.heat_map.isVisible() and viewer.axes.isVisible()
    viewer = opened("b.npy", npy(array[..., :2]))
    assert viewer.heat_map.isVisible() and not viewer.tabs.isTabVisible(PICTURE)


def test_a_heat_map_fills_the_room(stage: Stage, opened: Open) -> None:
    viewer = opened("a.npy", npy(np.zeros((2, 2))))
    area, shown = viewer.heat_map._area(), viewer.heat_map
    assert area.height() == shown.height() or area.width() > shown.width() * 0.6


def test_what_is_known_of_an_array_leaves_it_room(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, first=np.zeros((8, 8)), second=np.zeros(3))
    viewer = opened("a.npz", buffer.getvalue())
    shown, told = viewer.stack, viewer.panel
    letter = stage.fontMetrics().averageCharWidth()
    for letters, beside in ((150, True), (60, False), (100, True)):
        stage.resize(letters * letter, 600)
        turned = partial(lambda beside: (left(told) >= left(shown) + shown.width()) is beside, beside)
        qtbot.waitUntil(turned)
        assert shown.width() > viewer.width() * (0.5 if beside else 0.9) and shown.height() > 200
        assert (left(viewer.arrays) == left(told)) is beside, "below each other where there is width for the array"


def left(widget: QWidget) -> int:
    return widget.mapToGlobal(QPoint(0, 0)).x()


def test_an_empty_parquet_file_says_so(stage: Stage, opened: Open) -> None:
    pytest.importorskip("pyarrow")
    opened("a.parquet", b"")
    assert stage.nothing.reason.text() == "This file is empty."


def test_the_arrays_of_a_file_are_listed_with_what_cannot_be_shown(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, first=np.zeros(3), objects=np.array([{}], object))
    viewer = opened("a.npz", buffer.getvalue())
    assert [texts_of(viewer.arrays, row)[0] for row in range(2)] == ["first", "objects"]
    assert viewer.stack.currentWidget() is viewer.line_plot
    viewer.arrays.setCurrentIndex(viewer.listed.index(1, 0))
    settle(qtbot, stage)
    assert "Python objects" in viewer._why.text() and viewer._why.isVisible()


def test_the_same_dimension_is_never_chosen_twice(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("a.npy", npy(np.zeros((2, 3, 4))))
    viewer.axes.rows.setCurrentIndex(2)
    settle(qtbot, stage)
    assert (viewer.axes.down, viewer.axes.across) == (2, 0)
    assert viewer.heat_map._image.size().toTuple() == (2, 4)


def test_bytes_are_reached_found_and_copied(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("a.bin", b"\0" * 5000 + b"PNG" + bytes(range(256)) * 40)
    assert isinstance(viewer, HexViewer)
    viewer.search.setText('"PNG"')
    qtbot.keyClick(viewer.search, Qt.Key.Key_Return)
    settle(qtbot, stage)
    assert viewer.view.place == 5000
    qtbot.keyClick(viewer.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "50 4e 47"
    viewer.place.setText("0x10")
    qtbot.keyClick(viewer.place, Qt.Key.Key_Return)
    qtbot.keyClick(viewer.view, Qt.Key.Key_Down)
    assert viewer.view.place == 32
    qtbot.keyClick(viewer.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, stage)
    assert viewer.view.byte(viewer.view.place) == 255
    assert "255" in viewer.view.accessibleDescription()


def test_bytes_that_are_nowhere_in_a_large_file_are_looked_for_once(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    viewer = opened("a.bin", bytes(70 * 1024 * 1024))
    assert isinstance(viewer, HexViewer)
    viewer.search.setText("ff")
    viewer.find_next()
    qtbot.waitUntil(lambda: viewer._state.text() == "These bytes are not in the file.", timeout=30_000)


@pytest.mark.parametrize(
    ("text", "data"),
    [("89 50 4e", b"\x89PN"), ('"a b"', b"a b"), ("0xff", b"\xff"), ("zz", b""), ("", b""), ('"', b"")],
)
def test_bytes_are_typed_as_digits_or_text(text: str, data: bytes) -> None:
    assert bytes_of(text) == data


def test_an_archive_is_listed_with_warnings(stage: Stage, opened: Open) -> None:
    viewer = opened("a.zip", zipped({"b.txt": b"b" * 2000, "a.txt": b"a", "../up": b""}))
    assert isinstance(viewer, ArchiveViewer)
    table = viewer.listing.table
    assert texts_of(table, 0)[:2] == ["b.txt", "2 kB"]
    assert "leaves the folder" in texts_of(table, 2)[5]
    assert viewer.listing.banner.isVisible() and "ZIP · 3 entries" in told(stage)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [texts_of(table, row)[0] for row in range(3)] == ["../up", "a.txt", "b.txt"]
    viewer.listing.filter.setText("txt")
    assert table.model().rowCount() == 2


def test_a_pickle_is_told_and_not_loaded(stage: Stage, opened: Open) -> None:
    viewer = opened("model.pkl", pickle.dumps(Running()))
    assert isinstance(viewer, PickleViewer)
    assert texts_of(viewer.listing.table, 0)[:3] == ["posix.system", "called", "runs commands or programs"]
    assert "Do not load" in viewer.listing.banner.text() and "can run code" in told(stage)
    viewer = opened("plain.pkl", pickle.dumps([1, 2]))
    assert not viewer.listing.banner.isVisible() and "nothing that could run code" in told(stage)


def test_an_onnx_model_is_told(stage: Stage, opened: Open) -> None:
    onnx = pytest.importorskip("onnx")
    ends = [onnx.helper.make_tensor_value_info(name, 1, ["batch", 3]) for name in "xy"]
    graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "graph", ends[:1], ends[1:])
    viewer = opened("a.onnx", onnx.helper.make_model(graph, producer_name="made").SerializeToString())
    assert isinstance(viewer, OnnxViewer)
    assert [texts_of(viewer.signature.table, row) for row in range(2)] == [
        ["input", "x", "float32", "batch × 3"],
        ["output", "y", "float32", "batch × 3"],
    ]
    assert texts_of(viewer.operators.table, 0) == ["Relu", "1"]
    assert rows_of(viewer.facts)["written by"] == "made"


def test_a_notebook_is_shown_as_it_was_saved(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (40, 20), "red").save(buffer, "PNG")
    outputs = [
        {"output_type": "stream", "text": "out"},
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(buffer.getvalue()).decode()}},
        {"output_type": "display_data", "data": {"text/html": "<script>x</script>"}},
    ]
    cells = [{"cell_type": "markdown", "source": "# A"}, {"cell_type": "code", "source": "f(1)", "outputs": outputs}]
    viewer = opened("a.ipynb", json.dumps({"cells": cells}).encode())
    assert isinstance(viewer, NotebookViewer)
    (code,) = viewer.findChildren(QTextEdit)
    number = stage._session.theme.color("code_number").name()
    qtbot.waitUntil(lambda: number in code.toHtml())
    assert code.toPlainText() == "f(1)"
    assert [view.toPlainText() for view in viewer.findChildren(CodeView)] == ["out", "<script>x</script>"]
    assert [shown.sizeHint().toTuple() for shown in viewer.findChildren(Shown)] == [(40, 20)]
    assert [("<h1" in note.text(), "A" in note.text()) for note in viewer.findChildren(Note)] == [(True, True)]
    assert "2 cells" in told(stage)


def test_a_text_of_a_notebook_that_is_nested_too_deeply_stays_plain(stage: Stage, opened: Open) -> None:
    cells = [{"cell_type": "markdown", "source": "> " * 3000 + "deep"}]
    viewer = opened("a.ipynb", json.dumps({"cells": cells}).encode())
    assert not viewer.findChildren(Note)


def test_a_table_that_is_none_says_so_and_can_be_seen_as_a_tree(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    opened("a.json", b'{"columns": ["a"], "data": 3}')
    assert stage.nothing.isVisible() and "no table" in stage.nothing.reason.text()
    titles = [stage.choice.itemText(place) for place in range(stage.choice.count())]
    stage.choice.setCurrentIndex(titles.index("Tree"))
    stage.choice.activated.emit(titles.index("Tree"))
    settle(qtbot, stage)
    assert isinstance(stage.viewer, TreeViewer) and stage.viewer.isVisible()


def test_models_keep_what_qt_asks_of_them(qtmodeltester: ModelTester, stage: Stage, opened: Open) -> None:
    window, figures = WindowModel(), FiguresModel()
    window.begin([Column("a", "number"), Column("b", "text")])
    window.set_rows(30)
    figures.show_plane(6, 5)
    listed: ListModel[Any] = ListModel(PICKLE_COLUMNS, lambda role: stage._session.theme.color(role))
    viewer = opened("a.json", json.dumps({"a": [1, 2], "b": {}}).encode())
    for model in (window, figures, listed, viewer.model):
        qtmodeltester.check(model)
    assert viewer.model.parent(viewer.model.index(0, 0)) == QModelIndex()


def test_a_table_asks_for_what_is_looked_for_and_not_here() -> None:
    window = WindowModel()
    window.begin([Column("a", "number"), Column("b", "text")])
    window.set_rows(1000)
    window.put(Page(0, 0), [("1", "x")] * 128)
    assert window.index(0, 0).data() == "1" and window.index(200, 0).data() == WAITING
    assert window.wanted == Page(1, 0)
    window.set_order((0, True))
    assert window.index(0, 0).data() == WAITING
    figures = FiguresModel()
    figures.show_plane(1000, 50_000)
    assert figures.columnCount() == 10_000


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.npy", "a.bin", "a.zip", "a.pkl", "a.ipynb"])
def test_every_part_of_a_viewer_has_a_name_for_assistive_tools(stage: Stage, opened: Open, name: str) -> None:
    content = {"a.csv": CSV.encode(), "a.json": b'{"a": 1}', "a.npy": npy(np.zeros((2, 3, 4)))}
    content |= {"a.bin": b"\0\1" * 99, "a.zip": zipped({"a": b"a"}), "a.pkl": pickle.dumps(Running())}
    content["a.ipynb"] = b'{"cells": [{"cell_type": "code", "source": "a"}]}'
    viewer = opened(name, content[name])
    from PySide6.QtWidgets import QAbstractButton, QSpinBox, QWidget

    silent = [
        type(widget).__name__
        for widget in viewer.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not isinstance(widget.parent(), QSpinBox)
        and type(widget).__name__ not in ("QScrollArea", "ColumnPanel", "ArrayPanel", "QTabWidget", "QHeaderView")
    ]
    assert not silent


def test_the_colours_of_a_viewer_follow_the_theme(qtbot: QtBot, stage: Stage, opened: Open) -> None:
    theme = stage._session.theme
    viewer = opened("a.npy", npy(np.arange(6.0).reshape(2, 3)))
    before = viewer.heat_map._image.pixelColor(0, 0)
    theme.toggle()
    assert viewer.heat_map._image.pixelColor(0, 0) != before
    theme.toggle()
    settle(qtbot, stage)
