"""Params in the run table stand, are told and are copied as they were logged, also where they are numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from runfolio.core.columns import NAME, Column, SortKey, param
from runfolio.core.table_texts import Shape
from runfolio.core.views import View
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs.header import MARGIN
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


def test_an_id_of_twenty_digits_is_seen_to_its_last_one(qtbot: QtBot, window: MainWindow) -> None:
    view, section = window.runs.view, window.runs.feed.model.section_of(HASH)
    letters, text = view.delegate.look.plain, logged(1, HASH)

    def shown() -> str:
        return letters.fitting(text, view.header.sectionSize(section) - 2 * MARGIN)

    qtbot.waitUntil(lambda: shown() == text)


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


def group_by(qtbot: QtBot, window: MainWindow, column: Column) -> list[str]:
    """Group the runs, and tell the titles of the groups from the top."""
    window.session.set_view(replace(VIEW, group_by=(column,)), "Group")
    model = window.runs.feed.model

    def settled() -> bool:
        window.runs.grab()
        return window.runs.feed.settled and model.rowCount() > 0 and bool((model.ids < 0).all())

    qtbot.waitUntil(settled)
    qtbot.waitUntil(settled)
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("column", "titles"),
    [
        (HASH, ["hash -5 (1)", "hash 12345678901234567890 (1)", "hash 12345678901234567891 (1)"]),
        (IDENT, ["id 7 (1)", "id 00045 (1)", "id 00123 (1)"]),
        (VERSION, ["ver 1.10 (1)", "ver 1.9 (1)", "ver 2.0 (1)"]),
        (RATE, ["rate 1e-05 (1)", "rate 0.00333333 (1)", "rate 0.10 (1)"]),
    ],
)
def test_groups_go_by_what_was_logged_in_the_order_of_numbers(
    qtbot: QtBot, window: MainWindow, column: Column, titles: list[str]
) -> None:
    assert group_by(qtbot, window, column) == titles
    order = (SortKey(column, descending=True),)
    window.session.set_view(replace(window.session.view, order=order), "Sort")
    model = window.runs.feed.model
    qtbot.waitUntil(lambda: [model.index(row, 0).data() for row in range(3)] == titles[::-1])


def test_a_group_shows_the_setting_that_its_runs_have_in_common_as_it_was_logged(
    qtbot: QtBot, window: MainWindow
) -> None:
    group_by(qtbot, window, HASH)
    for row, place in enumerate((2, 0, 1)):
        for column in (IDENT, VERSION, SEED):
            index, text = cell(window, row, column), LOGGED[place][COLUMNS.index(column)]
            assert index.data() == text
            assert f"{text}: 1 run" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_runs_without_a_value_are_not_those_whose_value_is_none(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    writer, aug = Writer(store.path), param("aug")
    for settings in ({"aug": "none"}, {"other": 1}, {"aug": "not set"}):
        run = writer.run("a run")
        run.log_params(settings)
        writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    assert group_by(qtbot, window, aug) == ["aug none (1)", "aug not set (1)", "aug not set (1)"]
    groups = window.runs.feed.model.groups
    assert groups is not None
    parts = [groups.title(run)[0] for run in window.runs.feed.model.ids.tolist()]
    assert [part.is_set for part in parts] == [True, True, False], "it is written in italics"


def test_groups_by_a_column_that_was_summed_up_go_by_its_texts(qtbot: QtBot, window: MainWindow) -> None:
    group_by(qtbot, window, VERSION)
    assert group_by(qtbot, window, HASH)[1:] == ["hash 12345678901234567890 (1)", "hash 12345678901234567891 (1)"]
    assert group_by(qtbot, window, VERSION)[0] == "ver 1.10 (1)"


def test_one_number_that_was_written_in_two_ways_is_no_common_text(
    qtbot: QtBot, store: Store, open_window: Opener
) -> None:
    writer = Writer(store.path)
    for text in ("1.10", "1.1"):
        run = writer.run("a run")
        run.log_params({"ver": text, "same": "x"})
        writer.end(run)
    writer.commit()
    writer.close()
    window = open_window(store)
    assert group_by(qtbot, window, param("same")) == ["same x (2)"]
    assert cell(window, 0, VERSION).data() == "1.1 ± 0"
