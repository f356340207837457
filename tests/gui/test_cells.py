"""Cells of the run table: copied in four shapes, and tags and descriptions edited in place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from runfolio.core.columns import NAME, STATUS, Column, Kind, Source, metric
from runfolio.core.states import NOTE
from runfolio.core.views import View
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs import cells
from runfolio.store import Store, open_store
from runfolio.store.bulk import read_runs
from runfolio.store.operations import set_tag
from tests.gui.conftest import Opener
from tests.gui.seen import control, said
from tests.gui.writing import Writer

TEAM, NOTES = Column(Source.TAG, "team", Kind.TEXT), Column(Source.TAG, NOTE, Kind.TEXT, title="Notes")
LOSS = metric("val_loss")
VIEW = View(automatic=False, added=(NAME, STATUS, LOSS, TEAM, NOTES))


def fill(store: Store) -> None:
    writer = Writer(store.path)
    for number in range(3):
        run = writer.run(f"run_{number}")
        writer.points(run, "val_loss", [1.0, 1 / (number + 3)])
        writer.end(run)
    writer.commit()
    writer.close()
    set_tag(store, 1, "team", "vision")


def shown(qtbot: QtBot, window: MainWindow) -> MainWindow:
    window.session.set_view(VIEW, "Columns")
    model = window.runs.feed.model
    qtbot.waitUntil(lambda: window.runs.feed.settled and model.section_of(NOTES) >= 0 and model.rowCount() == 3)
    qtbot.waitUntil(lambda: all(model.row(place) is not None for place in range(3)))
    window.runs.view.setFocus()
    return window


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    fill(store)
    return shown(qtbot, open_window(store))


def copied(qtbot: QtBot, window: MainWindow, action: str) -> str:
    QGuiApplication.clipboard().clear()
    window.actions_by_id[action].trigger()
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    return QGuiApplication.clipboard().text()


def test_rows_are_copied_in_four_shapes(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([3, 2], 3)
    tsv = copied(qtbot, window, "run.copy_rows").splitlines()
    assert tsv[0].split("\t") == [
        "attributes.run_name",
        "attributes.status",
        "metrics.val_loss",
        "tags.team",
        f"tags.{NOTE}",
    ]
    assert tsv[1].split("\t")[:3] == ["run_2", "FINISHED", "0.2"]
    assert copied(qtbot, window, "run.copy_csv").splitlines()[2].startswith("run_1,FINISHED,0.25,")
    markdown = copied(qtbot, window, "run.copy_md").splitlines()
    assert markdown[:2] == ["| Name | Status | val_loss | team | Notes |", "| --- | --- | ---: | --- | --- |"]
    latex = copied(qtbot, window, "run.copy_tex")
    assert latex.startswith("\\begin{tabular}{llrll}") and "run\\_2 & FINISHED & 0.2 &" in latex
    assert window.strip.text == "Copied 2 rows as LaTeX."


def test_digits_are_copied_as_preferred(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([1], 1)
    assert repr(1 / 3) in copied(qtbot, window, "run.copy_rows")
    window.session.preferences.set("copied_digits", "shown")
    cell = window.runs.feed.model.text(2, LOSS)
    assert len(cell) < 8 and f"\t{cell}\t" in copied(qtbot, window, "run.copy_rows")


def test_rows_of_groups_are_copied_as_they_are_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.session.set_view(replace(VIEW, group_by=(STATUS,)), "Group")
    model = window.runs.feed.model
    qtbot.waitUntil(lambda: model.rowCount() == 1 and "±" in model.text(0, LOSS))
    window.runs.select_all()
    qtbot.waitUntil(lambda: len(window.session.selection.told) == 3)
    line = copied(qtbot, window, "run.copy_tex").splitlines()[4]
    assert "$\\pm$" in line and line.count("&") == 4


def edit(qtbot: QtBot, window: MainWindow, run: int, column: Column, key: Qt.Key) -> QModelIndex:
    model, view = window.runs.feed.model, window.runs.view
    place = model.ids.tolist().index(run)
    index = model.index(place, model.section_of(column))
    view.setCurrentIndex(index)
    qtbot.keyClick(view, key)
    return index


def tag(window: MainWindow, run: int, key: str) -> str | None:
    return read_runs(window.session.store, [run])[0].tags.get(key)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_F2])
def test_a_tag_is_edited_in_place_and_taken_back(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    index = edit(qtbot, window, 1, TEAM, key)
    editor = window.runs.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit) and editor.text() == "vision"
    editor.setText("nlp")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: index.data() == "nlp")
    assert tag(window, 1, "team") == "nlp"
    window.session.undo.undo()
    qtbot.waitUntil(lambda: index.data() == "vision")


def test_a_double_click_gives_a_run_a_tag_and_emptying_takes_it_away(qtbot: QtBot, window: MainWindow) -> None:
    model, view = window.runs.feed.model, window.runs.view
    place = model.ids.tolist().index(2)
    index = model.index(place, model.section_of(TEAM))
    view.scrollTo(index)
    at = view.visualRect(index).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "speech")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tag(window, 2, "team") == "speech")
    qtbot.waitUntil(lambda: index.data() == "speech")
    edit(qtbot, window, 2, TEAM, Qt.Key.Key_Return)
    editor = view.findChildren(QLineEdit)[-1]
    editor.clear()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tag(window, 2, "team") is None)


def test_a_number_with_a_comma_is_told_to_be_a_text_while_it_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    view = window.runs.view
    index = edit(qtbot, window, 1, TEAM, Qt.Key.Key_Return)
    editor = control(view, QLineEdit, TEAM.heading)
    qtbot.keyClicks(editor, "0,8")
    assert "0,8 is kept as a text: the number is written 0.8." in said(view)
    editor.setText("0.8")
    assert not any("kept as a text" in text for text in said(view))
    qtbot.keyClicks(editor, ",1")
    editor.setText("0,85")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: index.data() == "0,85")
    qtbot.waitUntil(lambda: not any("kept as a text" in text for text in said(view)))


def test_a_description_has_several_lines(qtbot: QtBot, window: MainWindow) -> None:
    edit(qtbot, window, 3, NOTES, Qt.Key.Key_Return)
    editor = window.runs.view.findChild(QPlainTextEdit)
    assert isinstance(editor, QPlainTextEdit)
    assert window.runs.view.viewport().rect().contains(editor.geometry())
    qtbot.keyClicks(editor, "first")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClicks(editor, "second")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: tag(window, 3, NOTE) == "first\nsecond")


def test_a_tag_of_which_the_table_has_only_the_beginning_is_not_edited(qtbot: QtBot, window: MainWindow) -> None:
    set_tag(window.session.store, 1, "team", "x" * 9000)
    model = window.runs.feed.model
    index = model.index(model.ids.tolist().index(1), model.section_of(TEAM))
    qtbot.waitUntil(lambda: str(index.data()).startswith("xx"))
    edit(qtbot, window, 1, TEAM, Qt.Key.Key_Return)
    assert window.runs.view.findChild(QLineEdit) is None
    assert tag(window, 1, "team") == "x" * 9000


def test_a_read_only_store_has_no_editors(qtbot: QtBot, store: Store, open_window: Opener) -> None:
    fill(store)
    window = shown(qtbot, open_window(open_store(store.path, read_only=True)))
    edit(qtbot, window, 1, TEAM, Qt.Key.Key_Return)
    edit(qtbot, window, 1, NAME, Qt.Key.Key_F2)
    assert window.runs.view.findChild(QLineEdit) is None


def test_a_name_of_several_lines_stands_in_one() -> None:
    assert cells.one_line("first\nsecond\t third ") == "first second third"
