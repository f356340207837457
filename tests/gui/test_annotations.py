"""Annotations in charts: made by mouse and keyboard, shown, listed, changed, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMenu, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from runfolio.core.columns import param
from runfolio.core.views import View
from runfolio.gui.curves.annotating import show_annotations
from runfolio.gui.curves.canvas import Zoom
from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.lineup import owner_of
from runfolio.gui.curves.note_dialog import NoteDialog
from runfolio.gui.curves.notes_dialog import NotesDialog
from runfolio.gui.curves.options import Options
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.main_window import MainWindow
from runfolio.store import Store
from runfolio.store.annotations import add_annotation, annotations_of
from runfolio.store.trash import delete_runs
from tests.gui.conftest import Opener
from tests.gui.seen import control
from tests.gui.writing import Writer

NO_KEY, SHIFT, CONTROL = (Qt.KeyboardModifier[f"{name}Modifier"] for name in ("No", "Shift", "Control"))


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    writer = Writer(store.path)
    for number in range(2):
        run = writer.run(f"run-{number}")
        run.log_params({"opt": "adam"})
        writer.points(run, "loss", [number + 1 / (1 + step) for step in range(101)])
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


def at(card: ChartCard, x: float, y: float) -> QPoint:
    """The place in the chart of plot coordinates."""
    return QPoint(card.plot.mapFromScene(card.plot.view.mapViewToScene(QPointF(x, y))))


def drag(card: ChartCard, first: QPoint, last: QPoint, held: Qt.KeyboardModifier) -> None:
    view = card.plot.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, held, first)
    for place in (first + QPoint(12, 3), last):
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, held, last)


def asked(window: MainWindow) -> NoteDialog:
    (dialog,) = (one for one in window.findChildren(NoteDialog) if one.isVisible())
    return dialog


def answer(qtbot: QtBot, dialog: NoteDialog, text: str) -> None:
    dialog.text.setPlainText(text)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def marked(qtbot: QtBot, window: MainWindow, number: int) -> None:
    """Wait for so many marks."""
    qtbot.waitUntil(lambda: len(loss(window).plot.marks.marks) == number, timeout=5000)
    settle(qtbot, window)


def test_a_stretch_is_annotated_by_dragging_with_shift(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    card = loss(window)
    before = card.plot.span_x()
    drag(card, at(card, 20, 1.03), at(card, 40, 0.5), SHIFT)
    dialog = asked(window)
    assert card.plot.span_x() == before  # neither panned nor zoomed
    assert dialog.run.currentText() == "run-1" and not dialog.key.isVisible()
    assert [int(field.text()) for field in (dialog.first, dialog.last)] == pytest.approx([20, 40], abs=1)
    dialog.first.setText("20")
    dialog.last.setText("4o")
    dialog.text.setPlainText("warm-up ended")
    assert dialog.trouble.text() == "A step is a whole number, and 4o is none."
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.last.setText("40")
    answer(qtbot, dialog, "warm-up <b>ended</b>")
    marked(qtbot, window, 1)
    (mark,) = card.plot.marks.marks
    assert (mark.first, mark.last) == (20, 40)
    assert card.plot.said_at(QPointF(30, 0.2)) == "run-1 · loss · steps 20 to 40: warm-up <b>ended</b>"
    assert card.plot.said_at(QPointF(60, 0.2)) == ""
    run = next(owner_of(one) for one, drawn in card.plot.drawn.items() if drawn.stroke.y[0] > 1.5)
    assert mark.color == card.plot.look.color(run, card.plot.light_of(run))
    window.actions_by_id["edit.undo"].trigger()
    marked(qtbot, window, 0)
    window.actions_by_id["edit.redo"].trigger()
    marked(qtbot, window, 1)
    assert len(annotations_of(store, [run])) == 1


def test_a_mark_is_seen_and_has_a_tool_tip(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    card = loss(window)
    plain = card.plot.grab().toImage()
    add_annotation(store, 1, "loss", 50, 70, "spike")
    marked(qtbot, window, 1)
    place = at(card, 60, 0.5)
    assert card.plot.grab().toImage().pixelColor(place) != plain.pixelColor(place)
    elsewhere = at(card, 20, 0.5)
    assert card.plot.grab().toImage().pixelColor(elsewhere) == plain.pixelColor(elsewhere)
    view = card.plot.viewport()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert "steps 50 to 70: spike" in QToolTip.text()
    QToolTip.hideText()


def test_all_is_done_by_the_keyboard(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    card = loss(window)
    card.plot.zoomed.emit(Zoom((10.0, 30.0)))
    window.actions_by_id["chart.annotate"].trigger()
    dialog = asked(window)
    assert (dialog.first.text(), dialog.last.text()) == ("10", "30")
    dialog.run.setCurrentText("run-0")
    answer(qtbot, dialog, "first")
    marked(qtbot, window, 1)
    window.actions_by_id["chart.annotations"].trigger()
    (notes,) = window.findChildren(NotesDialog)
    assert notes.list.item(0).text() == "run-0 · loss · steps 10 to 30\nfirst"
    notes.list.setFocus()
    notes.list.itemActivated.emit(notes.list.item(0))
    changing = asked(window)
    assert not changing.run.isVisible() and changing.text.toPlainText() == "first"
    changing.last.setText("10")
    answer(qtbot, changing, "second")
    qtbot.waitUntil(lambda: notes.list.item(0).text() == "run-0 · loss · step 10\nsecond")
    qtbot.keyClick(notes.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: notes.list.count() == 0 and not notes.edit.isEnabled())
    assert annotations_of(store, [1, 2]) == []
    window.session.undo.undo()
    qtbot.waitUntil(lambda: notes.list.count() == 1)
    notes.reject()


def test_the_menu_of_a_chart_says_how_many_there_are(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    add_annotation(store, 1, "loss", 1, 2, "one")
    add_annotation(store, 2, "acc", 1, 2, "of another metric")
    marked(qtbot, window, 1)
    qtbot.mouseClick(control(loss(window), QToolButton, "Menu of the chart"), Qt.MouseButton.LeftButton)
    (menu,) = loss(window).findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert {"Annotate…", "Annotations (1)…"} <= {action.text() for action in menu.actions()}
    menu.close()


def test_marks_follow_axes_groups_and_the_trash(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    charts = window.page.charts
    assert charts is not None
    add_annotation(store, 1, "loss", 0, 10, "begin")
    add_annotation(store, 2, "loss", 100, 100, "end")
    marked(qtbot, window, 2)
    charts.toolbar.show_options(Options(log_x=True))
    settle(qtbot, window)
    assert [(mark.first, mark.last) for mark in loss(window).plot.marks.marks] == [(1, 1), (2, 2)]
    loss(window).plot.grab()
    charts.toolbar.show_options(Options(x=XAxis.RELATIVE))
    settle(qtbot, window)
    assert loss(window).plot.marks.marks == ()
    window.actions_by_id["chart.annotate"].trigger()
    assert "choose step as the horizontal axis" in window.strip.text
    charts.toolbar.show_options(Options())
    window.session.set_view(View(group_by=(param("opt"),)), "Group")
    qtbot.waitUntil(lambda: charts.lineup.grouped)
    marked(qtbot, window, 2)
    assert len({mark.color.name() for mark in loss(window).plot.marks.marks}) == 1
    window.session.set_view(View(), "No groups")
    delete_runs(store, [2])
    marked(qtbot, window, 1)
    assert loss(window).plot.marks.marks[0].text.endswith("begin")


def test_a_drag_with_control_pans_and_a_click_picks(qtbot: QtBot, window: MainWindow) -> None:
    card = loss(window)
    card.plot.zoomed.emit(Zoom((20.0, 60.0)))
    settle(qtbot, window)
    drag(card, at(card, 40, 0.5), at(card, 30, 0.5), CONTROL)
    left, right = card.plot.span_x()
    assert left == pytest.approx(30, abs=0.5) and right - left == pytest.approx(40)
    with qtbot.waitSignal(card.plot.clicked) as clicked:
        QTest.mouseClick(card.plot.viewport(), Qt.MouseButton.LeftButton, CONTROL, at(card, 50, 0.5))
    assert clicked.args[1] is True
    assert not window.findChildren(NoteDialog)


def test_a_store_that_cannot_be_written_is_told_before_words_are_typed(qtbot: QtBot, window: MainWindow) -> None:
    window.session.read_only = "The store is on a disk that is read-only."
    card = loss(window)
    drag(card, at(card, 20, 0.5), at(card, 40, 0.5), SHIFT)
    assert window.strip.text == "The store is on a disk that is read-only."
    assert not window.findChildren(NoteDialog)
    show_annotations(card, window.session)
    (notes,) = window.findChildren(NotesDialog)
    assert not notes.new.isEnabled() and not notes.remove.isEnabled()
    notes.reject()
