"""Computed and hand-typed columns, as a user adds, changes, sorts and removes them in the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from runfolio.core.columns import CHECKS, Column, SortKey, formula, typed
from runfolio.core.formula_edits import set_formula
from runfolio.core.views import FormulaColumn
from runfolio.gui.columns.menu import open_menu
from runfolio.gui.formulas.dialog import FormulaDialog
from runfolio.gui.formulas.typed import TypedDialog
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.store.script import Script

TIP = int(Qt.ItemDataRole.ToolTipRole)


@pytest.fixture
def store(store: Store) -> Store:
    """A store with three runs: 8 / 2, 9 / 3, and one without the param."""
    with Script(store) as script:
        for name, lr, acc in (("a", "2", 8.0), ("b", "3", 9.0), ("c", "", 1.0)):
            run = script.start(name=name)
            script.params(run, {"lr": lr} if lr else {})
            script.log(run, "acc", [acc])
            script.end(run)
        script.finish()
    return store


@pytest.fixture
def window(qtbot: QtBot, open_window: Opener, store: Store) -> MainWindow:
    window = open_window(store)
    qtbot.waitUntil(lambda: len(window.runs.feed.model.ids) == 3)
    window.session.select_runs([1], 1)
    return window


def column_of(window: MainWindow, name: str) -> list[str]:
    """The texts of the cells of a column, by its heading, from the top."""
    model = window.runs.feed.model
    column = next((one for one in model.columns if one.heading == name), None)
    return [] if column is None else [model.text(row, column) for row in range(3)]


def dialog_of(qtbot: QtBot, window: MainWindow) -> FormulaDialog:
    window.actions_by_id["view.formula"].trigger()
    return next(one for one in window.findChildren(FormulaDialog) if one.isVisible())


def type_in(qtbot: QtBot, dialog: FormulaDialog, text: str) -> None:
    dialog.edit.setPlainText(text)
    qtbot.waitUntil(lambda: bool(dialog.result_line.text() or dialog.trouble.text()))


def test_a_formula_is_typed_tried_out_added_and_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    dialog = dialog_of(qtbot, window)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    assert "Filter" not in dialog.edit.placeholderText()
    type_in(qtbot, dialog, "metrics.acc / params.lr")
    assert dialog.result_line.text() == "In a: 4"
    dialog.name.setText("ratio")
    qtbot.waitUntil(ok.isEnabled)
    ok.click()
    qtbot.waitUntil(lambda: column_of(window, "ratio") == ["", "3", "4"])
    model = window.runs.feed.model
    section = model.section_of(formula("ratio", "metrics.acc / params.lr"))
    assert "The run has no params.lr." in str(model.index(0, section).data(TIP))
    assert model.headerData(section, Qt.Orientation.Horizontal, TIP) == "metrics.acc / params.lr"
    window.session.undo.undo()
    qtbot.waitUntil(lambda: column_of(window, "ratio") == [])


def test_a_wrong_formula_is_told_while_it_is_typed_and_cannot_be_added(qtbot: QtBot, window: MainWindow) -> None:
    dialog = dialog_of(qtbot, window)
    type_in(qtbot, dialog, "lgo(metrics.acc)")
    assert dialog.trouble.text() == "There is no function 'lgo' (at character 1). Did you mean log?"
    assert dialog.edit.extraSelections()[0].cursor.selectedText() == "lgo"
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog.reject()
    assert window.session.view.formulas == ()


def test_a_name_that_filters_cannot_write_is_refused_in_the_dialog(qtbot: QtBot, window: MainWindow) -> None:
    dialog = dialog_of(qtbot, window)
    type_in(qtbot, dialog, "1 / duration")
    dialog.name.setText('a`b"c')
    dialog.accept()
    assert dialog.isVisible() and dialog.name.text() == 'a`b"c'
    assert dialog.trouble.text() == "A column's name cannot have both ` and \" in it. Filters could not name it."
    dialog.name.setText("abc")
    dialog.accept()
    assert not dialog.isVisible() and [one.name for one in window.session.view.formulas] == ["abc"]


def test_a_name_that_no_run_has_is_doubted_and_still_allowed(qtbot: QtBot, window: MainWindow) -> None:
    dialog = dialog_of(qtbot, window)
    type_in(qtbot, dialog, "metrics.accc * 2")
    qtbot.waitUntil(lambda: "Did you mean metrics.acc?" in dialog.trouble.text())
    assert dialog.result_line.text() == "In a: The run has no metrics.accc."
    QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert window.session.view.formulas == (FormulaColumn("metrics.accc * 2", "metrics.accc * 2"),)


def test_fields_are_proposed_while_a_formula_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    dialog = dialog_of(qtbot, window)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.edit.hasFocus)
    QTest.keyClicks(dialog.edit, "1 + par")
    qtbot.waitUntil(dialog.edit.completer_popup.isVisible)
    assert str(dialog.edit.completer_popup.model().index(0, 0).data()).startswith("params.lr")
    QTest.keyClick(dialog.edit.completer_popup, Qt.Key.Key_Return)
    assert dialog.edit.toPlainText().strip() == "1 + params.lr"
    dialog.reject()


@pytest.mark.parametrize("typed", ["params.bat", "params.`b"])
def test_names_with_blanks_are_proposed_in_quotes(qtbot: QtBot, store: Store, window: MainWindow, typed: str) -> None:
    with Script(store) as script:
        script.params(script.start(), {"batch size": "8"})
        script.finish()
    dialog = dialog_of(qtbot, window)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.edit.hasFocus)
    QTest.keyClicks(dialog.edit, f"2 * {typed}")
    qtbot.waitUntil(dialog.edit.completer_popup.isVisible)
    QTest.keyClick(dialog.edit.completer_popup, Qt.Key.Key_Return)
    assert dialog.edit.toPlainText() == "2 * params.`batch size` "
    dialog.reject()


def test_runs_are_sorted_by_a_formula_whose_gaps_come_last(qtbot: QtBot, window: MainWindow) -> None:
    session, ratio = window.session, formula("ratio", "metrics.acc / params.lr")
    session.set_view(set_formula(session.view, "", ratio.key, ratio.formula))
    for down, expected in ((True, ["4", "3", ""]), (False, ["3", "4", ""])):
        session.set_view(replace(session.view, order=(SortKey(ratio, down),)), "Sort")
        qtbot.waitUntil(lambda expected=expected: column_of(window, "ratio") == expected)  # type: ignore[misc]


def choose(window: MainWindow, column: Column, title: str) -> None:
    """From the menu of a column."""
    section = window.runs.feed.model.section_of(column)
    menu = open_menu(window.runs.view, window.session, section, None, window.actions_by_id["view.columns"])
    action = next(one for one in menu.actions() if one.text() == title)
    menu.close()
    action.trigger()


def test_a_formula_is_changed_and_removed_from_its_columns_menu(qtbot: QtBot, window: MainWindow) -> None:
    session, ratio = window.session, formula("ratio", "metrics.acc / params.lr")
    session.set_view(set_formula(session.view, "", ratio.key, ratio.formula))
    qtbot.waitUntil(lambda: column_of(window, "ratio") == ["", "3", "4"])
    choose(window, ratio, "Edit Formula…")
    dialog = next(one for one in window.findChildren(FormulaDialog) if one.isVisible())
    assert (dialog.text, dialog.name.text()) == ("metrics.acc / params.lr", "ratio")
    type_in(qtbot, dialog, "metrics.acc * 2")
    dialog.accept()
    qtbot.waitUntil(lambda: column_of(window, "ratio") == ["2", "18", "16"])
    choose(window, formula("ratio", "metrics.acc * 2"), "Remove Formula")
    assert session.view.formulas == ()


def test_a_column_to_type_into_is_added_by_name(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_id["view.typed"].trigger()
    dialog = next(one for one in window.findChildren(TypedDialog) if one.isVisible())
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    dialog.name.setText("a*b")
    assert "not allowed" in dialog.trouble.text()
    assert not ok.isEnabled()
    dialog.name.setText("kaggle")
    ok.click()
    qtbot.waitUntil(lambda: typed("kaggle") in window.runs.feed.model.columns)


def test_the_column_of_checks_is_shown_and_hidden_by_a_command(qtbot: QtBot, window: MainWindow) -> None:
    for shown in (True, False):
        window.actions_by_id["view.checks"].trigger()
        qtbot.waitUntil(lambda shown=shown: (CHECKS in window.runs.feed.model.columns) is shown)  # type: ignore[misc]
