"""What the table says of a server: where it has come to, and its figures in few letters."""

from __future__ import annotations

import pytest

from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.gui.serving.rows import ServerColumn, ServerRow, full_text, state_of, text
from runfolio.serving.asking import Status


def info(address: str = "http://127.0.0.1:5000", *, running: bool = True, process: int = 7) -> ServerInfo:
    return ServerInfo("a1", Wanted("models:/churn/Production"), address, "1", process, 0, running=running)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (ServerRow(info("", running=False, process=0), begins=True), "◐ starting"),
        (ServerRow(info("", running=False, process=0)), "✕ did not start"),
        (ServerRow(info(running=False, process=0), begins=True), "◐ starting"),
        (ServerRow(info(running=False, process=0)), "○ stopped"),
        (ServerRow(info(), Status(ready=True), begins=True), "● answers"),
        (ServerRow(info(), Status(ready=False, problem="no file")), "! not ready"),
    ],
)
def test_a_server_that_is_about_to_start_has_not_failed(row: ServerRow, state: str) -> None:
    assert state_of(row)[0] == state


def test_what_holds_up_a_version_is_told_and_what_goes_on() -> None:
    kept, lost = (ServerRow(info(), Status(ready=ready, problem="It cannot be loaded.")) for ready in (True, False))
    assert "It cannot be loaded. The version before it goes on." in full_text(kept, ServerColumn.STATE)
    assert "goes on." not in full_text(lost, ServerColumn.STATE).partition("\n")[2].partition("\n")[0]


@pytest.mark.parametrize(("latency", "told"), [(None, ""), (3.14, "3.1 ms"), (894.0, "894 ms"), (4001.4, "4.0 s")])
def test_latencies_and_names_are_short(latency: float | None, told: str) -> None:
    row = ServerRow(info(), Status(ready=True, p99=latency))
    assert text(row, ServerColumn.P99) == told
    assert text(row, ServerColumn.MODEL) == "churn/Production"
    assert full_text(row, ServerColumn.MODEL) == "models:/churn/Production"
