"""What is typed for a server is what it is sent, whatever was typed before; the server says what rows it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.gui.serving.rows import ServerRow
from runfolio.gui.serving.try_panel import TryPanel
from runfolio.serving.asking import Status
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.serving.answering import answering

COLUMNS = {"age": {"type": "integer"}, "plan": {"type": "string"}}
ROWS = {"type": "array", "items": {"type": "object", "properties": COLUMNS, "required": ["age"]}}
CONTENT = {"application/json": {"schema": {"oneOf": [{"properties": {"dataframe_records": ROWS}}]}}}
DOCUMENT = {"paths": {"/invocations": {"post": {"requestBody": {"content": CONTENT}}}}}


class Form(ThreadingHTTPServer):
    """Takes an age and a plan, and keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[Any] = []


class Answering(BaseHTTPRequestHandler):
    server: Form

    def do_GET(self) -> None:
        self.answer(DOCUMENT)

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer({"predictions": [1.0]})

    def answer(self, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def server() -> Iterator[Form]:
    with answering(Form()) as one:
        yield one


@pytest.fixture
def panel(qtbot: QtBot, store: Store, open_window: Opener, server: Form) -> TryPanel:
    """One that asks the server, whose form is there."""
    found = TryPanel(open_window(store).session)
    qtbot.addWidget(found)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    found.show_server(ServerRow(ServerInfo("a1", Wanted("m"), address, "", 1, 0, running=True), Status(ready=True)))
    found.show()
    qtbot.waitUntil(lambda: found.settled and set(found.form.fields) == {"age", "plan"})
    return found


def type_in(qtbot: QtBot, panel: TryPanel, name: str, text: str) -> None:
    field = panel.form.fields[name]
    assert isinstance(field, QLineEdit)
    field.clear()
    qtbot.keyClicks(field, text)


def test_nothing_is_sent_while_a_field_means_no_value(qtbot: QtBot, panel: TryPanel, server: Form) -> None:
    type_in(qtbot, panel, "age", "3.5")
    assert panel.verdict.text() == "age: '3.5' is no whole number."
    assert not panel.send.isEnabled() and not panel.curl.isEnabled()
    panel.ask()
    type_in(qtbot, panel, "plan", "gold")
    assert not panel.send.isEnabled()
    type_in(qtbot, panel, "age", "35")
    assert panel.verdict.text() == "" and panel.send.isEnabled()
    panel.ask()
    qtbot.waitUntil(lambda: panel.settled)
    assert server.asked == [{"dataframe_records": [{"age": 35, "plan": "gold"}]}]


def test_a_request_that_is_typed_takes_the_place_of_a_field_that_was_wrong(qtbot: QtBot, panel: TryPanel) -> None:
    type_in(qtbot, panel, "age", "old")
    assert not panel.send.isEnabled()
    panel.request.setPlainText('{"dataframe_records": [{"age": 4}]}')
    qtbot.waitUntil(lambda: panel.settled and panel.send.isEnabled())
    field = panel.form.fields["age"]
    assert isinstance(field, QLineEdit) and field.text() == "4"


def test_the_other_rows_stay_when_the_first_is_typed(qtbot: QtBot, panel: TryPanel) -> None:
    panel.request.setPlainText('{"dataframe_split": {"columns": ["age", "plan"], "data": [[1, "a"], [2, "b"]]}}')
    qtbot.waitUntil(lambda: panel.settled and panel.verdict.text() == "2 rows; the form shows the first")
    type_in(qtbot, panel, "age", "7")
    rows = [{"age": 7, "plan": "a"}, {"age": 2, "plan": "b"}]
    assert json.loads(panel.request.toPlainText()) == {"dataframe_records": rows}
    panel.request.setPlainText(json.dumps({"dataframe_records": rows * 60}))
    qtbot.waitUntil(lambda: panel.settled and panel.verdict.text() == "120 rows, too many for the form")
    assert not panel.form.isEnabled() and panel.send.isEnabled()


def test_two_that_answer_the_same_are_told_in_letters_that_every_font_has(
    qtbot: QtBot, panel: TryPanel, server: Form
) -> None:
    address = f"http://127.0.0.1:{server.server_address[1]}"
    rows = tuple(
        ServerRow(ServerInfo(name, Wanted("m"), address, "", 1, 0, running=True), Status(ready=True))
        for name in ("a1", "b2")
    )
    panel._session.serving.show(rows)
    panel.show_server(rows[0])
    panel.other.setCurrentIndex(1)
    panel.ask()
    qtbot.waitUntil(lambda: panel.settled)
    assert panel.verdict.text() == "= Both answer the same."
    assert len(server.asked) == 2
