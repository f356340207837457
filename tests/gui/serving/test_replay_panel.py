"""Replaying to a server of few words: what has no outputs is counted, and what comes is drawn whenever it is seen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.gui.serving.replay_panel import ReplayPanel
from runfolio.gui.serving.rows import ServerRow
from runfolio.serving.asking import Status
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.serving.answering import answering


class Few(ThreadingHTTPServer):
    """Answers as it is told, the second and later requests once it may."""

    body = b""
    asked = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.may_go_on = threading.Event()


class Answering(BaseHTTPRequestHandler):
    server: Few

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        if self.server.asked > 1:
            self.server.may_go_on.wait(60)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def few() -> Iterator[Few]:
    with answering(Few()) as server:
        yield server
        server.may_go_on.set()


@pytest.fixture
def panel(qtbot: QtBot, store: Store, open_window: Opener, few: Few) -> ReplayPanel:
    """One that replays to the server."""
    found = ReplayPanel(open_window(store).session)
    qtbot.addWidget(found)
    address = f"http://127.0.0.1:{few.server_address[1]}"
    info = ServerInfo("a1", Wanted("m"), address, "", 1, 0, running=True)
    found.show_server(ServerRow(info, Status(ready=True)))
    found.show()
    return found


def test_answers_without_outputs_are_counted(qtbot: QtBot, panel: ReplayPanel, few: Few, tmp_path: Path) -> None:
    few.body = b'{"predictions": null}'
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n2\n")
    panel.replay(file)
    qtbot.waitUntil(lambda: panel.settled)
    assert panel.told.text() == "2 rows of rows.csv answered"


def test_what_comes_is_drawn_again_once_somebody_looks(
    qtbot: QtBot, panel: ReplayPanel, few: Few, tmp_path: Path
) -> None:
    few.body = b'{"predictions": [1.0]}'
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n2\n")
    panel.rows.setValue(1)
    panel.replay(file)
    panel.hide()
    qtbot.waitUntil(lambda: few.asked == 2)
    panel.show()
    qtbot.waitUntil(lambda: panel.told.text() == "1 row of rows.csv answered")
    few.may_go_on.set()
    qtbot.waitUntil(lambda: panel.settled)
    assert panel.told.text() == "2 rows of rows.csv answered"
