"""Params in the run table stand, are told and are copied as they were logged, also where they are numbers."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from runfolio.core.columns import NAME, Column, param
from runfolio.core.table_texts import Shape
from runfolio.core.views import View
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer

IDENT, HASH, VERSION, SEED, RATE = (param(key, numeric=True) for key in ("id", "hash", "ver", "seed", "rate"))
COLUMNS = (IDENT, HASH, VERSION, SEED, RATE)
THIRD = repr(1 / 300)
LOGGED = (
    ("00123", "12345678901234567890", "1.10", "9007199254740993", THIRD),
    ("00045", "12345678901234567891", "1.9", "9007199254740994", "1e-05"),
    ("7", "-5", "2.0", "1_000", "0.10"),
)


VIEW = View(automatic=False, added=(NAME, *COLUMNS))


def fill(store: Store) -> None:
    writer = Writer(store.path)
    for texts in LOGGED:
        run = writer.run("a run")
        run.log_params({column.key: text for column, text in zip(COLUMNS, texts, strict=True)})
        writer.end(run)
    writer.commit()
    writer.close()


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    fill(store)
    window = open_window(store)
    window.session.set_view(VIEW, "Columns")
    model = window.runs.feed.model
    qtbot.waitUntil(lambda: window.runs.feed.settled and model.section_of(RATE) >= 0 and model.rowCount() == 3)
    qtbot.waitUntil(lambda: all(model.row(place) is not None for place in range(3)))
    return window


def cell(window: MainWindow, row: int, column: Column) -> QModelIndex:
    model = window.runs.feed.model
    return model.index(row, model.section_of(column))


def logged(row: int, column: Column) -> str:
    """What was logged for a row: the newest run is the first one."""
    return LOGGED[2 - row][COLUMNS.index(column)]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_numeric_params_cell_has_its_own_text(window: MainWindow, column: Column) -> None:
    for row in range(3):
        index, text = cell(window, row, column), logged(row, column)
        assert index.data() == ("0.00333333" if text == THIRD else text)
        assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
        assert text in index.data(Qt.ItemDataRole.ToolTipRole)
        assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"{column.key}: {text}"


@pytest.mark.parametrize("shape", Shape)
def test_params_are_copied_as_they_were_logged(qtbot: QtBot, window: MainWindow, shape: Shape) -> None:
    QGuiApplication.clipboard().clear()
    window.runs.select_all()
    window.runs.copy_rows(shape)
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    copied = QGuiApplication.clipboard().text()
    for text in (text for line in LOGGED for text in line):
        assert text.replace("_", "\\_" if shape is Shape.LATEX else "_") in copied
    if shape is Shape.CSV:
        found = list(csv.DictReader(io.StringIO(copied)))
        assert [tuple(row[column.id] for column in COLUMNS) for row in found] == [*reversed(LOGGED)]
