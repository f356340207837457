"""An open window has told what is due, by a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from runfolio.gui.registry.delivering import Delivering
from runfolio.store import Store
from runfolio.store.registry.deliveries import list_deliveries, note_attempt
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.transitions import transition
from tests.gui.conftest import Opener
from tests.gui.registry.conftest import CHURN


def test_what_is_due_is_told_while_a_window_is_open(
    qtbot: QtBot, filled: Store, open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "told"
    command = [sys.executable, "-c", f"open({str(out)!r}, 'w').write('told')"]
    set_policy(filled, CHURN, json.dumps({"events": [{"command": command}]}))
    transition(filled, CHURN, 7, "Production")
    first, _ = list_deliveries(filled)
    note_attempt(filled, first.id, "failed", "nobody was there", 0)
    monkeypatch.setenv("RUNFOLIO_EVENTS", "1")
    window = open_window(filled)
    delivering = window.findChild(Delivering)
    assert delivering is not None
    delivering.look()
    qtbot.waitUntil(lambda: list_deliveries(filled)[1].state == "done", timeout=60_000)
    assert out.read_text() == "told"
    assert [one.state for one in list_deliveries(filled)] == ["failed", "done"]
