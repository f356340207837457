"""The filter line: what is typed filters, what cannot be read is marked in place, and words are proposed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from runfolio.core import patterns
from runfolio.core.columns import SortKey, metric
from runfolio.core.filter.write import quoted
from runfolio.core.formula_edits import set_formula
from runfolio.core.views import View
from runfolio.gui.chrome.labels import scaled
from runfolio.gui.filter import FilterLine
from runfolio.gui.filter import line as line_module
from runfolio.gui.filter.edit import FilterEdit
from runfolio.gui.filter.line import fault_of
from runfolio.gui.session import Session
from runfolio.gui.theme import Theme
from runfolio.store import Store, schema
from runfolio.store.run_order import run_ids
from tests.gui.held import Held
from tests.store.script import Script


@pytest.fixture
def session(qtbot: QtBot, store: Store, theme: Theme) -> Iterator[Session]:
    with Script(store) as script:
        for name, optimizer in (("a", "adam"), ("b", "adam"), ("c", "it's")):
            run = script.start(name=name)
            script.params(run, {"optimizer": optimizer, "batch size": "3"})
            script.log(run, "val/loss", [1.0])
            script.end(run)
        script.finish()
    session = Session(store, theme)
    yield session
    session.close()


@pytest.fixture
def line(qtbot: QtBot, session: Session) -> FilterLine:
    line = FilterLine(session)
    qtbot.addWidget(line)
    line.resize(600, 60)
    line.show()
    qtbot.waitExposed(line)
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.edit.hasFocus)
    return line


def type_in(line: FilterLine, text: str) -> None:
    QTest.keyClicks(line.edit, text)


def test_what_is_typed_becomes_the_filter_once_the_hand_rests(qtbot: QtBot, line: FilterLine, session: Session) -> None:
    type_in(line, "metrics.val/loss < 2")
    assert session.view.filter == "", "not with each key"
    qtbot.waitUntil(lambda: session.view.filter == "metrics.val/loss < 2")
    assert line.trouble.isHidden()


def test_return_applies_at_once_and_undo_takes_it_back(qtbot: QtBot, line: FilterLine, session: Session) -> None:
    session.set_view(View(order=()))
    type_in(line, "adam")
    line.edit.committed.emit()
    assert session.view.filter == "adam"
    session.undo.undo()
    assert session.view.filter == "" and line.edit.toPlainText() == ""
    session.undo.redo()
    assert line.edit.toPlainText() == "adam"


def test_rests_while_typing_are_no_steps_of_undo(qtbot: QtBot, line: FilterLine, session: Session) -> None:
    type_in(line, "adam")
    qtbot.waitUntil(lambda: session.view.filter == "adam")
    type_in(line, " quiet")
    qtbot.waitUntil(lambda: session.view.filter == "adam quiet")
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    type_in(line, " owl")
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    session.undo.undo()
    assert session.view.filter == "adam quiet"
    session.undo.undo()
    assert session.view.filter == "" and session.undo.last is None
    session.undo.redo()
    assert session.view.filter == "adam quiet"


def test_what_cannot_be_read_is_said_in_place_and_the_last_filter_stays(
    qtbot: QtBot, line: FilterLine, session: Session
) -> None:
    type_in(line, "status = 'FAILED'")
    line.edit.committed.emit()
    type_in(line, " and metrics.x < <")
    line.edit.committed.emit()
    assert session.view.filter == "status = 'FAILED'"
    assert "at character 35" in line.trouble.text() and line.trouble.isVisible()
    (mark,) = line.edit.extraSelections()
    assert mark.cursor.selectedText() == "<" and mark.cursor.selectionEnd() == len(line.edit.toPlainText())
    for _ in range(2):
        QTest.keyClick(line.edit, Qt.Key.Key_Backspace)
    assert not line.edit.extraSelections(), "the mark goes with the next key"
    type_in(line, " 1")
    line.edit.committed.emit()
    assert line.trouble.isHidden() and session.view.filter.endswith("metrics.x < 1")


def test_what_may_be_a_slip_is_told_of_a_filter_that_works(
    qtbot: QtBot, line: FilterLine, session: Session, store: Store
) -> None:
    session.start()
    type_in(line, "status = 'failed' or metrics.loss < 1")
    line.edit.committed.emit()
    qtbot.waitUntil(line.doubt.isVisible)
    assert line.doubt.text().splitlines() == [
        "No status is written 'failed': did you mean 'FAILED'?",
        "No run has the metric 'loss'. Did you mean metrics.val/loss?",
    ]
    assert session.view.filter.startswith("status = 'failed'") and line.trouble.isHidden(), "it is applied, as MLflow's"
    with Script(store) as script:
        script.log(script.start(), "loss", [0.5])
        script.finish()
    qtbot.waitUntil(lambda: line.doubt.text().splitlines() == ["No status is written 'failed': did you mean 'FAILED'?"])
    type_in(line, " and")
    assert line.doubt.isHidden(), "it is not about what is typed now"
    line.edit.setPlainText("status = 'FAILED'")
    line.edit.committed.emit()
    qtbot.waitUntil(lambda: line.doubt.settled)
    assert line.doubt.isHidden()


def test_half_a_word_is_completed_by_the_keyboard(qtbot: QtBot, line: FilterLine, session: Session) -> None:
    popup = line.edit.completer_popup
    type_in(line, "params.opt")
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert line.edit.toPlainText() == "params.optimizer "
    type_in(line, "= ")
    qtbot.waitUntil(lambda: popup.isVisible() and popup.model().rowCount() == 2)
    assert popup.model().index(0, 0).data() == "'adam'", "the commonest first"
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    line.edit.committed.emit()
    assert session.view.filter == 'params.optimizer = "it\'s" '
    popup.hide()


WHOLE = "metrics.val/loss < 0.1 and params.optimizer = 'adam'"


def test_return_after_a_whole_condition_adds_nothing_to_it(qtbot: QtBot, line: FilterLine, session: Session) -> None:
    popup = line.edit.completer_popup
    type_in(line, WHOLE)
    qtbot.waitUntil(popup.isVisible)
    assert not popup.currentIndex().isValid(), "what nobody has asked for is not chosen"
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert session.view.filter == line.edit.toPlainText() == WHOLE and not popup.isVisible()


def test_a_word_that_is_chosen_after_a_closed_text_stands_apart_from_it(qtbot: QtBot, line: FilterLine) -> None:
    popup = line.edit.completer_popup
    type_in(line, WHOLE)
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert line.edit.toPlainText() == f"{WHOLE} and "
    popup.hide()


def test_proposals_cover_neither_the_line_nor_what_is_wrong_in_it(qtbot: QtBot, line: FilterLine) -> None:
    popup = line.edit.completer_popup
    type_in(line, "params.o")
    qtbot.waitUntil(popup.isVisible)

    def is_below() -> bool:
        return popup.y() >= line.mapToGlobal(QPoint(0, line.height())).y()

    assert is_below()
    qtbot.waitUntil(line.trouble.isVisible)
    qtbot.waitUntil(is_below)
    popup.hide()


@pytest.mark.parametrize("typed", ["params.bat", "params.`b", "size"])
def test_names_with_blanks_are_completed_in_quotes(
    qtbot: QtBot, line: FilterLine, session: Session, typed: str
) -> None:
    popup = line.edit.completer_popup
    type_in(line, typed)
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert line.edit.toPlainText() == "params.`batch size` "
    type_in(line, "= 3")
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert session.view.filter == "params.`batch size` = 3" and line.trouble.isHidden()
    popup.hide()


def paste(edit: FilterEdit, text: str) -> None:
    copied = QMimeData()
    copied.setText(text)
    edit.insertFromMimeData(copied)


def test_what_is_far_too_long_is_not_pasted_and_said_in_place(line: FilterLine, session: Session) -> None:
    type_in(line, "adam")
    paste(line.edit, "a" * 100_000)
    assert line.edit.toPlainText() == "adam" and line.trouble.isVisible()
    assert line.trouble.text() == "What is typed here has at most 10,000 characters; with this it has 100,004."
    line.edit.selectAll()
    paste(line.edit, "a" * 900 + "\nb")
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert session.view.filter == "a" * 900 + " b" and line.trouble.isHidden()


def test_a_long_filter_is_read_elsewhere_and_applied_if_nothing_else_was_typed_meanwhile(
    qtbot: QtBot, line: FilterLine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = " and ".join(["params.optimizer = 'adam'"] * 300)
    late = Held(fault_of)
    monkeypatch.setattr(line_module, "fault_of", late)
    paste(line.edit, many)
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert session.view.filter == "", "the window does not wait for it"
    qtbot.waitUntil(late.read.is_set)
    type_in(line, " and")
    late.let_go()
    qtbot.waitUntil(lambda: session.view.filter == many + " and")
    type_in(line, " < <")
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert session.view.filter == many + " and"
    qtbot.waitUntil(line.trouble.isVisible)
    assert session.view.filter == many + " and" and line.edit.extraSelections()


def test_a_filter_longer_than_the_line_takes_is_shown_cut_off_and_stays_whole(
    line: FilterLine, session: Session
) -> None:
    long = f"run_name in ({', '.join([quoted('a run')] * 2000)})"
    session.set_view(View(filter=long))
    assert line.edit.toPlainText() == f"{long[:9_999]}…"
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert session.view.filter == long and line.trouble.isHidden()
    line.clear()
    assert session.view.filter == ""


def test_escape_closes_the_proposals_first_and_then_leaves(qtbot: QtBot, line: FilterLine) -> None:
    popup = line.edit.completer_popup
    type_in(line, "stat")
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible() and line.edit.toPlainText() == "stat"
    with qtbot.waitSignal(line.edit.left):
        QTest.keyClick(line.edit, Qt.Key.Key_Escape)


def test_a_filter_from_elsewhere_is_shown_and_the_rest_of_the_view_stays(line: FilterLine, session: Session) -> None:
    shown = (metric("val/loss"),)
    session.set_view(View(filter="status = 'FINISHED'", added=shown))
    assert line.edit.toPlainText() == "status = 'FINISHED'"
    line.clear()
    assert session.view == View(added=shown)


def test_what_is_half_typed_outlives_other_changes_of_the_view(line: FilterLine, session: Session) -> None:
    session.set_view(View(filter="adam"))
    type_in(line, "(")
    line.edit.committed.emit()
    said = line.trouble.text()
    session.set_view(View(filter="adam", order=(SortKey(metric("loss")),)), "Sort")
    assert line.edit.toPlainText() == "(adam" or line.edit.toPlainText() == "adam("
    assert line.trouble.text() == said != ""
    session.set_view(View(filter="b"), "Filter")
    assert line.edit.toPlainText() == "b" and line.trouble.isHidden()


def test_the_beginning_of_a_field_is_no_word_to_search_for(line: FilterLine, session: Session) -> None:
    type_in(line, "metrics.")
    line.edit.committed.emit()
    assert session.view.filter == "" and "metrics." in line.trouble.text()


def test_lines_that_are_pasted_are_one_filter(qtbot: QtBot, line: FilterLine) -> None:
    from PySide6.QtCore import QMimeData

    pasted = QMimeData()
    pasted.setText("status = 'FAILED'\nand adam")
    line.edit.insertFromMimeData(pasted)
    assert line.edit.toPlainText() == "status = 'FAILED' and adam"


@pytest.mark.parametrize(("text", "names"), [("metrics.val/loss @ 0 > 0.9", 3), ("metrics.val/loss@-5 > 0.9", 0)])
def test_the_value_at_a_step_is_typed_as_it_is_said(line: FilterLine, session: Session, text: str, names: int) -> None:
    type_in(line, text)
    line.edit.completer_popup.hide()
    line.edit.committed.emit()
    assert line.trouble.isHidden() and session.view.filter == text
    assert len(run_ids(session.store, session.query)) == names


def test_a_formula_is_filtered_by_its_name_and_an_unknown_one_told_of(line: FilterLine, session: Session) -> None:
    session.set_view(set_formula(View(), "", "my half", "metrics.val/loss / 2"))
    type_in(line, "formulas.`my hal` > 0.4")
    line.edit.completer_popup.hide()
    line.edit.committed.emit()
    assert "no formula column 'my hal'" in line.trouble.text() and "formulas.`my half`" in line.trouble.text()
    line.edit.setPlainText("formulas.`my half` > 0.4")
    line.edit.committed.emit()
    assert line.trouble.isHidden() and session.view.filter == "formulas.`my half` > 0.4"
    assert len(run_ids(session.store, session.query)) == 3


def test_the_filter_is_written_as_large_as_all_else(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setFont(scaled(page.font(), 1.5))
    edit = FilterEdit(lambda _role: QColor("black"), page)
    assert edit.font().pointSizeF() == page.font().pointSizeF()


def test_an_expression_without_an_end_is_marked_and_the_last_filter_stays(
    qtbot: QtBot, line: FilterLine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "MOST_SECONDS", 0.05)
    endless = "run_name ~ '(a|aa)+$'"
    with session.store.writing() as transaction:
        transaction.connection.execute(schema.runs.update().values(name="a" * 40 + "!"))
    type_in(line, "adam")
    line.edit.committed.emit()
    line.edit.setPlainText(f"adam {endless}")
    line.edit.committed.emit()
    qtbot.waitUntil(lambda: "takes too long" in line.trouble.text())
    assert session.view.filter == "adam"
    (mark,) = line.edit.extraSelections()
    assert mark.cursor.selectedText() == "'(a|aa)+$'"
    line.edit.setPlainText("run_name ~ '^a+'")
    line.edit.committed.emit()
    qtbot.waitUntil(lambda: session.view.filter == "run_name ~ '^a+'")
    assert line.trouble.isHidden()
    session.set_view(View(endless))
    qtbot.waitUntil(lambda: "takes too long" in line.trouble.text())
