"""The page of charts as the user arranges it: menus that move, resize, rename and remove, and what is undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.views import View, read_view
from runfolio.gui.columns.popup import Popup
from runfolio.gui.curves.answer import answer
from runfolio.gui.curves.ask_text import AskText
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.carrying import DropLine
from runfolio.gui.curves.lineup import Answer, Question
from runfolio.gui.curves.panel import CurvesPanel
from runfolio.gui.curves.section_heading import SectionHeading
from runfolio.gui.session import Session
from runfolio.store import Store
from tests.gui.charting import card, settle, shown
from tests.gui.seen import control, said
from tests.gui.writing import Writer

KEYS = ("loss", "train/acc", "train/loss", "val/acc", "val/loss")


@pytest.fixture
def panel(qtbot: QtBot, session: Session, writer: Writer) -> CurvesPanel:
    """The panel on the screen, with five charts in three sections."""
    run = writer.run("first")
    for key in KEYS:
        writer.points(run, key, [1.0, 0.5])
    writer.commit()
    return shown(qtbot, session)


def heading(panel: CurvesPanel, name: str) -> SectionHeading:
    return next(one for one in panel.findChildren(SectionHeading) if one.section.name == name)


def order(panel: CurvesPanel) -> list[str]:
    """The charts in the order of the page, as they are seen from the upper left."""
    cards = sorted(panel.grid.visible_cards(), key=lambda one: (one.y(), one.x()))
    assert [one.key for one in cards] == [one for one in panel.grid.keys if one in {card.key for card in cards}]
    return list(panel.grid.keys)


def open_menu(part: ChartCard | SectionHeading) -> QMenu:
    """The menu of a chart or a section, opened by its button."""
    button = next(one for one in part.findChildren(QWidget) if one.accessibleName().startswith("Menu of the"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return [one for one in part.findChildren(QMenu) if one.isVisible()][-1]


def titles(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def choose(part: ChartCard | SectionHeading, *path: str) -> None:
    """Choose something in the menu of a chart or a section."""
    menu = top = open_menu(part)
    for title in path[:-1]:
        menu = next(one for one in menu.findChildren(QMenu) if one.title() == title)
    action = next(action for action in menu.actions() if action.text() == path[-1])
    assert action.isEnabled()
    action.trigger()
    if not any(one.isVisible() for one in part.window().findChildren(Popup)):
        top.close()  # with a menu, the offscreen platform closes what it has opened


def popup(panel: CurvesPanel) -> AskText:
    """What asks for a name."""
    return next(one for one in panel.window().findChildren(AskText) if one.isVisible())


def type_into_popup(panel: CurvesPanel, text: str) -> None:
    asked = popup(panel)
    asked.field.setText(text)
    QTest.keyClick(asked.field, Qt.Key.Key_Return)


def test_a_chart_of_no_metric_has_its_menu_and_goes_by_it(panel: CurvesPanel, qtbot: QtBot) -> None:
    panel.arranger.add("None", "nothing like it", ())
    settle(qtbot, panel)
    offered = titles(menu := open_menu(card(panel, "=1")))
    menu.close()
    assert offered["Change What It Shows…"] and not any(title.startswith("Show Only the Best") for title in offered)
    choose(card(panel, "=1"), "Remove Chart")
    assert order(panel) == list(KEYS)


def test_a_chart_is_removed_put_back_and_undone(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    choose(card(panel, "train/loss"), "Remove Chart")
    assert order(panel) == ["loss", "train/acc", "val/acc", "val/loss"] and "4 charts" in said(panel.toolbar)
    session.undo.undo()
    assert order(panel) == list(KEYS)
    session.undo.redo()
    choose(heading(panel, "val"), "Put Back Removed Charts (1)")
    settle(qtbot, panel)
    assert order(panel) == list(KEYS) and card(panel, "train/loss").plot.drawn and session.view == View()


def test_without_any_chart_it_is_said_how_they_come_back(panel: CurvesPanel, qtbot: QtBot) -> None:
    for key in KEYS:
        panel.arranger.remove(key)
    assert "All charts are removed. “Put Back Removed Charts” (Ctrl+K) shows them again." in said(panel)
    panel.show_metric("val/acc")
    settle(qtbot, panel)
    assert order(panel) == ["val/acc"], "the way to a metric puts its chart back"


def test_a_chart_moves_earlier_and_later_as_far_as_it_goes(panel: CurvesPanel, session: Session) -> None:
    menu = open_menu(card(panel, "val/acc"))
    assert not titles(menu)["Move Earlier"] and titles(menu)["Move Later"]
    menu.close()
    choose(card(panel, "val/acc"), "Move Later")
    assert order(panel) == ["loss", "train/acc", "train/loss", "val/loss", "val/acc"]
    choose(card(panel, "val/acc"), "Move Earlier")
    assert order(panel) == list(KEYS)
    session.undo.undo()
    assert order(panel)[-1] == "val/acc" and session.undo.undo_text == "Move Chart"


def test_a_chart_moves_to_another_section_or_a_new_one(panel: CurvesPanel, session: Session) -> None:
    choose(card(panel, "train/loss"), "Move to Section", "val")
    assert order(panel) == ["loss", "train/acc", "val/acc", "val/loss", "train/loss"]
    assert "3 charts" in said(heading(panel, "val"))
    choose(card(panel, "loss"), "Move to Section", "New Section…")
    type_into_popup(panel, " of  mine ")
    assert [one.name for one in panel.grid.sections] == ["of mine", "train", "val"]
    assert heading(panel, "of mine").isVisible()
    choose(card(panel, "loss"), "Move to Section", "train")
    assert "of mine" not in [one.name for one in panel.grid.sections], "without a chart there is no section"
    session.undo.undo()
    assert heading(panel, "of mine").section.charts[0].key == "loss"


def test_a_chart_is_made_larger_and_smaller(panel: CurvesPanel, session: Session) -> None:
    chart = card(panel, "loss")
    width, height = chart.width(), chart.height()
    choose(chart, "Two Columns Wide")
    assert chart.width() > 1.9 * width
    choose(chart, "Two Rows Tall")
    assert chart.height() > 1.9 * min(height, card(panel, "val/acc").height())
    menu = open_menu(chart)
    assert {action.text() for action in menu.actions() if action.isChecked()} == {"Two Columns Wide", "Two Rows Tall"}
    menu.close()
    choose(chart, "Two Columns Wide")
    choose(chart, "Two Rows Tall")
    assert (chart.width(), chart.height()) == (width, height) and session.view == View()


def test_a_chart_is_renamed_and_gets_its_metrics_name_back(panel: CurvesPanel, session: Session) -> None:
    chart = card(panel, "val/loss")
    choose(chart, "Rename Chart…")
    type_into_popup(panel, "Held-out loss <b>")
    assert "Held-out loss <b>" in said(chart) and chart.accessibleName() == "Chart of Held-out loss <b>"
    control(panel, QLineEdit, "Filter charts").setText("held-out")
    assert order(panel) == ["val/loss"], "the filter knows both names"
    control(panel, QLineEdit, "Filter charts").setText("val/loss")
    assert order(panel) == ["val/loss"]
    control(panel, QLineEdit, "Filter charts").clear()
    choose(card(panel, "val/loss"), "Rename Chart…")
    type_into_popup(panel, "")
    assert "val/loss" in said(card(panel, "val/loss")) and session.view == View()


def test_a_name_that_is_not_taken_changes_nothing(panel: CurvesPanel, session: Session) -> None:
    choose(card(panel, "loss"), "Rename Chart…")
    asked = popup(panel)
    asked.field.setText("something else")
    QTest.keyClick(asked.field, Qt.Key.Key_Escape)
    assert not asked.isVisible() and session.view == View() and session.undo.last is None


def test_the_context_menu_key_opens_the_menu_of_the_chart(panel: CurvesPanel) -> None:
    chart = card(panel, "loss")
    chart.plot.setFocus()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), chart.plot.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(chart.plot.viewport(), event)
    menu = next(one for one in chart.findChildren(QMenu) if one.isVisible())
    assert {"Rename Chart…", "Remove Chart", "Export Chart…"} <= titles(menu).keys()
    menu.close()


def test_sections_are_moved_renamed_and_folded_together(panel: CurvesPanel, session: Session) -> None:
    choose(heading(panel, "val"), "Move Up")
    assert [one.name for one in panel.grid.sections] == ["", "val", "train"]
    choose(heading(panel, "val"), "Rename Section…")
    type_into_popup(panel, "Held out")
    assert control(heading(panel, "val"), QWidget, "Section Held out, 2 charts, open")
    choose(heading(panel, "val"), "Fold All Sections")
    assert [one.key for one in panel.grid.visible_cards()] == ["loss"]
    choose(heading(panel, "val"), "Unfold All Sections")
    panel.arranger.reset()
    assert order(panel) == list(KEYS) and session.view == View()
    session.undo.undo()
    assert [one.title for one in panel.grid.sections] == ["", "Held out", "train"]


def carry(panel: CurvesPanel, key: str, to: QPoint, *, let_go: bool = True) -> ChartCard:
    """Press on the heading of a chart and move it to a place of the grid."""
    chart = card(panel, key)
    start = QPoint(8, 8)
    QTest.mousePress(chart.heading, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.5, 1.0):
        there = chart.heading.mapFromGlobal(panel.grid.viewport().mapToGlobal(to))
        QTest.mouseMove(chart.heading, start + (there - start) * share)
    if let_go:
        QTest.mouseRelease(chart.heading, Qt.MouseButton.LeftButton, pos=there)
    return chart


def beside(panel: CurvesPanel, key: str, right: bool) -> QPoint:
    rect = card(panel, key).geometry()
    return rect.center() + QPoint(rect.width() // 4 * (1 if right else -1), 0)


def test_a_chart_is_carried_by_its_heading(panel: CurvesPanel, session: Session) -> None:
    carry(panel, "train/loss", beside(panel, "train/acc", right=False))
    assert order(panel) == ["loss", "train/loss", "train/acc", "val/acc", "val/loss"]
    carry(panel, "loss", beside(panel, "val/acc", right=True))
    assert order(panel) == ["train/loss", "train/acc", "val/acc", "loss", "val/loss"]
    session.undo.undo()
    session.undo.undo()
    assert session.view == View() and order(panel) == list(KEYS)


def test_a_line_shows_where_a_chart_goes_and_escape_leaves_it(panel: CurvesPanel, session: Session) -> None:
    chart = carry(panel, "loss", beside(panel, "train/loss", right=True), let_go=False)
    (line,) = (one for one in panel.findChildren(DropLine) if one.isVisible())
    assert line.geometry().left() > card(panel, "train/loss").geometry().right()
    QTest.keyClick(chart.heading, Qt.Key.Key_Escape)
    assert not line.isVisible()
    QTest.mouseRelease(chart.heading, Qt.MouseButton.LeftButton)
    assert session.view == View()
    carry(panel, "loss", QPoint(-50, -50))
    assert session.view == View() and not line.isVisible(), "it is let go of elsewhere"


def test_a_click_on_a_heading_moves_nothing(panel: CurvesPanel, session: Session) -> None:
    QTest.mouseClick(card(panel, "val/acc").heading, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert session.view == View() and session.undo.last is None


def test_what_the_filter_hides_keeps_its_place(panel: CurvesPanel) -> None:
    panel.arranger.move("loss", "train")
    control(panel, QLineEdit, "Filter charts").setText("train/acc")
    panel.arranger.move_beside("val/loss", "train", "train/acc", after=True)
    control(panel, QLineEdit, "Filter charts").clear()
    assert order(panel) == ["train/acc", "val/loss", "train/loss", "loss", "val/acc"]


def test_a_view_brings_its_arrangement_along(panel: CurvesPanel, session: Session, qtbot: QtBot) -> None:
    panel.arranger.move("loss", "val", "val/loss")
    panel.arranger.add("Losses", "loss$", (), "train")
    panel.arranger.fold("train")
    settle(qtbot, panel)
    arranged, kept = order(panel), session.view.to_json()
    session.set_view(View())
    settle(qtbot, panel)
    assert order(panel) == list(KEYS)
    session.set_view(read_view(kept)[0])
    settle(qtbot, panel)
    assert order(panel) == arranged == ["=1", "train/acc", "train/loss", "val/acc", "loss", "val/loss"]
    assert [one.key for one in panel.grid.visible_cards()] == ["val/acc", "loss", "val/loss"]


def test_what_is_moved_is_not_read_again(panel: CurvesPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[Question] = []

    def asked(store: Store, question: Question) -> Answer:
        questions.append(question)
        return answer(store, question)

    monkeypatch.setattr("runfolio.gui.curves.panel.answer", asked)
    panel.arranger.move("loss", "val", "val/loss")
    panel.arranger.rename("val/acc", "Accuracy")
    panel.arranger.resize(card(panel, "loss").chart, 1, 2)
    settle(qtbot, panel)
    assert not [wanted for question in questions for wanted in question.wanted]
