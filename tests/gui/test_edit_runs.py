"""One change to many runs, from the dialog to the store and back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from runfolio.core.states import NOTE
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs.edit_runs import EditRunsDialog, Kind
from runfolio.store import Store
from runfolio.store.bulk import read_runs
from runfolio.store.operations import set_tag
from tests.gui.conftest import Opener
from tests.gui.writing import Writer, is_written

ALL = [1, 2, 3, 4]


@pytest.fixture(name="window")
def _window(qtbot: QtBot, store: Store, open_window: Opener) -> MainWindow:
    writer = Writer(store.path)
    for number in range(4):
        run = writer.run(f"run-{number}")
        run.log_params({"lr": number / 10})
        writer.end(run)
    writer.commit()
    writer.close()
    set_tag(store, 1, "team", "vision")
    window = open_window(store)
    qtbot.waitUntil(lambda: window.runs.feed.settled and window.runs.feed.model.rowCount() == 4)
    window.runs.select_all()
    qtbot.waitUntil(lambda: len(window.session.selection.told) == 4)
    return window


def opened(qtbot: QtBot, window: MainWindow, action: str = "run.edit") -> EditRunsDialog:
    window.actions_by_id[action].trigger()
    (dialog,) = window.findChildren(EditRunsDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and bool(dialog.said.text()))
    return dialog


def apply(qtbot: QtBot, dialog: EditRunsDialog) -> None:
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Apply)
    qtbot.waitUntil(button.isEnabled)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def tags(window: MainWindow, key: str) -> list[str | None]:
    return [run.tags.get(key) for run in read_runs(window.session.store, ALL)]


def test_a_tag_for_all_by_the_keyboard_is_one_step(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = window.findChildren(EditRunsDialog)
    assert dialog.windowTitle() == "Edit 4 runs" and dialog.said.text() == "Which tag?"
    qtbot.keyClicks(dialog.key, "team")
    qtbot.keyClicks(dialog.value, "nlp")
    qtbot.keyClick(dialog.value, Qt.Key.Key_Return)
    assert dialog.isVisible() and dialog.value.text() == "nlp", "what it changes is not known yet"
    qtbot.waitUntil(lambda: dialog.said.text() == "Changes 4 of 4 runs.")
    shown = [[dialog.rows.item(row, column).text() for column in range(3)] for row in range(4)]
    assert ["run-0", "vision", "nlp"] in shown and ["run-3", "–", "nlp"] in shown
    before = len(window.session.undo)
    qtbot.keyClick(dialog.value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tags(window, "team") == ["nlp"] * 4)
    qtbot.waitUntil(lambda: is_written(window.session) and len(window.session.undo) == before + 1)
    window.session.undo.undo()
    qtbot.waitUntil(lambda: tags(window, "team") == ["vision", None, None, None])
    window.session.undo.redo()
    qtbot.waitUntil(lambda: tags(window, "team") == ["nlp"] * 4)


def test_runs_are_renamed_in_the_order_of_the_table(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.kind.setCurrentText(Kind.RENAME)
    assert dialog.value.text() == "{name}" and not dialog.key.isVisible()
    dialog.value.setText("{number}-lr{params.lr}")
    apply(qtbot, dialog)
    qtbot.waitUntil(lambda: read_runs(window.session.store, [4])[0].name == "1-lr0.3")
    qtbot.waitUntil(lambda: window.runs.feed.model.index(0, 0).data() == "1-lr0.3")


def test_a_pattern_tells_which_runs_lack_a_field_of_it(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.kind.setCurrentText(Kind.RENAME)
    dialog.value.setText("{tags.team} {params.lr} {params.depth}")
    without_team = "3 runs without tags.team, which stays empty: run-3, run-2, run-1."
    without_depth = "4 runs without params.depth, which stays empty: run-3, run-2, run-1, …"
    qtbot.waitUntil(lambda: dialog.said.text() == f"Changes 4 of 4 runs. {without_team} {without_depth}")
    qtbot.waitUntil(dialog.said.isVisible)
    # All of it can be read, once there is room made for it.
    qtbot.waitUntil(lambda: dialog.said.height() >= dialog.said.heightForWidth(dialog.said.width()))
    apply(qtbot, dialog)
    qtbot.waitUntil(lambda: read_runs(window.session.store, [1])[0].name == "vision 0.0")


def test_descriptions_of_several_lines(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window, "run.note")
    assert dialog.kind.currentText() == Kind.DESCRIBE
    dialog.note.setPlainText("first\n\nsecond ")
    apply(qtbot, dialog)
    qtbot.waitUntil(lambda: tags(window, NOTE) == ["first\n\nsecond"] * 4)


def test_what_is_wrong_is_said_in_place(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.kind.setCurrentText(Kind.RENAME)
    dialog.value.setText("{nothing}")
    qtbot.waitUntil(lambda: "no field {nothing}" in dialog.said.text())
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Apply).isEnabled()
    dialog.kind.setCurrentText(Kind.REMOVE_TAG)
    dialog.key.setText("nobody-has-it")
    qtbot.waitUntil(lambda: dialog.said.text() == "Changes 0 of 4 runs.")
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Apply).isEnabled()
    dialog.reject()


def test_one_run_is_tagged_in_the_inspector(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_runs([2])
    qtbot.waitUntil(lambda: window.inspector.details is not None and window.inspector.details.run.id == 2)
    window.actions_by_id["run.tag"].trigger()
    assert not window.findChildren(EditRunsDialog)


def test_a_dialog_that_is_closed_waits_for_no_answer(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.key.setText("team")
    qtbot.waitUntil(lambda: any(not job.cancelled for job in window.session.jobs.running))
    dialog.reject()
    # What the answers would be shown in is gone by then, and what is raised in a slot fails the test.
    qtbot.waitUntil(lambda: not window.findChildren(EditRunsDialog) and not window.session.jobs.running)


def test_a_number_with_a_comma_is_told_to_be_a_text(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.key.setText("score")
    dialog.value.setText("0,85")
    told = "Changes 4 of 4 runs. 0,85 is kept as a text: the number is written 0.85."
    qtbot.waitUntil(lambda: dialog.said.text() == told)
    dialog.value.setText("0.85")
    qtbot.waitUntil(lambda: dialog.said.text() == "Changes 4 of 4 runs.")
