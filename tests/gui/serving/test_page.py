"""The page of servers, with real ones of a small model: served, tried, compared, replayed, stopped, found again."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.core.serving.records import Wanted
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import SERVING
from runfolio.gui.registry.board import Board
from runfolio.gui.registry.page import RegistryPage
from runfolio.gui.serving.dialog import ServeDialog
from runfolio.gui.serving.page import ServingPage
from runfolio.gui.serving.rows import ServerColumn
from runfolio.serving import control, notes
from runfolio.store import Store, open_store
from runfolio.store.registry.transitions import transition
from tests.gui.conftest import Opener
from tests.other_processes import lives, until
from tests.serving.registered import NAME, fill

#: Milliseconds that a server may take to load its libraries.
LOADS = 40_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "store"
    fill(folder)
    return folder


@pytest.fixture
def served(filled: Path) -> Iterator[Store]:
    """A store with the model, whose servers are ended after the test."""
    store = open_store(filled)
    yield store
    for one in notes.servers(filled):
        control.stop(filled, one.id)
        notes.forget(filled, one.id)


def page_of(window: MainWindow) -> ServingPage:
    page = window.middle.currentWidget()
    assert isinstance(page, ServingPage)
    return page


def dialog_of(qtbot: QtBot, window: MainWindow) -> ServeDialog:
    """The dialog that asks how a model is to be served, once it is there."""

    def shown() -> list[ServeDialog]:
        return [one for one in window.findChildren(ServeDialog) if one.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def wait_for(qtbot: QtBot, page: ServingPage, number: int) -> None:
    """Wait until so many servers answer."""
    rows = page.table.servers
    qtbot.waitUntil(lambda: sum(row.answers for row in rows.rows) == number, timeout=LOADS)
    qtbot.waitUntil(lambda: bool(page.trying.form.fields))


def cell(page: ServingPage, row: int, column: ServerColumn) -> str:
    return str(page.table.servers.index(row, column).data())


def test_a_model_is_served_from_its_board_tried_compared_and_stopped(
    qtbot: QtBot, served: Store, open_window: Opener, tmp_path: Path
) -> None:
    window = open_window(served)
    window.actions_by_id["view.registry"].trigger()
    registry = window.middle.currentWidget()
    assert isinstance(registry, RegistryPage) and isinstance(registry.shown, Board)
    qtbot.waitUntil(lambda: window.session.registry.model == NAME)
    registry.shown.serve_button.click()
    dialog = dialog_of(qtbot, window)
    assert dialog.model.currentText() == f"models:/{NAME}/Production"
    offered = [dialog.model.itemText(at) for at in range(dialog.model.count())]
    assert offered == [f"models:/{NAME}/{which}" for which in ("Production", "2", "1")]
    dialog.accept()
    assert window.middle.shown == SERVING
    page = page_of(window)
    window.session.serving.serve_asked.emit(f"models:/{NAME}/1")
    dialog_of(qtbot, window).accept()
    wait_for(qtbot, page, 2)
    assert {cell(page, row, ServerColumn.STATE) for row in (0, 1)} == {"● answers"}
    follows = next(row for row in page.table.servers.rows if row.info.wanted.uri.endswith("Production"))
    page.table.choose(follows.info.id)
    tried = page.trying
    qtbot.waitUntil(lambda: tried.settled and tried.send.isEnabled())

    # A row is typed, and sent by the keyboard; without a screen, nobody makes the window active again after a dialog.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first = tried.form.fields["a"]
    assert first.text() == "0.5"  # type: ignore[union-attr]
    first.setFocus()
    first.selectAll()  # type: ignore[union-attr]
    QTest.keyClicks(first, "3")
    assert json.loads(tried.request.toPlainText()) == {"dataframe_records": [{"a": 3.0, "b": 1.0}]}
    QTest.keyClick(first, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: tried.settled and bool(tried.answers[0].body.toPlainText()))
    assert json.loads(tried.answers[0].body.toPlainText()) == {"predictions": [pytest.approx(6.0)]}
    assert tried.answers[0].told.text().startswith("✓ 200 · v1 · ")
    assert not tried.answers[1].isVisible()
    tried.curl.click()
    assert QGuiApplication.clipboard().text().startswith(f"curl {follows.info.address}/invocations")

    # The same row goes to the other server: version 1 both, then version 2 comes into the stage.
    tried.other.setCurrentIndex(1)
    tried.send.click()
    qtbot.waitUntil(lambda: tried.settled and "the same" in tried.verdict.text())
    transition(served, NAME, 2, "Production")
    qtbot.waitUntil(lambda: page.table.current is not None and page.table.current.version == "2", timeout=LOADS)
    qtbot.waitUntil(lambda: tried.settled)
    tried.send.click()
    qtbot.waitUntil(lambda: tried.settled and "differs" in tried.verdict.text())
    assert tried.verdict.text() == "≠ 1 of 1 value differs, by 3 at most."
    assert "v2" in tried.answers[0].told.text() and "v1" in tried.answers[1].told.text()
    assert first.text() == "3", "what was typed stays"  # type: ignore[union-attr]

    # What is no request is told, by the page and by the server.
    tried.request.setPlainText("{")
    qtbot.waitUntil(lambda: tried.verdict.text() == "The request is no JSON.")
    assert not tried.send.isEnabled()
    tried.request.setPlainText('{"dataframe_records": [{"b": 1}]}')
    qtbot.waitUntil(lambda: tried.settled and tried.send.isEnabled())
    tried.send.click()
    qtbot.waitUntil(lambda: tried.settled and tried.answers[0].told.text().startswith("✕ 400"))
    assert "error_code" in tried.answers[0].body.toPlainText()

    # A file is replayed to both.
    page.tabs.setCurrentIndex(1)
    replayed = page.replaying
    file = tmp_path / "rows.csv"
    file.write_text("a,b\n" + "".join(f"{row / 10},1\n" for row in range(250)))
    replayed.rows.setValue(100)
    replayed.other.setCurrentIndex(1)
    replayed.replay(file)
    qtbot.waitUntil(lambda: replayed.settled and "250 rows" in replayed.told.text())
    shown = replayed.bars.shown
    assert shown is not None and shown.edges is not None
    assert [int(one.sum()) for one in shown.counts] == [250, 250]
    assert shown.edges[-1] == pytest.approx(3 * 24.9)
    assert "■ mine/Production v2" in replayed.legend[0].text() and "mine/1 v1" in replayed.legend[1].text()
    QTest.keyClick(replayed.bars, Qt.Key.Key_Right)
    assert "mine/Production v2" in replayed.told.text()

    # It is stopped, forgotten, and remembered again; the other one ends with the window.
    address = follows.info.address
    page.commands.copy_address()
    assert QGuiApplication.clipboard().text() == address
    page.buttons["stop"].click()
    qtbot.waitUntil(lambda: page.table.current is not None and not page.table.current.info.running, timeout=LOADS)
    assert not tried.send.isEnabled() and not page.buttons["stop"].isEnabled()
    page.buttons["forget"].click()
    qtbot.waitUntil(lambda: len(page.table.servers.rows) == 1)
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: len(page.table.servers.rows) == 2)
    window.close()
    qtbot.waitUntil(lambda: not any(one.running for one in notes.servers(served.path)), timeout=LOADS)


def test_a_detached_server_outlives_its_window_and_is_found_by_another(
    qtbot: QtBot, served: Store, open_window: Opener
) -> None:
    first = open_window(served)
    first.actions_by_id["server.serve"].trigger()
    dialog = dialog_of(qtbot, first)
    dialog.model.setCurrentText(f"models:/{NAME}/1")
    dialog.detached.setChecked(True)
    dialog.others.setChecked(True)
    dialog.token.setText("mellon")
    dialog.accept()
    wait_for(qtbot, page_of(first), 1)
    first.close()

    second = open_window(open_store(served.path))
    second.actions_by_id["view.serving"].trigger()
    page = page_of(second)
    wait_for(qtbot, page, 1)
    row = page.table.current
    assert row is not None and row.info.wanted.detached and row.info.wanted.token == "mellon"
    page.trying.ask()
    qtbot.waitUntil(lambda: page.trying.settled and bool(page.trying.answers[0].body.toPlainText()))
    assert page.trying.answers[0].told.text().startswith("✓ 200 · v1")
    page.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: row.info.address in page.log.toPlainText())


def test_what_gets_no_answer_is_cancelled_and_a_server_that_is_killed_is_told(
    qtbot: QtBot, served: Store, open_window: Opener, tmp_path: Path
) -> None:
    window = open_window(served)
    window.session.serving.serve_asked.emit(f"models:/{NAME}/1")
    dialog_of(qtbot, window).accept()
    page = page_of(window)
    wait_for(qtbot, page, 1)
    row = page.table.current
    assert row is not None and row.status is not None
    (model,) = row.status.processes
    os.kill(model, signal.SIGSTOP)  # a model that does not come to an end
    try:
        tried = page.trying
        qtbot.waitUntil(lambda: tried.settled and tried.send.isEnabled())
        tried.send.click()
        assert (tried.send.text(), tried.settled) == ("Cancel", False)
        tried.send.click()
        assert (tried.send.text(), tried.settled, tried.send.isEnabled()) == ("Send", True, True)
        assert not tried.answers[0].body.toPlainText()

        page.tabs.setCurrentIndex(1)
        file = tmp_path / "rows.csv"
        file.write_text("a,b\n1,1\n")
        page.replaying.replay(file)
        assert not page.replaying.settled
        page.replaying.work.stop.click()
        assert page.replaying.settled
        qtbot.waitUntil(lambda: not window.session.jobs.running)
        os.kill(row.info.process, signal.SIGKILL)
        qtbot.waitUntil(lambda: cell(page, 0, ServerColumn.STATE) == "✕ was killed", timeout=LOADS)
    finally:
        os.kill(model, signal.SIGCONT)
    until(lambda: not lives(model))
    assert page.buttons["restart"].isEnabled()


def test_a_server_that_does_not_begin_is_told_with_its_reason(qtbot: QtBot, served: Store, open_window: Opener) -> None:
    window = open_window(served)
    window.session.serving.serve_asked.emit("models:/nobody/1")
    dialog = dialog_of(qtbot, window)
    dialog.model.setCurrentText("")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    dialog.model.setCurrentText("models:/nobody/1")
    dialog.accept()
    page = page_of(window)
    qtbot.waitUntil(lambda: len(page.table.servers.rows) == 1, timeout=LOADS)
    qtbot.waitUntil(lambda: cell(page, 0, ServerColumn.STATE) == "✕ did not start", timeout=LOADS)
    qtbot.waitUntil(lambda: "nobody" in page.log.toPlainText())
    page.commands.forget()
    qtbot.waitUntil(lambda: page.notice.isVisible())


def test_all_that_have_ended_are_forgotten_at_one_time_and_come_back(
    qtbot: QtBot, served: Store, open_window: Opener
) -> None:
    for at in range(3):
        info = notes.new_server(Wanted(f"models:/{NAME}/{at}"))
        notes.write(served.path, replace(info, address="http://127.0.0.1:1"))
        (notes.folder_of(served.path, info.id) / notes.LOG).write_text(f"log {at}")
    window = open_window(served)
    window.actions_by_id["view.serving"].trigger()
    page = page_of(window)
    qtbot.waitUntil(lambda: len(page.table.servers.rows) == 3)
    window.actions_by_id["server.forget_ended"].trigger()
    qtbot.waitUntil(lambda: not page.table.servers.rows)
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: len(page.table.servers.rows) == 3)
    qtbot.waitUntil(lambda: page.log.toPlainText().startswith("log "))
